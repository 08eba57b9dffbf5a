#include "pages/runs/run_reading.h"

#include <algorithm>
#include <functional>
#include <map>

namespace lix::app {
namespace {

constexpr std::size_t kFew = 64;  // runs whose ends are asked one by one

using Ends = std::map<std::string, std::map<long long, store::SeriesEnd>>;  // by series, then run

Result<Ends> endsOf(const store::RunSearch& search, const std::vector<store::RunRow>& rows,
                    const std::vector<std::string>& series) {
  Ends ends;
  if (rows.size() > kFew) {
    for (const std::string& name : series) {
      LIX_TRY(ends[name], search.ends(name));
    }
    return ends;
  }
  for (const store::RunRow& row : rows) {
    LIX_TRY(const auto ofRun, search.endsOf(row.id));
    for (const std::string& name : series) {
      if (const auto found = ofRun.find(name); found != ofRun.end()) {
        ends[name][row.id] = found->second;
      }
    }
  }
  return ends;
}

Result<std::vector<RunItemPtr>> itemsOf(const store::RunSearch& search, std::vector<store::RunRow> rows,
                                        const std::set<long long>& archived, const std::vector<std::string>& series) {
  LIX_TRY(const Ends ends, endsOf(search, rows, series));
  std::vector<RunItemPtr> items;
  items.reserve(rows.size());
  for (store::RunRow& row : rows) {
    auto item = std::make_shared<RunItem>();
    item->isArchived = archived.contains(row.id);
    for (const auto& [name, byRun] : ends) {
      if (const auto found = byRun.find(row.id); found != byRun.end()) {
        item->ends.emplace_back(name, found->second);
      }
    }
    item->row = std::move(row);
    items.push_back(std::move(item));
  }
  return items;
}

/// Whether a list or the panel beside it would show anything else.
bool same(const RunItem& a, const RunItem& b) {
  const store::RunRow &x = a.row, &y = b.row;
  const bool sameEnds = std::ranges::equal(a.ends, b.ends, [](const auto& one, const auto& other) {
    return one.first == other.first && one.second.points == other.second.points &&
           one.second.lastStep == other.second.lastStep && one.second.gaps == other.second.gaps;
  });
  return sameEnds && a.isArchived == b.isArchived && x.name == y.name && x.status == y.status && x.step == y.step &&
         x.stepsTotal == y.stepsTotal && x.tags == y.tags && x.notes == y.notes && x.message == y.message &&
         x.startedAt == y.startedAt && x.finishedAt == y.finishedAt && x.heartbeatAt == y.heartbeatAt &&
         x.recipe == y.recipe && x.dataset == y.dataset && x.settings == y.settings && x.trashedAt == y.trashedAt;
}

auto placeOf(std::vector<RunItemPtr>& items, long long id) {
  return std::ranges::lower_bound(items, id, std::greater<>{}, [](const RunItemPtr& item) { return item->row.id; });
}

}  // namespace

Result<RunsRead> readRuns(const store::Workspace& workspace, long long since, const std::vector<std::string>& series) {
  const store::RunSearch search(workspace);
  RunsRead read;
  LIX_TRY(auto changes, search.changes(since));
  LIX_TRY(read.archived, search.archived());
  LIX_TRY(read.items, itemsOf(search, std::move(changes.changed), read.archived, series));
  read.trashed = std::move(changes.trashed);
  read.mark = changes.mark;
  return read;
}

Result<RunsRead> readNewestRuns(const store::Workspace& workspace, std::size_t most,
                                const std::vector<std::string>& series) {
  const store::RunSearch search(workspace);
  RunsRead read;
  LIX_TRY(auto rows, search.newest(most));
  read.isWhole = rows.size() < most;
  LIX_TRY(read.archived, search.archived());
  LIX_TRY(read.items, itemsOf(search, std::move(rows), read.archived, series));
  return read;
}

Result<std::vector<RunItemPtr>> readTrashedRuns(const store::Workspace& workspace,
                                                const std::vector<std::string>& series) {
  LIX_TRY(auto rows, store::RunStore(workspace).list(store::RunsShown::Trashed));
  return itemsOf(store::RunSearch(workspace), std::move(rows), {}, series);
}

bool merge(std::vector<RunItemPtr>& items, const RunsRead& read) {
  if (items.empty()) {
    items = read.items;
    return !items.empty();
  }
  bool differs = false;
  for (const long long id : read.trashed) {
    if (const auto at = placeOf(items, id); at != items.end() && (*at)->row.id == id) {
      items.erase(at);
      differs = true;
    }
  }
  std::vector<RunItemPtr> added;
  for (const RunItemPtr& item : read.items) {
    const auto at = placeOf(items, item->row.id);
    if (at == items.end() || (*at)->row.id != item->row.id) {
      added.push_back(item);
    } else if (!same(**at, *item)) {
      *at = item;
      differs = true;
    }
  }
  if (!added.empty()) {
    const auto middle = items.insert(items.end(), added.begin(), added.end());
    std::inplace_merge(items.begin(), middle, items.end(),
                       [](const RunItemPtr& a, const RunItemPtr& b) { return a->row.id > b->row.id; });
    differs = true;
  }
  return differs;
}

}  // namespace lix::app
