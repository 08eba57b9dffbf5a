#include "lixp/sweep/plan.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/file.h"
#include "base/text.h"
#include "study/train/params.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kMostCells = 10000;
constexpr std::size_t kLongestName = 200;  // of 255 bytes, as a checkpoint is written beside its place first
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
    if (train.contains(keyOf(name))) {
      return bad(file, "'train' gives '", name, "' twice.");
    }
    train[keyOf(name)] = value;
  }
  return train;
}

struct Axis {
  std::string key;
  std::vector<json> values;
};

/// In the order of the file.
Result<std::vector<Axis>> checkedAxes(const fs::path& file, const nlohmann::ordered_json& whole, const json& train) {
  std::vector<Axis> axes;
  for (const auto& [name, given] : whole.items()) {
    LIX_CHECK(checkKey(file, name));
    const json values(given);
    if (!values.is_array() || values.empty() || !std::ranges::all_of(values, isScalar)) {
      return bad(file, "the axis '", name, "' should be a list of numbers or words, [1, 4, 16].");
    }
    if (std::set<json>(values.begin(), values.end()).size() != values.size()) {
      return bad(file, "the axis '", name, "' names a value twice.");
    }
    if (train.contains(keyOf(name))) {
      return bad(file, "'", name, "' stands in 'train' and in 'axes'; it can be in one of them.");
    }
    if (std::ranges::find(axes, keyOf(name), &Axis::key) != axes.end()) {
      return bad(file, "'axes' has '", name, "' twice.");
    }
    axes.push_back({keyOf(name), {values.begin(), values.end()}});
  }
  return axes;
}

/// All combinations, the last axis fastest.
Result<std::vector<json>> combinations(const fs::path& file, const std::vector<Axis>& axes) {
  std::vector<json> cells{json::object()};
  for (const Axis& axis : axes) {
    if (cells.size() * axis.values.size() > kMostCells) {
      return bad(file, "more than ", kMostCells, " models; take fewer values.");
    }
    std::vector<json> next;
    for (const json& cell : cells) {
      for (const json& value : axis.values) {
        next.push_back(cell);
        next.back()[axis.key] = value;
      }
    }
    cells = std::move(next);
  }
  return cells;
}

/// What a folder may be called: no separator, nothing that cannot be typed.
std::string cellName(const std::vector<std::string>& axes, const json& values, bool withSeed) {
  std::vector<std::string> parts;
  for (const std::string& axis : axes) {
    if (withSeed || axis != kSeed) {
      parts.push_back(cat(axis, "=", wordOf(values[axis])));
    }
  }
  std::string name = join(parts, ",");
  std::ranges::replace_if(
      name, [](unsigned char c) { return c == '/' || c < 0x20 || c == 0x7f; }, '_');
  return name;
}

/// The cells with everything that each is trained with; no two may share a folder.
Result<void> addCells(const fs::path& file, const std::vector<Axis>& axes, const json& train, SweepPlan& plan) {
  LIX_TRY(const auto cells, combinations(file, axes));
  std::set<std::string> names;
  for (const json& values : cells) {
    const std::string setting = cellName(plan.axes, values, false);
    SweepCell cell{.name = cellName(plan.axes, values, true),
                   .label = setting.empty() ? plan.name : cat(plan.name, " ", setting),
                   .axes = values,
                   .train = train};
    cell.train.update(values);
    if (!cell.train.contains("recipe") || !cell.train["recipe"].is_string() || !cell.train.contains("data")) {
      return bad(file, "'train' or 'axes' should name the 'recipe' and the 'data'.");
    }
    if (cell.name.size() > kLongestName) {
      return bad(file, "the folder of '", cell.name.substr(0, 60), "...' would have a name of ", cell.name.size(),
                 " bytes, more than ", kLongestName, "; take fewer axes or shorter words.");
    }
    if (!names.insert(cell.name).second) {
      return bad(file, "two models would have the folder '", cell.name,
                 "'; values of an axis must differ in more than quotes and separators.");
    }
    plan.cells.push_back(std::move(cell));
  }
  return {};
}

Result<void> checkHead(const fs::path& file, const nlohmann::ordered_json& whole) {
  if (!whole.is_object()) {
    return bad(file, "it is no JSON object with 'train', 'axes' and 'evaluate'.");
  }
  for (const auto& [key, value] : whole.items()) {
    if (key != "name" && key != "train" && key != "axes" && key != "evaluate") {
      return bad(file, "'", key, "' is unknown; a sweep has 'name', 'train', 'axes' and 'evaluate'.");
    }
  }
  for (const char* part : {"train", "axes"}) {
    const bool there = whole.contains(part) && whole[part].is_object();
    if (!there || (whole[part].empty() && part == std::string_view("axes"))) {
      return bad(file, "it should hold 'train' and 'axes', objects of options of lixp train.");
    }
  }
  if (whole.contains("name") && !whole["name"].is_string()) {
    return bad(file, "'name' should be a word.");
  }
  return {};
}

/// One evaluation that is asked for: "what" and options, each one value or a list of them.
Result<json> checkedEvaluation(const fs::path& file, const json& one) {
  if (!one.is_object() || !one.contains("what") || !one["what"].is_string()) {
    return bad(file,
               "'evaluate' should be a list of objects with 'what' (zero-shot, few-shot, ...) and its options.");
  }
  for (const auto& [name, value] : one.items()) {
    const bool list = value.is_array() && !value.empty() && std::ranges::all_of(value, isScalar);
    if (!isScalar(value) && !list) {
      return bad(file, "'evaluate' should give '", name, "' one number, word or true, or a list of them.");
    }
  }
  return one;
}

}  // namespace

Result<SweepPlan> SweepPlan::read(const fs::path& file) {
  LIX_TRY(const std::string text, readFile(file, 1 << 22));
  const auto whole = nlohmann::ordered_json::parse(text, nullptr, false);
  LIX_CHECK(checkHead(file, whole));
  SweepPlan plan;
  plan.name = whole.contains("name") ? whole["name"].get<std::string>() : file.stem().string();
  if (plan.name.empty() || plan.name.find('/') != std::string::npos || plan.name.starts_with('.') ||
      plan.name.size() > kLongestName) {
    return bad(file, "'", plan.name, "' cannot be a folder's name; give the sweep a simple name.");
  }
  LIX_TRY(const json train, checkedTrain(file, json(whole["train"])));
  LIX_TRY(const auto axes, checkedAxes(file, whole["axes"], train));
  plan.document = {{"train", train}, {"axes", json::object()}};
  for (const Axis& axis : axes) {
    plan.axes.push_back(axis.key);
    plan.document["axes"][axis.key] = axis.values;
  }
  LIX_CHECK(addCells(file, axes, train, plan));
  const json evaluate(whole.value("evaluate", nlohmann::ordered_json::array()));
  if (!evaluate.is_array()) {
    return bad(file, "'evaluate' should be a list, [{\"what\": \"zero-shot\"}].");
  }
  for (const json& one : evaluate) {
    LIX_TRY(json checked, checkedEvaluation(file, one));
    plan.evaluate.push_back(std::move(checked));
  }
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
