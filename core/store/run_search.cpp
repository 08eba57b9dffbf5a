#include "store/run_search.h"

#include <algorithm>

#include "base/text.h"
#include "store/run_row.h"

namespace lix::store {
namespace {

constexpr int kSince = 5;  // the schema version that has what is asked here

/// The table of ends, or what it would be in a database without it.
std::string endsTable(Connection& connection) {
  return schemaVersionOf(connection) >= kSince
             ? "metric_series"
             : "(SELECT name, run, count(*) AS points, count(*) - count(value) AS gaps, max(step) AS last_step, "
               "value AS last_value FROM metric_points GROUP BY run, name)";
}

SeriesEnd readEnd(Query& query) {
  SeriesEnd end;
  end.points = query.integer();
  end.gaps = query.integer();
  end.lastStep = query.integer();
  end.lastValue = query.real();
  return end;
}

constexpr const char* kEnd = "points, gaps, last_step, last_value";

}  // namespace

Result<long long> RunSearch::mark() const {
  return reading(*connection_, [&]() -> Result<long long> {
    if (schemaVersionOf(*connection_) < kSince) {
      return 0;
    }
    Query query(*connection_, "SELECT count FROM run_changes");
    return query.next() ? query.integer() : 0;
  });
}

Result<RunChanges> RunSearch::changes(long long since) const {
  LIX_TRY(const long long now, mark());  // before the rows: what changes meanwhile is read twice, never missed
  return reading(*connection_, [&]() -> Result<RunChanges> {
    RunChanges changes{.mark = now, .changed = {}, .trashed = {}};
    const bool all = since <= 0 || schemaVersionOf(*connection_) < kSince;
    Query query(*connection_,
                cat("SELECT ", runColumns(*connection_), " FROM runs",
                    all ? " WHERE ? >= 0" : " WHERE change > ? OR status IN ('running', 'paused')", " ORDER BY id DESC"));
    for (query.with(std::max(0LL, since)); query.next();) {
      RunRow row = readRun(*connection_, query);
      if (row.trashedAt.empty()) {
        changes.changed.push_back(std::move(row));
      } else {
        changes.trashed.push_back(row.id);
      }
    }
    return changes;
  });
}

Result<std::vector<RunRow>> RunSearch::newest(std::size_t most) const {
  return reading(*connection_, [&]() -> Result<std::vector<RunRow>> {
    std::vector<RunRow> rows;
    Query query(*connection_, cat("SELECT ", runColumns(*connection_),
                                  " FROM runs WHERE trashed_at IS NULL ORDER BY id DESC LIMIT ?"));
    for (query.with(most); query.next();) {
      rows.push_back(readRun(*connection_, query));
    }
    return rows;
  });
}

Result<std::set<long long>> RunSearch::archived() const {
  return reading(*connection_, [&]() -> Result<std::set<long long>> {
    std::set<long long> ids;
    if (schemaVersionOf(*connection_) >= kSince) {
      for (Query query(*connection_, "SELECT id FROM runs WHERE archived_at IS NOT NULL ORDER BY id"); query.next();) {
        ids.insert(ids.end(), query.integer());
      }
    }
    return ids;
  });
}

Result<void> RunSearch::archive(std::span<const long long> runs, Archive what) const {
  return writing(*connection_, [&]() -> Result<void> {
    for (const long long id : runs) {
      LIX_TRY(const RunRow row, loadRun(*connection_, id));
      if (what == Archive::PutIn && isActive(row.status)) {
        return fail(ErrorCode::Busy,
                    cat("The run '", row.name, "' is ", nameOf(row.status), ". Stop it before archiving it."));
      }
      LIX_CHECK(what == Archive::PutIn ? updateRun(*connection_, id, "archived_at = coalesce(archived_at, ?)", store::now())
                                       : updateRun(*connection_, id, "archived_at = NULL"));
    }
    return {};
  });
}

Result<std::map<long long, SeriesEnd>> RunSearch::ends(std::string_view series) const {
  return reading(*connection_, [&]() -> Result<std::map<long long, SeriesEnd>> {
    std::map<long long, SeriesEnd> ends;
    Query query(*connection_,
                cat("SELECT run, ", kEnd, " FROM ", endsTable(*connection_), " WHERE name = ? ORDER BY run"));
    for (query.with(series); query.next();) {
      const long long run = query.integer();
      ends.emplace_hint(ends.end(), run, readEnd(query));
    }
    return ends;
  });
}

Result<std::map<std::string, SeriesEnd>> RunSearch::endsOf(long long run) const {
  return reading(*connection_, [&]() -> Result<std::map<std::string, SeriesEnd>> {
    std::map<std::string, SeriesEnd> ends;
    Query query(*connection_,
                cat("SELECT name, ", kEnd, " FROM ", endsTable(*connection_), " WHERE run = ? ORDER BY name"));
    for (query.with(run); query.next();) {
      std::string name = query.text();
      ends.emplace(std::move(name), readEnd(query));
    }
    return ends;
  });
}

Result<std::vector<std::string>> RunSearch::seriesNames() const {
  return reading(*connection_, [&]() -> Result<std::vector<std::string>> {
    std::vector<std::string> names;
    // Steps from name to name: they are few, and the runs that have them many.
    Query query(*connection_, cat("SELECT min(name) FROM ", endsTable(*connection_), " WHERE name > ?"));
    for (std::string last;;) {
      if (!query.with(last).next()) {
        break;
      }
      last = query.text();
      if (last.empty()) {
        break;
      }
      names.push_back(last);
    }
    return names;
  });
}

Result<long long> RunSearch::newestWith(std::span<const std::string_view> series) const {
  LIX_TRY(const auto names, seriesNames());
  return reading(*connection_, [&]() -> Result<long long> {
    long long newest = 0;
    Query query(*connection_, cat("SELECT coalesce(max(run), 0) FROM ", endsTable(*connection_),
                                  " AS ends JOIN runs ON runs.id = ends.run WHERE ends.name = ? AND trashed_at IS NULL"));
    for (const std::string& name : names) {
      const bool wanted = std::ranges::any_of(series, [&](std::string_view one) {
        return one.ends_with('*') ? name.starts_with(one.substr(0, one.size() - 1)) : name == one;
      });
      if (wanted && query.with(name).next()) {
        newest = std::max(newest, query.integer());
      }
    }
    return newest;
  });
}

}  // namespace lix::store
