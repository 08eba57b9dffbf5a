#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/metrics/bootstrap.h"

namespace lix::study {

/// One measured number of one model on one dataset of a suite; `seed` names the training and `draw` the support draw
/// behind it.
struct SuiteValue {
  std::string model, dataset, seed;
  double value = 0.0;
  std::string draw = {};
};

/// A model's line: the mean over seeds for each dataset, and the mean of those.
struct SuiteLine {
  std::string model;
  std::vector<std::optional<double>> cells;  ///< by dataset; nothing where it was not measured
  std::size_t seeds = 0, draws = 0;          ///< different ones
  std::optional<double> average;             ///< over the common datasets; nothing where there are none
  std::optional<Interval> interval;          ///< 95 % of the average; nothing for one dataset and one seed
};

/// Models x datasets. Averages are over the datasets that every model was measured on, so that they compare.
struct SuiteTable {
  std::string title;
  std::vector<std::string> datasets;
  std::vector<std::size_t> common;  ///< which of them the averages are over
  std::vector<SuiteLine> lines;     ///< in the order in which their models first stand in the values
  std::vector<std::string> notes;   ///< what is missing
};

/// The table of values; those of other datasets are passed over. The interval is of a bootstrap: datasets, seeds and
/// support draws are drawn anew with replacement, crossed, the datasets the same for all models; a level of one is kept
/// as it is.
SuiteTable suiteTable(const std::string& title, const std::vector<std::string>& datasets,
                      std::span<const SuiteValue> values, const BootstrapSettings& settings = {});

enum class TableFormat { Csv, Markdown, Latex };
/// "csv", "md", "latex" ("tex"), or an error that names them.
Result<TableFormat> tableFormatNamed(const std::string& name);

/// The table as text, the average first, in percent with one decimal (CSV: shares in full); the best of a column is
/// bold.
std::string textOf(const SuiteTable& table, TableFormat format);

}  // namespace lix::study
