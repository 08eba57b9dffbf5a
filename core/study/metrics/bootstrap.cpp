#include "study/metrics/bootstrap.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

#include "base/clones.h"
#include "base/contracts.h"
#include "base/parallel.h"
#include "base/random.h"
#include "study/metrics/statistics.h"

namespace lix::study {
namespace {

constexpr std::uint64_t kStream = 0x626f6f7473747270;  // "bootstrp"
constexpr std::size_t kResamplesAtOnce = 32;           // of a thread
constexpr std::size_t kPlanes = 8;                     // bits of a weight

enum class Level : std::uint64_t { Model, Draw, Query };

/// How often each of `count` things is drawn in `count` draws with replacement.
void drawWeights(const BootstrapSettings& settings, std::size_t resample, Level level, std::size_t count,
                 std::span<std::uint8_t> weights) {
  std::ranges::fill(weights, std::uint8_t{0});
  // A generator per resample (SplitMix64): the counter-based one would take most of the time.
  std::uint64_t state = Random(settings.seed, kStream, resample, count * 4 + static_cast<std::uint64_t>(level)).next();
  for (std::size_t i = 0; i < count; i += 2) {
    std::uint64_t bits = state += 0x9e3779b97f4a7c15u;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    bits ^= bits >> 31;
    ++weights[((bits >> 32) * count) >> 32];
    if (i + 1 < count) {
      ++weights[((bits & 0xffffffffu) * count) >> 32];
    }
  }
}

/// The weights of all queries bit by bit: planes[b] holds bit b of every weight, packed as outcomes are.
struct Planes {
  std::array<std::vector<std::uint64_t>, kPlanes> words;
  std::size_t used = 0;
};

LIX_CLONES void spread(std::span<const std::uint8_t> weights, Planes& planes) {
  std::uint8_t all = 0;
  for (const std::uint8_t weight : weights) {
    all |= weight;
  }
  planes.used = static_cast<std::size_t>(std::bit_width(all));
  const std::size_t words = weights.size() / 64;
  for (std::size_t b = 0; b < planes.used; ++b) {
    planes.words[b].resize(words);
    for (std::size_t w = 0; w < words; ++w) {
      std::uint64_t packed = 0;
      for (std::size_t g = 0; g < 8; ++g) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, weights.data() + 64 * w + 8 * g, sizeof eight);
        // The product brings the lowest bit of byte i to bit 56 + i.
        packed |= ((((eight >> b) & 0x0101010101010101u) * 0x0102040810204080u) >> 56) << (8 * g);
      }
      planes.words[b][w] = packed;
    }
  }
}

/// Counting bits is one instruction on most processors, but a loop in the code that runs on all of them.
LIX_CLONES long long weightedCount(std::span<const std::uint64_t> bits, const Planes& planes) {
  long long sum = 0;
  for (std::size_t b = 0; b < planes.used; ++b) {
    const std::uint64_t* plane = planes.words[b].data();
    long long count = 0;
    for (std::size_t w = 0; w < bits.size(); ++w) {
      count += std::popcount(bits[w] & plane[w]);
    }
    sum += count << b;
  }
  return sum;
}

/// Mean over models of the mean over draws of share(place of the cell), each with its weight. A model none of whose
/// draws was drawn counts with all of them, as equals.
template <class Share>
double weightedMean(const OutcomeGrid& grid, std::span<const std::uint8_t> models, std::span<const std::uint8_t> draws,
                    Share&& share) {
  double total = 0.0;
  double weightOfAll = 0.0;
  for (std::size_t m = 0; m < grid.models; ++m) {
    if (models[m] == 0) {
      continue;
    }
    const std::size_t first = m * grid.draws;
    const auto mean = [&](auto&& weightOf) {
      double sum = 0.0;
      double weights = 0.0;
      for (std::size_t d = 0; d < grid.draws; ++d) {
        if (const double weight = grid.cells[first + d].empty() ? 0.0 : weightOf(d); weight > 0.0) {
          sum += weight * share(first + d);
          weights += weight;
        }
      }
      return weights > 0.0 ? sum / weights : std::nan("");
    };
    double ofModel = mean([&](std::size_t d) { return static_cast<double>(draws[d]); });
    if (std::isnan(ofModel)) {
      ofModel = mean([](std::size_t) { return 1.0; });
    }
    total += models[m] * ofModel;
    weightOfAll += models[m];
  }
  return total / weightOfAll;
}

void require(const OutcomeGrid& grid) {
  LIX_REQUIRE(grid.models > 0 && grid.draws > 0 && grid.queries > 0 && grid.models * grid.draws == grid.cells.size());
  for (std::size_t m = 0; m < grid.models; ++m) {
    const auto cells = std::span(grid.cells).subspan(m * grid.draws, grid.draws);
    LIX_REQUIRE(std::ranges::any_of(cells, [](const auto& cell) { return !cell.empty(); }));
    LIX_REQUIRE(std::ranges::all_of(
        cells, [&](const auto& cell) { return cell.empty() || cell.size() == (grid.queries + 63) / 64; }));
  }
}

/// By what the deviations of a resampled level of n things are widened: sqrt(n / (n - 1)) as a resample varies by the
/// deviation with n, and Student's t for the normal quantile that percentiles stand for. The percentiles of two things
/// are the things themselves, at half the spread, so that t alone is right.
double widening(std::size_t n) {
  constexpr double kNormal95 = 1.959963984540054;
  if (n < 2) {
    return 1.0;
  }
  const auto freedom = static_cast<double>(n - 1);
  const double t = studentQuantile(0.975, freedom);
  return n == 2 ? t : t / kNormal95 * std::sqrt(static_cast<double>(n) / freedom);
}

/// The share of each cell's queries answered right, [models * draws]; 0 where it was not measured.
std::vector<double> sharesOf(const OutcomeGrid& grid) {
  std::vector<double> shares;
  for (const auto& cell : grid.cells) {
    long long count = 0;
    for (const std::uint64_t word : cell) {
      count += std::popcount(word);
    }
    shares.push_back(static_cast<double>(count) / static_cast<double>(grid.queries));
  }
  return shares;
}

/// What resampled models and draws alone move the mean by, beyond what they move it by among resampled queries: on all
/// queries, so that the chance that a query brings is not widened with them.
class Widening {
 public:
  explicit Widening(const OutcomeGrid& grid)
      : grid_(&grid),
        ofModels_(widening(grid.models) - 1.0),
        ofDraws_(widening(grid.draws) - 1.0),
        shares_(sharesOf(grid)),
        models_(grid.models, 1),
        draws_(grid.draws, 1),
        mean_(meanOf(models_, draws_)) {}

  double operator()(std::span<const std::uint8_t> models, std::span<const std::uint8_t> draws) const {
    return ofModels_ * (meanOf(models, draws_) - mean_) + ofDraws_ * (meanOf(models_, draws) - mean_);
  }

 private:
  double meanOf(std::span<const std::uint8_t> models, std::span<const std::uint8_t> draws) const {
    return weightedMean(*grid_, models, draws, [&](std::size_t cell) { return shares_[cell]; });
  }

  const OutcomeGrid* grid_;
  double ofModels_, ofDraws_;
  std::vector<double> shares_;
  std::vector<std::uint8_t> models_, draws_;  ///< one each
  double mean_;
};

/// What one thread needs for its resamples of grids with that many queries.
class Resampler {
 public:
  Resampler(const BootstrapSettings& settings, std::size_t queries)
      : settings_(settings), queries_(queries), weights_((queries + 63) / 64 * 64) {}

  void begin(std::size_t resample) {
    resample_ = resample;
    drawWeights(settings_, resample, Level::Query, queries_, weights_);
    spread(weights_, planes_);
  }

  double mean(const OutcomeGrid& grid, const Widening& further) {
    models_.resize(grid.models);
    draws_.resize(grid.draws);
    drawWeights(settings_, resample_, Level::Model, grid.models, models_);
    drawWeights(settings_, resample_, Level::Draw, grid.draws, draws_);
    const auto share = [&](std::size_t cell) {
      return static_cast<double>(weightedCount(grid.cells[cell], planes_)) / static_cast<double>(queries_);
    };
    return weightedMean(grid, models_, draws_, share) + further(models_, draws_);
  }

 private:
  const BootstrapSettings& settings_;
  std::size_t queries_;
  std::size_t resample_ = 0;
  std::vector<std::uint8_t> weights_, models_, draws_;
  Planes planes_;
};

}  // namespace

std::vector<std::uint64_t> packOutcomes(std::span<const int> predicted, std::span<const int> labels) {
  LIX_REQUIRE(predicted.size() == labels.size());
  std::vector<std::uint64_t> words((labels.size() + 63) / 64, 0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    words[i / 64] |= static_cast<std::uint64_t>(predicted[i] == labels[i]) << (i % 64);
  }
  return words;
}

double meanOutcome(const OutcomeGrid& grid) {
  require(grid);
  const std::vector<std::uint8_t> models(grid.models, 1), draws(grid.draws, 1);
  const std::vector<double> shares = sharesOf(grid);
  return weightedMean(grid, models, draws, [&](std::size_t cell) { return shares[cell]; });
}

std::vector<std::vector<double>> resampledMeans(std::span<const OutcomeGrid> grids, const BootstrapSettings& settings) {
  LIX_REQUIRE(settings.resamples > 0);
  std::map<std::size_t, std::vector<std::size_t>> byQueries;
  std::vector<std::vector<double>> out(grids.size(), std::vector<double>(settings.resamples));
  std::vector<Widening> further;
  for (std::size_t i = 0; i < grids.size(); ++i) {
    require(grids[i]);
    byQueries[grids[i].queries].push_back(i);
    further.emplace_back(grids[i]);
  }
  for (const auto& [queries, members] : byQueries) {
    parallelFor((settings.resamples + kResamplesAtOnce - 1) / kResamplesAtOnce, [&](std::size_t block) {
      Resampler resampler(settings, queries);
      const std::size_t end = std::min(settings.resamples, (block + 1) * kResamplesAtOnce);
      for (std::size_t r = block * kResamplesAtOnce; r < end; ++r) {
        resampler.begin(r);
        for (const std::size_t i : members) {
          out[i][r] = resampler.mean(grids[i], further[i]);
        }
      }
    });
  }
  return out;
}

Interval percentileInterval(std::vector<double> values) {
  LIX_REQUIRE(!values.empty());
  std::ranges::sort(values);
  const auto quantile = [&](double p) {
    const double place = p * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    // Not a sum of two parts, so that equal neighbours give themselves.
    return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
  };
  return {quantile(0.025), quantile(0.975)};
}

Estimate bootstrapMean(const OutcomeGrid& grid, const BootstrapSettings& settings) {
  return {meanOutcome(grid), percentileInterval(resampledMeans({&grid, 1}, settings)[0])};
}

Estimate bootstrapDifference(const OutcomeGrid& a, const OutcomeGrid& b, const BootstrapSettings& settings) {
  const std::array<OutcomeGrid, 2> both{a, b};
  auto means = resampledMeans(both, settings);
  for (std::size_t r = 0; r < settings.resamples; ++r) {
    means[0][r] -= means[1][r];
  }
  return {meanOutcome(a) - meanOutcome(b), percentileInterval(std::move(means[0]))};
}

}  // namespace lix::study
