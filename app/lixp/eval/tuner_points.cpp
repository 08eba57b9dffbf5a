#include "lixp/eval/tuner_points.h"

#include <algorithm>

#include "base/text.h"
#include "study/eval/zero_shot_templates.h"
#include "study/few_shot/draw.h"
#include "study/few_shot/problem.h"
#include "study/tuners/tuner.h"

namespace lix::app {
namespace {
namespace tuners = study::tuners;

Result<ParamValue> valueOf(const Param& param, const std::string& id, const std::string& value) {
  if (std::holds_alternative<std::string>(param.value)) {
    return value;
  }
  if (std::holds_alternative<long long>(param.value) && toInteger(value)) {
    return *toInteger(value);
  }
  if (std::holds_alternative<double>(param.value) && toReal(value)) {
    return *toReal(value);
  }
  return fail(ErrorCode::BadInput, cat("'", value, "' is no value for ", id, ":", param.key, "."));
}

/// One subject with everything that its draws share.
class TunerRun {
 public:
  TunerRun(const Subject& subject, const study::ImageFeatures& pool, const study::ImageFeatures& query,
           const study::FewShotSettings& settings, const Progress& progress)
      : subject_(subject),
        settings_(settings),
        progress_(progress),
        poolLabels_(labelsOf(subject, pool)),
        queryLabels_(labelsOf(subject, query)),
        pool_(tuners::picturesOf(subject.evaluator, subject.dataset, pool)),
        query_(tuners::picturesOf(subject.evaluator, subject.dataset, query)) {}

  void take(const std::vector<std::size_t>& classes) {
    problem_ = study::problemOf(
        {.pool = {{}, poolLabels_}, .query = {{}, queryLabels_}, .text = {}, .classNames = subject_.prompted}, classes);
    queries_ = tuners::subset(query_, *problem_.queryRows);
    names_.clear();
    for (const std::size_t c : classes) {
      names_.push_back(study::synonymsOf(subject_.prompted[c]).front());
    }
  }

  Result<study::FewShotPoint> point(const study::FewShotAdapter& entry, std::size_t shots, std::size_t draw) const {
    LIX_TRY(const tuners::Tuner* tuner, tuners::find(entry.id));
    const study::Draw drawn =
        study::drawSupport(poolLabels_, problem_.classes, shots, settings_.seed, draw, settings_.replace);
    const tuners::Task task{.evaluator = subject_.evaluator,
                            .classNames = names_,
                            .support = labelled(drawn.support),
                            .validation = labelled(drawn.validation),
                            .seed = settings_.seed + 1'000'003 * draw};
    study::FewShotPoint point{.adapter = study::nameOf(entry), .shots = shots, .draw = draw, .seed = settings_.seed};
    const study::Stopwatch fitting;
    LIX_TRY(const std::unique_ptr<tuners::Tuned> tuned, tuner->fit(task, entry.params, progress_));
    point.secondsFit = fitting.seconds();
    const study::Stopwatch answering;
    LIX_TRY(const at::Tensor logits, tuned->logits(queries_, progress_));
    point.secondsQuery = answering.seconds();
    study::Answers answers;
    study::append(answers, valuesOf(logits), names_.size(), settings_.keep);
    study::judge(point, problem_, answers, settings_.keep);
    point.supportSize = drawn.support.size();
    point.validationSize = drawn.validation.size();
    point.settings = tuned->settings();
    return point;
  }

 private:
  tuners::LabelledPictures labelled(const std::vector<std::uint32_t>& rows) const {
    tuners::LabelledPictures set{.pictures = tuners::subset(pool_, rows), .labels = {}};
    for (const std::uint32_t row : rows) {
      set.labels.push_back(problem_.indexOf[std::size_t(poolLabels_[row])]);
    }
    return set;
  }

  const Subject& subject_;
  const study::FewShotSettings& settings_;
  const Progress& progress_;
  std::vector<int> poolLabels_, queryLabels_;
  tuners::Pictures pool_, query_, queries_;
  study::Problem problem_;
  std::vector<std::string> names_;
};

}  // namespace

bool isTuner(const std::string& entry) { return tuners::find(split(entry, ':')[0]).has_value(); }

namespace {

Result<study::FewShotAdapter> tunerFrom(const std::string& entry) {
  const auto parts = split(entry, ':');
  LIX_TRY(const tuners::Tuner* tuner, tuners::find(parts[0]));
  study::FewShotAdapter chosen{.id = tuner->id, .params = {}, .name = entry};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto at = parts[i].find('=');
    const std::string key = parts[i].substr(0, at);
    const auto param = std::ranges::find(tuner->params, key, &Param::key);
    if (param == tuner->params.end()) {
      return fail(ErrorCode::BadInput, cat("The adapter ", tuner->id, " has no parameter '", key, "'."));
    }
    LIX_TRY(chosen.params[key], valueOf(*param, tuner->id, at == std::string::npos ? "" : parts[i].substr(at + 1)));
  }
  return chosen;
}

}  // namespace

Result<std::vector<study::FewShotAdapter>> tunersOf(const std::vector<std::string>& entries) {
  std::vector<study::FewShotAdapter> chosen;
  for (const std::string& entry : entries) {
    if (!isTuner(entry)) {
      continue;
    }
    if (std::ranges::find(chosen, entry, &study::FewShotAdapter::name) != chosen.end()) {
      return fail(ErrorCode::BadInput, cat("Adapter '", entry, "' is given twice: leave one out."));
    }
    LIX_TRY(auto tuner, tunerFrom(entry));
    chosen.push_back(std::move(tuner));
  }
  return chosen;
}

store::VectorKind vectorsOf(const Subject& subject, const std::string& adapter) {
  return subject.evaluator.isMixture() && isTuner(adapter) ? store::VectorKind::ClassConditioned : subject.row.vectors;
}

Result<void> addTunerPoints(const Subject& subject, const study::ImageFeatures& pool, const study::ImageFeatures& query,
                            const study::FewShotSettings& settings, const std::vector<study::FewShotAdapter>& entries,
                            const Progress& progress, study::FewShotResult& result) {
  if (entries.empty()) {
    return {};
  }
  TunerRun run(subject, pool, query, settings, progress);
  for (const study::FewShotReach& reach : result.reach) {
    run.take(reach.classes);
    for (std::size_t draw = 0; draw < settings.draws; ++draw) {
      for (const study::FewShotAdapter& entry : entries) {
        LIX_TRY(study::FewShotPoint point, run.point(entry, reach.shots, settings.firstDraw + draw));
        result.points.push_back(std::move(point));
      }
    }
  }
  return {};
}

}  // namespace lix::app
