#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lix::study {

/// One dataset of a suite and how it is measured.
struct SuiteEntry {
  std::string data;  ///< a dataset of the workspace, or a name of the catalogue
  std::string split = "test";
  std::string labels = {};  ///< label set, "" for the first
  std::string templates = "auto";
  std::string metric = {};  ///< one of suiteMetrics(); "" in a file takes the catalogue's, or top1
};

/// A named list of datasets over which means are taken.
struct Suite {
  std::string name, title, note;
  std::vector<SuiteEntry> datasets;
};

/// Metrics of zero-shot rows that a suite may choose: top1, top5, mean_per_class_recall, top1_top5_mean, roc_auc.
std::vector<std::string> suiteMetrics();
/// Refuses a metric that there is not, naming those there are.
Result<void> checkMetric(std::string_view metric, std::string_view where);

/// A suite from JSON: {"name", "title", "note", "datasets": [{"data", "split", "labels", "templates", "metric"}]}, all
/// of an entry but "data" optional. Unknown keys, metrics, and a dataset that stands twice with the same split and
/// labels are refused.
Result<Suite> parseSuite(const std::string& text, const std::string& where);

/// A shipped suite by name (resources/suites/<name>.json), or a file.
Result<Suite> findSuite(const std::string& nameOrPath);

/// Names of the shipped suites.
std::vector<std::string> suiteNames();

}  // namespace lix::study
