#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "lixp/eval/captioned.h"
#include "lixp/eval/run.h"
#include "lixp/eval/vector_kind.h"
#include "lixp/eval/verbs.h"
#include "study/eval/pair_scores.h"
#include "study/metrics/bootstrap.h"

namespace lix::app {
namespace {
using nlohmann::json;

constexpr std::uint32_t kRecalls[] = {1, 5, 10};
constexpr std::size_t kSampled = 200;  // queries each way on which a shortlist is compared with the exact ranking

/// Pictures of a split that have captions, and those captions in their order.
struct Captioned {
  std::vector<std::size_t> samples;
  std::vector<std::string> keys, captions, owners;  ///< owners: the picture's key of each caption
  std::vector<std::size_t> counts;                  ///< captions a picture
};

/// One direction: what is asked for, and where the right answer stands.
struct Direction {
  const char* name;
  const std::vector<std::uint32_t>& ranks;
  const std::vector<std::string>&keys, &labels;
  std::optional<double> agreement;
};

Result<std::vector<std::size_t>> withCaptions(const Subject& s, const RetrievalOrder& order,
                                              std::vector<std::string>& notes) {
  LIX_TRY(const data::Split split, splitNamed(order.split));
  std::vector<std::size_t> samples = samplesOf(s.dataset, split);
  const std::size_t all = samples.size();
  std::erase_if(samples, [&](std::size_t sample) { return s.dataset.samples[sample].captions.empty(); });
  if (samples.size() < 2) {
    return fail(ErrorCode::BadInput,
                cat("'", s.row.dataset, "' has ", samples.empty() ? "no pictures" : "only one picture",
                    " with captions in its ", order.split, " split; retrieval needs at least two."));
  }
  if (samples.size() < all) {
    notes.push_back(cat(all - samples.size(), all - samples.size() == 1 ? " picture has" : " pictures have",
                        " no caption and cannot be retrieved."));
  }
  return samples;
}

Captioned captionsOf(const Subject& s, const study::ImageFeatures& images, const RetrievalOrder& order) {
  Captioned all;
  for (const std::size_t sample : images.samples) {
    const data::Sample& picture = s.dataset.samples[sample];
    const std::size_t count =
        order.firstCaptions == 0 ? picture.captions.size() : std::min(order.firstCaptions, picture.captions.size());
    all.samples.push_back(sample);
    all.keys.push_back(picture.key);
    all.counts.push_back(count);
    all.captions.insert(all.captions.end(), picture.captions.begin(), picture.captions.begin() + std::ptrdiff_t(count));
    all.owners.insert(all.owners.end(), count, picture.key);
  }
  return all;
}

struct Ranked {
  study::Ranks ranks;
  std::optional<double> imageAgreement, captionAgreement;
  double seconds = 0.0;
};

Result<Ranked> ranked(const Session& session, const study::CaptionGroups& groups, study::PairScores& pairs,
                      std::size_t shortlist) {
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  Ranked result;
  if (shortlist == 0) {
    LIX_TRY(result.ranks, study::rankAll(groups, pairs.exact(), {}, session.progress()));
    result.seconds = elapsed();
    return result;
  }
  const float tie = study::RankSettings{}.tie;
  LIX_TRY(const study::Candidates candidates,
          study::shortlisted(groups.images(), groups.captions(), pairs.cheap(), shortlist, {}, session.progress()));
  LIX_TRY(result.ranks, study::rankWithin(groups, candidates, pairs.listed(), tie, session.progress()));
  result.seconds = elapsed();
  LIX_TRY(const study::Ranks exact, study::rankWithin(groups, study::everythingOfSome(groups, kSampled), pairs.listed(),
                                                      tie, session.progress()));
  result.imageAgreement = study::agreementAtFirst(exact.images, result.ranks.images);
  result.captionAgreement = study::agreementAtFirst(exact.captions, result.ranks.captions);
  return result;
}

Result<void> storeDirection(const store::Workspace& workspace, store::EvaluationRow row, const Direction& direction,
                            json findings, json& document) {
  if (direction.agreement) {
    findings["agreement_r1"] = *direction.agreement;
  }
  row.findings = findings.dump();
  row.querySize = static_cast<long long>(direction.ranks.size());
  for (const std::uint32_t k : kRecalls) {
    row.metric = cat(direction.name, "_r", k);
    row.value = study::recallAt(direction.ranks, k).value_or(0.0);
    std::vector<int> hits;
    for (const std::uint32_t rank : direction.ranks) {
      hits.push_back(rank <= k ? 1 : 0);
    }
    const store::Outcomes outcomes{.querySet = store::querySetOf(direction.keys, direction.labels),
                                   .queries = hits.size(),
                                   .bits = study::packOutcomes(hits, std::vector<int>(hits.size(), 1))};
    LIX_TRY(document["key"][row.metric], store::EvaluationStore(workspace).add(row, {}, &outcomes));
    document[row.metric] = row.value;
  }
  if (direction.agreement) {
    document[cat(direction.name, "_agreement_r1")] = *direction.agreement;
  }
  return {};
}

std::string linesFor(const json& document) {
  std::string text =
      cat(document["checkpoint"].get<std::string>(), "  ", document["dataset"].get<std::string>(), " (",
          document["pictures"], " pictures, ", document["captions"], " captions, ", document["mode"].get<std::string>(),
          ", ", fixed(document["seconds"].get<double>(), 1), " s)\n");
  for (const auto& [name, title] : {std::pair("image_to_text", "image to text"), {"text_to_image", "text to image"}}) {
    text += cat("  ", title, ":");
    for (const std::uint32_t k : kRecalls) {
      text += cat("  R@", k, " ", fixed(100.0 * document[cat(name, "_r", k)].get<double>(), 1), " %");
    }
    if (document.contains(cat(name, "_agreement_r1"))) {
      text += cat("  (first answer as in the exact ranking for ",
                  fixed(100.0 * document[cat(name, "_agreement_r1")].get<double>(), 1), " % of a sample)");
    }
    text += "\n";
  }
  return text;
}

Result<void> retrieval(const Session& session, const store::Workspace& workspace, const RetrievalOrder& order,
                       std::size_t which, Output& output) {
  LIX_TRY(Subject s, openUnlabelled(workspace, order, which, "retrieval"));
  std::vector<std::string> notes = s.notes;
  LIX_TRY(const auto samples, withCaptions(s, order, notes));
  LIX_TRY(const auto images, imagesOf(session, workspace, s, samples));
  noteSkipped(images, order.split, notes);
  const Captioned set = captionsOf(s, images, order);
  LIX_TRY(const auto groups, study::CaptionGroups::of(set.counts));
  LIX_TRY(const auto captions, captionsThrough(session, s.evaluator, set.captions));
  study::PairScores pairs(s.evaluator, images.vectors, captions);
  const bool mixes = s.evaluator.isMixture();
  if (order.shortlist > 0 && !mixes) {
    notes.push_back("A shortlist saves nothing for this model, whose score of a pair is one product; ranked exactly.");
  }
  const std::size_t shortlist = mixes ? order.shortlist : 0;
  LIX_TRY(const Ranked result, ranked(session, groups, pairs, shortlist));

  json settings{{"mode", shortlist > 0 ? "shortlist" : "exact"}};
  if (shortlist > 0) {
    settings["shortlist"] = shortlist;
  }
  if (order.firstCaptions > 0) {
    settings["first_captions"] = order.firstCaptions;
  }
  s.row.settings = settings.dump();
  s.row.vectors = procedureKindOf(s.evaluator);
  const json findings{{"captions", groups.captions()}, {"seconds", result.seconds}};
  json document{{"checkpoint", s.row.checkpointLabel},
                {"dataset", s.row.dataset},
                {"split", order.split},
                {"mode", settings["mode"]},
                {"pictures", groups.images()},
                {"captions", groups.captions()},
                {"seconds", result.seconds},
                {"notes", notes}};
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  for (const Direction& direction :
       {Direction{"image_to_text", result.ranks.images, set.keys, set.keys, result.imageAgreement},
        Direction{"text_to_image", result.ranks.captions, set.captions, set.owners, result.captionAgreement}}) {
    LIX_CHECK(storeDirection(workspace, s.row, direction, findings, document));
  }
  LIX_CHECK(transaction.commit());
  output.text += linesFor(document) + linesOf(notes);
  output.json.push_back(std::move(document));
  return {};
}

}  // namespace

Result<void> evalRetrievalInto(const Session& session, const store::Workspace& workspace, const RetrievalOrder& order,
                               Output& output) {
  constexpr std::size_t kLeast = 10;  // R@10 of fewer would be cut off
  if (order.shortlist > 0 && order.shortlist < kLeast) {
    return fail(ErrorCode::BadInput,
                cat("--shortlist ", order.shortlist, " is too short for R@10; give ", kLeast, " or more."));
  }
  LIX_CHECK(checkLabels(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(retrieval(session, workspace, order, i, output));
  }
  return {};
}

void addRetrievalVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<RetrievalOrder>();
  CLI::App* verb = eval.add_subcommand(
      "retrieval", "Find captions for pictures and pictures for captions: R@1, R@5, R@10 (ties count as misses)");
  addModelOptions(verb, *order);
  verb->add_option("--shortlist", order->shortlist,
                   "Of a Llip, score exactly only the N best by pooled vectors; its agreement with the exact ranking "
                   "is measured (default: every pair exactly)")
      ->check(CLI::Range(0, 100'000'000));
  verb->add_option("--first-captions", order->firstCaptions, "So many captions of a picture, the first (default: all)")
      ->check(CLI::Range(0, 1'000'000));
  setEvaluation(verb, session, order, evalRetrievalInto);
}

}  // namespace lix::app
