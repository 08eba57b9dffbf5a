#include "study/train/canary_watch.h"

#include <cmath>
#include <iomanip>

#include "base/text.h"
#include "study/metrics/statistics.h"

namespace lix::study {
namespace {

/// In points of a per cent.
std::string points(double share) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << 100.0 * share;
  return text.str();
}

/// Mean difference of hits now and at the start; its 95 % interval where two pictures or more give one.
Summary change(const std::vector<std::uint8_t>& before, const std::vector<std::uint8_t>& now) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < before.size(); ++i) {
    differences.push_back(static_cast<double>(now[i]) - static_cast<double>(before[i]));
  }
  return summarise(differences);
}

void judgeChange(const CanaryReading& reading, int step, CanaryMemory& memory, CanaryVerdict& verdict) {
  const Summary found = change(memory.baseline, reading.zeroShotHits);
  verdict.series["canary.zero_shot_change"] = found.mean;
  if (!found.interval) {
    return;
  }
  const double low = found.mean - *found.interval, high = found.mean + *found.interval;
  verdict.series["canary.zero_shot_change_low"] = low;
  verdict.series["canary.zero_shot_change_high"] = high;
  const bool drops = high < 0.0;
  if (drops != memory.dropped) {
    verdict.notice =
        drops ? cat("Zero-shot accuracy has really dropped at step ", step, ": by ", points(-found.mean),
                    " points on the same ", found.count, " pictures since the start (95 % interval ", points(-high), " to ",
                    points(-low), ").")
              : cat("Zero-shot accuracy is no longer clearly below its start at step ", step, ": the change is ",
                    points(found.mean), " points (95 % interval ", points(low), " to ", points(high), ").");
  }
  memory.dropped = drops;
}

Result<void> judgeBest(const CanaryReading& reading, const TrainSettings& settings, int step, CanaryMemory& memory,
                       CanaryVerdict& verdict) {
  if (settings.canaryBest.empty()) {
    return {};
  }
  const auto value = reading.series.find(settings.canaryBest);
  if (value == reading.series.end()) {
    std::vector<std::string> names;
    for (const auto& [name, ignored] : reading.series) {
      names.push_back(name);
    }
    return fail(ErrorCode::BadInput, cat("The canary has no series '", settings.canaryBest,
                                         "' to choose the best step by; choose one of: ", join(names, ", "), "."));
  }
  if (std::isfinite(value->second) && (!memory.best || value->second > *memory.best)) {
    memory.best = value->second;
    memory.bestStep = step;
    verdict.isBest = true;
  }
  verdict.series["canary.best_step"] = memory.bestStep;
  return {};
}

}  // namespace

Result<CanaryVerdict> judge(const CanaryReading& reading, const TrainSettings& settings, int step,
                            CanaryMemory& memory) {
  if (memory.baseline.empty()) {
    memory.baseline = reading.zeroShotHits;
    memory.draw = reading.draw;
  }
  if (memory.baseline.size() != reading.zeroShotHits.size() || memory.baseline.empty()) {
    return fail(ErrorCode::BadInput,
                cat("The canary saw ", reading.zeroShotHits.size(), " pictures and ", memory.baseline.size(),
                    " at the start of the run; it must see the same ones. Put its dataset back."));
  }
  if (!memory.draw.empty() && memory.draw != reading.draw) {
    return fail(ErrorCode::BadInput,
                cat("The canary sees other pictures, labels or classes than at the start of the run, as many as they ",
                    "are (", reading.zeroShotHits.size(), "); it must see the same ones. Put its dataset back."));
  }
  CanaryVerdict verdict{.series = reading.series};
  judgeChange(reading, step, memory, verdict);
  LIX_CHECK(judgeBest(reading, settings, step, memory, verdict));
  return verdict;
}

}  // namespace lix::study
