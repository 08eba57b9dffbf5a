#include "lixp/sweep/plan.h"

#include <algorithm>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "study/train/params.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kMostCells = 10000;
constexpr const char* kSeed = "seed";

template <class... Parts>
std::unexpected<Error> bad(const fs::path& file, const Parts&... parts) {
  return fail(ErrorCode::BadInput, cat(file.string(), ": ", parts...));
}

std::string keyOf(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string wordOf(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// What a key may be: an option of `lixp train` other than where the run goes.
Result<void> checkKey(const fs::path& file, const std::string& name) {
  static const std::set<std::string> others{"recipe", "data", "init", "size", "device"};
  const std::string key = keyOf(name);
  const auto& fields = study::trainFields();
  if (others.contains(key) || std::ranges::any_of(fields, [&](const auto& one) { return one.param.key == key; })) {
    return {};
  }
  std::vector<std::string> known(others.begin(), others.end());
  std::ranges::transform(fields, std::back_inserter(known), [](const auto& one) { return one.param.key; });
  return bad(file, "'", name, "' is no option of lixp train; there are ", join(known, ", "), ".");
}

bool isScalar(const json& value) { return value.is_string() || value.is_number() || value.is_boolean(); }

Result<json> checkedTrain(const fs::path& file, const json& whole) {
  json train = json::object();
  for (const auto& [name, value] : whole.items()) {
    LIX_CHECK(checkKey(file, name));
    if (!isScalar(value)) {
      return bad(file, "'train' should give '", name, "' one number, word or true; lists belong to 'axes'.");
    }
    train[keyOf(name)] = value;
  }
  return train;
}

/// All combinations, the last axis fastest.
Result<std::vector<json>> combinations(const fs::path& file, const json& axes) {
  std::vector<json> cells{json::object()};
  for (const auto& [name, values] : axes.items()) {
    LIX_CHECK(checkKey(file, name));
    if (!values.is_array() || values.empty() || !std::ranges::all_of(values, isScalar)) {
      return bad(file, "the axis '", name, "' should be a list of numbers or words, [1, 4, 16].");
    }
    if (std::set<json>(values.begin(), values.end()).size() != values.size()) {
      return bad(file, "the axis '", name, "' names a value twice.");
    }
    std::vector<json> next;
    for (const json& cell : cells) {
      for (const json& value : values) {
        next.push_back(cell);
        next.back()[keyOf(name)] = value;
      }
    }
    cells = std::move(next);
    if (cells.size() > kMostCells) {
      return bad(file, "more than ", kMostCells, " models; take fewer values.");
    }
  }
  return cells;
}

/// A name that is one folder's, whatever the values are.
std::string cellName(const std::vector<std::string>& axes, const json& values, bool withSeed) {
  std::vector<std::string> parts;
  for (const std::string& axis : axes) {
    if (withSeed || axis != kSeed) {
      parts.push_back(cat(axis, "=", wordOf(values[axis])));
    }
  }
  std::string name = join(parts, ",");
  std::ranges::replace(name, '/', '_');
  return name;
}

}  // namespace

Result<SweepPlan> SweepPlan::read(const fs::path& file) {
  LIX_TRY(const std::string text, readFile(file, 1 << 22));
  const auto whole = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!whole.is_object()) {
    return bad(file, "it is no JSON object with 'train', 'axes' and 'evaluate'.");
  }
  for (const auto& [key, value] : whole.items()) {
    if (key != "name" && key != "train" && key != "axes" && key != "evaluate") {
      return bad(file, "'", key, "' is unknown; a sweep has 'name', 'train', 'axes' and 'evaluate'.");
    }
  }
  SweepPlan plan;
  plan.name = whole.contains("name") && whole["name"].is_string() ? whole["name"].get<std::string>() : file.stem().string();
  if (plan.name.empty() || plan.name.find('/') != std::string::npos || plan.name.starts_with('.')) {
    return bad(file, "'", plan.name, "' cannot be a folder's name; give the sweep a simple name.");
  }
  if (!whole.contains("train") || !whole["train"].is_object() || !whole.contains("axes") || !whole["axes"].is_object() ||
      whole["axes"].empty()) {
    return bad(file, "it should hold 'train' and 'axes', objects of options of lixp train.");
  }
  LIX_TRY(const json train, checkedTrain(file, json(whole["train"])));
  for (const auto& [name, values] : whole["axes"].items()) {  // in the order of the file
    plan.axes.push_back(keyOf(name));
    if (train.contains(plan.axes.back())) {
      return bad(file, "'", name, "' stands in 'train' and in 'axes'; it can be in one of them.");
    }
  }
  json axes = json(whole["axes"]);
  LIX_TRY(const auto cells, combinations(file, axes));
  for (const json& values : cells) {
    SweepCell cell{cellName(plan.axes, values, true), cat(plan.name, " ", cellName(plan.axes, values, false)), values, train};
    cell.train.update(values);
    if (!cell.train.contains("recipe") || !cell.train.contains("data")) {
      return bad(file, "'train' or 'axes' should name the 'recipe' and the 'data'.");
    }
    plan.cells.push_back(std::move(cell));
  }
  std::ranges::sort(plan.cells, {}, [&](const SweepCell& cell) { return cell.axes.dump(); });
  for (const json& one : json(whole.value("evaluate", nlohmann::ordered_json::array()))) {
    if (!one.is_object() || !one.contains("what") || !one["what"].is_string()) {
      return bad(file, "'evaluate' should be a list of objects with 'what' (zero-shot, few-shot, ...) and its options.");
    }
    plan.evaluate.push_back(one);
  }
  plan.document = {{"train", train}, {"axes", axes}};
  return plan;
}

std::vector<std::string> optionsOf(const json& values) {
  std::vector<std::string> options;
  for (const auto& [name, value] : values.items()) {
    if (name == "recipe" || name == "what" || value.is_null() || value == false) {
      continue;
    }
    std::string option = "--" + name;
    std::ranges::replace(option, '_', '-');
    options.push_back(option);
    if (value == true) {
      continue;
    }
    std::vector<std::string> words;
    for (const json& one : value.is_array() ? value : json::array({value})) {
      words.push_back(wordOf(one));
    }
    options.push_back(join(words, ","));
  }
  return options;
}

}  // namespace lix::app
