#include "store/metric_store.h"

#include <cmath>
#include <map>

#include "base/text.h"
#include "store/connection.h"

namespace lix::store {
namespace {

/// What metric_series says of the runs' series, counted anew from the points; `names` of one run, or all where it is "".
void recount(Connection& connection, long long run, std::string_view name) {
  Query(connection, "DELETE FROM metric_series WHERE run = ?1 AND ?2 IN ('', name)").with(run, name).run();
  Query(connection,
        "INSERT INTO metric_series (name, run, points, gaps, last_step, last_value) "
        "SELECT name, run, count(*), count(*) - count(value), max(step), value FROM metric_points "
        "WHERE run = ?1 AND ?2 IN ('', name) GROUP BY name")
      .with(run, name)
      .run();
}

/// What new points add to a series.
struct Added {
  long long points = 0, gaps = 0, firstStep = 0, lastStep = 0;
  double lastValue = 0.0;
  bool isRising = true;
};

/// Points after the last one are added to what is known; what may replace others is counted anew.
void addEnds(Connection& connection, long long run, std::span<const MetricPoint> points) {
  std::map<std::string_view, Added> all;
  for (const MetricPoint& point : points) {
    Added& added = all[point.name];
    added.isRising = added.isRising && (added.points == 0 || point.step > added.lastStep);
    added.firstStep = added.points == 0 ? point.step : added.firstStep;
    added.lastStep = point.step;
    added.lastValue = point.value;
    ++added.points;
    added.gaps += std::isnan(point.value) ? 1 : 0;
  }
  Query known(connection, "SELECT last_step FROM metric_series WHERE name = ? AND run = ?");
  Query grow(connection,
             "UPDATE metric_series SET points = points + ?, gaps = gaps + ?, last_step = ?, last_value = ? "
             "WHERE name = ? AND run = ?");
  Query insert(connection,
               "INSERT INTO metric_series (points, gaps, last_step, last_value, name, run) VALUES (?, ?, ?, ?, ?, ?)");
  for (const auto& [name, added] : all) {
    const bool isKnown = known.with(name, run).next();
    if (!added.isRising || (isKnown && known.integer() >= added.firstStep)) {
      recount(connection, run, name);
    } else {
      (isKnown ? grow : insert).with(added.points, added.gaps, added.lastStep, added.lastValue, name, run).run();
    }
  }
}

}  // namespace

Result<void> MetricStore::append(long long run, std::span<const MetricPoint> points) const {
  return writing(*connection_, [&]() -> Result<void> {
    if (!Query(*connection_, "SELECT 1 FROM runs WHERE id = ?").with(run).next()) {
      return fail(ErrorCode::NotFound,
                  cat("The workspace has no run with id ", run, " any more, so its metrics have no place."));
    }
    Query insert(*connection_, "INSERT OR REPLACE INTO metric_points (run, step, name, value) VALUES (?, ?, ?, ?)");
    for (const MetricPoint& point : points) {
      insert.with(run, point.step, point.name, point.value).run();
    }
    addEnds(*connection_, run, points);
    return {};
  });
}

Result<void> MetricStore::forgetAfter(long long run, long long step) const {
  return writing(*connection_, [&]() -> Result<void> {
    Query(*connection_, "DELETE FROM metric_points WHERE run = ? AND step > ?").with(run, step).run();
    recount(*connection_, run, "");
    return {};
  });
}

Result<std::vector<std::string>> MetricStore::names(long long run) const {
  return reading(*connection_, [&]() -> Result<std::vector<std::string>> {
    Query query(*connection_, "SELECT DISTINCT name FROM metric_points WHERE run = ? ORDER BY name");
    std::vector<std::string> names;
    for (query.with(run); query.next();) {
      names.push_back(query.text());
    }
    return names;
  });
}

Result<std::vector<MetricPoint>> MetricStore::series(long long run, std::string_view name, long long after) const {
  return reading(*connection_, [&]() -> Result<std::vector<MetricPoint>> {
    Query query(*connection_,
                "SELECT step, name, value FROM metric_points WHERE run = ? AND step > ? AND name = ? ORDER BY step");
    std::vector<MetricPoint> points;
    for (query.with(run, after, name); query.next();) {
      MetricPoint point;
      point.step = query.integer();
      point.name = query.text();
      point.value = query.real();
      points.push_back(std::move(point));
    }
    return points;
  });
}

Result<MetricStore::Part> MetricStore::part(long long run, long long after, std::size_t most) const {
  return reading(*connection_, [&]() -> Result<Part> {
    Query query(*connection_,
                "SELECT step, name, value FROM metric_points WHERE run = ? AND step > ? ORDER BY step, name");
    Part part{.series = {}, .lastStep = after};
    std::size_t points = 0, next = 0;
    for (query.with(run, after); query.next(); ++points) {
      const long long step = query.integer();
      if (points >= most && step != part.lastStep) {
        part.isLast = false;
        break;
      }
      next = step != part.lastStep ? 0 : next;
      part.lastStep = step;
      // Steps mostly have the same names in the same order, so the series is nearly always the next one.
      const std::string name = query.text();
      while (next < part.series.size() && part.series[next].name < name) {
        ++next;
      }
      if (next == part.series.size() || part.series[next].name != name) {
        part.series.insert(part.series.begin() + std::ptrdiff_t(next), MetricSeries{name, {}, {}});
      }
      part.series[next].steps.push_back(static_cast<double>(step));
      part.series[next].values.push_back(query.real());
    }
    return part;
  });
}

}  // namespace lix::store
