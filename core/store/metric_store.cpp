#include "store/metric_store.h"

#include "base/text.h"
#include "store/connection.h"

namespace lix::store {

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
    return {};
  });
}

Result<void> MetricStore::forgetAfter(long long run, long long step) const {
  return writing(*connection_, [&]() -> Result<void> {
    Query(*connection_, "DELETE FROM metric_points WHERE run = ? AND step > ?").with(run, step).run();
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

namespace {

std::vector<MetricPoint> readPoints(Query& query) {
  std::vector<MetricPoint> points;
  while (query.next()) {
    MetricPoint point;
    point.step = query.integer();
    point.name = query.text();
    point.value = query.real();
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace

Result<std::vector<MetricPoint>> MetricStore::series(long long run, std::string_view name, long long after) const {
  return reading(*connection_, [&]() -> Result<std::vector<MetricPoint>> {
    Query query(*connection_,
                "SELECT step, name, value FROM metric_points WHERE run = ? AND step > ? AND name = ? ORDER BY step");
    return readPoints(query.with(run, after, name));
  });
}

Result<std::vector<MetricPoint>> MetricStore::points(long long run, long long after) const {
  return reading(*connection_, [&]() -> Result<std::vector<MetricPoint>> {
    Query query(*connection_,
                "SELECT step, name, value FROM metric_points WHERE run = ? AND step > ? ORDER BY step, name");
    return readPoints(query.with(run, after));
  });
}

}  // namespace lix::store
