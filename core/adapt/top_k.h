#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lix::adapt {

struct Neighbour {
  float cosine = 0.f;
  std::uint32_t row = 0;  ///< of the keys
  bool operator==(const Neighbour&) const = default;
};

/// The k largest of a stream of scores; of equal ones those of the lower row. Scores are compared with the k-th so far
/// a vector at a time, and what is no larger costs nothing more. Holds at most 2 k of them.
class TopK {
 public:
  /// k of 0 takes nothing.
  explicit TopK(std::size_t k);

  /// Scores of rows first, first + 1, ...: finite, and no row lower than one taken before.
  void take(std::size_t first, std::span<const float> scores);

  /// The largest, falling; fewer than k where fewer were taken. Starts anew for the next stream, which overwrites them.
  std::span<const Neighbour> finish();

 private:
  void start();
  void insert(Neighbour next);
  void append(Neighbour next);
  void keepLargest();

  std::size_t k_;
  std::size_t count_ = 0;
  float least_ = 0.f;  ///< nothing up to this can be among the k
  std::vector<Neighbour> kept_;
};

}  // namespace lix::adapt
