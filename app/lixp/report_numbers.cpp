#include "lixp/report_numbers.h"

#include <array>
#include <optional>
#include <tuple>

namespace lix::app {
namespace {

using Curve = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string>;
using Pair = std::array<std::optional<double>, 2>;

study::Summary over(const std::map<long long, Pair>& draws) {
  std::vector<double> differences;
  for (const auto& [seed, pair] : draws) {
    if (pair[0] && pair[1]) {
      differences.push_back(*pair[0] - *pair[1]);
    }
  }
  return study::summarise(differences);
}

/// Draws are nested: the same seed at another shot count is the same draw, cut earlier.
study::Summary overShots(const std::map<int, std::map<long long, Pair>>& byShots) {
  std::map<long long, std::vector<double>> byDraw;
  for (const auto& [shots, draws] : byShots) {
    for (const auto& [seed, pair] : draws) {
      if (pair[0] && pair[1]) {
        byDraw[seed].push_back(*pair[0] - *pair[1]);
      }
    }
  }
  std::vector<double> means;
  for (const auto& [seed, differences] : byDraw) {
    if (differences.size() == byShots.size()) {
      means.push_back(study::summarise(differences).mean);
    }
  }
  return study::summarise(means);
}

}  // namespace

std::vector<PairedDifference> pairedDifferences(std::span<const store::EvaluationRow> rows, const std::string& first,
                                                const std::string& second) {
  std::map<Curve, std::map<int, std::map<long long, Pair>>> curves;
  for (const store::EvaluationRow& row : rows) {  // oldest first: a newer measurement replaces an older
    const bool isFirst = row.checkpointLabel == first;
    if (row.kind != "few-shot" || row.metric != "top1" || row.adapter == "zero-shot" || row.shots == 0 ||
        !row.supportSeed || (!isFirst && row.checkpointLabel != second)) {
      continue;
    }
    curves[{row.dataset, row.labelSet, row.adapter, row.split, row.templates, row.settings}][row.shots]
          [*row.supportSeed][isFirst ? 0 : 1] = row.value;
  }
  std::vector<PairedDifference> all;
  for (auto& [curve, byShots] : curves) {
    PairedDifference one{.dataset = std::get<0>(curve),
                         .labelSet = std::get<1>(curve),
                         .adapter = std::get<2>(curve),
                         .byShots = {},
                         .mean = {}};
    std::erase_if(byShots, [](const auto& entry) { return over(entry.second).count == 0; });
    for (const auto& [shots, draws] : byShots) {
      one.byShots[shots] = over(draws);
    }
    one.mean = overShots(byShots);
    if (!one.byShots.empty()) {
      all.push_back(std::move(one));
    }
  }
  return all;
}

Verdict verdict(const study::Summary& difference) {
  if (!difference.interval) {
    return Verdict::TooFew;
  }
  if (difference.mean - *difference.interval > 0.0) {
    return Verdict::Gains;
  }
  return difference.mean + *difference.interval < 0.0 ? Verdict::Loses : Verdict::Undecided;
}

std::string_view inWords(Verdict verdict) {
  switch (verdict) {
    case Verdict::Gains:
      return "gains";
    case Verdict::Loses:
      return "loses";
    case Verdict::Undecided:
      return "no difference that these draws can show";
    case Verdict::TooFew:
      return "one draw only, so no interval";
  }
  return "";
}

}  // namespace lix::app
