#include <algorithm>
#include <cmath>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "lixp/eval/captioned.h"
#include "lixp/eval/probe.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/verbs.h"
#include "study/probes/clusters.h"
#include "study/probes/mixture_use.h"

namespace lix::app {
namespace {
using nlohmann::json;

constexpr std::uint64_t kStreamCaptions = 0x6361707469;
constexpr std::int64_t kBlock = 16;  // pictures mixed at once

/// Different captions of the split, drawn by the seed.
Result<std::vector<std::string>> drawnCaptions(Probe& probe, const MixtureOrder& order, data::Split split) {
  std::set<std::string> different;
  for (const std::size_t sample : samplesOf(probe.dataset, split)) {
    const auto& captions = probe.dataset.samples[sample].captions;
    different.insert(captions.begin(), captions.end());
  }
  if (different.size() < 2) {
    return fail(ErrorCode::BadInput, cat("The ", order.split, " split of '", order.data, "' has ", different.size(),
                                         different.size() == 1 ? " caption" : " different captions",
                                         "; at least two are needed to see what captions change."));
  }
  const std::vector<std::string> all(different.begin(), different.end());
  std::vector<std::string> chosen;
  for (const std::uint32_t place : permutation(all.size(), Random(order.seed, kStreamCaptions))) {
    if (chosen.size() < order.captions) {
      chosen.push_back(all[place]);
    }
  }
  if (chosen.size() < order.captions) {
    probe.notes.push_back(cat("The ", order.split, " split has ", chosen.size(), " different captions, fewer than ",
                              order.captions, "; all of them are taken."));
  }
  return chosen;
}

Result<study::MixtureSummary> mixAll(const Session& session, const Probe& probe, const at::Tensor& tokens,
                                     const std::vector<std::string>& captions) {
  LIX_TRY(const nn::TextFeatures texts, captionsThrough(session, probe.evaluator, captions));
  const nn::ModelConfig& config = probe.evaluator.checkpoint.model.config;
  study::MixtureUse use(captions.size(), std::size_t(config.mixture->heads), std::size_t(config.mixtureTokens()));
  const Progress progress = session.progress();
  for (std::int64_t begin = 0; begin < tokens.size(0); begin += kBlock) {
    if (!report(progress, "Mixing", begin, tokens.size(0))) {
      return fail(ErrorCode::Cancelled, "Mixing was cancelled.");
    }
    const auto mixed =
        study::mixForAll(probe.evaluator, tokens.narrow(0, begin, std::min(kBlock, tokens.size(0) - begin)), texts);
    for (std::int64_t i = 0; i < mixed.vectors.size(0); ++i) {
      LIX_CHECK(use.add(valuesOf(mixed.weights[i]), matrixOf(mixed.vectors[i])));
    }
  }
  return use.summary();
}

json groupsOf(const std::vector<std::string>& captions, const std::vector<std::size_t>& clusterOf) {
  json groups = json::array();
  for (std::size_t i = 0; i < captions.size(); ++i) {
    while (groups.size() <= clusterOf[i]) {
      groups.push_back(json::array());
    }
    groups[clusterOf[i]].push_back(captions[i]);
  }
  return groups;
}

/// Usage as one list a head.
json rowsOf(const std::vector<double>& usage, std::size_t tokens) {
  json rows = json::array();
  for (std::size_t begin = 0; begin < usage.size(); begin += tokens) {
    rows.push_back(std::vector(usage.begin() + std::ptrdiff_t(begin), usage.begin() + std::ptrdiff_t(begin + tokens)));
  }
  return rows;
}

std::string lines(const Probe& probe, const study::MixtureSummary& found, std::size_t tokens, std::size_t captions,
                  const json& groups) {
  std::string text =
      cat(probe.row.checkpointLabel, "  ", probe.row.dataset, " (", found.pictures, " pictures, ", captions,
          " captions)\n  embeddings of one picture for two captions: cosine distance ", fixed(found.captionSpread, 4),
          " in the mean, ", fixed(found.spreadQuantiles[1], 4), " to ", fixed(found.spreadQuantiles[5], 4),
          " for nine in ten pairs (0 for a model of one vector a picture)\n  entropy of the weights: ",
          fixed(found.weightEntropy, 3), " of at most ", fixed(std::log(double(tokens)), 3),
          " nats\n  tokens used: ", tokens - found.dead.size(), " of ", tokens, "\n");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    text += cat("  captions ", i + 1, ": ");
    for (std::size_t j = 0; j < std::min<std::size_t>(3, groups[i].size()); ++j) {
      text += cat(j > 0 ? "; " : "", groups[i][j].get<std::string>());
    }
    text += groups[i].size() > 3 ? cat("; and ", groups[i].size() - 3, " more\n") : "\n";
  }
  return text + linesOf(probe.notes);
}

}  // namespace

Result<void> evalMixtureInto(const Session& session, const store::Workspace& workspace, const MixtureOrder& order,
                             Output& output) {
  LIX_CHECK(checkLabels(order));
  LIX_TRY(const data::Split split, splitNamed(order.split));
  for (std::size_t which = 0; which < order.checkpoints.size(); ++which) {
    LIX_TRY(Probe probe, openProbe(workspace, order, which, "mixture"));
    if (!probe.evaluator.isMixture()) {
      return fail(ErrorCode::BadInput, cat(probe.row.checkpoint.string(),
                                           " has one vector a picture, whatever is said of "
                                           "it; only a Llip mixes tokens by captions."));
    }
    LIX_TRY(const auto captions, drawnCaptions(probe, order, split));
    LIX_TRY(const auto features, study::embedPictures(probe.evaluator, probe.dataset, probe.samples,
                                                      featureCacheOf(workspace), session.progress()));
    noteUnread(features.skipped, probe.notes);
    LIX_TRY(const auto found, mixAll(session, probe, features.vectors, captions));
    const auto tokens = std::size_t(features.vectors.size(1)), width = found.captionWeights.size() / captions.size();
    LIX_TRY(const auto clusters,
            study::cluster({found.captionWeights, captions.size(), width}, std::min(order.clusters, captions.size())));
    const json groups = groupsOf(captions, clusters.of);
    probe.row.querySize = static_cast<long long>(found.pictures);
    const json findings{{"usage", rowsOf(found.usage, tokens)},
                        {"dead", found.dead},
                        {"spread_levels", study::spreadLevels()},
                        {"spread_quantiles", found.spreadQuantiles}};
    LIX_TRY(json said, storeNumbers(workspace, probe.row, {{"captions", order.captions}, {"pictures", order.pictures}},
                                    {{"weight_entropy", found.weightEntropy, findings},
                                     {"tokens_used", double(tokens - found.dead.size()), findings},
                                     {"caption_spread", found.captionSpread, findings}},
                                    probe.notes));
    said.update(findings);
    said["clusters"] = groups;
    output.json.push_back(said);
    output.text += lines(probe, found, tokens, captions.size(), groups);
  }
  return {};
}

void addMixtureVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<MixtureOrder>();
  CLI::App* verb = eval.add_subcommand(
      "mixture", "What captions make of a Llip's tokens: spread of a picture's embeddings, use of tokens, entropy");
  addProbeOptions(verb, *order);
  verb->add_option("--captions", order->captions, "How many different captions are drawn, at most")
      ->check(CLI::Range(2, 4096));
  verb->add_option("--clusters", order->clusters, "Clusters of captions by their weights")->check(CLI::Range(1, 4096));
  setEvaluation(verb, session, order, evalMixtureInto);
}

}  // namespace lix::app
