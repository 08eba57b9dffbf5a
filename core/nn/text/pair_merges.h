#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace lix::nn::detail {

/// The merges of a byte-pair vocabulary: which pair of tokens becomes which token, and which pair goes first.
class PairMerges {
 public:
  /// A pair that is added again has the later rank and token.
  void add(int left, int right, int rank, int made);
  /// Merges the pair of the lowest rank, the leftmost among equals, until none is left. For n parts O(n log n).
  void apply(std::vector<int>& parts) const;

 private:
  struct Merged {
    int rank = 0;
    int made = 0;
  };
  std::unordered_map<std::uint64_t, Merged> merges_;
};

}  // namespace lix::nn::detail
