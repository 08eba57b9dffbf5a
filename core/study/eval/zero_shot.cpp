#include "study/eval/zero_shot.h"

#include <ATen/core/grad_mode.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "resources/resource.h"
#include "study/eval/cosines.h"

namespace lix::study {
namespace {
using nlohmann::json;

std::string filled(const std::string& text, const std::string& name) {
  std::string out = text;
  for (std::size_t at = out.find("{}"); at != std::string::npos; at = out.find("{}", at + name.size())) {
    out.replace(at, 2, name);
  }
  return out;
}

Result<Templates> templatesFrom(const std::string& name, const std::string& text) {
  Templates templates{.name = name};
  const json whole = json::parse(text, nullptr, false);
  if (whole.is_array()) {
    for (const json& one : whole) {
      if (!one.is_string()) {
        return fail(ErrorCode::BadInput, cat("The templates ", name, " should be a JSON list of strings."));
      }
      templates.texts.push_back(one);
    }
  } else {
    for (const std::string& line : split(text, '\n')) {
      if (!trim(line).empty()) {
        templates.texts.emplace_back(trim(line));
      }
    }
  }
  for (const std::string& one : templates.texts) {
    if (one.find("{}") == std::string::npos || !isUtf8(one)) {
      return fail(ErrorCode::BadInput, cat("The template '", one, "' of ", name, " has no {} for the class name."));
    }
  }
  if (templates.texts.empty()) {
    return fail(ErrorCode::BadInput, cat("There is no template in ", name, "."));
  }
  return templates;
}

}  // namespace

Result<Templates> findTemplates(const std::string& nameOrPath) {
  if (const auto text = resource(cat("prompts/", nameOrPath, ".json"))) {
    return templatesFrom(nameOrPath, std::string(*text));
  }
  std::error_code ignored;
  if (std::filesystem::exists(nameOrPath, ignored)) {
    LIX_TRY(const std::string text, readFile(nameOrPath, 1 << 20));
    return templatesFrom(nameOrPath, text);
  }
  std::vector<std::string> names;
  for (const auto name : resources("prompts/")) {
    names.emplace_back(name.substr(8, name.size() - 13));
  }
  return fail(ErrorCode::NotFound, cat("There are no templates '", nameOrPath, "'; choose one of: ", join(names, ", "),
                                       ", or name a file."));
}

ClassTexts embedClasses(const Evaluator& evaluator, const std::vector<std::string>& classes,
                        const Templates& templates) {
  const at::NoGradGuard noGrad;
  std::vector<std::string> prompts;
  for (const std::string& name : classes) {
    for (const std::string& text : templates.texts) {
      prompts.push_back(filled(text, name));
    }
  }
  const nn::TextFeatures features = embedCaptions(evaluator, prompts);
  const auto c = std::int64_t(classes.size()), t = std::int64_t(templates.texts.size());
  ClassTexts result;
  result.text = nn::unit(nn::unit(features.embeds).view({c, t, -1}).mean(1));
  if (features.query.defined()) {
    result.query = features.query.view({c, t, features.query.size(1), features.query.size(2)}).mean(1);
  }
  return result;
}

at::Tensor zeroShotScores(const Evaluator& evaluator, const ImageFeatures& images, const ClassTexts& classes) {
  return cosines(evaluator, images.vectors, {classes.text, classes.query}).contiguous();
}

}  // namespace lix::study
