#include "study/few_shot/few_shot.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "adapt/linear.h"
#include "base/text.h"
#include "study/few_shot/check.h"
#include "study/few_shot/class_conditioned.h"
#include "study/few_shot/problem.h"
#include "study/few_shot/reach.h"

namespace lix::study {
namespace {

constexpr const char* kZeroShot = "zero-shot";
constexpr std::size_t kLogitsAtOnce = std::size_t{1} << 24;  // 64 MiB of a block of queries
constexpr std::size_t kFewestAtOnce = 64;                    // of which a classifier still makes good products

class Evaluation {
 public:
  Evaluation(const FewShotData& data, const FewShotSettings& settings, const Reach& reach, const Progress& progress,
             FewShotResult& result)
      : data_(data), settings_(settings), reach_(reach), progress_(progress), result_(result) {
    // Zero-shot has points of its own, which no draw changes.
    std::ranges::copy_if(settings.adapters, std::back_inserter(adapters_),
                         [](const auto& entry) { return entry.id != kZeroShot; });
  }

  Result<void> run() {
    total_ = static_cast<long long>(result_.reach.size() * settings_.draws * adapters_.size());
    setProblem(reach_.classes(0));
    LIX_CHECK(zeroShot(0));
    for (const FewShotReach& reach : result_.reach) {
      setProblem(reach.classes);
      LIX_CHECK(zeroShot(reach.shots));
      for (std::size_t draw = 0; draw < settings_.draws; ++draw) {
        LIX_CHECK(evaluate(reach.shots, settings_.firstDraw + draw));
      }
    }
    return {};
  }

 private:
  /// Queries are copied together only where the classes are others than before, and not all.
  void setProblem(const std::vector<std::size_t>& classes) {
    if (problem_.classes == classes) {
      return;
    }
    problem_ = problemOf(data_, classes);
    const bool all = problem_.queryRows->size() == data_.query.features.rows;
    queries_ = all ? Rows() : gather(data_.query, *problem_.queryRows, problem_.indexOf);
    zeroShot_.reset();
  }

  adapt::Matrix queries() const { return queries_.from.empty() ? data_.query.features : queries_.matrix(); }

  /// Which classes there are is all that zero-shot depends on.
  Result<void> zeroShot(std::size_t shots) {
    if (data_.text.rows == 0) {
      return {};
    }
    if (!zeroShot_) {
      const adapt::Task task{
          .text = problem_.text.matrix(), .classes = problem_.classes.size(), .logitScale = data_.logitScale};
      LIX_TRY(zeroShot_, measure(task, {.id = kZeroShot}));
    }
    result_.points.push_back(*zeroShot_);
    result_.points.back().shots = shots;
    return {};
  }

  Result<void> evaluate(std::size_t shots, std::size_t draw) {
    Draw drawn = drawSupport(data_.pool.labels, problem_.classes, shots, settings_.seed, draw, settings_.replace);
    const Rows support = gather(data_.pool, std::move(drawn.support), problem_.indexOf);
    const Rows validation = gather(data_.pool, std::move(drawn.validation), problem_.indexOf);
    const adapt::Task task{.support = support.labelled(),
                           .validation = validation.labelled(),
                           .text = problem_.text.matrix(),
                           .classes = problem_.classes.size(),
                           .logitScale = data_.logitScale};
    for (const FewShotAdapter& adapter : adapters_) {
      if (!report(progress_, "few-shot evaluations", done_, total_)) {
        return fail(ErrorCode::Cancelled, cat("The few-shot evaluation was stopped after ", done_, " of ", total_,
                                              " evaluations; nothing of it is kept."));
      }
      ++done_;
      LIX_TRY(FewShotPoint point, measure(task, adapter));
      point.shots = shots;
      point.draw = draw;
      result_.points.push_back(std::move(point));
    }
    return {};
  }

  Result<FewShotPoint> measure(const adapt::Task& task, const FewShotAdapter& entry) {
    LIX_TRY(const adapt::Adapter* adapter, adapt::find(entry.id));
    FewShotPoint point{.adapter = nameOf(entry), .seed = settings_.seed};
    const Stopwatch fitting;
    LIX_TRY(const std::unique_ptr<adapt::Classifier> classifier, adapter->fit(task, entry.params));
    point.secondsFit = fitting.seconds();
    Answers answers;
    const adapt::Matrix all = queries();
    const std::size_t most = std::max(kFewestAtOnce, kLogitsAtOnce / task.classes);
    for (std::size_t first = 0; first < all.rows; first += most) {
      const Stopwatch answering;
      const auto logits = classifier->logits(adapt::slice(all, first, std::min(most, all.rows - first)));
      point.secondsQuery += answering.seconds();
      append(answers, logits, task.classes, settings_.keep);
    }
    judge(point, problem_, answers, settings_.keep);
    point.supportSize = task.support.features.rows;
    point.validationSize = task.validation.features.rows;
    point.settings = classifier->settings();
    return point;
  }

  const FewShotData& data_;
  const FewShotSettings& settings_;
  const Reach& reach_;
  const Progress& progress_;
  FewShotResult& result_;
  std::vector<FewShotAdapter> adapters_;
  Problem problem_;
  Rows queries_;  ///< none where all of the data's are asked
  std::optional<FewShotPoint> zeroShot_;
  long long done_ = 0;
  long long total_ = 0;
};

/// Says which adapters kept fixed settings at which shots, and why.
void noteFixedSettings(FewShotResult& result) {
  std::set<std::string> said;
  for (const FewShotPoint& point : result.points) {
    const auto found = point.settings.find("chosen_by");
    const auto* reason = found == point.settings.end() ? nullptr : std::get_if<std::string>(&found->second);
    if (reason == nullptr || *reason == "validation" || reason->ends_with("no search was asked for")) {
      continue;
    }
    std::string note = cat(point.shots, point.shots == 1 ? " shot, " : " shots, ", point.adapter, ": ", *reason, ".");
    if (said.insert(note).second) {
      result.notes.push_back(std::move(note));
    }
  }
}

}  // namespace

Result<FewShotResult> evaluateFewShot(const FewShotData& data, const FewShotSettings& settings,
                                      const Progress& progress) {
  FewShotResult result;
  LIX_CHECK(checkFewShot(data, settings, result.notes));
  if (data.text.rows == 0) {
    result.notes.push_back("There are no class text vectors, so there is no zero-shot point.");
  }
  const Reach reach(data, settings);
  LIX_TRY(result.reach, reach.choose(result.notes));
  if (data.poolMixed != nullptr) {
    LIX_CHECK(evaluateClassConditioned(data, settings, reach, progress, result));
  } else {
    LIX_CHECK(Evaluation(data, settings, reach, progress, result).run());
  }
  noteFixedSettings(result);
  return result;
}

std::vector<FewShotCurvePoint> curve(const FewShotResult& result) {
  std::vector<FewShotCurvePoint> out;
  std::vector<std::vector<double>> accuracies;
  std::vector<std::vector<double>> recalls;
  std::vector<OutcomeGrid> grids;
  for (const FewShotPoint& point : result.points) {
    const auto same = [&](const FewShotCurvePoint& place) {
      return place.adapter == point.adapter && place.shots == point.shots;
    };
    const auto at = static_cast<std::size_t>(std::ranges::find_if(out, same) - out.begin());
    if (at == out.size()) {
      out.push_back({.adapter = point.adapter, .shots = point.shots, .classes = point.classes});
      accuracies.emplace_back();
      recalls.emplace_back();
      grids.push_back({.models = 1, .draws = 0, .queries = point.querySize, .cells = {}});
    }
    accuracies[at].push_back(point.accuracy);
    recalls[at].push_back(point.meanPerClassRecall);
    grids[at].cells.push_back(point.outcomes);
    ++grids[at].draws;
  }
  auto means = resampledMeans(grids);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].accuracy = summarise(accuracies[i]);
    out[i].meanPerClassRecall = summarise(recalls[i]);
    out[i].interval = percentileInterval(std::move(means[i]));
  }
  return out;
}

}  // namespace lix::study
