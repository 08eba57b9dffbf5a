#include "study/explore/half_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::study {
namespace {

constexpr float kLargestHalf = 65504.f;
constexpr double kLeastLength = 1e-6;  // of a mean: below it its direction is rounding

}  // namespace

std::uint16_t toHalf(float value) {
  const auto all = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (all >> 16) & 0x8000u, bits = all & 0x7fffffffu;
  // Added to a half the last place of the sum is 2^-24, that of subnormal halves, and the addition rounds to it.
  const std::uint32_t small = std::bit_cast<std::uint32_t>(std::bit_cast<float>(bits) + 0.5f) - 0x3f000000u;
  const std::uint32_t normal = (bits + 0xfffu + ((bits >> 13) & 1u) - 0x38000000u) >> 13;
  return static_cast<std::uint16_t>(sign | (bits < 0x38800000u ? small : normal));
}

float fromHalf(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half & 0x8000u} << 16, rest = std::uint32_t{half & 0x7fffu} << 13;
  // The bits of a half read as a float's are too small by 2^112, subnormal or not.
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(std::bit_cast<float>(rest) * 0x1p112f));
}

Result<void> HalfRows::append(adapt::Matrix rows) {
  if (rows.columns != width_ || rows.values.size() != rows.rows * rows.columns) {
    return fail(ErrorCode::BadInput, cat("Vectors are ", rows.columns, " wide, those before them ", width_,
                                         "; read all pictures with one checkpoint."));
  }
  if (!std::ranges::all_of(rows.values, [](float value) { return std::abs(value) <= kLargestHalf; })) {
    return fail(ErrorCode::BadInput, "A picture's vector has a number that is not finite; the checkpoint is damaged.");
  }
  const std::size_t before = values_.size();
  values_.resize(before + rows.values.size());
  std::ranges::transform(rows.values, values_.begin() + static_cast<std::ptrdiff_t>(before), toHalf);
  return {};
}

void HalfRows::read(std::size_t first, std::size_t count, std::span<float> out) const {
  LIX_REQUIRE(first + count <= rows() && out.size() >= count * width_);
  const auto from = std::span(values_).subspan(first * width_, count * width_);
  for (std::size_t i = 0; i < from.size(); ++i) {
    out[i] = fromHalf(from[i]);
  }
}

Result<std::vector<float>> HalfRows::meanDirection(std::span<const std::uint32_t> which) const {
  std::vector<double> sum(width_, 0.0);
  std::vector<float> one(width_);
  for (const std::uint32_t row : which) {
    read(row, 1, one);
    for (std::size_t d = 0; d < width_; ++d) {
      sum[d] += one[d];
    }
  }
  double square = 0.0;
  for (const double value : sum) {
    square += value * value;
  }
  const double length = std::sqrt(square);
  if (!(length > kLeastLength * static_cast<double>(std::max<std::size_t>(1, which.size())))) {
    return fail(ErrorCode::BadInput, which.empty() ? std::string("Select pictures first: there is nothing to look near to.")
                                                   : std::string("The selected pictures point in opposite directions, "
                                                                 "so that they have no mean; select fewer of them."));
  }
  std::vector<float> mean(width_);
  std::ranges::transform(sum, mean.begin(), [&](double value) { return static_cast<float>(value / length); });
  return mean;
}

}  // namespace lix::study
