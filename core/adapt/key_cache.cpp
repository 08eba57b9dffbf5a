#include "adapt/key_cache.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "adapt/linear.h"
#include "base/contracts.h"

namespace lix::adapt {

KeyCache::KeyCache(const Labelled& support, std::size_t classes) : position_(classes) {
  std::vector<std::vector<std::uint32_t>> rowsOf(classes);
  for (std::size_t i = 0; i < support.labels.size(); ++i) {
    rowsOf[static_cast<std::size_t>(support.labels[i])].push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<std::size_t> order(classes);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t c) { return rowsOf[c].size(); });
  for (std::size_t i = 0; i < classes; ++i) {
    position_[order[i]] = i;
  }
  std::vector<std::uint32_t> rows;
  rows.reserve(support.labels.size());
  rankStarts_.push_back(0);
  const std::size_t ranks = classes == 0 ? 0 : rowsOf[order.front()].size();
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    for (std::size_t i = 0; i < classes && rowsOf[order[i]].size() > rank; ++i) {
      rows.push_back(rowsOf[order[i]][rank]);
    }
    rankStarts_.push_back(rows.size());
  }
  keys_ = PackedRows(support.features, rows);
}

void KeyCache::sums(std::span<const float> cosines, float beta, std::span<float> out) const {
  LIX_REQUIRE(cosines.size() == keys_.rows());
  thread_local std::vector<float> total;
  total.assign(classes(), 0.f);
  addSums(0, cosines, beta, total);
  inClassOrder(total, out);
}

void KeyCache::addSums(std::size_t first, std::span<const float> cosines, float beta, std::span<float> sums) const {
  LIX_REQUIRE(sums.size() == classes() && first + cosines.size() <= keys_.rows());
  const std::size_t end = first + cosines.size();
  auto rank = std::ranges::upper_bound(rankStarts_, first);  // the end of the rank that `first` is in
  for (std::size_t at = first; at < end; ++rank) {
    const std::size_t count = std::min(*rank, end) - at;
    addAffinities(cosines.subspan(at - first, count), beta, sums.subspan(at - *(rank - 1), count));
    at += count;
  }
}

void KeyCache::inClassOrder(std::span<const float> sums, std::span<float> out) const {
  LIX_REQUIRE(sums.size() == classes() && out.size() == classes());
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = sums[position_[c]];
  }
}

}  // namespace lix::adapt
