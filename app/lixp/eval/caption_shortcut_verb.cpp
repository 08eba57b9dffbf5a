#include <algorithm>
#include <map>

#include "base/random.h"
#include "base/text.h"
#include "lixp/eval/captioned.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/vector_kind.h"
#include "lixp/eval/verbs.h"
#include "study/eval/cosines.h"
#include "study/metrics/variance_share.h"

namespace lix::app {
namespace {
using nlohmann::json;

constexpr std::uint64_t kStream = 0x73686f7274637574;  // "shortcut"

/// Captions of some pictures of the split and other pictures of it, so that none belongs with another.
struct Crossed {
  std::vector<std::size_t> pictures;
  std::vector<std::string> captions;  ///< each once
};

Result<Crossed> cross(const Subject& s, const ShortcutOrder& order, std::vector<std::string>& notes) {
  LIX_TRY(const data::Split split, splitNamed(order.split));
  std::vector<std::size_t> captioned;
  for (const std::size_t sample : samplesOf(s.dataset, split)) {
    if (!s.dataset.samples[sample].captions.empty()) {
      captioned.push_back(sample);
    }
  }
  std::map<std::string, std::size_t> pictured;
  for (const std::size_t sample : captioned) {
    ++pictured[s.dataset.samples[sample].captions.front()];
  }
  const std::size_t before = captioned.size();
  std::erase_if(captioned, [&](std::size_t sample) {
    return pictured[s.dataset.samples[sample].captions.front()] > 1;  // it would fit pictures of the other half
  });
  if (captioned.size() < before) {
    notes.push_back(cat("Left out, as their caption is another picture's as well: ", before - captioned.size(),
                        " of ", before, " pictures."));
  }
  const auto shuffled = permutation(captioned.size(), Random(order.seed, kStream));
  Crossed out;
  for (std::size_t i = 0; i < shuffled.size(); ++i) {
    const std::size_t sample = captioned[shuffled[i]];
    if (i % 2 == 0 && out.pictures.size() < order.pictures) {
      out.pictures.push_back(sample);
    }
    const std::string& caption = s.dataset.samples[sample].captions.front();
    if (i % 2 == 1 && out.captions.size() < order.captions) {
      out.captions.push_back(caption);
    }
  }
  if (out.pictures.size() < 2 || out.captions.size() < 2) {
    return fail(ErrorCode::BadInput, cat("The ", order.split, " split of '", s.row.dataset, "' has ", captioned.size(),
                                         " pictures with a caption that no other has; at least four are needed."));
  }
  return out;
}

std::string warningOf(const study::VarianceShares& shares) {
  return shares.caption <= study::kCaptionShortcut
             ? ""
             : cat("The caption alone explains ", fixed(100.0 * shares.caption, 1),
                   " % of the variance of the scores, more than the picture and their match together: what wins "
                   "depends "
                   "more on the caption's wording than on the picture.");
}

Result<void> captionShortcut(const Session& session, const store::Workspace& workspace, const ShortcutOrder& order,
                             std::size_t which, Output& output) {
  LIX_TRY(Subject s, openUnlabelled(workspace, order, which, "caption-shortcut"));
  std::vector<std::string> notes;
  LIX_TRY(const Crossed crossed, cross(s, order, notes));
  LIX_TRY(const auto images, imagesOf(session, workspace, s, crossed.pictures));
  noteSkipped(images, order.split, notes);
  LIX_TRY(const auto captions, captionsThrough(session, s.evaluator, crossed.captions));
  const at::Tensor scores = study::cosines(s.evaluator, images.vectors, captions).contiguous();
  const auto shares = study::varianceShares(valuesOf(scores), crossed.captions.size());
  if (!shares) {
    return fail(ErrorCode::BadInput,
                cat("All scores of ", s.row.checkpointLabel, " on '", s.row.dataset,
                    "' are equal, or one picture only could be read; there is no variance to explain."));
  }
  const std::string warning = warningOf(*shares);
  json findings{{"picture_share", shares->picture}, {"pair_share", shares->pair}};
  if (!warning.empty()) {
    findings["warning"] = warning;
  }
  s.row.vectors = procedureKindOf(s.evaluator);
  s.row.metric = "variance_share";
  s.row.value = shares->caption;
  s.row.querySize = scores.size(0);
  s.row.settings = json{{"pictures", order.pictures}, {"captions", order.captions}}.dump();
  s.row.supportSeed = static_cast<long long>(order.seed);
  s.row.findings = findings.dump();
  LIX_TRY(const long long key, store::EvaluationStore(workspace).add(s.row));
  json about{{"checkpoint", s.row.checkpointLabel},
             {"dataset", s.row.dataset},
             {"pictures", scores.size(0)},
             {"captions", scores.size(1)},
             {"variance_share", shares->caption},
             {"key", key},
             {"notes", notes}};
  about.update(findings);
  output.json.push_back(about);
  output.text += cat(
      s.row.checkpointLabel, "  ", s.row.dataset, " (", scores.size(0), " pictures x ", scores.size(1),
      " captions, none of which belong together): of the variance of the scores the caption alone explains ",
      fixed(100.0 * shares->caption, 1), " %, the picture alone ", fixed(100.0 * shares->picture, 1), " %, the pair ",
      fixed(100.0 * shares->pair, 1), " %\n", warning.empty() ? "" : cat("  warning: ", warning, "\n"), linesOf(notes));
  return {};
}

}  // namespace

Result<void> evalShortcutInto(const Session& session, const store::Workspace& workspace, const ShortcutOrder& order,
                              Output& output) {
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(captionShortcut(session, workspace, order, i, output));
  }
  return {};
}

void addCaptionShortcutVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<ShortcutOrder>();
  CLI::App* verb = eval.add_subcommand(
      "caption-shortcut", "How much of the scores' variance the caption alone explains, with pictures shuffled");
  addModelOptions(verb, *order);
  verb->add_option("--pictures", order->pictures, "Most pictures")->check(CLI::Range(2, 100000));
  verb->add_option("--captions", order->captions, "Most captions, of other pictures")->check(CLI::Range(2, 100000));
  verb->add_option("--seed", order->seed, "Draws pictures and captions")->check(CLI::Range(0LL, 9'000'000'000'000LL));
  setEvaluation(verb, session, order, evalShortcutInto);
}

}  // namespace lix::app
