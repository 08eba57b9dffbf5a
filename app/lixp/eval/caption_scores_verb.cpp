#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "lixp/eval/captioned.h"
#include "lixp/eval/run.h"
#include "lixp/eval/score_table.h"
#include "lixp/eval/verbs.h"
#include "study/eval/pair_scores.h"
#include "study/retrieval/kendall.h"

namespace lix::app {
namespace {
using nlohmann::json;

/// The model's cosine of each judgement; nothing where its picture could not be read.
Result<std::vector<std::optional<double>>> cosinesOf(const Session& session, const store::Workspace& workspace,
                                                     const Subject& s, const ScoreTable& table,
                                                     std::vector<std::string>& notes) {
  std::map<std::string, std::int64_t> captionIndex;
  std::vector<std::string> captions;
  std::set<std::size_t> samples;
  for (const Judgement& one : table.judgements) {
    samples.insert(one.sample);
    if (captionIndex.emplace(one.caption, std::int64_t(captions.size())).second) {
      captions.push_back(one.caption);
    }
  }
  LIX_TRY(const auto images, imagesOf(session, workspace, s, std::vector(samples.begin(), samples.end())));
  noteSkipped(images, "judged", notes);
  LIX_TRY(const auto texts, captionsThrough(session, s.evaluator, captions));
  std::map<std::size_t, std::size_t> rowOf;
  for (std::size_t row = 0; row < images.samples.size(); ++row) {
    rowOf[images.samples[row]] = row;
  }
  std::vector<std::vector<std::int64_t>> lists(images.samples.size());
  std::vector<std::pair<std::size_t, std::size_t>> places;  // of each judgement: row, place in its list
  constexpr std::size_t kNone = SIZE_MAX;
  for (const Judgement& one : table.judgements) {
    const auto row = rowOf.find(one.sample);
    places.emplace_back(row == rowOf.end() ? kNone : row->second, row == rowOf.end() ? 0 : lists[row->second].size());
    if (row != rowOf.end()) {
      lists[row->second].push_back(captionIndex[one.caption]);
    }
  }
  study::PairScores pairs(s.evaluator, images.vectors, texts);
  std::vector<std::vector<float>> scores(lists.size());
  constexpr std::size_t kBlock = 64;
  const Progress progress = session.progress();
  const study::ListScores listed = pairs.listed();
  for (std::size_t begin = 0; begin < lists.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, lists.size() - begin);
    if (!report(progress, "Comparing pictures with captions", static_cast<long long>(begin),
                static_cast<long long>(lists.size()))) {
      return fail(ErrorCode::Cancelled, "The comparison was cancelled.");
    }
    listed(begin, std::span(lists).subspan(begin, count), std::span(scores).subspan(begin, count));
  }
  std::vector<std::optional<double>> cosines;
  for (const auto& [row, place] : places) {
    cosines.push_back(row == kNone ? std::nullopt : std::optional<double>(scores[row][place]));
  }
  return cosines;
}

Result<void> captionScores(const Session& session, const store::Workspace& workspace, const CaptionScoresOrder& order,
                           std::size_t which, Output& output) {
  LIX_TRY(Subject s, openUnlabelled(workspace, order, which, "caption-scores"));
  LIX_CHECK(study::needTowers(s.evaluator, "caption-scores"));
  LIX_TRY(const ScoreTable table, readScores(order.scores, s.dataset));
  std::vector<std::string> notes = s.notes;
  if (table.withoutPicture + table.withoutCaption > 0) {
    notes.push_back(cat("Rows left out: ", table.withoutPicture, " of pictures and ", table.withoutCaption,
                        " of captions that the dataset does not have."));
  }
  LIX_TRY(const auto cosines, cosinesOf(session, workspace, s, table, notes));
  std::vector<double> people, model;
  std::size_t judged = 0;
  for (std::size_t i = 0; i < cosines.size(); ++i) {
    judged += cosines[i].has_value();
    for (const double score : cosines[i] ? table.judgements[i].scores : std::vector<double>()) {
      people.push_back(score);
      model.push_back(*cosines[i]);
    }
  }
  const study::PairCounts counts = study::countPairs(model, people);
  const auto tauB = study::kendallTauB(counts), tauC = study::kendallTauC(counts);
  if (!tauB || !tauC) {
    return fail(ErrorCode::BadInput, cat("All ", people.size(), " scores of ", order.scores,
                                         " that meet the dataset, or all of the model's, are equal; there is no "
                                         "order to compare."));
  }
  s.row.split = "";
  s.row.settings = json{{"scores", placeOf(order.scores)}}.dump();
  s.row.findings = json{{"pairs", judged}}.dump();
  s.row.querySize = static_cast<long long>(judged);
  json document{{"checkpoint", s.row.checkpointLabel},
                {"dataset", s.row.dataset},
                {"pairs", judged},
                {"scores", people.size()},
                {"notes", notes}};
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  for (const auto& [metric, value] : {std::pair("kendall_tau_b", *tauB), {"kendall_tau_c", *tauC}}) {
    s.row.metric = metric;
    s.row.value = value;
    LIX_TRY(document["key"][metric], store::EvaluationStore(workspace).add(s.row));
    document[metric] = value;
  }
  LIX_CHECK(transaction.commit());
  output.text += cat(s.row.checkpointLabel, "  ", s.row.dataset, " (", judged, " pairs, ", people.size(),
                     " scores): Kendall's tau-b ", fixed(*tauB, 3), ", tau-c ", fixed(*tauC, 3), "\n", linesOf(notes));
  output.json.push_back(std::move(document));
  return {};
}

}  // namespace

Result<void> evalCaptionScoresInto(const Session& session, const store::Workspace& workspace,
                                   const CaptionScoresOrder& order, Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(captionScores(session, workspace, order, i, output));
  }
  return {};
}

void addCaptionScoresVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<CaptionScoresOrder>();
  CLI::App* verb = eval.add_subcommand(
      "caption-scores", "Compare a model's cosines with what people said of captions: Kendall's tau-b and tau-c");
  addModelOptions(verb, *order);
  verb->add_option(
          "--scores", order->scores,
          "Table of picture, caption (or PICTURE#n) and one or more scores a row; every score counts by itself")
      ->required();
  setEvaluation(verb, session, order, evalCaptionScoresInto);
}

}  // namespace lix::app
