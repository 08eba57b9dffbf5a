#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

/// By what pictures of a pool are suggested for one class of a support set.
enum class SuggestBy {
  Nearest,    ///< cosine with the class' prototype (the unit mean of its pictures), largest first
  Uncertain,  ///< lead of the best class over the second, smallest first, where the class is one of the two
  Farthest,   ///< cosine distance from all that the class has and from what is suggested before, largest first; only of
              ///< pictures whose best class this is (greedy k-centre: Gonzalez 1985; Sener and Savarese 2018)
  Caption     ///< cosine with a text vector, largest first
};

/// What is suggested from. All rows are unit vectors of one width; the memory belongs to the caller.
struct SuggestTask {
  adapt::Matrix pool;                           ///< [N, D]
  std::span<const std::uint64_t> poolHashes;    ///< [N] contents of its pictures
  adapt::Labelled support;                      ///< [S, D], labels in 0..classes-1
  std::span<const std::uint64_t> supportHashes; ///< contents of the set's pictures, those without a class included
  std::span<const std::uint64_t> queryHashes;   ///< contents of the pictures that the set is measured on
  std::size_t classes = 0;
  adapt::Matrix scores;        ///< Uncertain: [N, C] of an adapter; 0 rows: cosines with the prototypes
  std::span<const float> text; ///< Caption: [D]
  adapt::Matrix queries;       ///< [Q, D] of the pictures that the set is measured on; 0 rows: none are looked at
  float nearCosine = 2.f;      ///< pictures nearer than this to a query or to a picture of the set are left out
};

struct Suggestion {
  std::size_t row = 0;  ///< of the pool
  float score = 0.f;    ///< what it is ranked by, in the unit that SuggestBy says
};

struct Suggestions {
  std::vector<Suggestion> rows;  ///< the best first; of equal ones the lower row
  std::size_t inSet = 0;         ///< of the pool, left out because their content stands in the set
  std::size_t inQueries = 0;     ///< left out because the set is measured on their content
  std::size_t copies = 0;        ///< left out because the pool has their content in an earlier row
  std::size_t nearOnes = 0;      ///< of those that would have been suggested, left out as near copies (nearCosine)
  std::size_t ofOthers = 0;      ///< Uncertain and Farthest: neither best nor, for Uncertain, second of this class
};

/// At most `most` rows for the class at `index`. Refuses sizes that do not match, a class without pictures where its
/// pictures are asked for, fewer than two classes with pictures for Uncertain, and a missing text. Farthest takes
/// most x N x D steps; asked to stop, it fails as cancelled.
Result<Suggestions> suggest(const SuggestTask& task, SuggestBy by, std::size_t index, std::size_t most,
                            const std::stop_token& stop = {});

}  // namespace lix::study
