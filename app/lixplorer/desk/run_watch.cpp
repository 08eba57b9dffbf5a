#include "desk/run_watch.h"

#include <QDateTime>
#include <algorithm>
#include <functional>
#include <iterator>

#include "desk/desk.h"
#include "store/metric_store.h"

namespace lix::app {
namespace {

constexpr int kPollMs = 500;
constexpr std::size_t kMostPoints = 100'000;  // of a run at once; the rest of a long one follows at once

/// What one look at the database gives.
struct Look {
  store::RunChanges changes;
  std::map<long long, store::MetricStore::Part> parts;
  std::map<long long, long long> after;  ///< what was asked for: points later than this step
};

Result<Look> lookAt(const store::Workspace& workspace, long long mark, const std::map<long long, long long>& after) {
  Look look{.changes = {}, .parts = {}, .after = after};
  LIX_CHECK(store::refreshLiveness(workspace));
  LIX_TRY(look.changes, store::RunSearch(workspace).changes(mark));
  for (const auto& [run, step] : after) {
    LIX_TRY(look.parts[run], store::MetricStore(workspace).part(run, step, kMostPoints));
  }
  return look;
}

bool sameRow(const store::RunRow& x, const store::RunRow& y) {
  return x.id == y.id && x.status == y.status && x.step == y.step && x.name == y.name && x.tags == y.tags &&
         x.notes == y.notes && x.heartbeatAt == y.heartbeatAt && x.message == y.message && x.stepsTotal == y.stepsTotal &&
         x.finishedAt == y.finishedAt && x.queuePlace == y.queuePlace;
}

/// Where a run is among those that are sorted newest first, or would be.
template <class Runs>
auto placeOf(Runs& runs, long long id) {
  return std::ranges::lower_bound(runs, id, std::greater<>{}, &store::RunRow::id);
}

void append(std::vector<Series>& series, std::vector<Series>&& part) {
  for (Series& more : part) {
    const auto found = std::ranges::lower_bound(series, more.name, {}, &Series::name);
    if (found == series.end() || found->name != more.name) {
      series.insert(found, std::move(more));
    } else {
      found->steps.insert(found->steps.end(), more.steps.begin(), more.steps.end());
      found->values.insert(found->values.end(), more.values.begin(), more.values.end());
    }
  }
}

}  // namespace

RunWatch::RunWatch(Desk& desk) : desk_(desk), relay_(desk.storing()) {
  timer_.setInterval(kPollMs);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (!relay_.busy()) {  // a slow disk is not asked twice
      poll();
    }
  });
  timer_.start();
  poll();
}

std::optional<store::RunRow> RunWatch::run(long long id) const {
  const auto found = placeOf(runs_, id);
  return found == runs_.end() || found->id != id ? std::nullopt : std::optional(*found);
}

bool RunWatch::isActive(const store::RunRow& run) const {
  return run.status == store::RunStatus::Running || run.status == store::RunStatus::Paused;
}

bool RunWatch::isHere(const store::RunRow& run) const { return run.process.host == store::ownProcess().host; }

double RunWatch::secondsLeft(const store::RunRow& run) const {
  const auto found = paces_.find(run.id);
  if (found == paces_.end() || run.step <= found->second.step || run.status != store::RunStatus::Running) {
    return -1.0;
  }
  const double seconds = double(QDateTime::currentMSecsSinceEpoch() - found->second.ms) / 1000.0;
  return seconds / double(run.step - found->second.step) * double(run.stepsTotal - run.step);
}

void RunWatch::refresh() { poll(); }

void RunWatch::follow(long long id) {
  if (++followed_[id].followers == 1) {
    poll();
  }
}

void RunWatch::unfollow(long long id) {
  const auto found = followed_.find(id);
  if (found != followed_.end() && --found->second.followers <= 0) {
    followed_.erase(found);
  }
}

const std::vector<Series>& RunWatch::series(long long id) const {
  static const std::vector<Series> none;
  const auto found = followed_.find(id);
  return found == followed_.end() ? none : found->second.series;
}

void RunWatch::request(long long id, store::RunRequest request) {
  desk_.write([id, request](const store::Workspace& workspace) { return store::RunStore(workspace).setRequest(id, request); },
              [this](bool) { poll(); });
}

void RunWatch::poll() {
  std::map<long long, long long> after;
  for (const auto& [id, followed] : followed_) {
    after[id] = followed.lastStep;
  }
  desk_.ask(relay_, [after, mark = mark_](const store::Workspace& workspace) { return lookAt(workspace, mark, after); },
            [this](Result<Look> look) {
              if (!look) {
                if (const QString sentence = QString::fromStdString(look.error().message); sentence != trouble_) {
                  trouble_ = sentence;  // said once, not twice a second
                  desk_.say(look.error());
                }
                return;
              }
              trouble_.clear();
              take(std::move(look->changes));
              bool more = false;
              for (auto& [id, part] : look->parts) {
                more = more || !part.isLast;
                takePart(id, look->after.at(id), std::move(part));
              }
              if (more) {
                poll();
              }
            });
}

void RunWatch::noteChange(const store::RunRow& row, const store::RunRow* before, std::vector<long long>& endedNow) {
  const auto pace = paces_.find(row.id);
  if (row.status != store::RunStatus::Running) {
    paces_.erase(row.id);
  } else if (pace == paces_.end() || row.step < pace->second.step || row.step == 0) {
    paces_[row.id] = {row.step, QDateTime::currentMSecsSinceEpoch()};
  }
  if (before != nullptr && isActive(*before) && !isActive(row)) {
    endedNow.push_back(row.id);
  }
  if (before == nullptr || !followed_.contains(row.id)) {
    return;
  }
  const bool fromEarlier = row.step < before->step;  // resumed from an earlier checkpoint
  // What a resumption wrote at a step that was read already comes with the first step after it.
  const auto begun = paces_.find(row.id);
  const bool firstStep = begun != paces_.end() && begun->second.step > 0 && before->step == begun->second.step && row.step > before->step;
  if (fromEarlier || firstStep) {
    followed_[row.id].lastStep = -1;
    followed_[row.id].series.clear();
  }
}

void RunWatch::take(store::RunChanges changes) {
  bool differs = !known_;
  std::vector<long long> endedNow;
  for (const long long id : changes.trashed) {
    if (const auto at = placeOf(runs_, id); at != runs_.end() && at->id == id) {
      runs_.erase(at);
      differs = true;
    }
  }
  std::vector<store::RunRow> added;  // newest first
  for (store::RunRow& row : changes.changed) {
    const auto at = placeOf(runs_, row.id);
    const bool isKnown = at != runs_.end() && at->id == row.id;
    if (isKnown && sameRow(*at, row)) {
      continue;
    }
    differs = true;
    noteChange(row, isKnown ? &*at : nullptr, endedNow);
    if (isKnown) {
      *at = std::move(row);
    } else {
      added.push_back(std::move(row));
    }
  }
  const auto middle = runs_.insert(runs_.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
  std::ranges::inplace_merge(runs_, middle, std::greater<>{}, &store::RunRow::id);
  mark_ = changes.mark;
  if (!differs) {
    return;
  }
  known_ = true;
  Q_EMIT changed();
  for (const long long id : endedNow) {
    Q_EMIT ended(id);
  }
}

void RunWatch::takePart(long long id, long long after, store::MetricStore::Part part) {
  const auto found = followed_.find(id);
  if (found == followed_.end() || found->second.lastStep != after || part.series.empty()) {
    return;
  }
  append(found->second.series, std::move(part.series));
  found->second.lastStep = part.lastStep;
  Q_EMIT seriesChanged(id);
}

}  // namespace lix::app
