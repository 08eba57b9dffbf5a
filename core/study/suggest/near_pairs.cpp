#include "study/suggest/near_pairs.h"

#include <algorithm>
#include <cmath>

namespace lix::study {
namespace {

constexpr std::size_t kBlock = 64;  // columns between two looks at whether a pair can still be near
constexpr float kRoom = 1e-4f;      // for rounding, so that no pair is given up too early

std::size_t blocksOf(adapt::Matrix rows) { return (rows.columns + kBlock - 1) / kBlock; }

/// Lengths of what is left of every row after 1, 2, ... blocks [N, blocks].
std::vector<float> lengthsLeft(adapt::Matrix rows) {
  const std::size_t blocks = blocksOf(rows);
  std::vector<float> left(rows.rows * blocks, 0.f);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto row = rows.row(i);
    double square = 0.0;
    for (std::size_t b = blocks; b-- > 0;) {
      left[i * blocks + b] = static_cast<float>(std::sqrt(square));
      for (std::size_t d = b * kBlock; d < std::min(rows.columns, (b + 1) * kBlock); ++d) {
        square += static_cast<double>(row[d]) * row[d];
      }
    }
  }
  return left;
}

bool isWhole(adapt::Matrix rows) { return rows.values.size() == rows.rows * rows.columns; }

/// Pairs of a row of the one and a row of the other; within one matrix only those behind the row itself.
Result<std::vector<NearPair>> pairsOf(adapt::Matrix rows, adapt::Matrix others, bool within, float least,
                                      std::size_t most, const std::stop_token& stop) {
  if (!isWhole(rows) || !isWhole(others) || (others.rows > 0 && rows.rows > 0 && others.columns != rows.columns)) {
    return fail(ErrorCode::BadInput, "The rows to look for near ones in do not have the size that is said of them.");
  }
  const std::size_t blocks = blocksOf(rows);
  const std::vector<float> left = lengthsLeft(rows);
  const std::vector<float> otherLeft = within ? std::vector<float>() : lengthsLeft(others);
  const std::vector<float>& right = within ? left : otherLeft;
  std::vector<NearPair> pairs;
  for (std::size_t i = 0; i < rows.rows && pairs.size() < most; ++i) {
    if (stop.stop_requested()) {
      return fail(ErrorCode::Cancelled, "Looking for near duplicates was cancelled.");
    }
    const float* a = rows.row(i).data();
    for (std::size_t j = within ? i + 1 : 0; j < others.rows && pairs.size() < most; ++j) {
      const float* b = others.row(j).data();
      float cosine = 0.f;
      for (std::size_t block = 0; block < blocks; ++block) {
        float part = 0.f;
        for (std::size_t d = block * kBlock; d < std::min(rows.columns, (block + 1) * kBlock); ++d) {
          part += a[d] * b[d];
        }
        cosine += part;
        if (cosine + left[i * blocks + block] * right[j * blocks + block] < least - kRoom) {
          break;  // and stays below it: cosine is below least already
        }
      }
      if (cosine > least) {
        pairs.push_back({i, j, cosine});
      }
    }
  }
  return pairs;
}

}  // namespace

Result<std::vector<NearPair>> nearPairs(adapt::Matrix rows, float least, std::size_t most,
                                        const std::stop_token& stop) {
  return pairsOf(rows, rows, true, least, most, stop);
}

Result<std::vector<NearPair>> nearPairs(adapt::Matrix rows, adapt::Matrix others, float least, std::size_t most,
                                        const std::stop_token& stop) {
  return pairsOf(rows, others, false, least, most, stop);
}

}  // namespace lix::study
