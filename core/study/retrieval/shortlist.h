#pragma once
#include "study/retrieval/ranks.h"

namespace lix::study {

/// What each query may find, for a Llip whose exact score of a pair is dear: for picture i the captions ofImages[i],
/// for caption j the pictures ofCaptions[j]. An empty list means that the query is not asked.
struct Candidates {
  std::vector<std::vector<std::uint32_t>> ofImages, ofCaptions;
};

/// The `count` best of every query by a cheap score, best first, ties to the lower number. Held: one tile and
/// (images + captions) x count.
Result<Candidates> shortlisted(std::size_t images, std::size_t captions, const TileScores& cheap, std::size_t count,
                               const RankSettings& settings = {}, const Progress& progress = {});

/// Everything for `queries` pictures and as many captions, evenly spread over all: what the exact ranking of a sample
/// is made from.
Candidates everythingOfSome(const CaptionGroups& groups, std::size_t queries);

/// Exact scores of pictures [firstImage, + lists.size()), each with the captions of its own list; makes scores[i] as
/// long as lists[i].
using ListScores = std::function<void(std::size_t firstImage, std::span<const std::vector<std::int64_t>> lists,
                                      std::span<std::vector<float>> scores)>;

/// Ranks within the lists, each pair scored once (a pair that both sides name too). The right answer that is not in its
/// query's list is kNotFound; of several captions of a picture those in the list count.
Result<Ranks> rankWithin(const CaptionGroups& groups, const Candidates& candidates, const ListScores& scores, float tie,
                         const Progress& progress = {});

/// The share of the queries that `exact` asked on which both rankings agree whether the first item is right.
std::optional<double> agreementAtFirst(std::span<const std::uint32_t> exact, std::span<const std::uint32_t> other);

}  // namespace lix::study
