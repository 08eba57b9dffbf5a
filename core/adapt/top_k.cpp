#include "adapt/top_k.h"

#include <algorithm>
#include <limits>

#include "adapt/instructions.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kFew = 32;  // so few are kept in order; of more, many are gathered before the largest are chosen

/// The first of x[from..n-1] that is larger than `least`, or n.
LIX_CLONES std::size_t nextLarger(const float* x, std::size_t n, std::size_t from, float least) {
  constexpr std::size_t kAtOnce = 32;
  for (; from + kAtOnce <= n; from += kAtOnce) {
    int any = 0;
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      any |= x[from + i] > least;
    }
    if (any != 0) {
      break;
    }
  }
  for (; from < n; ++from) {
    if (x[from] > least) {
      return from;
    }
  }
  return n;
}

bool larger(const Neighbour& a, const Neighbour& b) {
  return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
}

}  // namespace

TopK::TopK(std::size_t k) : k_(k) { start(); }

void TopK::start() {
  count_ = 0;
  least_ = k_ == 0 ? std::numeric_limits<float>::infinity() : -std::numeric_limits<float>::infinity();
}

void TopK::take(std::size_t first, std::span<const float> scores) {
  for (std::size_t i = 0; (i = nextLarger(scores.data(), scores.size(), i, least_)) < scores.size(); ++i) {
    const Neighbour next{scores[i], static_cast<std::uint32_t>(first + i)};
    k_ <= kFew ? insert(next) : append(next);
  }
}

void TopK::insert(Neighbour next) {
  if (count_ < k_) {
    kept_.resize(std::max(kept_.size(), k_));
    ++count_;
  }
  std::size_t at = count_ - 1;
  for (; at > 0 && kept_[at - 1].cosine < next.cosine; --at) {
    kept_[at] = kept_[at - 1];
  }
  kept_[at] = next;
  if (count_ == k_) {
    least_ = kept_.back().cosine;
  }
}

void TopK::append(Neighbour next) {
  const std::size_t room = 2 * k_;
  if (kept_.size() == count_) {
    kept_.resize(std::min(room, std::max(8 * kFew, 2 * count_)));
  }
  kept_[count_++] = next;
  if (count_ == room) {
    keepLargest();
  }
}

void TopK::keepLargest() {
  const auto begin = kept_.begin(), end = begin + static_cast<std::ptrdiff_t>(count_);
  std::nth_element(begin, begin + static_cast<std::ptrdiff_t>(k_ - 1), end, larger);
  count_ = k_;
  least_ = kept_[k_ - 1].cosine;  // a later row that is equal comes after it: only larger ones matter
}

std::span<const Neighbour> TopK::finish() {
  if (count_ > k_) {
    keepLargest();
  }
  const std::size_t found = count_;
  std::sort(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(found), larger);
  start();
  return std::span(kept_).first(found);
}

}  // namespace lix::adapt
