#pragma once
#include <span>
#include <string>

#include "adapt/top_k.h"
#include "base/result.h"

namespace lix::adapt {

/// How neighbours vote for their classes: 1 each, softmax(cosine / T) over them, or exp(cosine / T).
enum class Vote { Plurality, Softmax, Exponential };

/// The vote that the setting 'vote' of adapter 'knn' names; refuses other words.
Result<Vote> voteOf(const std::string& name);

/// The votes [C] of neighbours, nearest first, whose keys have these labels; zeros where there are none.
void castVotes(Vote vote, double temperature, std::span<const Neighbour> neighbours, std::span<const int> labels,
               std::span<float> votes);

}  // namespace lix::adapt
