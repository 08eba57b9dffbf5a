#include "adapt/soft_cache.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "adapt/instructions.h"
#include "adapt/linear.h"
#include "base/contracts.h"
#include "base/parallel.h"

namespace lix::adapt {
namespace {

LIX_CLONES void multiplyLoop(const float* x, const float* y, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = x[i] * y[i];
  }
}

/// Whether the first maximum of z + alpha x is at `label`.
LIX_CLONES bool answers(const float* z, float alpha, const float* x, std::size_t n, std::size_t label) {
  const float own = z[label] + alpha * x[label];
  int beaten = 0;
  for (std::size_t i = 0; i < label; ++i) {
    beaten |= z[i] + alpha * x[i] >= own;
  }
  for (std::size_t i = label + 1; i < n; ++i) {
    beaten |= z[i] + alpha * x[i] > own;
  }
  return beaten == 0;
}

/// Right answers at every (alpha, gamma), alpha outside, of one beta. `weights` are those of each gamma.
std::vector<std::size_t> countAt(const SoftCache& cache, const SoftQueries& queries,
                                 const std::vector<std::vector<float>>& weights, const std::vector<double>& alphas,
                                 float beta) {
  const std::size_t keys = cache.keys().rows();
  std::vector<std::size_t> correct(alphas.size() * weights.size(), 0);
  std::vector<float> affinity(keys), weighted(keys), sums(cache.classes());
  for (std::size_t i = 0; i < queries.labels.size(); ++i) {
    affinities(queries.cosines.subspan(i * keys, keys), beta, affinity);
    const float* z = queries.zeroShot.data() + i * cache.classes();
    const auto label = static_cast<std::size_t>(queries.labels[i]);
    for (std::size_t g = 0; g < weights.size(); ++g) {
      multiply(affinity, weights[g], weighted);
      cache.sums(weighted, sums);
      for (std::size_t a = 0; a < alphas.size(); ++a) {
        const bool right = answers(z, static_cast<float>(alphas[a]), sums.data(), sums.size(), label);
        correct[a * weights.size() + g] += right ? 1 : 0;
      }
    }
  }
  return correct;
}

}  // namespace

SoftCache::SoftCache(const Labelled& keys, std::size_t classes) : position_(classes) {
  std::vector<std::vector<std::uint32_t>> rowsOf(classes);
  for (std::size_t i = 0; i < keys.labels.size(); ++i) {
    rowsOf[static_cast<std::size_t>(keys.labels[i])].push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<std::size_t> classOrder(classes);
  std::iota(classOrder.begin(), classOrder.end(), std::size_t{0});
  std::ranges::stable_sort(classOrder, std::greater{}, [&](std::size_t c) { return rowsOf[c].size(); });
  for (std::size_t i = 0; i < classes; ++i) {
    position_[classOrder[i]] = i;
  }
  const std::size_t ranks = classes == 0 ? 0 : rowsOf[classOrder.front()].size();
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    std::size_t size = 0;
    for (; size < classes && rowsOf[classOrder[size]].size() > rank; ++size) {
      order_.push_back(rowsOf[classOrder[size]][rank]);
    }
    rankSizes_.push_back(size);
  }
  keys_ = PackedRows(keys.features, order_);
}

std::vector<float> SoftCache::ordered(std::span<const float> perKey) const {
  LIX_REQUIRE(perKey.size() == order_.size());
  std::vector<float> out;
  out.reserve(order_.size());
  for (const std::uint32_t row : order_) {
    out.push_back(perKey[row]);
  }
  return out;
}

void SoftCache::sums(std::span<const float> values, std::span<float> out) const {
  LIX_REQUIRE(values.size() == order_.size() && out.size() == position_.size());
  thread_local std::vector<float> total;
  total.assign(out.size(), 0.f);
  std::size_t first = 0;
  for (const std::size_t size : rankSizes_) {
    add(values.subspan(first, size), std::span(total).first(size));
    first += size;
  }
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = total[position_[c]];
  }
}

SoftSearch::SoftSearch(const SoftCache& cache, std::span<const float> divergences, const SoftGrid& grid)
    : cache_(cache), grid_(grid), correct_(grid.betas.size()) {
  LIX_REQUIRE(!grid.alphas.empty() && !grid.betas.empty() && !grid.gammas.empty());
  for (const double gamma : grid.gammas) {
    weights_.push_back(softWeights(divergences, gamma));
  }
  for (auto& counts : correct_) {
    counts.assign(grid.alphas.size() * grid.gammas.size(), 0);
  }
}

void SoftSearch::add(const SoftQueries& queries) {
  parallelFor(grid_.betas.size(), [&](std::size_t b) {
    const auto here = countAt(cache_, queries, weights_, grid_.alphas, static_cast<float>(grid_.betas[b]));
    std::ranges::transform(here, correct_[b], correct_[b].begin(), std::plus{});
  });
}

SoftPoint SoftSearch::best() const {
  SoftPoint best{grid_.alphas.front(), grid_.betas.front(), grid_.gammas.front(), 0};
  const std::size_t gammas = grid_.gammas.size();
  for (std::size_t b = 0; b < correct_.size(); ++b) {
    for (std::size_t k = 0; k < correct_[b].size(); ++k) {
      if (correct_[b][k] > best.correct) {
        best = {grid_.alphas[k / gammas], grid_.betas[b], grid_.gammas[k % gammas], correct_[b][k]};
      }
    }
  }
  return best;
}

std::vector<float> softWeights(std::span<const float> divergences, double gamma) {
  std::vector<float> out(divergences.size());
  std::ranges::transform(divergences, out.begin(), [&](float d) { return static_cast<float>(std::exp(gamma * d)); });
  return out;
}

void multiply(std::span<const float> x, std::span<const float> y, std::span<float> out) {
  LIX_REQUIRE(x.size() == out.size() && y.size() == out.size());
  multiplyLoop(x.data(), y.data(), out.data(), out.size());
}

}  // namespace lix::adapt
