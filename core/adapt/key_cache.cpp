#include "adapt/key_cache.h"

#include <algorithm>
#include <numeric>

#include "adapt/linear.h"
#include "base/contracts.h"

namespace lix::adapt {

KeyCache::KeyCache(const Labelled& support, std::size_t classes)
    : columns_(support.features.columns), position_(classes) {
  std::vector<std::vector<std::size_t>> rowsOf(classes);
  for (std::size_t i = 0; i < support.labels.size(); ++i) {
    rowsOf[static_cast<std::size_t>(support.labels[i])].push_back(i);
  }
  std::vector<std::size_t> order(classes);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t c) { return rowsOf[c].size(); });
  for (std::size_t i = 0; i < classes; ++i) {
    position_[order[i]] = i;
  }
  keys_.reserve(support.features.values.size());
  const std::size_t ranks = classes == 0 ? 0 : rowsOf[order.front()].size();
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    std::size_t size = 0;
    for (; size < classes && rowsOf[order[size]].size() > rank; ++size) {
      const auto row = support.features.row(rowsOf[order[size]][rank]);
      keys_.insert(keys_.end(), row.begin(), row.end());
    }
    rankSizes_.push_back(size);
  }
}

Matrix KeyCache::keys() const { return {keys_, columns_ == 0 ? 0 : keys_.size() / columns_, columns_}; }

void KeyCache::sums(std::span<const float> cosines, float beta, std::span<float> out) const {
  LIX_REQUIRE(out.size() == position_.size());
  thread_local std::vector<float> scratch;
  scratch.assign(cosines.size() + out.size(), 0.f);
  const auto weights = std::span(scratch).first(cosines.size());
  const auto total = std::span(scratch).last(out.size());
  affinities(cosines, beta, weights);
  std::size_t first = 0;
  for (const std::size_t size : rankSizes_) {
    add(weights.subspan(first, size), total.first(size));
    first += size;
  }
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = total[position_[c]];
  }
}

}  // namespace lix::adapt
