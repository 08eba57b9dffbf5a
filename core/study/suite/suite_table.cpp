#include "study/suite/suite_table.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/random.h"
#include "base/text.h"

namespace lix::study {
namespace {

constexpr std::uint64_t kDatasetStream = 0x53554954, kSeedStream = 0x53454544,
                        kDrawStream = 0x44524157;  // "SUIT", "SEED", "DRAW"

/// The values of one model: [dataset][seed * draws + draw], with gaps.
struct Grid {
  std::vector<std::string> seeds, draws;
  std::vector<std::vector<std::optional<double>>> cells;
};

double meanOf(std::span<const double> values) {
  double sum = 0.0;
  for (const double value : values) {
    sum += value;
  }
  return sum / double(values.size());
}

/// The mean over those of the given seeds and draws that the dataset has; nothing where it has none of them.
std::optional<double> cellMean(const Grid& grid, std::size_t dataset, std::span<const std::size_t> seeds,
                               std::span<const std::size_t> draws) {
  std::vector<double> values;
  for (const std::size_t seed : seeds) {
    for (const std::size_t draw : draws) {
      if (const auto& value = grid.cells[dataset][seed * grid.draws.size() + draw]) {
        values.push_back(*value);
      }
    }
  }
  return values.empty() ? std::nullopt : std::optional(meanOf(values));
}

std::vector<std::size_t> drawn(std::size_t n, Random random) {
  std::vector<std::size_t> out(n);
  for (std::size_t& one : out) {
    one = n == 1 ? 0 : std::size_t(random.below(n));
  }
  return out;
}

Grid gridOf(const std::string& model, const std::vector<std::string>& datasets, std::span<const SuiteValue> values) {
  Grid grid;
  for (const SuiteValue& one : values) {
    if (one.model != model || std::ranges::find(datasets, one.dataset) == datasets.end()) {
      continue;
    }
    for (auto [names, name] : {std::pair(&grid.seeds, &one.seed), {&grid.draws, &one.draw}}) {
      if (std::ranges::find(*names, *name) == names->end()) {
        names->push_back(*name);
      }
    }
  }
  grid.cells.assign(datasets.size(), std::vector<std::optional<double>>(grid.seeds.size() * grid.draws.size()));
  for (const SuiteValue& one : values) {
    const auto dataset = std::ranges::find(datasets, one.dataset);
    if (one.model == model && dataset != datasets.end()) {
      const auto seed = std::size_t(std::ranges::find(grid.seeds, one.seed) - grid.seeds.begin());
      const auto draw = std::size_t(std::ranges::find(grid.draws, one.draw) - grid.draws.begin());
      grid.cells[std::size_t(dataset - datasets.begin())][seed * grid.draws.size() + draw] = one.value;
    }
  }
  return grid;
}

std::optional<Interval> intervalOf(const Grid& grid, const SuiteLine& line, const std::vector<std::size_t>& common,
                                   const BootstrapSettings& settings) {
  if (common.empty() || (common.size() < 2 && grid.seeds.size() < 2 && grid.draws.size() < 2)) {
    return std::nullopt;
  }
  std::vector<double> means(settings.resamples);
  for (std::size_t r = 0; r < settings.resamples; ++r) {
    const auto sets = drawn(common.size(), Random(settings.seed, kDatasetStream, r, common.size()));
    const auto seeds = drawn(grid.seeds.size(), Random(settings.seed, kSeedStream, r, grid.seeds.size()));
    const auto draws = drawn(grid.draws.size(), Random(settings.seed, kDrawStream, r, grid.draws.size()));
    for (const std::size_t set : sets) {
      const std::size_t d = common[set];
      means[r] += cellMean(grid, d, seeds, draws).value_or(*line.cells[d]) / double(sets.size());
    }
  }
  return percentileInterval(std::move(means));
}

std::vector<std::string> notesOf(const SuiteTable& table) {
  std::vector<std::string> notes;
  for (const SuiteLine& line : table.lines) {
    std::vector<std::string> missing;
    for (std::size_t d = 0; d < table.datasets.size(); ++d) {
      if (!line.cells[d]) {
        missing.push_back(table.datasets[d]);
      }
    }
    if (!missing.empty()) {
      notes.push_back(cat(line.model, " was not measured on ", join(missing, ", "), "."));
    }
  }
  if (!table.lines.empty() && table.common.size() < table.datasets.size()) {
    notes.push_back(cat("Averages are over the ", table.common.size(), " of ", table.datasets.size(),
                        " datasets that every model was measured on."));
  }
  return notes;
}

}  // namespace

SuiteTable suiteTable(const std::string& title, const std::vector<std::string>& datasets,
                      std::span<const SuiteValue> values, const BootstrapSettings& settings) {
  SuiteTable table{.title = title, .datasets = datasets};
  std::vector<Grid> grids;
  for (const SuiteValue& one : values) {
    if (std::ranges::find(table.lines, one.model, &SuiteLine::model) != table.lines.end() ||
        std::ranges::find(datasets, one.dataset) == datasets.end()) {
      continue;
    }
    grids.push_back(gridOf(one.model, datasets, values));
    SuiteLine line{.model = one.model, .seeds = grids.back().seeds.size(), .draws = grids.back().draws.size()};
    std::vector<std::size_t> seeds(line.seeds), draws(line.draws);
    std::iota(seeds.begin(), seeds.end(), std::size_t{0});
    std::iota(draws.begin(), draws.end(), std::size_t{0});
    for (std::size_t d = 0; d < datasets.size(); ++d) {
      line.cells.push_back(cellMean(grids.back(), d, seeds, draws));
    }
    table.lines.push_back(std::move(line));
  }
  for (std::size_t d = 0; d < datasets.size(); ++d) {
    if (std::ranges::all_of(table.lines, [&](const SuiteLine& line) { return line.cells[d].has_value(); })) {
      table.common.push_back(d);
    }
  }
  for (std::size_t m = 0; m < table.lines.size(); ++m) {
    std::vector<double> cells;
    for (const std::size_t d : table.common) {
      cells.push_back(*table.lines[m].cells[d]);
    }
    if (!cells.empty()) {
      table.lines[m].average = meanOf(cells);
      table.lines[m].interval = intervalOf(grids[m], table.lines[m], table.common, settings);
    }
  }
  table.notes = notesOf(table);
  return table;
}

}  // namespace lix::study
