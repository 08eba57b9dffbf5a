#include "study/support/support_score.h"

#include <algorithm>

#include "adapt/affinity.h"
#include "study/metrics/accuracy.h"
#include "study/support/support_problem.h"

namespace lix::study {
namespace {

/// The highest other than `best`; of equal ones the first.
int runnerUp(std::span<const float> scores, int best) {
  int second = best == 0 ? 1 : 0;
  for (int c = 0; c < static_cast<int>(scores.size()); ++c) {
    if (c != best && scores[static_cast<std::size_t>(c)] > scores[static_cast<std::size_t>(second)]) {
      second = c;
    }
  }
  return second;
}

void predict(const SupportProblem& problem, const std::vector<float>& logits, AdapterScore& score) {
  const Scores scores{logits, problem.classes.size()};
  const std::vector<int> predicted = predictions(scores);
  const std::vector<float> margin = margins(scores);
  const auto inSet = [&](int index) {
    return index == kNoClass ? kNoClass : static_cast<int>(problem.classes[static_cast<std::size_t>(index)]);
  };
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    score.predictions.push_back({i, inSet(predicted[i]), inSet(runnerUp(scores.row(i), predicted[i])), margin[i],
                                 inSet(problem.queryLabels[i])});
  }
  std::vector<int> answers, labels;
  for (const std::size_t i : problem.scored) {
    answers.push_back(predicted[i]);
    labels.push_back(problem.queryLabels[i]);
  }
  score.accuracy = accuracy(answers, labels);
  score.scored = labels.size();
}

Result<void> fitAndPredict(const adapt::Adapter& adapter, const SupportTask& task, const SupportProblem& problem,
                           const ParamValues& params, AdapterScore& score) {
  LIX_TRY(const std::unique_ptr<adapt::Classifier> classifier, adapter.fit(problem.fitTask(task), params));
  if (task.query.rows > 0) {
    predict(problem, classifier->logits(task.query), score);
  }
  score.settings = classifier->settings();
  return {};
}

ParamValues settingsOf(const AdapterSettings& settings, const std::string& adapter) {
  const auto found = settings.find(adapter);
  return found == settings.end() ? ParamValues() : found->second;
}

}  // namespace

bool isQuick(const adapt::Adapter& adapter) { return adapt::hasAffinityForm(adapter.id); }

std::vector<const adapt::Adapter*> supportAdapters(Adapters which) {
  std::vector<const adapt::Adapter*> chosen;
  for (const adapt::Adapter* adapter : adapt::table()) {
    const bool wanted = which == Adapters::All || isQuick(*adapter) == (which == Adapters::Quick);
    if (wanted && !adapter->needsValidation) {
      chosen.push_back(adapter);
    }
  }
  return chosen;
}

std::vector<AdapterScore> scoreSupport(const SupportTask& task, std::span<const adapt::Adapter* const> adapters,
                                       const AdapterSettings& settings) {
  const Result<SupportProblem> problem = supportProblem(task);
  std::vector<AdapterScore> scores;
  for (const adapt::Adapter* adapter : adapters) {
    AdapterScore score{.id = adapter->id, .title = adapter->title};
    const Result<void> done =
        problem ? fitAndPredict(*adapter, task, *problem, settingsOf(settings, adapter->id), score)
                : std::unexpected(problem.error());
    if (!done) {
      score.refusal = done.error().message;
    }
    scores.push_back(std::move(score));
  }
  return scores;
}

std::vector<AdapterScore> scoreSupport(const SupportTask& task) {
  return scoreSupport(task, supportAdapters(Adapters::All));
}

}  // namespace lix::study
