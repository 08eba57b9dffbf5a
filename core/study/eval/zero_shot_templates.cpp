#include "study/eval/zero_shot_templates.h"

#include <algorithm>
#include <optional>
#include <set>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "resources/resource.h"
#include "study/suite/plain_name.h"

namespace lix::study {
namespace {
using nlohmann::json;

constexpr std::uintmax_t kMostBytes = 1 << 26;  // CuPL's prompts of ImageNet are 4 MiB
constexpr std::string_view kName = "{}", kOtherName = "{c}";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

Result<std::vector<std::string>> stringsOf(const json& list, const std::string& where) {
  std::vector<std::string> texts;
  for (const json& one : list) {
    if (!one.is_string() || trim(one.get<std::string>()).empty()) {
      return fail(ErrorCode::BadInput, cat("The templates ", where, " should be JSON lists of strings, none empty."));
    }
    texts.push_back(one);
  }
  if (!list.is_array() || texts.empty()) {
    return fail(ErrorCode::BadInput, cat("There is no template in ", where, "."));
  }
  return texts;
}

Result<Templates> withPlaces(Templates templates) {
  for (std::string& one : templates.texts) {
    one = replaced(one, kOtherName, kName);
    if (one.find(kName) == std::string::npos || !isUtf8(one)) {
      return fail(ErrorCode::BadInput,
                  cat("The template '", one, "' of ", templates.name, " has no {} or {c} for the class name."));
    }
  }
  if (templates.texts.empty() && templates.prompts.empty()) {
    return fail(ErrorCode::BadInput, cat("There is no template in ", templates.name, "."));
  }
  return templates;
}

/// The dataset of a file by dataset that is meant, as the file spells it.
Result<std::string> choose(const json& byDataset, const std::string& name, const std::vector<std::string>& wanted) {
  std::vector<std::string> there;
  for (const auto& [dataset, value] : byDataset.items()) {
    there.push_back(dataset);
  }
  for (const std::string& one : wanted) {
    const auto found = std::ranges::find(there, plainName(one), plainName);
    if (found != there.end()) {
      return *found;
    }
  }
  return fail(ErrorCode::NotFound, cat("The templates ", name, " are by dataset and have none for ",
                                       wanted.empty() ? "a dataset that is not named" : cat("'", wanted.front(), "'"),
                                       "; choose one as ", name, ":DATASET: ", join(there, ", "), "."));
}

Result<Templates> byDatasetFrom(const json& whole, const std::string& name, const std::vector<std::string>& wanted) {
  LIX_TRY(const std::string dataset, choose(whole, name, wanted));
  Templates templates{.name = cat(name, ":", dataset), .texts = {}};
  const json& chosen = whole[dataset];
  if (!chosen.is_object()) {
    LIX_TRY(templates.texts, stringsOf(chosen, templates.name));
    return withPlaces(std::move(templates));
  }
  for (const auto& [className, prompts] : chosen.items()) {
    LIX_TRY(templates.prompts[className], stringsOf(prompts, cat(templates.name, ", class '", className, "'")));
  }
  return withPlaces(std::move(templates));
}

Result<Templates> templatesFrom(const std::string& name, const std::string& text,
                                const std::vector<std::string>& wanted) {
  if (!isUtf8(text)) {
    return fail(ErrorCode::BadInput, cat("The templates ", name, " are not UTF-8."));
  }
  const json whole = json::parse(text, nullptr, false);
  if (whole.is_object() && !whole.empty()) {  // an empty object is the template {} alone
    return byDatasetFrom(whole, name, wanted);
  }
  Templates templates{.name = name, .texts = {}};
  if (whole.is_array()) {
    LIX_TRY(templates.texts, stringsOf(whole, name));
    return withPlaces(std::move(templates));
  }
  for (const std::string& line : split(text, '\n')) {
    if (!trim(line).empty()) {
      templates.texts.emplace_back(trim(line));
    }
  }
  return withPlaces(std::move(templates));
}

/// The text of built-in templates or of a file; nothing where there is neither.
Result<std::optional<std::string>> textOf(const std::string& nameOrPath) {
  if (const auto text = resource(cat("prompts/", nameOrPath, ".json"))) {
    return std::string(*text);
  }
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(nameOrPath, ignored)) {
    return std::nullopt;
  }
  LIX_TRY(std::string text, readFile(nameOrPath, kMostBytes));
  return text;
}

const std::vector<std::string>* ownPrompts(const Templates& templates, const std::string& className) {
  for (const std::string& name : synonymsOf(className)) {
    for (const auto& [known, prompts] : templates.prompts) {
      if (plainName(known) == plainName(name)) {
        return &prompts;
      }
    }
  }
  return nullptr;
}

}  // namespace

Result<Templates> findTemplates(const std::string& nameOrPath, const std::vector<std::string>& datasetNames) {
  LIX_TRY(const auto text, textOf(nameOrPath));
  if (text) {
    return templatesFrom(nameOrPath, *text, datasetNames);
  }
  const auto colon = nameOrPath.rfind(':');
  if (colon != std::string::npos) {
    const std::string name = nameOrPath.substr(0, colon);
    LIX_TRY(const auto other, textOf(name));
    if (other) {
      return templatesFrom(name, *other, {nameOrPath.substr(colon + 1)});
    }
  }
  std::vector<std::string> names;
  for (const auto name : resources("prompts/")) {
    names.emplace_back(name.substr(8, name.size() - 13));
  }
  return fail(ErrorCode::NotFound, cat("There are no templates '", nameOrPath, "'; choose one of: ", join(names, ", "),
                                       ", or name a file."));
}

std::vector<std::string> synonymsOf(const std::string& className) {
  std::vector<std::string> names;
  const json list = className.starts_with('[') ? json::parse(className, nullptr, false) : json();
  if (list.is_array() && !list.empty() && std::ranges::all_of(list, [](const json& one) { return one.is_string(); })) {
    names = list.get<std::vector<std::string>>();
  } else {
    names = split(className, '|');
  }
  for (std::string& name : names) {
    name = std::string(trim(name));
  }
  std::erase(names, "");
  return names.empty() ? std::vector{className} : names;
}

Result<std::vector<std::string>> promptsOf(const Templates& templates, const std::string& className) {
  if (!templates.prompts.empty()) {
    const auto* own = ownPrompts(templates, className);
    if (own == nullptr) {
      return fail(ErrorCode::BadInput, cat("The prompts ", templates.name, " have none for the class '", className,
                                           "'; add some, or choose templates that name the class."));
    }
    return *own;
  }
  std::vector<std::string> prompts;
  for (const std::string& name : synonymsOf(className)) {
    for (const std::string& text : templates.texts) {
      prompts.push_back(replaced(text, kName, name));
    }
  }
  return prompts;
}

Result<void> checkDistinct(const std::vector<std::string>& classes) {
  std::set<std::string_view> known;
  for (const std::string& name : classes) {
    if (!known.insert(name).second) {
      return fail(ErrorCode::BadInput,
                  cat("Two classes are called '", name, "', so that no prompt tells them apart; rename one."));
    }
  }
  return {};
}

Result<void> checkPrompts(const Templates& templates, const std::vector<std::string>& classes) {
  for (const std::string& name : classes) {
    LIX_CHECK(promptsOf(templates, name));
  }
  return {};
}

}  // namespace lix::study
