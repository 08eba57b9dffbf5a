#include "study/few_shot/problem.h"

#include "study/metrics/accuracy.h"
#include "study/metrics/bootstrap.h"

namespace lix::study {

Rows gather(const adapt::Labelled& from, std::vector<std::uint32_t> rows, const std::vector<int>& indexOf) {
  Rows out{.from = std::move(rows), .columns = from.features.columns};
  out.values.reserve(out.from.size() * out.columns);
  for (const std::uint32_t i : out.from) {
    const auto row = from.features.row(i);
    out.values.insert(out.values.end(), row.begin(), row.end());
    out.labels.push_back(indexOf[static_cast<std::size_t>(from.labels[i])]);
  }
  return out;
}

Problem problemOf(const FewShotData& data, std::vector<std::size_t> classes) {
  Problem out{.classes = std::move(classes), .indexOf = std::vector<int>(data.classNames.size(), -1)};
  for (std::size_t i = 0; i < out.classes.size(); ++i) {
    out.indexOf[out.classes[i]] = static_cast<int>(i);
  }
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < data.query.labels.size(); ++i) {
    if (const int label = out.indexOf[static_cast<std::size_t>(data.query.labels[i])]; label >= 0) {
      rows.push_back(static_cast<std::uint32_t>(i));
      out.queryLabels.push_back(label);
    }
  }
  out.queryRows = std::make_shared<const std::vector<std::uint32_t>>(std::move(rows));
  if (data.text.rows > 0) {
    out.text.columns = data.text.columns;
    for (const std::size_t c : out.classes) {
      const auto row = data.text.row(c);
      out.text.values.insert(out.text.values.end(), row.begin(), row.end());
      out.text.from.push_back(static_cast<std::uint32_t>(c));
    }
  }
  return out;
}

void append(Answers& answers, std::span<const float> logits, std::size_t classes, FewShotSettings::Keep keep) {
  const Scores scores{logits, classes};
  const std::vector<int> predicted = predictions(scores);
  answers.predicted.insert(answers.predicted.end(), predicted.begin(), predicted.end());
  if (keep == FewShotSettings::Keep::Predictions) {
    const std::vector<float> margin = margins(scores);
    answers.margins.insert(answers.margins.end(), margin.begin(), margin.end());
  }
}

void judge(FewShotPoint& point, const Problem& problem, const Answers& answers, FewShotSettings::Keep keep) {
  const std::size_t classes = problem.classes.size();
  point.accuracy = accuracy(answers.predicted, problem.queryLabels).value_or(0.0);
  point.meanPerClassRecall = meanPerClassRecall(answers.predicted, problem.queryLabels, classes).value_or(0.0);
  point.classes = classes;
  point.querySize = answers.predicted.size();
  point.queryRows = problem.queryRows;
  point.outcomes = packOutcomes(answers.predicted, problem.queryLabels);
  for (std::size_t i = 0; keep == FewShotSettings::Keep::Predictions && i < answers.predicted.size(); ++i) {
    const auto original = static_cast<int>(problem.classes[static_cast<std::size_t>(answers.predicted[i])]);
    point.predictions.push_back({(*problem.queryRows)[i], original, answers.margins[i]});
  }
}

}  // namespace lix::study
