#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lix::adapt {

/// Counts right answers over all alphas. Logits are linear in alpha, so that a class that stays below the label's at
/// both ends of the grid does so everywhere: only the few others are looked at alpha by alpha. The ends are compared
/// with room for all rounding, so that what is counted is what the logits say one by one.
class AlphaCount {
 public:
  AlphaCount(std::size_t classes, const std::vector<double>& alphas);

  /// The query whose class sums come next: its zero-shot logits [C], which must stay, and its class.
  void start(std::span<const float> z, std::size_t label);

  /// Adds to correct[a] whether z + alphas[a] * x answers the query rightly.
  void add(std::span<const float> x, std::span<std::size_t> correct);

 private:
  std::vector<float> alphas_;
  float low_ = 0.f, high_ = 0.f;
  std::span<const float> z_;
  std::size_t label_ = 0;
  float largestZ_ = 0.f;
  std::vector<std::uint32_t> rivals_;
  std::vector<int> beaten_;
};

}  // namespace lix::adapt
