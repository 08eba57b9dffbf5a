#include "pages/curves/reach.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "study/metrics/bootstrap.h"

namespace lix::app {
namespace {

std::vector<figures::CurvePoint> measured(const figures::CurveSeries& series) {
  std::vector<figures::CurvePoint> points;
  std::ranges::copy_if(series.points, std::back_inserter(points), [](const auto& point) { return point.x > 0.0; });
  std::ranges::sort(points, {}, &figures::CurvePoint::x);
  return points;
}

constexpr std::uint64_t kResamples = 2000, kStream = 0x7265616368;  // "reach"
constexpr double kNormal95 = 1.959963984540054;

/// "8", "13.5".
std::string number(double value) {
  char text[32];
  const bool whole = std::abs(value - std::round(value)) < 0.05;
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%.1f", value);
  return text;
}

using Values = std::map<long long, double>;  // by support draw

/// The mean over models of each support draw.
Values valuesOf(const store::CurvePoint& point) {
  std::map<long long, std::pair<double, int>> sums;
  for (const store::EvaluationRow& row : point.rows) {
    if (row.supportSeed) {
      sums[*row.supportSeed].first += row.value;
      ++sums[*row.supportSeed].second;
    }
  }
  Values values;
  for (const auto& [draw, sum] : sums) {
    values[draw] = sum.first / sum.second;
  }
  return values;
}

/// Means of resampled draws, [points][resamples]; the same draws for all points. What they are off the mean by is widened,
/// so that of few draws the interval is as wide as Student's.
std::vector<std::vector<double>> resampledDraws(const std::vector<Values>& points, const std::vector<long long>& draws) {
  const double n = double(draws.size());
  const double wider = store::studentT95(int(draws.size()) - 1) / kNormal95 * std::sqrt(n / (n - 1.0));
  std::vector<std::vector<double>> means(points.size());
  std::vector<double> centre(points.size(), 0.0);
  for (std::size_t p = 0; p < points.size(); ++p) {
    for (const long long draw : draws) {
      centre[p] += points[p].at(draw) / n;
    }
  }
  for (std::uint64_t r = 0; r < kResamples; ++r) {
    Random random(0, kStream, r);
    std::vector<double> sums(points.size(), 0.0);
    for (std::size_t i = 0; i < draws.size(); ++i) {
      const long long draw = draws[random.below(draws.size())];
      for (std::size_t p = 0; p < points.size(); ++p) {
        sums[p] += points[p].at(draw);
      }
    }
    for (std::size_t p = 0; p < points.size(); ++p) {
      means[p].push_back(centre[p] + wider * (sums[p] / n - centre[p]));
    }
  }
  return means;
}

/// The draws that all points share.
std::vector<long long> sharedDraws(const std::vector<Values>& points) {
  std::vector<long long> draws;
  for (const auto& [draw, value] : points.front()) {
    if (std::ranges::all_of(points, [&](const Values& values) { return values.contains(draw); })) {
      draws.push_back(draw);
    }
  }
  return draws;
}

std::string endText(double shots, const study::SampleEfficiency& found) {
  return std::isinf(shots)       ? cat("more than ", number(found.most))
         : shots <= found.fewest ? cat(number(found.fewest), " or fewer")
                                 : number(shots);
}

std::string shotsText(double value) { return cat(number(value), number(value) == "1" ? " shot" : " shots"); }

}  // namespace

std::optional<ReachAnswer> shotsToReach(const figures::CurveSeries& curve, double shots,
                                        const figures::CurveSeries& other) {
  const auto here = measured(curve), there = measured(other);
  const auto at = std::ranges::find(here, shots, &figures::CurvePoint::x);
  if (at == here.end() || there.empty()) {
    return std::nullopt;
  }
  const double wanted = at->mean;
  if (there.front().mean >= wanted) {
    return ReachAnswer{ReachAnswer::Kind::AtFirst, there.front().x, wanted};
  }
  for (std::size_t i = 1; i < there.size(); ++i) {
    const figures::CurvePoint &low = there[i - 1], &high = there[i];
    if (high.mean >= wanted) {  // and low is below it
      const double share = (wanted - low.mean) / (high.mean - low.mean);
      const double exponent = std::log2(low.x) + share * (std::log2(high.x) - std::log2(low.x));
      return ReachAnswer{ReachAnswer::Kind::Reached, std::exp2(exponent), wanted};
    }
  }
  return ReachAnswer{ReachAnswer::Kind::NotReached, there.back().x, wanted};
}

std::string sentenceOf(const ReachAnswer& answer, const std::string& curve, double shots, const std::string& other) {
  const std::string here =
      cat(shotsText(shots), " of ", curve, shots == 1.0 ? " gives " : " give ", number(100.0 * answer.accuracy), " %");
  switch (answer.kind) {
    case ReachAnswer::Kind::Reached:
      return cat(here, "; ", other, " needs about ", shotsText(answer.shots), " for that.");
    case ReachAnswer::Kind::AtFirst:
      return cat(here, "; ", other, " has that already at ", shotsText(answer.shots),
                 ", the fewest that were measured.");
    case ReachAnswer::Kind::NotReached:
      break;
  }
  return cat(here, "; ", other, " does not reach that with up to ", shotsText(answer.shots), ", the most measured.");
}

std::optional<ReachInterval> reachInterval(const store::CurvePoint& at, std::span<const store::CurvePoint* const> other,
                                           const store::OutcomeTable& outcomes) {
  std::map<int, const store::CurvePoint*> curve;
  for (const store::CurvePoint* point : other) {
    if (point->of.shots > 0) {
      curve[point->of.shots] = point;
    }
  }
  if (curve.empty()) {
    return std::nullopt;
  }
  std::vector<const store::CurvePoint*> all{&at};
  std::vector<double> shots, means;
  for (const auto& [count, point] : curve) {
    all.push_back(point);
    shots.push_back(count);
    means.push_back(point->mean);
  }
  ReachInterval interval;
  std::vector<std::vector<double>> resampled;
  double level = at.mean;
  if (const auto grids = store::alignedGrids(all, outcomes)) {
    interval.over = ReachInterval::Over::Queries;
    level = study::meanOutcome(grids->front());
    for (std::size_t i = 0; i < means.size(); ++i) {
      means[i] = study::meanOutcome((*grids)[i + 1]);
    }
    resampled = study::resampledMeans(*grids);
  } else {
    std::vector<Values> values;
    for (const store::CurvePoint* point : all) {
      values.push_back(valuesOf(*point));
    }
    const auto draws = sharedDraws(values);
    if (draws.size() < 2) {
      return std::nullopt;
    }
    interval.draws = int(draws.size());
    resampled = resampledDraws(values, draws);
  }
  interval.found =
      study::sampleEfficiency(level, shots, means, resampled.front(), std::span(resampled).subspan(1));
  return interval.found.interval ? std::optional(interval) : std::nullopt;
}

std::string sentenceOf(const ReachInterval& interval) {
  const study::SampleEfficiency& found = interval.found;
  return cat("95 % interval of these shots: ", endText(found.interval->low, found), " to ",
             endText(found.interval->high, found), ", over ",
             interval.over == ReachInterval::Over::Queries ? std::string("query pictures and draws that both share")
                                                           : cat(interval.draws, " support draws that both share"),
             ".");
}

}  // namespace lix::app
