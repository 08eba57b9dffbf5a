#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "adapt/nearest.h"
#include "base/result.h"

namespace lix::study {

/// Unit vectors of a dataset [N, D] as IEEE half floats, so that a million of 512 numbers take 1 GB: each number is
/// rounded to the nearest half (relative error at most 2^-11, below 2^-14 an absolute one of 2^-25).
class HalfRows {
 public:
  explicit HalfRows(std::size_t width) : width_(width) {}

  /// Takes rows of this width; fails, and takes nothing, where a number is not finite or beyond 65504.
  Result<void> append(adapt::Matrix rows);
  void reserve(std::size_t rows) { values_.reserve(rows * width_); }

  std::size_t rows() const { return width_ == 0 ? 0 : values_.size() / width_; }
  std::size_t width() const { return width_; }
  /// What adapt::nearest() searches.
  adapt::HalfMatrix view() const { return {values_, rows(), width_}; }
  /// Rows first, first + 1, ... as floats into `out` [count, D].
  void read(std::size_t first, std::size_t count, std::span<float> out) const;
  /// The mean of some rows as a unit vector; fails for no rows, and where they cancel out.
  Result<std::vector<float>> meanDirection(std::span<const std::uint32_t> rows) const;

 private:
  std::size_t width_;
  std::vector<std::uint16_t> values_;
};

/// A number that is finite and at most 65504 as the nearest half (of two as near the even one), and back.
std::uint16_t toHalf(float value);
float fromHalf(std::uint16_t half);

}  // namespace lix::study
