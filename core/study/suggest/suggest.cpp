#include "study/suggest/suggest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "base/text.h"

namespace lix::study {
namespace {

float dot(std::span<const float> a, std::span<const float> b) {
  float sum = 0.f;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

/// Unit means of the classes [C, D]; a row of zeros for a class without pictures.
struct Prototypes {
  std::vector<float> values;
  std::vector<std::size_t> counts;
};

Prototypes prototypesOf(const SuggestTask& task) {
  const std::size_t width = task.pool.columns;
  std::vector<double> sums(task.classes * width, 0.0);
  Prototypes result{std::vector<float>(sums.size(), 0.f), std::vector<std::size_t>(task.classes, 0)};
  for (std::size_t s = 0; s < task.support.labels.size(); ++s) {
    const auto c = static_cast<std::size_t>(task.support.labels[s]);
    const auto row = task.support.features.row(s);
    ++result.counts[c];
    for (std::size_t d = 0; d < width; ++d) {
      sums[c * width + d] += row[d];
    }
  }
  for (std::size_t c = 0; c < task.classes; ++c) {
    double square = 0.0;
    for (std::size_t d = 0; d < width; ++d) {
      square += sums[c * width + d] * sums[c * width + d];
    }
    for (std::size_t d = 0; d < width && square > 0.0; ++d) {
      result.values[c * width + d] = static_cast<float>(sums[c * width + d] / std::sqrt(square));
    }
  }
  return result;
}

/// What cannot be suggested from, in one sentence.
Result<void> check(const SuggestTask& task, SuggestBy by, std::size_t index, const Prototypes& prototypes) {
  if (by == SuggestBy::Caption) {
    return task.text.size() == task.pool.columns
               ? Result<void>()
               : fail(ErrorCode::BadInput, "There is no text to compare with; type a caption.");
  }
  if (by != SuggestBy::Uncertain && prototypes.counts[index] == 0) {
    return fail(ErrorCode::BadInput, "The class has no picture yet to compare with; put one into it, or suggest by "
                                     "caption.");
  }
  const auto filled = std::ranges::count_if(prototypes.counts, [](std::size_t count) { return count > 0; });
  if (by == SuggestBy::Uncertain && filled < 2) {
    return fail(ErrorCode::BadInput, "Doubt is between two classes; put pictures into a second one.");
  }
  return {};
}

Result<void> checkSizes(const SuggestTask& task, std::size_t index) {
  const auto& support = task.support;
  const bool inRange = std::ranges::all_of(support.labels, [&](int label) {
    return label >= 0 && static_cast<std::size_t>(label) < task.classes;
  });
  const bool fits = task.pool.values.size() == task.pool.rows * task.pool.columns &&
                    task.poolHashes.size() == task.pool.rows && support.features.rows == support.labels.size() &&
                    support.features.values.size() == support.labels.size() * support.features.columns &&
                    (support.labels.empty() || support.features.columns == task.pool.columns) &&
                    task.queries.values.size() == task.queries.rows * task.queries.columns &&
                    (task.queries.rows == 0 || task.queries.columns == task.pool.columns) &&
                    (task.scores.rows == 0 ||
                     (task.scores.rows == task.pool.rows && task.scores.columns == task.classes &&
                      task.scores.values.size() == task.scores.rows * task.scores.columns));
  return fits && inRange && index < task.classes
             ? Result<void>()
             : fail(ErrorCode::BadInput, cat("Rows, labels and class ", index + 1, " of ", task.classes,
                                             " do not fit each other; give pool and support of one model."));
}

/// Rows of the pool that may be suggested; the others are counted.
std::vector<std::size_t> freshRows(const SuggestTask& task, Suggestions& result) {
  const std::unordered_set<std::uint64_t> set(task.supportHashes.begin(), task.supportHashes.end());
  const std::unordered_set<std::uint64_t> queries(task.queryHashes.begin(), task.queryHashes.end());
  std::unordered_set<std::uint64_t> seen;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < task.pool.rows; ++i) {
    const std::uint64_t hash = task.poolHashes[i];
    if (set.contains(hash)) {
      ++result.inSet;
    } else if (queries.contains(hash)) {
      ++result.inQueries;
    } else if (!seen.insert(hash).second) {
      ++result.copies;
    } else {
      rows.push_back(i);
    }
  }
  return rows;
}

struct TopTwo {
  std::size_t best = 0, second = 0;
  float lead = std::numeric_limits<float>::infinity();  ///< of the best over the second
};

/// The two best classes of a pool row; classes without pictures do not stand for election.
TopTwo topTwo(const SuggestTask& task, const Prototypes& prototypes, std::size_t row) {
  float first = -std::numeric_limits<float>::infinity(), other = first;
  TopTwo top;
  for (std::size_t c = 0; c < task.classes; ++c) {
    if (prototypes.counts[c] == 0) {
      continue;
    }
    const std::size_t width = task.pool.columns;
    const float score = task.scores.rows > 0
                            ? task.scores.row(row)[c]
                            : dot(task.pool.row(row), std::span(prototypes.values).subspan(c * width, width));
    if (score > first) {
      other = first;
      top.second = top.best;
      first = score;
      top.best = c;
    } else if (score > other) {
      other = score;
      top.second = c;
    }
  }
  top.lead = first - other;
  return top;
}

bool isNear(std::span<const float> row, adapt::Matrix others, float cosine) {
  for (std::size_t i = 0; i < others.rows; ++i) {
    if (dot(row, others.row(i)) > cosine) {
      return true;
    }
  }
  return false;
}

/// Whether a row of the pool is a near copy of a query or of a picture of the set. Only asked of rows that would be
/// suggested: there are few of them and many of the pool.
bool isNearCopy(const SuggestTask& task, std::size_t row) {
  return task.nearCosine < 1.f && (isNear(task.pool.row(row), task.queries, task.nearCosine) ||
                                   isNear(task.pool.row(row), task.support.features, task.nearCosine));
}

void keepBest(const SuggestTask& task, Suggestions& result, std::size_t most, bool largestFirst) {
  std::ranges::sort(result.rows, [largestFirst](const Suggestion& a, const Suggestion& b) {
    return a.score != b.score ? (a.score > b.score) == largestFirst : a.row < b.row;
  });
  std::vector<Suggestion> kept;
  for (const Suggestion& one : result.rows) {
    if (kept.size() == most) {
      break;
    }
    if (isNearCopy(task, one.row)) {
      ++result.nearOnes;
    } else {
      kept.push_back(one);
    }
  }
  result.rows = std::move(kept);
}

/// Each next row is the one farthest from its nearest neighbour among the class' pictures and the rows before it.
Result<std::vector<Suggestion>> farthest(const SuggestTask& task, const std::vector<std::size_t>& rows,
                                         std::size_t index, std::size_t most, std::size_t& nearOnes,
                                         const std::stop_token& stop) {
  std::vector<float> nearest(rows.size(), -std::numeric_limits<float>::infinity());
  for (std::size_t s = 0; s < task.support.labels.size(); ++s) {
    if (static_cast<std::size_t>(task.support.labels[s]) == index) {
      if (stop.stop_requested()) {
        return fail(ErrorCode::Cancelled, "Suggesting pictures was cancelled.");
      }
      for (std::size_t i = 0; i < rows.size(); ++i) {
        nearest[i] = std::max(nearest[i], dot(task.pool.row(rows[i]), task.support.features.row(s)));
      }
    }
  }
  std::vector<Suggestion> result;
  std::vector<bool> taken(rows.size(), false);
  while (result.size() < most && result.size() + nearOnes < rows.size()) {
    if (stop.stop_requested()) {
      return fail(ErrorCode::Cancelled, "Suggesting pictures was cancelled.");
    }
    std::size_t next = rows.size();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      next = !taken[i] && (next == rows.size() || nearest[i] < nearest[next]) ? i : next;
    }
    taken[next] = true;
    if (isNearCopy(task, rows[next])) {
      ++nearOnes;
      continue;
    }
    result.push_back({rows[next], 1.f - nearest[next]});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      nearest[i] = taken[i] ? nearest[i] : std::max(nearest[i], dot(task.pool.row(rows[i]), task.pool.row(rows[next])));
    }
  }
  return result;
}

}  // namespace

Result<Suggestions> suggest(const SuggestTask& task, SuggestBy by, std::size_t index, std::size_t most,
                            const std::stop_token& stop) {
  LIX_CHECK(checkSizes(task, index));
  const Prototypes prototypes = prototypesOf(task);
  LIX_CHECK(check(task, by, index, prototypes));
  Suggestions result;
  std::vector<std::size_t> rows = freshRows(task, result);
  const std::size_t width = task.pool.columns;
  if (by == SuggestBy::Nearest || by == SuggestBy::Caption) {
    const auto target =
        by == SuggestBy::Caption ? task.text : std::span<const float>(prototypes.values).subspan(index * width, width);
    for (const std::size_t row : rows) {
      result.rows.push_back({row, dot(task.pool.row(row), target)});
    }
    keepBest(task, result, most, true);
    return result;
  }
  std::vector<std::size_t> own;
  for (const std::size_t row : rows) {
    const TopTwo top = topTwo(task, prototypes, row);
    if (top.best == index || (by == SuggestBy::Uncertain && top.second == index)) {
      own.push_back(row);
      result.rows.push_back({row, top.lead});
    }
  }
  result.ofOthers = rows.size() - own.size();
  if (by == SuggestBy::Uncertain) {
    keepBest(task, result, most, false);
    return result;
  }
  LIX_TRY(result.rows, farthest(task, own, index, most, result.nearOnes, stop));
  return result;
}

}  // namespace lix::study
