#include "lixp/eval/class_rows.h"

#include "study/metrics/accuracy.h"
#include "study/metrics/bootstrap.h"

namespace lix::app {

Result<void> storeClassRows(const store::Workspace& workspace, store::EvaluationRow row, const ClassVerdicts& verdicts,
                            nlohmann::json& document) {
  std::vector<std::string> labels;
  for (const int label : verdicts.labels) {
    labels.push_back(verdicts.classes[std::size_t(label)]);
  }
  const store::Outcomes outcomes{.querySet = store::querySetOf(verdicts.keys, labels),
                                 .queries = verdicts.labels.size(),
                                 .bits = study::packOutcomes(verdicts.predicted, verdicts.labels)};
  row.classes = static_cast<int>(verdicts.classes.size());
  row.querySize = static_cast<long long>(verdicts.labels.size());
  const std::pair<const char*, std::optional<double>> metrics[] = {
      {"top1", study::accuracy(verdicts.predicted, verdicts.labels)},
      {"mean_per_class_recall",
       study::meanPerClassRecall(verdicts.predicted, verdicts.labels, verdicts.classes.size())}};
  for (const auto& [name, value] : metrics) {
    if (!value) {
      continue;
    }
    row.metric = name;
    row.value = *value;
    const bool bits = row.metric == "top1";
    LIX_TRY(document["key"][name], store::EvaluationStore(workspace).add(row, {}, bits ? &outcomes : nullptr));
    document[name] = *value;
  }
  return {};
}

}  // namespace lix::app
