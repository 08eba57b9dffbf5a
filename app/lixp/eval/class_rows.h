#pragma once
#include "lixp/eval/subject.h"

namespace lix::app {

/// What was predicted for pictures of one label set.
struct ClassVerdicts {
  std::vector<std::string> keys;  ///< of the pictures in their dataset
  std::vector<int> labels, predicted;
  std::vector<std::string> classes;  ///< names by index
};

/// Stores `top1` and `mean_per_class_recall` of the verdicts as rows like `row`, with the bits of the queries, and puts
/// the numbers and their keys into `document`.
Result<void> storeClassRows(const store::Workspace& workspace, store::EvaluationRow row, const ClassVerdicts& verdicts,
                            nlohmann::json& document);

}  // namespace lix::app
