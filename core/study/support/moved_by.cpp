#include "study/support/moved_by.h"

#include <algorithm>
#include <cmath>

#include "study/metrics/accuracy.h"

namespace lix::study {
namespace {

/// The score of a class less the best of the others.
float lead(std::span<const float> scores, std::size_t of) {
  float other = -INFINITY;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    other = c == of ? other : std::max(other, scores[c]);
  }
  return scores[of] - other;
}

/// The support without one row.
struct Rest {
  std::vector<float> values;
  std::vector<int> labels;
  adapt::Labelled labelled(std::size_t columns) const { return {{values, labels.size(), columns}, labels}; }
};

Rest without(const adapt::Labelled& support, std::size_t row) {
  Rest rest;
  for (std::size_t i = 0; i < support.labels.size(); ++i) {
    if (i != row) {
      const auto values = support.features.row(i);
      rest.values.insert(rest.values.end(), values.begin(), values.end());
      rest.labels.push_back(support.labels[i]);
    }
  }
  return rest;
}

/// Keeps `influence` among the `most` largest by size.
void keep(std::vector<Influence>& best, Influence influence, std::size_t most) {
  const auto larger = [](const Influence& a, const Influence& b) { return std::abs(a.change) > std::abs(b.change); };
  best.insert(std::ranges::upper_bound(best, influence, larger), influence);
  if (best.size() > most) {
    best.pop_back();
  }
}

}  // namespace

Result<std::vector<std::vector<Influence>>> movedBy(const adapt::Adapter& adapter, const ParamValues& params,
                                                    const adapt::Task& task, adapt::Matrix queries, std::size_t most,
                                                    const Progress& progress) {
  LIX_TRY(const auto whole, adapter.fit(task, params));
  const std::vector<float> logits = whole->logits(queries);
  const Scores scores{logits, task.classes};
  const std::vector<int> predicted = predictions(scores);
  std::vector<std::size_t> counts(task.classes, 0);
  for (const int label : task.support.labels) {
    ++counts[static_cast<std::size_t>(label)];
  }
  std::vector<std::vector<Influence>> result(queries.rows);
  for (std::size_t s = 0; s < task.support.labels.size() && most > 0; ++s) {
    if (!report(progress, "Leaving each support picture out", static_cast<long long>(s),
                static_cast<long long>(task.support.labels.size()))) {
      return fail(ErrorCode::Cancelled, "Leaving support pictures out in turn was cancelled.");
    }
    if (counts[static_cast<std::size_t>(task.support.labels[s])] < 2) {
      continue;
    }
    const Rest rest = without(task.support, s);
    adapt::Task less = task;
    less.support = rest.labelled(task.support.features.columns);
    LIX_TRY(const auto classifier, adapter.fit(less, params));
    const std::vector<float> other = classifier->logits(queries);
    const Scores changed{other, task.classes};
    for (std::size_t q = 0; q < queries.rows; ++q) {
      const auto of = static_cast<std::size_t>(predicted[q]);
      keep(result[q], {s, lead(scores.row(q), of) - lead(changed.row(q), of)}, most);
    }
  }
  return result;
}

}  // namespace lix::study
