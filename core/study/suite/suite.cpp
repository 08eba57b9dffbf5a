#include "study/suite/suite.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <tuple>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "resources/resource.h"
#include "study/suite/catalogue.h"

namespace lix::study {
namespace {
using nlohmann::json;

constexpr std::array kMetrics{"top1", "top5", "mean_per_class_recall", "top1_top5_mean", "roc_auc"};
constexpr std::uintmax_t kMostBytes = 1 << 24;

Result<void> onlyKeys(const json& object, const std::set<std::string>& keys, const std::string& where) {
  for (const auto& [key, value] : object.items()) {
    if (!keys.contains(key)) {
      return fail(ErrorCode::BadInput, cat("The suite ", where, " has the unknown key '", key,
                                           "'; there are: ", join({keys.begin(), keys.end()}, ", "), "."));
    }
  }
  return {};
}

/// A string of an object, or `missing` where it has none.
Result<std::string> stringOf(const json& object, const char* key, const std::string& missing,
                             const std::string& where) {
  if (!object.contains(key)) {
    return missing;
  }
  if (!object[key].is_string()) {
    return fail(ErrorCode::BadInput, cat("'", key, "' of the suite ", where, " should be a string."));
  }
  return object[key].get<std::string>();
}

Result<SuiteEntry> entryFrom(const json& object, const std::string& where) {
  if (!object.is_object()) {
    return fail(ErrorCode::BadInput, cat("Each dataset of the suite ", where, " should be an object with \"data\"."));
  }
  LIX_CHECK(onlyKeys(object, {"data", "split", "labels", "templates", "metric"}, where));
  SuiteEntry entry;
  LIX_TRY(entry.data, stringOf(object, "data", "", where));
  LIX_TRY(entry.split, stringOf(object, "split", entry.split, where));
  LIX_TRY(entry.labels, stringOf(object, "labels", "", where));
  LIX_TRY(entry.templates, stringOf(object, "templates", entry.templates, where));
  LIX_TRY(entry.metric, stringOf(object, "metric", "", where));
  if (entry.data.empty()) {
    return fail(ErrorCode::BadInput, cat("A dataset of the suite ", where, " has no \"data\"."));
  }
  if (entry.metric.empty()) {
    const auto known = findCatalogued(entry.data);
    entry.metric = known ? known->metric : "top1";
  }
  LIX_CHECK(checkMetric(entry.metric, cat(where, ", ", entry.data)));
  return entry;
}

}  // namespace

std::vector<std::string> suiteMetrics() { return {kMetrics.begin(), kMetrics.end()}; }

Result<void> checkMetric(std::string_view metric, std::string_view where) {
  if (std::ranges::find(kMetrics, metric) == kMetrics.end()) {
    return fail(ErrorCode::BadInput, cat("There is no metric '", metric, "' (", where,
                                         "); choose one of: ", join(suiteMetrics(), ", "), "."));
  }
  return {};
}

Result<Suite> parseSuite(const std::string& text, const std::string& where) {
  const json whole = json::parse(text, nullptr, false);
  if (!whole.is_object() || !whole.contains("datasets") || !whole["datasets"].is_array() || whole["datasets"].empty()) {
    return fail(ErrorCode::BadInput, cat("The suite ", where,
                                         " should be a JSON object with a \"name\" and a list \"datasets\" that is not "
                                         "empty."));
  }
  LIX_CHECK(onlyKeys(whole, {"name", "title", "note", "datasets"}, where));
  Suite suite;
  LIX_TRY(suite.name, stringOf(whole, "name", "", where));
  LIX_TRY(suite.title, stringOf(whole, "title", suite.name, where));
  LIX_TRY(suite.note, stringOf(whole, "note", "", where));
  if (trim(suite.name).empty()) {
    return fail(ErrorCode::BadInput, cat("The suite ", where, " has no \"name\"."));
  }
  std::set<std::tuple<std::string, std::string, std::string>> known;
  for (const json& object : whole["datasets"]) {
    LIX_TRY(SuiteEntry entry, entryFrom(object, where));
    if (!known.emplace(entry.data, entry.split, entry.labels).second) {
      return fail(ErrorCode::BadInput, cat("The suite ", where, " names '", entry.data, "' twice."));
    }
    suite.datasets.push_back(std::move(entry));
  }
  return suite;
}

Result<Suite> findSuite(const std::string& nameOrPath) {
  if (const auto text = resource(cat("suites/", nameOrPath, ".json"))) {
    return parseSuite(std::string(*text), nameOrPath);
  }
  std::error_code ignored;
  if (std::filesystem::is_regular_file(nameOrPath, ignored)) {
    LIX_TRY(const std::string text, readFile(nameOrPath, kMostBytes));
    return parseSuite(text, nameOrPath);
  }
  return fail(ErrorCode::NotFound, cat("There is no suite '", nameOrPath,
                                       "'; choose one of: ", join(suiteNames(), ", "), ", or name a file."));
}

std::vector<std::string> suiteNames() {
  std::vector<std::string> names;
  for (const auto name : resources("suites/")) {
    names.emplace_back(name.substr(7, name.size() - 12));
  }
  return names;
}

}  // namespace lix::study
