#include "adapt/tip_surface.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "adapt/check.h"
#include "adapt/instructions.h"
#include "adapt/key_cache.h"
#include "adapt/linear.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kCosinesAtOnce = std::size_t{1} << 21;  // of a block of queries with all keys: 8 MiB a thread
constexpr std::size_t kMostQueries = 48;

/// What another class must reach at the smallest or at the largest alpha to be the answer at any.
struct Threshold {
  float low, high;
};

LIX_CLONES float largestMagnitude(const float* x, std::size_t n) {
  constexpr std::size_t kLanes = 32;  // as a plain loop the compiler may not reorder it into vectors
  float lanes[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float magnitude = std::abs(x[i + lane]);
      lanes[lane] = magnitude > lanes[lane] ? magnitude : lanes[lane];
    }
  }
  for (; i < n; ++i) {
    lanes[0] = std::max(lanes[0], std::abs(x[i]));
  }
  return *std::ranges::max_element(lanes);
}

/// Which classes z + alpha x reach `own` at the smallest or the largest alpha.
LIX_CLONES std::size_t findRivals(const float* z, const float* x, std::size_t n, float low, float high, Threshold own,
                                  std::uint32_t* out) {
  constexpr std::size_t kAtOnce = 32;
  std::size_t found = 0;
  for (std::size_t first = 0; first < n; first += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, n - first);
    int any = 0;
    for (std::size_t i = first; i < first + count; ++i) {
      any |= (z[i] + low * x[i] >= own.low) | (z[i] + high * x[i] >= own.high);
    }
    for (std::size_t i = first; any != 0 && i < first + count; ++i) {
      out[found] = static_cast<std::uint32_t>(i);
      found += (z[i] + low * x[i] >= own.low) | (z[i] + high * x[i] >= own.high);
    }
  }
  return found;
}

/// Marks the alphas at which a class before the label (an equal logit beats it) or after it is the answer.
LIX_CLONES void markBeaten(float z, float x, float ownZ, float ownX, const float* alphas, std::size_t n, int before,
                           int* beaten) {
  for (std::size_t a = 0; a < n; ++a) {
    const float other = z + alphas[a] * x, own = ownZ + alphas[a] * ownX;
    beaten[a] |= (other > own) | (before & (other == own));
  }
}

/// Counts right answers over all alphas. Logits are linear in alpha, so that a class that stays below the label's at
/// both ends of the grid does so everywhere: only the few others are looked at alpha by alpha. The ends are compared
/// with room for all rounding, so that what is counted is what the logits say one by one.
class AlphaCount {
 public:
  AlphaCount(std::size_t classes, const std::vector<double>& alphas)
      : alphas_(alphas.begin(), alphas.end()), rivals_(classes), beaten_(alphas.size()) {
    const auto [low, high] = std::ranges::minmax(alphas_);
    low_ = low;
    high_ = high;
  }

  /// The query whose class sums come next: its zero-shot logits, which must stay, and its class.
  void start(std::span<const float> z, std::size_t label) {
    z_ = z;
    label_ = label;
    largestZ_ = largestMagnitude(z.data(), z.size());
  }

  /// Adds to correct[a] whether z + alphas[a] * x answers the query rightly.
  void add(std::span<const float> x, std::span<std::size_t> correct) {
    const auto z = z_;
    const std::size_t label = label_;
    const float strongest = std::max(std::abs(low_), std::abs(high_));
    const float largest = largestZ_ + strongest * largestMagnitude(x.data(), x.size());
    const float room = 0x1p-19f * largest;  // each logit is off by at most 2^-23 of that
    const Threshold own{z[label] + low_ * x[label] - room, z[label] + high_ * x[label] - room};
    const std::size_t found = findRivals(z.data(), x.data(), z.size(), low_, high_, own, rivals_.data());
    std::ranges::fill(beaten_, 0);
    for (const std::uint32_t c : std::span(rivals_).first(found)) {
      if (c != label) {
        markBeaten(z[c], x[c], z[label], x[label], alphas_.data(), alphas_.size(), c < label ? 1 : 0, beaten_.data());
      }
    }
    for (std::size_t a = 0; a < correct.size(); ++a) {
      correct[a] += beaten_[a] == 0 ? 1 : 0;
    }
  }

 private:
  std::vector<float> alphas_;
  float low_ = 0.f, high_ = 0.f;
  std::span<const float> z_;
  std::size_t label_ = 0;
  float largestZ_ = 0.f;
  std::vector<std::uint32_t> rivals_;
  std::vector<int> beaten_;
};

std::vector<double> shares(const std::vector<std::size_t>& correct, std::size_t of) {
  std::vector<double> out;
  for (const std::size_t count : correct) {
    out.push_back(of == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(of));
  }
  return out;
}

}  // namespace

std::vector<double> tipSteps(double largest, std::size_t steps) {
  std::vector<double> out;
  for (std::size_t i = 0; i < steps; ++i) {
    out.push_back(static_cast<double>(i) * (largest - 0.1) / static_cast<double>(steps) + 0.1);
  }
  return out;
}

std::vector<std::size_t> tipCorrect(const Task& task, const Labelled& queries, const TipGrid& grid) {
  const std::size_t alphas = grid.alphas.size(), classes = task.classes;
  std::vector<std::size_t> correct(grid.betas.size() * alphas, 0);
  if (correct.empty()) {
    return correct;
  }
  const KeyCache cache(task.support, classes);
  const PackedRows text(task.text);
  const std::size_t keys = cache.keys().rows();
  const std::size_t most =
      std::clamp<std::size_t>(kCosinesAtOnce / std::max<std::size_t>(1, keys), TileProducts::kGroup, kMostQueries);
  const double aRow = static_cast<double>(grid.betas.size()) * static_cast<double>(keys + alphas * classes);
  std::mutex guard;
  overBlocks(queries.features.rows, aRow, most, [&](std::size_t first, std::size_t count) {
    const Matrix block = slice(queries.features, first, count);
    const std::vector<float> cosines = multiplyTransposed(block, cache.keys());
    const std::vector<float> zeroShot = multiplyTransposed(block, text, task.logitScale);
    AlphaCount counter(classes, grid.alphas);
    std::vector<float> sums(classes);
    std::vector<std::size_t> here(correct.size(), 0);
    for (std::size_t i = 0; i < count; ++i) {
      counter.start(std::span(zeroShot).subspan(i * classes, classes),
                    static_cast<std::size_t>(queries.labels[first + i]));
      for (std::size_t b = 0; b < grid.betas.size(); ++b) {
        cache.sums(std::span(cosines).subspan(i * keys, keys), static_cast<float>(grid.betas[b]), sums);
        counter.add(sums, std::span(here).subspan(b * alphas, alphas));
      }
    }
    const std::lock_guard lock(guard);
    std::ranges::transform(here, correct, correct.begin(), std::plus{});
  });
  return correct;
}

std::size_t tipBest(const std::vector<std::size_t>& correct) {
  return static_cast<std::size_t>(std::ranges::max_element(correct) - correct.begin());
}

Result<TipSurface> tipSurface(const Task& task, const Labelled& queries, TipGrid grid) {
  LIX_TRY(const Adapter* searched, find("tip-adapter-x"));
  LIX_CHECK(checkTask(*searched, task));
  LIX_CHECK(checkLabelled(queries, task.classes, "query"));
  LIX_CHECK(checkWidth(queries.features, task.support.features.columns, "The query features"));
  if (grid.alphas.empty() || grid.betas.empty() || queries.features.rows == 0) {
    return fail(ErrorCode::BadInput, "A surface needs at least one alpha, one beta and one query picture.");
  }
  TipSurface out;
  out.grid = std::move(grid);
  const std::vector<std::size_t> validation = tipCorrect(task, task.validation, out.grid);
  out.best = tipBest(validation);
  out.validation = shares(validation, task.validation.features.rows);
  out.query = shares(tipCorrect(task, queries, out.grid), queries.features.rows);
  return out;
}

}  // namespace lix::adapt
