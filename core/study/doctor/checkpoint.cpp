#include "study/doctor/checkpoint.h"

#include <algorithm>

#include "base/text.h"
#include "nn/checkpoint/import/convert.h"
#include "study/doctor/anatomy.h"
#include "study/doctor/mistakes.h"
#include "study/doctor/rules.h"

namespace lix::study::doctor {
namespace {
namespace fs = std::filesystem;

Report refused(Report report, const Error& error) {
  report.verdict = Verdict::Refused;
  report.sentence = error.message;
  if (std::ranges::none_of(report.findings, [](const Finding& one) { return one.weight == Weight::Problem; })) {
    report.findings.insert(report.findings.begin(), {Weight::Problem, Ground::Certain, error.message});
  }
  return report;
}

void addNotes(const std::vector<std::string>& notes, Report& report) {
  for (const std::string& note : notes) {
    const bool assumed = note.find("assumed") != std::string::npos || note.find("not known") != std::string::npos;
    report.findings.push_back({assumed ? Weight::Remark : Weight::Note, Ground::Certain, note});
  }
}

/// The text before the first weight is used: names and sizes.
Result<void> describeFiles(nn::detail::Source& source, Report& report) {
  describeSource(source, report);
  LIX_TRY(const nn::detail::Plan plan, nn::detail::planOf(source));
  if (plan.config.towers == nn::Towers::Heads) {
    return {};  // said by who opens it
  }
  describeArchitecture(source, plan.config, report);
  describeWeights(source, plan, report);
  addNotes(plan.notes, report);
  return {};
}

std::string titleOf(const nn::detail::Source& source) {
  return source.kind == nn::detail::SourceKind::HuggingFace ? "A checkpoint in transformers' layout"
         : source.kind == nn::detail::SourceKind::OpenClip  ? "A checkpoint in OpenCLIP's layout"
                                                            : "A Llip checkpoint";
}

Result<Report> examineHeads(const Evaluator& evaluator, Report report) {
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  Section section{.title = "Architecture", .facts = {}};
  section.facts.push_back({"towers", "MLP heads on the features of another checkpoint", "config.json"});
  section.facts.push_back({"that checkpoint", config.heads ? config.heads->base : "", "config.json"});
  section.facts.push_back({"embedding", cat(config.embedWidth, " numbers"), "config.json"});
  report.sections.push_back(std::move(section));
  report.title = "Heads on another model's features";
  report.findings.push_back({Weight::Note, Ground::Certain, "Mistakes are made in the towers: examine the checkpoint below the heads for their sizes."});
  describeScores(evaluator.checkpoint.model, report);
  return report;
}

}  // namespace

Result<Report> examineCheckpoint(const fs::path& path, const Progress& progress) {
  Report report{.subject = Subject::Checkpoint, .path = path, .title = "A checkpoint"};
  auto source = nn::detail::openSource(path);
  if (!source) {
    return refused(std::move(report), source.error());
  }
  report.title = titleOf(*source);
  if (!lix::report(progress, "Reading the weights", 0, 1)) {
    return fail(ErrorCode::Cancelled, "Examining the checkpoint was cancelled.");
  }
  if (auto described = describeFiles(*source, report); !described) {
    return refused(std::move(report), described.error());
  }
  const auto evaluator = openEvaluator(path);
  if (!evaluator) {
    return refused(std::move(report), evaluator.error());
  }
  const nn::ModelConfig& config = evaluator->checkpoint.model.config;
  if (config.towers == nn::Towers::Heads) {
    return examineHeads(*evaluator, std::move(report));
  }
  report.title = cat(config.head != nn::ImageHead::Vector ? "Llip" : config.towers == nn::Towers::Siglip ? "SigLIP" : "CLIP", " in ",
                     source->kind == nn::detail::SourceKind::HuggingFace ? "transformers' layout"
                     : source->kind == nn::detail::SourceKind::OpenClip  ? "OpenCLIP's layout"
                                                                        : "the Llip release's layout");
  describePictures(*source, evaluator->preprocess, config, report);
  describeCaptions(*source, *evaluator->tokenizer, config, report);
  describeScores(evaluator->checkpoint.model, report);
  compareWithFamily(*source, config, evaluator->preprocess, report);
  const fs::path weights = source->weights.path();
  LIX_CHECK(makeMistakes(*evaluator, weights.has_parent_path() ? weights.parent_path() : fs::path("."), report, progress));
  std::ranges::stable_sort(report.findings, std::greater{}, &Finding::weight);
  return report;
}

}  // namespace lix::study::doctor
