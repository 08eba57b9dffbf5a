#include "shared/suite_rows.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "shared/datasets.h"
#include "store/curve.h"
#include "store/dataset_store.h"
#include "store/evaluation_store.h"
#include "study/suite/catalogue.h"

namespace lix::app {
namespace {
using nlohmann::json;

/// The id of the catalogue that a dataset was recognised as, or is called by; "" for none.
std::string cataloguedAs(const store::DatasetRow& row) {
  const json counts = json::parse(row.counts, nullptr, false);
  if (counts.is_object() && counts.contains("catalogue") && counts["catalogue"].is_string()) {
    return counts["catalogue"];
  }
  const auto entry = study::findCatalogued(row.name);
  return entry ? entry->id : "";
}

std::string metricFor(const study::SuiteEntry& entry, const SuiteQuery& query) {
  return query.kind == "zero-shot" || entry.metric == "mean_per_class_recall" ? entry.metric : "top1";
}

/// What an entry means in a workspace: the label set and the templates that its rows were measured with.
struct Meant {
  std::string labels;                  ///< "" where the dataset cannot be opened: any
  std::vector<std::string> templates;  ///< one of them
};

Meant meantBy(const store::Workspace& workspace, const study::SuiteEntry& entry, const std::string& name) {
  Meant meant{.labels = entry.labels, .templates = {entry.templates}};
  if (meant.labels.empty()) {
    const auto dataset = openDataset(&workspace, name);
    meant.labels = dataset && !dataset->labelSets.empty() ? dataset->labelSets.front().name : "";
  }
  if (entry.templates == "auto") {
    const auto row = store::DatasetStore(workspace).find(name);
    const auto known = study::findCatalogued(row ? cataloguedAs(*row) : name);
    meant.templates = {"plain"};  // also where the name is known, but not the classes
    if (known && !known->templates.empty()) {
      meant.templates.push_back(known->templates);
    }
  }
  return meant;
}

bool fits(const store::EvaluationRow& row, const Meant& meant) {
  const bool templates = std::ranges::any_of(meant.templates, [&](const std::string& one) {
    return row.templates == one || row.templates.starts_with(cat(one, ":"));
  });
  return templates && (meant.labels.empty() || row.labelSet == meant.labels);
}

std::string seedOf(const store::EvaluationRow& row) {
  return row.modelSeed ? std::to_string(*row.modelSeed) : row.checkpoint.string();
}

/// The newest point of each curve label.
std::map<std::string, store::CurvePoint> newestPoints(const std::vector<store::EvaluationRow>& rows,
                                                      const Meant& meant) {
  std::vector<store::EvaluationRow> fitting;
  std::ranges::copy_if(rows, std::back_inserter(fitting), [&](const auto& row) { return fits(row, meant); });
  std::map<std::string, store::CurvePoint> newest;
  for (store::CurvePoint& point : store::curvePoints(fitting)) {
    const auto [at, isNew] = newest.try_emplace(point.of.checkpointLabel, point);
    if (!isNew && point.of.id > at->second.of.id) {
      at->second = std::move(point);
    }
  }
  return newest;
}

}  // namespace

Result<std::optional<std::string>> datasetFor(const store::Workspace& workspace, const std::string& name) {
  LIX_TRY(const auto names, datasetNames(&workspace));
  if (std::ranges::find(names, name) != names.end()) {
    return name;
  }
  const auto entry = study::findCatalogued(name);
  LIX_TRY(const auto rows, store::DatasetStore(workspace).list());
  for (const store::DatasetRow& row : rows) {
    if (entry && cataloguedAs(row) == entry->id) {
      return row.name;
    }
  }
  return std::nullopt;
}

Result<study::SuiteTable> suiteTableOf(const store::Workspace& workspace, const study::Suite& suite,
                                       const SuiteQuery& query) {
  std::vector<std::string> titles;
  std::vector<study::SuiteValue> values;
  for (const study::SuiteEntry& entry : suite.datasets) {
    const bool twice = std::ranges::count(suite.datasets, entry.data, &study::SuiteEntry::data) > 1;
    titles.push_back(twice ? cat(entry.data, " ", entry.split, entry.labels.empty() ? "" : " ", entry.labels)
                           : entry.data);
    LIX_TRY(const auto dataset, datasetFor(workspace, entry.data));
    if (!dataset) {
      continue;
    }
    store::EvaluationFilter filter{.kind = query.kind,
                                   .dataset = *dataset,
                                   .split = entry.split,
                                   .adapter = query.adapter,
                                   .metric = metricFor(entry, query)};
    if (query.kind != "zero-shot") {
      filter.shots = query.shots;
    }
    LIX_TRY(auto rows, store::EvaluationStore(workspace).list(filter));
    std::erase_if(rows, [&](const store::EvaluationRow& row) {
      return !query.checkpoints.empty() &&
             std::ranges::find(query.checkpoints, row.checkpointLabel) == query.checkpoints.end();
    });
    for (const auto& [label, point] : newestPoints(rows, meantBy(workspace, entry, *dataset))) {
      for (const store::EvaluationRow& row : point.rows) {
        values.push_back({label, titles.back(), seedOf(row), row.value,
                          row.supportSeed ? std::to_string(*row.supportSeed) : ""});
      }
    }
  }
  return study::suiteTable(suite.title, titles, values);
}

}  // namespace lix::app
