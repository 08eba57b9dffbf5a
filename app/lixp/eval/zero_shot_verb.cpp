#include <algorithm>

#include "base/text.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/verbs.h"
#include "study/metrics/accuracy.h"

namespace lix::app {
namespace {
using nlohmann::json;

Result<void> zeroShot(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                      std::size_t which, Output& output) {
  LIX_TRY(Subject s, openSubject(workspace, order, which, "zero-shot"));
  LIX_TRY(const auto images, imagesOf(session, workspace, s, order.split));
  std::vector<std::string> notes;
  noteSkipped(images, order.split, notes);
  const at::Tensor matrix = study::zeroShotScores(s.evaluator, images, s.classes);
  const study::Scores scores{valuesOf(matrix), s.classNames().size()};
  const auto labels = labelsOf(s, images);
  const auto predicted = study::predictions(scores);
  const auto margins = study::margins(scores);
  std::vector<store::PredictionRow> predictions;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    predictions.push_back({s.dataset.samples[images.samples[i]].key, s.classNames()[std::size_t(labels[i])],
                           s.classNames()[std::size_t(predicted[i])], margins[i]});
  }
  s.row.classes = static_cast<int>(s.classNames().size());
  s.row.querySize = static_cast<long long>(labels.size());
  const std::pair<const char*, std::optional<double>> metrics[] = {
      {"top1", study::accuracy(predicted, labels)},
      {"top5", study::topAccuracy(scores, labels, 5)},
      {"mean_per_class_recall", study::meanPerClassRecall(predicted, labels, s.classNames().size())}};
  json row{{"checkpoint", s.row.checkpointLabel}, {"dataset", order.data},
           {"label_set", s.row.labelSet},         {"classes", s.row.classes},
           {"pictures", labels.size()},           {"notes", notes}};
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  for (const auto& [name, value] : metrics) {
    if (!value) {
      continue;
    }
    s.row.metric = name;
    s.row.value = *value;
    LIX_TRY(row["key"][name], store::EvaluationStore(workspace).add(
                                  s.row, std::string_view(name) == "top1" ? std::span(predictions)
                                                                          : std::span<const store::PredictionRow>()));
    row[name] = *value;
  }
  LIX_CHECK(transaction.commit());
  output.text +=
      cat(s.row.checkpointLabel, "  ", order.data, "/", s.row.labelSet, " (", s.row.classes, " classes, ",
          labels.size(), " pictures): top-1 ", fixed(100.0 * row.value("top1", 0.0), 1), " %\n", linesOf(notes));
  output.json.push_back(row);
  return {};
}

}  // namespace

Result<void> evalZeroShotInto(const Session& session, const store::Workspace& workspace, const EvalOrder& order,
                              Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(zeroShot(session, workspace, order, i, output));
  }
  return {};
}

void addZeroShotVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<EvalOrder>();
  CLI::App* verb = eval.add_subcommand("zero-shot", "Classify by class names");
  addCommonOptions(verb, *order);
  verb->callback([&session, order] {
    session.action = [&session, order]() -> Result<Output> {
      LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
      Output output{.json = json::array()};
      LIX_CHECK(evalZeroShotInto(session, workspace, *order, output));
      return output;
    };
  });
}

}  // namespace lix::app
