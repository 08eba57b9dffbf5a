#include "data/options.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::data {
namespace {

using nlohmann::json;

std::vector<std::string> pieces(const std::string& text) {
  std::vector<std::string> result;
  for (const std::string& piece : split(text, ',')) {
    if (const auto inner = trim(piece); !inner.empty()) {
      result.emplace_back(inner);
    }
  }
  return result;
}

std::unexpected<Error> wrongType(const Param& param, std::string_view wanted) {
  return fail(ErrorCode::BadInput, cat("The option '", param.key, "' must be ", wanted, "."));
}

bool isListOfText(const json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const json& item) { return item.is_string(); });
}

Result<ParamValue> convert(const Param& param, const json& value) {
  if (std::holds_alternative<bool>(param.value)) {
    return value.is_boolean() ? Result<ParamValue>(value.get<bool>()) : wrongType(param, "true or false");
  }
  if (std::holds_alternative<std::string>(param.value)) {
    if (isListOfText(value)) {
      return ParamValue(join(value.get<std::vector<std::string>>(), ","));
    }
    return value.is_string() ? Result<ParamValue>(value.get<std::string>())
                             : wrongType(param, "a text or a list of texts");
  }
  const bool whole = std::holds_alternative<long long>(param.value);
  if (whole ? !value.is_number_integer() : !value.is_number()) {
    return wrongType(param, whole ? "a whole number" : "a number");
  }
  const double number = value.get<double>();
  if (param.min != param.max && (number < param.min || number > param.max)) {
    return wrongType(param, cat("between ", param.min, " and ", param.max));
  }
  return whole ? ParamValue(value.get<long long>()) : ParamValue(number);
}

}  // namespace

Param splitSeedParam() {
  return {.key = "split_seed",
          .title = "Split seed",
          .value = 0LL,
          .min = 0,
          .max = 1e15,
          .help = "Draws the splits where nothing names them."};
}

Param longestCaptionParam() {
  return {.key = "max_caption",
          .title = "Longest caption",
          .value = 10000LL,
          .min = 1,
          .max = 1e6,
          .help = "Captions of more characters are left out."};
}

Param captionsFromClassesParam() {
  return {.key = "captions_from_classes",
          .title = "Captions from classes",
          .value = true,
          .help = "Take the class's name as the caption, so that the pictures can be trained on."};
}

Result<Options> Options::parse(const DatasetSpec& spec, const std::vector<Param>& params) {
  const json given = json::parse(spec.options.empty() ? "{}" : spec.options, nullptr, false);
  if (!given.is_object()) {
    return fail(ErrorCode::BadInput,
                cat("The options of the ", spec.kind, " dataset are not a JSON object: ", spec.options, "."));
  }
  Options options;
  std::vector<std::string> known;
  for (const Param& param : params) {
    options.values_[param.key] = param.value;
    known.push_back(param.key);
  }
  for (const auto& [key, value] : given.items()) {
    const auto param = std::find_if(params.begin(), params.end(), [&](const Param& p) { return p.key == key; });
    if (param == params.end()) {
      return fail(ErrorCode::BadInput, cat("The ", spec.kind, " dataset has no option '", key, "'; it has: ",
                                           known.empty() ? "none" : join(known, ", "), "."));
    }
    LIX_TRY(options.values_[key], convert(*param, value));
    if (value.is_array()) {  // kept apart, because names in a list may hold commas
      options.lists_[key] = value.get<std::vector<std::string>>();
    }
  }
  for (const auto& [key, value] : options.values_) {
    if (const auto* text = std::get_if<std::string>(&value); text && !options.lists_.contains(key)) {
      options.lists_[key] = pieces(*text);
    }
  }
  return options;
}

const std::string& Options::text(const std::string& key) const {
  LIX_REQUIRE(values_.contains(key));
  return std::get<std::string>(values_.at(key));
}

bool Options::flag(const std::string& key) const {
  LIX_REQUIRE(values_.contains(key));
  return std::get<bool>(values_.at(key));
}

long long Options::integer(const std::string& key) const {
  LIX_REQUIRE(values_.contains(key));
  return std::get<long long>(values_.at(key));
}

const std::vector<std::string>& Options::list(const std::string& key) const {
  LIX_REQUIRE(lists_.contains(key));
  return lists_.at(key);
}

}  // namespace lix::data
