#include "study/support/shots_curve.h"

#include <algorithm>
#include <map>

#include "base/random.h"
#include "study/support/support_problem.h"

namespace lix::study {
namespace {

constexpr std::uint64_t kStream = 0x73686f7473;  // "shots"

using Rows = std::map<int, std::vector<std::size_t>>;  // of the support, by class

Rows rowsByClass(const SupportTask& task) {
  Rows rows;
  for (std::size_t i = 0; i < task.support.labels.size(); ++i) {
    rows[task.support.labels[i]].push_back(i);
  }
  return rows;
}

/// The first `shots` pictures of each class in the order of a draw, with memory of their own.
struct Draw {
  std::vector<float> values;
  std::vector<int> labels;

  Draw(const SupportTask& task, const Rows& rows, std::size_t shots, std::uint64_t seed, std::size_t draw) {
    for (const auto& [label, of] : rows) {
      std::vector<std::pair<std::uint64_t, std::size_t>> order;  // of equal contents the first is first
      for (const std::size_t row : of) {
        const std::uint64_t hash = task.supportHashes.empty() ? row : task.supportHashes[row];
        order.emplace_back(Random(seed, kStream, draw, hash).next(), row);
      }
      std::ranges::sort(order);
      for (std::size_t k = 0; k < shots; ++k) {
        const auto row = task.support.features.row(order[k].second);
        values.insert(values.end(), row.begin(), row.end());
        labels.push_back(label);
      }
    }
  }
  SupportTask of(const SupportTask& task) const {
    SupportTask drawn = task;
    drawn.supportHashes = {};
    drawn.support = {{values, labels.size(), task.support.features.columns}, labels};
    return drawn;
  }
};

void add(ShotsCurve& curve, std::size_t shots, const AdapterScore& score) {
  if (!score.accuracy) {
    curve.refusal = score.refusal;
    return;
  }
  if (curve.points.empty() || curve.points.back().shots != shots) {
    curve.points.push_back({.shots = shots});
  }
  curve.points.back().values.push_back(*score.accuracy);
}

}  // namespace

std::vector<std::size_t> shotCounts(std::size_t smallest) {
  std::vector<std::size_t> counts;
  for (std::size_t shots = 1; shots < smallest; shots *= 2) {
    counts.push_back(shots);
  }
  if (smallest > 0) {
    counts.push_back(smallest);
  }
  return counts;
}

Result<std::vector<ShotsCurve>> shotsCurves(const SupportTask& task, const ShotsSettings& settings,
                                            const Progress& progress) {
  LIX_TRY(const SupportProblem problem, supportProblem(task));
  if (problem.scored.empty()) {
    return fail(ErrorCode::BadInput,
                "Accuracy against shots needs query pictures of the set's classes, and there are none: choose a "
                "dataset that has some.");
  }
  const Rows rows = rowsByClass(task);
  std::size_t smallest = task.support.labels.size(), largest = 0;
  for (const auto& [label, of] : rows) {
    smallest = std::min(smallest, of.size());
    largest = std::max(largest, of.size());
  }
  const auto counts = shotCounts(smallest);
  std::vector<const adapt::Adapter*> learning;
  std::vector<ShotsCurve> curves;
  for (const adapt::Adapter* adapter : supportAdapters(Adapters::Quick)) {
    if (adapter->needsSupport) {
      learning.push_back(adapter);
      curves.push_back({.id = adapter->id, .title = adapter->title});
    }
  }
  const auto fits = static_cast<long long>(counts.size() * settings.draws);
  long long done = 0;
  for (const std::size_t shots : counts) {
    const std::size_t draws = shots == largest ? std::min<std::size_t>(settings.draws, 1) : settings.draws;
    for (std::size_t draw = 0; draw < draws; ++draw) {
      if (!report(progress, "Drawing fewer pictures", done++, fits)) {
        return fail(ErrorCode::Cancelled, "Drawing accuracy against shots was cancelled.");
      }
      const Draw drawn(task, rows, shots, settings.seed, draw);
      const auto scores = scoreSupport(drawn.of(task), learning, settings.adapters);
      for (std::size_t a = 0; a < scores.size(); ++a) {
        add(curves[a], shots, scores[a]);
      }
    }
  }
  for (const adapt::Adapter* adapter : supportAdapters(Adapters::Quick)) {
    if (!adapter->needsSupport) {
      ShotsCurve curve{.id = adapter->id, .title = adapter->title};
      add(curve, 0, scoreSupport(task, std::span(&adapter, 1), settings.adapters).front());
      curves.push_back(std::move(curve));
    }
  }
  for (ShotsCurve& curve : curves) {
    for (ShotsPoint& point : curve.points) {
      point.summary = summarise(point.values);
    }
  }
  return curves;
}

}  // namespace lix::study
