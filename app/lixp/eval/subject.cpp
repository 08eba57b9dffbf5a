#include "lixp/eval/subject.h"

#include <ATen/ops/empty.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "data/own_templates.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/eval/own_vectors.h"
#include "study/eval/truncation.h"
#include "study/suite/catalogue.h"

namespace lix::app {
namespace fs = std::filesystem;
using nlohmann::json;

float Subject::logitScale() const {
  const auto& parameters = evaluator.checkpoint.model.parameters;
  return parameters.contains("logit_scale") ? parameters.at("logit_scale").exp().item<float>() : 100.f;
}

fs::path checkpointPlace(const fs::path& folder) {
  const fs::path normal = fs::absolute(folder).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

namespace {

/// The dataset that was asked for; that of own vectors is in their file.
Result<data::Dataset> datasetOf(const store::Workspace& workspace, const EvalOrder& order,
                                const study::Evaluator& evaluator) {
  if (!evaluator.own) {
    if (order.data.empty()) {
      return fail(ErrorCode::BadInput, "Name the pictures: --data DATASET (emoji, symbola, scenes, or one of the "
                                       "workspace; lixp data list names them).");
    }
    return openDataset(&workspace, order.data);
  }
  if (!order.data.empty() && order.data != evaluator.own->dataset.name) {
    return fail(ErrorCode::BadInput, cat("The vectors of '", evaluator.own->dataset.name,
                                         "' belong to no other pictures; leave --data out."));
  }
  return evaluator.own->dataset;
}

}  // namespace

Result<Subject> openUnlabelled(const store::Workspace& workspace, const EvalOrder& order, std::size_t which,
                               const std::string& kind) {
  const fs::path folder = order.checkpoints[which];
  Subject s;
  LIX_TRY(s.evaluator, study::openModel(folder));
  LIX_TRY(s.dataset, datasetOf(workspace, order, s.evaluator));
  s.row = {.kind = kind,
           .checkpoint = checkpointPlace(folder),
           .weightsHash = s.evaluator.checkpoint.weightsHash.text(),
           .checkpointLabel = curveLabel(order, which),
           .dataset = s.evaluator.own ? s.dataset.name : order.data,
           .split = order.split,
           .modelSeed = s.evaluator.checkpoint.seed};
  return s;
}

namespace {

constexpr const char* kOwnNames = "own";

/// Names of the classes from a file, one a class: a JSON list of strings (or of lists of synonyms), or lines.
Result<std::vector<std::string>> namesFrom(const std::string& file, const Subject& s) {
  LIX_TRY(const std::string text, readFile(file, 1 << 24));
  std::vector<std::string> names;
  const json whole = json::parse(text, nullptr, false);
  if (whole.is_array()) {
    for (const json& one : whole) {
      names.push_back(one.is_string() ? one.get<std::string>() : one.dump());
    }
  } else {
    for (const std::string& line : split(text, '\n')) {
      if (!trim(line).empty()) {
        names.emplace_back(trim(line));
      }
    }
  }
  if (names.size() != s.classNames().size()) {
    return fail(ErrorCode::BadInput, cat("The file ", file, " names ", names.size(), " classes, the label set '",
                                         s.dataset.labelSets[s.labelSet].name, "' has ", s.classNames().size(),
                                         "; one name a class in label order is needed."));
  }
  if (!std::ranges::all_of(names, [](const auto& name) { return isUtf8(name); })) {
    return fail(ErrorCode::BadInput, cat("The class names in ", file, " are not UTF-8."));
  }
  return names;
}

/// Decides what prompts call the classes and which templates there are, by the order, the dataset's own file of templates and the
/// catalogue.
Result<void> choosePrompts(const store::Workspace& workspace, const EvalOrder& order, Subject& s) {
  const auto known = study::recognise(order.data, s.classNames());
  s.prompted = s.classNames();
  if (!order.classNames.empty() && order.classNames != kOwnNames) {
    LIX_TRY(s.prompted, namesFrom(order.classNames, s));
  } else if (order.classNames.empty() && known && !known->classNames.empty()) {
    s.prompted = known->classNames;
  }
  const bool catalogued = known && order.classNames.empty() && s.prompted == known->classNames;
  std::vector<std::string> names{order.data};
  std::string templates = order.templates;
  LIX_TRY(const data::DatasetSpec spec, findDataset(&workspace, order.data));
  if (const auto own = data::ownTemplates(spec); own && templates == kAutoTemplates) {
    templates = own->string();
    s.notes.push_back(cat("The dataset's own templates are used (", templates, ")."));
  }
  if (known) {
    s.metric = known->entry.metric;
    names.push_back(known->entry.id);
    templates = templates == kAutoTemplates ? known->entry.templates : templates;
    s.notes.push_back(
        cat("Known to the catalogue as ", known->entry.title, catalogued ? ": its class names are used." : "."));
  }
  LIX_TRY(s.templates,
          study::findTemplates(templates == kAutoTemplates || templates.empty() ? "plain" : templates, names));
  if (!catalogued) {  // ImageNet's usual names hold two pairs of equals, which published numbers contain
    LIX_CHECK(study::checkDistinct(s.prompted));
  }
  return study::checkPrompts(s.templates, s.prompted);
}

}  // namespace

Result<Subject> openSubject(const store::Workspace& workspace, const EvalOrder& order, std::size_t which,
                            const std::string& kind) {
  LIX_TRY(Subject s, openUnlabelled(workspace, order, which, kind));
  if (s.evaluator.own && s.dataset.labelSets.empty()) {
    return fail(ErrorCode::BadInput, cat("The vectors in ", order.checkpoints[which],
                                         " have no labels; give the file 'labels' and 'classes', or the table beside a "
                                         ".npy file a column label."));
  }
  LIX_TRY(s.labelSet, s.dataset.labelSet(order.labels));
  if (s.classNames().size() < 2) {
    return fail(ErrorCode::BadInput,
                cat("The label set '", s.dataset.labelSets[s.labelSet].name, "' of '", s.dataset.name,
                    "' has one class only; at least two are needed."));
  }
  s.row.labelSet = s.dataset.labelSets[s.labelSet].name;
  if (s.evaluator.own) {  // texts of classes come with the vectors, or there are none
    s.prompted = s.classNames();
    const at::Tensor& texts = s.evaluator.own->classTexts;
    s.classes.text = texts.defined() ? nn::unit(texts) : at::empty({0, s.evaluator.own->images.size(1)}, at::kFloat);
    return s;
  }
  LIX_CHECK(choosePrompts(workspace, order, s));
  s.classes = study::embedClasses(s.evaluator, s.prompted, s.templates);
  s.row.templates = s.templates.name;
  if (std::string cut = study::truncationNote(s.evaluator, s.prompted, s.templates); !cut.empty()) {
    s.notes.push_back(std::move(cut));
  }
  return s;
}

Result<study::ImageFeatures> imagesOf(const Session& session, const store::Workspace& workspace, const Subject& subject,
                                      const std::vector<std::size_t>& samples) {
  const std::optional<fs::path> cache =
      workspace.isReadOnly() ? std::nullopt : std::optional(workspace.cache() / "features");
  return study::embedPictures(subject.evaluator, subject.dataset, samples, cache, session.progress());
}

Result<study::ImageFeatures> imagesOf(const Session& session, const store::Workspace& workspace, const Subject& subject,
                                      const std::string& splitName) {
  LIX_TRY(const data::Split split, splitNamed(splitName));
  const auto samples = samplesOf(subject.dataset, split, subject.labelSet);
  if (samples.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", subject.dataset.name, "' has no labelled pictures in its ", splitName, " split.",
                    subject.evaluator.own ? " Vectors whose file says no 'split' are of the test split." : ""));
  }
  return imagesOf(session, workspace, subject, samples);
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
