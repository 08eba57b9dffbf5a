#include "lixp/eval/order.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "lixp/eval/subject.h"
#include "study/eval/own_vectors.h"

namespace lix::app {

void addModelOptions(CLI::App* verb, EvalOrder& order) {
  verb->add_option("checkpoints", order.checkpoints,
                   "Checkpoint folders, or files of your own vectors (.safetensors, .npy)")
      ->required();
  verb->add_option("--data", order.data,
                   "Dataset of the workspace, or emoji, symbola, scenes; own vectors bring theirs");
  verb->add_option("--split", order.split, "Split of the pictures that are measured");
  verb->add_option("--label", order.curveLabels, "Name of each checkpoint's curve (default: its folder's name)");
  verb->fallthrough();
  verb->parse_complete_callback([&order] {  // own vectors alone bring their data
    const auto brings = [](const auto& one) { return study::isVectorFile(one); };
    if (order.data.empty() && !std::ranges::all_of(order.checkpoints, brings)) {
      throw CLI::RequiredError("--data");
    }
  });
}

void addCommonOptions(CLI::App* verb, EvalOrder& order) {
  addModelOptions(verb, order);
  verb->add_option("--labels", order.labels, "Label set (default: the first)");
  verb->add_option("--templates", order.templates,
                   "Prompt templates: plain, simple, openai, imagenet-simple, clip (by dataset), or a file; auto takes "
                   "those that the catalogue has for the dataset, else plain");
}

std::string placeOf(const std::string& file) {
  return std::filesystem::absolute(file).lexically_normal().string();
}

namespace {

/// Built-in templates have neither a folder nor an ending.
bool isTemplateFile(const std::string& name) {
  const std::filesystem::path path = name;
  std::error_code ignored;
  return (path.has_extension() || path.has_parent_path()) && std::filesystem::is_regular_file(path, ignored);
}

}  // namespace

void addTextFiles(const EvalOrder& order, nlohmann::json& settings) {
  if (!order.classNames.empty()) {
    settings["class_names"] = order.classNames == "own" ? order.classNames : placeOf(order.classNames);
  }
  const auto colon = order.templates.rfind(':');
  if (isTemplateFile(order.templates)) {
    settings["template_file"] = placeOf(order.templates);
  } else if (colon != std::string::npos && isTemplateFile(order.templates.substr(0, colon))) {
    settings["template_file"] = placeOf(order.templates.substr(0, colon)) + order.templates.substr(colon);
  }
}

std::string curveLabel(const EvalOrder& order, std::size_t which) {
  return which < order.curveLabels.size() ? order.curveLabels[which]
                                          : checkpointPlace(order.checkpoints[which]).filename().string();
}

Result<void> checkLabels(const EvalOrder& order) {
  std::map<std::string, std::filesystem::path> places;
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    const std::string label = curveLabel(order, i);
    const std::filesystem::path here = checkpointPlace(order.checkpoints[i]);
    const std::filesystem::path& first = places.emplace(label, here).first->second;
    if (first != here) {
      return fail(ErrorCode::BadInput, cat(first.string(), " and ", here.string(), " would both be the curve '", label,
                                           "'; name each with --label, or, where they differ in their seed alone, "
                                           "evaluate them one call at a time."));
    }
  }
  return {};
}

}  // namespace lix::app
