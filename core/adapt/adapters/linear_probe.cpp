#include <array>
#include <cmath>
#include <map>

#include "adapt/check.h"
#include "adapt/choice.h"
#include "adapt/linear_classifier.h"
#include "adapt/logistic.h"
#include "base/parallel.h"

namespace lix::adapt {
namespace {

// scikit-learn's default of 1 is meant for channels of variance 1; those of unit vectors have a variance of 1 / D at
// most, which as much penalty would hold near the answer of the largest class.
constexpr double kFallbackC = 100.0;

struct Tried {
  LogisticFit fit;
  std::size_t correct = 0;  ///< of the validation pictures
};

/// Fits at given values of C, each once.
class Trials {
 public:
  Trials(const Task& task, const ParamValues& settings)
      : task_(task),
        problem_(task.support, task.classes),
        tolerance_(real(settings, "tolerance")),
        maxIterations_(whole(settings, "max_iterations")) {}

  void prepare(std::span<const double> cs) {
    std::vector<Tried> made(cs.size());
    parallelFor(cs.size(), [&](std::size_t i) { made[i] = measure(cs[i]); });
    for (std::size_t i = 0; i < cs.size(); ++i) {
      known_.insert_or_assign(cs[i], std::move(made[i]));
    }
  }

  const Tried& at(double c) {
    if (!known_.contains(c)) {
      prepare(std::array{c});
    }
    return known_.at(c);
  }

 private:
  Tried measure(double c) const {
    if (task_.stop.stop_requested()) {
      return {};  // fitProbe() fails
    }
    Tried out{problem_.fit(c, tolerance_, maxIterations_, task_.stop)};
    const LinearClassifier classifier(out.fit.weights, out.fit.bias, {});
    out.correct = countCorrect(classifier.logits(task_.validation.features), task_.validation.labels);
    return out;
  }

  const Task& task_;
  LogisticProblem problem_;
  double tolerance_;
  std::size_t maxIterations_;
  std::map<double, Tried> known_;
};

/// CoOp's search: the first best of seven decades, then `steps` halvings (in log C) of a tenth to ten times it, keeping
/// the lower end unless the upper is strictly better. The end kept last holds.
double searched(Trials& trials, std::size_t steps) {
  static constexpr std::array kDecades{1e6, 1e4, 1e2, 1.0, 1e-2, 1e-4, 1e-6};
  trials.prepare(kDecades);
  double best = kDecades.front();
  for (const double c : kDecades) {
    best = trials.at(c).correct > trials.at(best).correct ? c : best;
  }
  double low = 0.1 * best;
  double high = 10.0 * best;
  trials.prepare(std::array{low, high});
  for (std::size_t step = 0; step < steps; ++step) {
    const double middle = std::sqrt(low * high);
    const bool up = trials.at(low).correct < trials.at(high).correct;
    best = up ? high : low;
    (up ? low : high) = middle;
  }
  return best;
}

std::vector<Param> probeParams() {
  return {{.key = "c",
           .title = "C",
           .value = 0.0,
           .min = 0.0,
           .max = 1e9,
           .scale = ParamScale::Log,
           .help = "Weight of the log-loss against the penalty; 0 searches it on the validation pictures."},
          {.key = "bisection_steps",
           .title = "Bisection steps",
           .value = 8LL,
           .min = 1,
           .max = 50,
           .help = "How often the range around the best decade of C is halved."},
          {.key = "tolerance",
           .title = "Tolerance",
           .value = 1e-4,
           .min = 1e-8,
           .max = 1.0,
           .scale = ParamScale::Log,
           .help = "The optimiser stops where no entry of the gradient is larger; scikit-learn's is 1e-4."},
          {.key = "max_iterations",
           .title = "Most iterations",
           .value = 1000LL,
           .min = 1,
           .max = 100000,
           .scale = ParamScale::Log,
           .help = "Iterations of L-BFGS after which the last point holds."}};
}

Result<std::unique_ptr<Classifier>> fitProbe(const Task& task, const ParamValues& params);

}  // namespace

/// Logistic regression on the unit features of the support, with scikit-learn's objective and stopping rule; C by
/// CoOp's search on the validation pictures, which are not trained on. logits = F W' + b are log-odds. Without
/// validation C is 100, and settings() say so.
const Adapter& linear_probe() {
  static const Adapter adapter{
      .id = "linear-probe",
      .title = "Linear probe",
      .citation =
          "Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021; search "
          "of C by Zhou et al., Learning to Prompt for Vision-Language Models, 2022",
      .params = probeParams(),
      .training = Training::Fitted,
      .fit = fitProbe};
  return adapter;
}

namespace {

Result<std::unique_ptr<Classifier>> fitProbe(const Task& task, const ParamValues& params) {
  LIX_TRY(ParamValues settings, check(linear_probe(), task, params));
  const double asked = real(settings, "c");
  const Choice choice = asked > 0.0 ? Choice{false, "fixed settings: C was given"} : choiceFor(task);
  Trials trials(task, settings);
  const double c = asked > 0.0       ? asked
                   : choice.searched ? searched(trials, whole(settings, "bisection_steps"))
                                     : kFallbackC;
  const auto& [fit, correct] = trials.at(c);
  LIX_CHECK(checkStop(task));
  settings["c"] = c;
  settings[kChosenBy] = choice.reason;
  settings["iterations"] = static_cast<long long>(fit.iterations);
  settings["objective"] = fit.objective;
  settings["stopped"] = fit.stopped;
  if (choice.searched) {
    settings["validation_accuracy"] = static_cast<double>(correct) / static_cast<double>(task.validation.labels.size());
  }
  return std::make_unique<LinearClassifier>(fit.weights, fit.bias, std::move(settings));
}

}  // namespace
}  // namespace lix::adapt
