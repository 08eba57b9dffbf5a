#include "study/support/support_score.h"

#include <algorithm>

#include "adapt/check.h"
#include "base/text.h"
#include "study/metrics/accuracy.h"

namespace lix::study {
namespace {

constexpr int kLeftOut = -1;

/// The classes that have pictures as a problem of their own, counted from 0 in the order of the set.
struct Problem {
  std::vector<std::size_t> classes;  ///< position in classNames of each
  std::vector<int> indexOf;          ///< of a position among `classes`, or kLeftOut
  std::vector<int> supportLabels;
  std::vector<float> text;
  std::vector<int> queryLabels;     ///< kLeftOut where nothing can be right
  std::vector<std::size_t> scored;  ///< queries with a label
};

Result<void> checkSizes(const SupportTask& task) {
  const std::size_t classes = task.classNames.size();
  LIX_CHECK(adapt::checkLabelled(task.support, classes, "support"));
  LIX_CHECK(adapt::checkFeatures(task.query, "The query features"));
  LIX_CHECK(adapt::checkFeatures(task.text, "The text vectors"));
  if (task.text.rows != 0 && task.text.rows != classes) {
    return fail(ErrorCode::BadInput, cat("There are ", task.text.rows, " text vectors for ", classes,
                                         " classes: give one for each class, or none."));
  }
  if (!task.queryLabels.empty() && task.queryLabels.size() != task.query.rows) {
    return fail(ErrorCode::BadInput, cat("There are ", task.query.rows, " query pictures but ", task.queryLabels.size(),
                                         " labels: give one for each picture, or none."));
  }
  for (const int label : task.queryLabels) {
    if (label < kLeftOut || label >= static_cast<int>(classes)) {
      return fail(ErrorCode::BadInput, cat("Label ", label, " of a query picture is outside -1 to ",
                                           static_cast<int>(classes) - 1, ": -1 says that it is not known."));
    }
  }
  const bool empty = task.support.features.rows == 0;
  return empty ? Result<void>() : adapt::checkWidth(task.query, task.support.features.columns, "The query features");
}

Result<Problem> problemOf(const SupportTask& task) {
  LIX_CHECK(checkSizes(task));
  Problem problem{.indexOf = std::vector<int>(task.classNames.size(), kLeftOut)};
  for (const int label : task.support.labels) {
    problem.indexOf[static_cast<std::size_t>(label)] = 0;
  }
  for (std::size_t c = 0; c < problem.indexOf.size(); ++c) {
    if (problem.indexOf[c] != kLeftOut) {
      problem.indexOf[c] = static_cast<int>(problem.classes.size());
      problem.classes.push_back(c);
    }
  }
  if (problem.classes.size() < 2) {
    return fail(ErrorCode::BadInput, cat("At least two classes need pictures to be told apart, and ",
                                         problem.classes.empty() ? "none has any" : "only one has some",
                                         ": add pictures to the classes of the set."));
  }
  for (const int label : task.support.labels) {
    problem.supportLabels.push_back(problem.indexOf[static_cast<std::size_t>(label)]);
  }
  for (const std::size_t c : task.text.rows > 0 ? problem.classes : std::vector<std::size_t>()) {
    const auto row = task.text.row(c);
    problem.text.insert(problem.text.end(), row.begin(), row.end());
  }
  problem.queryLabels.assign(task.query.rows, kLeftOut);
  for (std::size_t i = 0; i < task.queryLabels.size(); ++i) {
    const int label = task.queryLabels[i];
    problem.queryLabels[i] = label == kLeftOut ? kLeftOut : problem.indexOf[static_cast<std::size_t>(label)];
    if (problem.queryLabels[i] != kLeftOut) {
      problem.scored.push_back(i);
    }
  }
  return problem;
}

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

void predict(const Problem& problem, const std::vector<float>& logits, AdapterScore& score) {
  const Scores scores{logits, problem.classes.size()};
  const std::vector<int> predicted = predictions(scores);
  const std::vector<float> margin = margins(scores);
  const auto inSet = [&](int index) {
    return index == kLeftOut ? kLeftOut : static_cast<int>(problem.classes[static_cast<std::size_t>(index)]);
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

Result<void> fitAndPredict(const adapt::Adapter& adapter, const SupportTask& task, const Problem& problem,
                           AdapterScore& score) {
  const adapt::Task here{.support = {task.support.features, problem.supportLabels},
                         .text = {problem.text, problem.text.empty() ? 0 : problem.classes.size(), task.text.columns},
                         .classes = problem.classes.size(),
                         .logitScale = task.logitScale};
  LIX_TRY(const std::unique_ptr<adapt::Classifier> classifier, adapter.fit(here, {}));
  if (task.query.rows > 0) {
    predict(problem, classifier->logits(task.query), score);
  }
  score.settings = classifier->settings();
  return {};
}

}  // namespace

std::vector<AdapterScore> scoreSupport(const SupportTask& task) {
  const Result<Problem> problem = problemOf(task);
  std::vector<AdapterScore> scores;
  for (const adapt::Adapter* adapter : adapt::table()) {
    if (adapter->needsValidation) {
      continue;
    }
    AdapterScore score{.id = adapter->id, .title = adapter->title};
    const Result<void> done =
        problem ? fitAndPredict(*adapter, task, *problem, score) : std::unexpected(problem.error());
    if (!done) {
      score.refusal = done.error().message;
    }
    scores.push_back(std::move(score));
  }
  return scores;
}

}  // namespace lix::study
