#pragma once
#include <chrono>
#include <memory>
#include <vector>

#include "study/few_shot/few_shot.h"

namespace lix::study {

/// Rows of labelled features copied together, with labels of the chosen classes counted from 0.
struct Rows {
  std::vector<float> values;
  std::vector<int> labels;
  std::vector<std::uint32_t> from;
  std::size_t columns = 0;

  adapt::Matrix matrix() const { return {values, from.size(), columns}; }
  adapt::Labelled labelled() const { return {matrix(), labels}; }
};

/// `indexOf` counts the chosen classes from 0.
Rows gather(const adapt::Labelled& from, std::vector<std::uint32_t> rows, const std::vector<int>& indexOf);

/// A choice of classes as a problem of their own.
struct Problem {
  std::vector<std::size_t> classes;                             ///< of FewShotData
  std::vector<int> indexOf;                                     ///< of a class of FewShotData among `classes`, or -1
  std::shared_ptr<const std::vector<std::uint32_t>> queryRows;  ///< those of these classes, in order
  std::vector<int> queryLabels;                                 ///< of these, counted from 0
  Rows text;
};
Problem problemOf(const FewShotData& data, std::vector<std::size_t> classes);

/// What was answered to the queries of a problem, in their order; `margins` is empty where nobody asks for it.
struct Answers {
  std::vector<int> predicted;  ///< counted among the problem's classes
  std::vector<float> margins;
};
/// Appends the answers that logits [N, classes] give.
void append(Answers& answers, std::span<const float> logits, std::size_t classes, FewShotSettings::Keep keep);

/// Fills in what follows of a point from the answers to all queries of its problem.
void judge(FewShotPoint& point, const Problem& problem, const Answers& answers, FewShotSettings::Keep keep);

/// The name of an adapter's curve.
inline const std::string& nameOf(const FewShotAdapter& entry) { return entry.name.empty() ? entry.id : entry.name; }

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace lix::study
