#include "study/metrics/sample_efficiency.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contracts.h"

namespace lix::study {

std::vector<double> monotone(std::span<const double> values) {
  struct Pool {
    double mean;
    std::size_t count;
  };
  std::vector<Pool> pools;
  for (const double value : values) {
    pools.push_back({value, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean > pools.back().mean) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& into = pools.back();
      const auto count = static_cast<double>(into.count + last.count);
      into.mean = (into.mean * static_cast<double>(into.count) + last.mean * static_cast<double>(last.count)) / count;
      into.count += last.count;
    }
  }
  std::vector<double> out;
  for (const Pool& pool : pools) {
    out.insert(out.end(), pool.count, pool.mean);
  }
  return out;
}

double shotsToReach(std::span<const double> shots, std::span<const double> values, double level) {
  LIX_REQUIRE(!shots.empty() && shots.size() == values.size() && shots.front() >= 1.0 && std::ranges::is_sorted(shots));
  const std::vector<double> rising = monotone(values);
  const auto found = static_cast<std::size_t>(
      std::ranges::find_if(rising, [&](double value) { return value >= level; }) - rising.begin());
  if (found == rising.size()) {
    return std::numeric_limits<double>::infinity();
  }
  if (found == 0) {
    return shots.front();
  }
  const double share = (level - rising[found - 1]) / (rising[found] - rising[found - 1]);
  const double from = std::log2(shots[found - 1]), to = std::log2(shots[found]);
  return share == 1.0 ? shots[found] : std::exp2(from + share * (to - from));
}

SampleEfficiency sampleEfficiency(double level, std::span<const double> shots, std::span<const double> values,
                                  std::span<const double> levels, std::span<const std::vector<double>> curves) {
  SampleEfficiency out{.level = level,
                       .shots = shotsToReach(shots, values, level),
                       .fewest = shots.front(),
                       .most = shots.back(),
                       .interval = {}};
  if (levels.empty()) {
    return out;
  }
  LIX_REQUIRE(curves.size() == shots.size());
  std::vector<double> reached;
  std::vector<double> here(shots.size());
  for (std::size_t r = 0; r < levels.size(); ++r) {
    for (std::size_t i = 0; i < shots.size(); ++i) {
      here[i] = curves[i][r];
    }
    reached.push_back(shotsToReach(shots, here, levels[r]));
  }
  // Order statistics themselves: between a number and infinity nothing can be interpolated.
  std::ranges::sort(reached);
  const auto last = static_cast<double>(reached.size() - 1);
  out.interval = Interval{reached[static_cast<std::size_t>(std::floor(0.025 * last))],
                          reached[static_cast<std::size_t>(std::ceil(0.975 * last))]};
  return out;
}

}  // namespace lix::study
