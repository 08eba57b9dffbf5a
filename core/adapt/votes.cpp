#include "adapt/votes.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.h"

namespace lix::adapt {

Result<Vote> voteOf(const std::string& name) {
  if (name == "plurality") {
    return Vote::Plurality;
  }
  if (name == "softmax") {
    return Vote::Softmax;
  }
  if (name == "exponential") {
    return Vote::Exponential;
  }
  return fail(ErrorCode::BadInput,
              cat("Setting 'vote' of adapter 'knn' is '", name, "', but must be plurality, softmax or exponential."));
}

void castVotes(Vote vote, double temperature, std::span<const Neighbour> neighbours, std::span<const int> labels,
               std::span<float> votes) {
  if (neighbours.empty()) {
    std::ranges::fill(votes, 0.f);
    return;
  }
  const double reference = vote == Vote::Softmax ? neighbours.front().cosine : 0.0;
  double total = 0.0;
  thread_local std::vector<double> sums;
  sums.assign(votes.size(), 0.0);
  for (const Neighbour& neighbour : neighbours) {
    const double weight = vote == Vote::Plurality ? 1.0 : std::exp((neighbour.cosine - reference) / temperature);
    sums[static_cast<std::size_t>(labels[neighbour.row])] += weight;
    total += weight;
  }
  const double scale = vote == Vote::Softmax ? 1.0 / total : 1.0;
  std::ranges::transform(sums, votes.begin(), [&](double sum) { return static_cast<float>(sum * scale); });
}

}  // namespace lix::adapt
