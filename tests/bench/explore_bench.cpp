// Exploring a large dataset: lix_explore_bench [ROWS [COLUMNS]] (1,000,000 rows of 512 numbers by default).
// Each case against plain loops over the same numbers; the plain ones of what would take hours run on a part and say so.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "study/explore/groups.h"
#include "study/explore/half_rows.h"
#include "study/explore/neighbour_graph.h"
#include "study/explore/projection.h"
#include "study/explore/suspects.h"

namespace {
using namespace lix;

template <class Body>
double seconds(Body&& body) {
  const auto begun = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

/// Rows around a hundred directions, by a generator of 32 bits: quick, and the same every time.
study::HalfRows made(std::size_t rows, std::size_t columns) {
  study::HalfRows all(columns);
  all.reserve(rows);
  constexpr std::size_t kBlock = 4096, kCentres = 100;
  std::uint32_t state = 1;
  const auto next = [&] {
    state = state * 1664525u + 1013904223u;
    return float(state >> 8) / float(1u << 23) - 1.f;
  };
  std::vector<float> centres(kCentres * columns), block;
  std::ranges::generate(centres, next);
  for (std::size_t first = 0; first < rows; first += kBlock) {
    const std::size_t count = std::min(kBlock, rows - first);
    block.resize(count * columns);
    for (std::size_t i = 0; i < count; ++i) {
      float square = 0.f;
      for (std::size_t d = 0; d < columns; ++d) {
        float& value = block[i * columns + d];
        value = centres[(first + i) % kCentres * columns + d] + 0.8f * next();
        square += value * value;
      }
      for (std::size_t d = 0; d < columns; ++d) {
        block[i * columns + d] /= std::sqrt(square);
      }
    }
    if (!all.append({block, count, columns})) {
      std::exit(1);
    }
  }
  return all;
}

/// One float after the other, then a sort of all.
std::vector<std::uint32_t> plainNearest(const std::vector<float>& rows, std::size_t columns, const std::vector<float>& query,
                                        std::size_t k) {
  std::vector<std::pair<float, std::uint32_t>> all(rows.size() / columns);
  for (std::size_t i = 0; i < all.size(); ++i) {
    float sum = 0.f;
    for (std::size_t d = 0; d < columns; ++d) {
      sum += query[d] * rows[i * columns + d];
    }
    all[i] = {-sum, std::uint32_t(i)};
  }
  std::ranges::sort(all);
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < std::min(k, all.size()); ++i) {
    found.push_back(all[i].second);
  }
  return found;
}

void search(const study::HalfRows& rows) {
  std::vector<float> query(rows.width());
  rows.read(7, 1, query);
  constexpr std::size_t k = 200;
  std::vector<double> times;
  std::vector<adapt::Neighbour> found;
  const std::clock_t before = std::clock();
  for (int i = 0; i < 21; ++i) {
    times.push_back(seconds([&] { found = adapt::nearest(query, rows.view(), k); }));
  }
  const double worked = double(std::clock() - before) / CLOCKS_PER_SEC / double(times.size()) / usualThreads();
  std::printf("search: %.1f ms of each thread's processor, what an idle machine takes\n", 1e3 * worked);
  std::ranges::sort(times);
  const std::size_t part = std::min<std::size_t>(rows.rows(), 200'000);
  std::vector<float> floats(part * rows.width());
  rows.read(0, part, floats);
  std::vector<std::uint32_t> plain;
  const double slow = seconds([&] { plain = plainNearest(floats, rows.width(), query, k); });
  std::printf("search: the %zu nearest of %zu rows: %.1f ms (median of %zu, most %.1f ms); plain loops %.1f ms on %zu of "
              "them, %.1f ms for all: %.1fx\n",
              k, rows.rows(), 1e3 * times[times.size() / 2], times.size(), 1e3 * times.back(), 1e3 * slow, part,
              1e3 * slow * double(rows.rows()) / double(part),
              slow * double(rows.rows()) / double(part) / times[times.size() / 2]);
  if (part == rows.rows()) {
    std::size_t equal = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      equal += found[i].row == plain[i] ? 1 : 0;
    }
    std::printf("  %zu of %zu at the same place\n", equal, found.size());
  }
}

void graph(const study::HalfRows& rows, std::size_t part) {
  study::HalfRows some(rows.width());
  std::vector<float> block(4096 * rows.width());
  for (std::size_t first = 0; first < part; first += 4096) {
    const std::size_t count = std::min<std::size_t>(4096, part - first);
    rows.read(first, count, block);
    (void)some.append({std::span<const float>(block).first(count * rows.width()), count, rows.width()});
  }
  Result<study::NeighbourGraph> made = study::NeighbourGraph();
  const double took = seconds([&] { made = study::neighbourGraph(some, 10); });
  std::vector<float> floats(part * rows.width());
  some.read(0, part, floats);
  const std::size_t queries = 20;
  std::vector<float> query(rows.width());
  const double slow = seconds([&] {
    for (std::size_t i = 0; i < queries; ++i) {
      some.read(i, 1, query);
      (void)plainNearest(floats, rows.width(), query, 11);
    }
  });
  const double all = slow * double(part) / double(queries);
  std::printf("graph: 10 neighbours of each of %zu rows: %.2f s (%.1f billion products a second); plain loops %.0f s: %.0fx\n", part,
              took, double(part) * double(part) * double(rows.width()) / took / 1e9, all, all / took);
  std::vector<study::Group> groups;
  const double grouped = seconds([&] { groups = study::nearGroups(*made, 0.7f); });
  std::printf("  near groups at another limit: %.2f ms (%zu groups)\n", 1e3 * grouped, groups.size());
}

}  // namespace

int main(int count, char** arguments) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::size_t rows = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000;
  const std::size_t columns = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 512;
  study::HalfRows all(columns);
  const double making = seconds([&] { all = made(rows, columns); });
  std::printf("%zu rows of %zu numbers, %.0f MiB as halves (made in %.1f s), %u threads\n", rows, columns,
              double(rows) * double(columns) * 2 / 1048576, making, usualThreads());
  search(all);
  graph(all, std::min<std::size_t>(rows, 20'000));
  std::vector<int> labels(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    labels[i] = int(i % 100);
  }
  const double doubts = seconds([&] { (void)study::labelDoubts(all, labels, 100); });
  std::printf("doubted labels of %zu rows in 100 classes: %.2f s\n", rows, doubts);
  const double plane = seconds([&] { (void)study::principalPlane(all); });
  std::printf("principal plane of %zu rows: %.2f s\n", rows, plane);
  return 0;
}
