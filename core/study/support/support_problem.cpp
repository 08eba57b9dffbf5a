#include "study/support/support_problem.h"

#include "adapt/check.h"
#include "base/text.h"

namespace lix::study {
namespace {

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
  const auto fits = [](std::size_t hashes, std::size_t rows) { return hashes == 0 || hashes == rows; };
  if (!fits(task.queryHashes.size(), task.query.rows) ||
      !fits(task.supportHashes.size(), task.support.features.rows)) {
    return fail(ErrorCode::BadInput, "Hashes of contents are one for each picture, or none: give as many as rows.");
  }
  for (const int label : task.queryLabels) {
    if (label < kNoClass || label >= static_cast<int>(classes)) {
      return fail(ErrorCode::BadInput, cat("Label ", label, " of a query picture is outside -1 to ",
                                           static_cast<int>(classes) - 1, ": -1 says that it is not known."));
    }
  }
  const bool empty = task.support.features.rows == 0;
  return empty ? Result<void>() : adapt::checkWidth(task.query, task.support.features.columns, "The query features");
}

}  // namespace

Result<SupportProblem> supportProblem(const SupportTask& task) {
  LIX_CHECK(checkSizes(task));
  SupportProblem problem{.indexOf = std::vector<int>(task.classNames.size(), kNoClass)};
  for (const int label : task.support.labels) {
    problem.indexOf[static_cast<std::size_t>(label)] = 0;
  }
  for (std::size_t c = 0; c < problem.indexOf.size(); ++c) {
    if (problem.indexOf[c] != kNoClass) {
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
  problem.queryLabels.assign(task.query.rows, kNoClass);
  for (std::size_t i = 0; i < task.queryLabels.size(); ++i) {
    const int label = task.queryLabels[i];
    problem.queryLabels[i] = label == kNoClass ? kNoClass : problem.indexOf[static_cast<std::size_t>(label)];
    if (problem.queryLabels[i] != kNoClass) {
      problem.scored.push_back(i);
    }
  }
  return problem;
}

adapt::Task SupportProblem::fitTask(const SupportTask& task) const {
  return {.support = {task.support.features, supportLabels},
          .text = {text, text.empty() ? 0 : classes.size(), task.text.columns},
          .classes = classes.size(),
          .logitScale = task.logitScale,
          .stop = task.stop};
}

}  // namespace lix::study
