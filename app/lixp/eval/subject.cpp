#include "lixp/eval/subject.h"

#include <algorithm>

#include "base/text.h"

namespace lix::app {
namespace fs = std::filesystem;

float Subject::logitScale() const {
  const auto& parameters = evaluator.checkpoint.model.parameters;
  return parameters.contains("logit_scale") ? parameters.at("logit_scale").exp().item<float>() : 100.f;
}

fs::path checkpointPlace(const fs::path& folder) {
  const fs::path normal = fs::absolute(folder).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

Result<Subject> openSubject(const store::Workspace& workspace, const EvalOrder& order, std::size_t which,
                            const std::string& kind) {
  const fs::path folder = order.checkpoints[which];
  Subject s;
  LIX_TRY(s.evaluator, study::openEvaluator(folder));
  LIX_TRY(s.dataset, openDataset(&workspace, order.data));
  LIX_TRY(s.labelSet, s.dataset.labelSet(order.labels));
  LIX_TRY(s.templates, study::findTemplates(order.templates));
  if (s.classNames().size() < 2) {
    return fail(ErrorCode::BadInput, cat("The label set '", s.dataset.labelSets[s.labelSet].name, "' of '", order.data,
                                         "' has one class only; at least two are needed."));
  }
  s.classes = study::embedClasses(s.evaluator, s.classNames(), s.templates);
  s.row = {.kind = kind,
           .checkpoint = checkpointPlace(folder),
           .weightsHash = s.evaluator.checkpoint.weightsHash,
           .checkpointLabel = curveLabel(order, which),
           .dataset = order.data,
           .split = order.split,
           .labelSet = s.dataset.labelSets[s.labelSet].name,
           .templates = s.templates.name,
           .modelSeed = s.evaluator.checkpoint.seed};
  return s;
}

Result<study::ImageFeatures> imagesOf(const Session& session, const store::Workspace& workspace, const Subject& subject,
                                      const std::string& splitName) {
  LIX_TRY(const data::Split split, splitNamed(splitName));
  const auto samples = samplesOf(subject.dataset, split, subject.labelSet);
  if (samples.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", subject.dataset.name, "' has no labelled pictures in its ", splitName, " split."));
  }
  const std::optional<fs::path> cache =
      workspace.isReadOnly() ? std::nullopt : std::optional(workspace.cache() / "features");
  return study::embedPictures(subject.evaluator, subject.dataset, samples, cache, session.progress());
}

std::vector<int> labelsOf(const Subject& subject, const study::ImageFeatures& images) {
  std::vector<int> labels;
  for (const std::size_t sample : images.samples) {
    labels.push_back(subject.label(sample));
  }
  return labels;
}

void noteSkipped(const study::ImageFeatures& images, const std::string& splitName, std::vector<std::string>& notes) {
  constexpr std::size_t kReasons = 3;
  const std::size_t count = images.skipped.size();
  if (count == 0) {
    return;
  }
  std::vector<std::string> reasons;
  for (std::size_t i = 0; i < std::min(kReasons, count); ++i) {
    reasons.push_back(cat(images.skipped[i].key, ": ", images.skipped[i].reason));
  }
  notes.push_back(cat(count, count == 1 ? " picture" : " pictures", " of the ", splitName,
                      " split could not be read and ", count == 1 ? "is" : "are", " left out: ", join(reasons, " "),
                      count > kReasons ? " And so on." : ""));
}

std::string linesOf(const std::vector<std::string>& notes) {
  std::string text;
  for (const std::string& note : notes) {
    text += cat("  note: ", note, "\n");
  }
  return text;
}

std::span<const float> valuesOf(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), std::size_t(tensor.numel())};
}

adapt::Matrix matrixOf(const at::Tensor& rows) {
  return {valuesOf(rows), std::size_t(rows.size(0)), std::size_t(rows.size(1))};
}

nlohmann::json toJson(const ParamValues& params) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [key, value] : params) {
    std::visit([&](const auto& held) { object[key] = held; }, value);
  }
  return object;
}

}  // namespace lix::app
