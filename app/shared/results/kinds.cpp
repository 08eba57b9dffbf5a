#include "shared/results/kinds.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace lix::app {
namespace {

constexpr std::string_view kFewShot = "lixp eval few-shot CHECKPOINT --data NAME";
constexpr std::string_view kZeroShot = "lixp eval zero-shot CHECKPOINT --data NAME";
constexpr std::string_view kCost = "lixp eval cost CHECKPOINT";
constexpr std::string_view kTrain = "lixp train RECIPE --data NAME";

using Runs = FigureReads::Runs;
constexpr FigureReads kAccuracy{.evaluations = "few-shot zero-shot"};
constexpr FigureReads kCosts{.evaluations = "cost few-shot zero-shot"};
constexpr FigureReads kSweep{.evaluations = "few-shot zero-shot", .checkpoints = true, .runs = Runs::Rows};
constexpr FigureReads kTemperatures{.runs = Runs::NewestSeries, .series = "tau_ctx effective_neighbours scale.*"};
constexpr FigureReads kAlongRuns{
    .evaluations = "few-shot", .checkpoints = true, .runs = Runs::NewestSeries, .series = "canary.*"};
constexpr FigureReads kSpeeds{.runs = Runs::EverySeries, .series = "images_per_second", .setting = "tokens"};

constexpr std::array<FigureKind, 18> kKinds{{
    {"shots", QT_TRANSLATE_NOOP("figures", "Few-shot accuracy over shots"), "few-shot results", kFewShot, makeShots, kAccuracy},
    {"gain", QT_TRANSLATE_NOOP("figures", "Gain per dataset"), "results of two checkpoints on the same datasets",
     kFewShot, makeGain, kAccuracy},
    {"adapters", QT_TRANSLATE_NOOP("figures", "Zero-shot and few-shot gain by adapter"), "few-shot results", kFewShot,
     makeAdapters, kAccuracy},
    {"datasets", QT_TRANSLATE_NOOP("figures", "Models and datasets"), "zero-shot results", kZeroShot, makeDatasets, kAccuracy},
    {"retrieval", QT_TRANSLATE_NOOP("figures", "Retrieval"), "retrieval results",
     "lixp eval retrieval CHECKPOINT --data NAME", makeRetrieval, {.evaluations = "retrieval"}},
    {"scaling", QT_TRANSLATE_NOOP("figures", "Scaling"), "costs of checkpoints", kCost, makeScaling, kCosts},
    {"cost-flops", QT_TRANSLATE_NOOP("figures", "Accuracy and operations"),
     "costs and zero-shot results of the same checkpoints", kCost, makeCostFlops, kCosts},
    {"cost-time", QT_TRANSLATE_NOOP("figures", "Accuracy and time with many prompts"),
     "costs and zero-shot results of the same checkpoints", kCost, makeCostTime, kCosts},
    {"cost-training", QT_TRANSLATE_NOOP("figures", "Training time and class tokens"),
     "training runs with a number of class tokens", kTrain, makeCostTraining, kSpeeds},
    {"seconds", QT_TRANSLATE_NOOP("figures", "Accuracy and seconds of adaptation"), "few-shot results with their times",
     kFewShot, makeSeconds, kAccuracy},
    {"surface", QT_TRANSLATE_NOOP("figures", "Tip-Adapter over alpha and beta"), "surfaces of Tip-Adapter",
     "lixp eval surface CHECKPOINT --data NAME", makeSurface, {.evaluations = "surface"}},
    {"sweep", QT_TRANSLATE_NOOP("figures", "Sweep"), "results of checkpoints that were trained with different settings",
     kTrain, makeSweep, kSweep},
    {"temperatures", QT_TRANSLATE_NOOP("figures", "Temperatures"), "a training run with temperatures", kTrain,
     makeTemperatures, kTemperatures},
    {"post-training", QT_TRANSLATE_NOOP("figures", "Post-training"),
     "a training run with a canary, or results along one", "lixp train RECIPE --data NAME --init CHECKPOINT --canary",
     makePostTraining, kAlongRuns},
    {"corruptions", QT_TRANSLATE_NOOP("figures", "Robustness to corruptions"), "robustness results",
     "lixp eval robustness CHECKPOINT --data NAME", makeCorruptions, {.evaluations = "robustness"}},
    {"domains", QT_TRANSLATE_NOOP("figures", "Domains"), "results across domains",
     "lixp eval domain CHECKPOINT --data NAME --source NAME", makeDomains, {.evaluations = "domain"}},
    {"spectrum", QT_TRANSLATE_NOOP("figures", "Spectrum"), "spectra of checkpoints",
     "lixp eval spectrum CHECKPOINT --data NAME", makeSpectrum, {.evaluations = "spectrum"}},
    {"confusion", QT_TRANSLATE_NOOP("figures", "Confusion"), "zero-shot results with their predictions", kZeroShot,
     makeConfusion, {.evaluations = "zero-shot", .predictions = true}},
}};

constexpr std::string_view kNothing = "nothing to draw";

}  // namespace

std::span<const FigureKind> figureKinds() { return kKinds; }

std::unexpected<Error> nothingToDraw() { return fail(ErrorCode::NotFound, std::string(kNothing)); }

Result<const FigureKind*> findFigureKind(std::string_view id) {
  const auto found = std::ranges::find(kKinds, id, &FigureKind::id);
  if (found != kKinds.end()) {
    return &*found;
  }
  std::vector<std::string> ids;
  for (const FigureKind& kind : kKinds) {
    ids.emplace_back(kind.id);
  }
  return fail(ErrorCode::NotFound, cat("There is no figure '", id, "'; there are ", join(ids, ", "), "."));
}

Result<MadeFigure> makeFigure(const FigureKind& kind, const FigureRows& rows, const FigureChoice& choice) {
  auto made = kind.make(rows, choice);
  if (!made && made.error().message == kNothing) {
    return fail(ErrorCode::NotFound,
                cat("There is nothing for '", kind.title, "' within what was chosen: it needs ", kind.needs,
                    "; make some with '", kind.command, "'."));
  }
  if (made) {
    made->numbers.title = kind.title;
  }
  return made;
}

}  // namespace lix::app
