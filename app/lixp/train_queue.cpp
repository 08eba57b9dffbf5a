// Runs that wait for their turn: put there, planned anew, and taken over by the process that trains them.
#include "base/text.h"
#include "lixp/train_workspace.h"
#include "lixp/workspace_access.h"
#include "store/run_store.h"

namespace lix::app {
namespace {

Result<store::RunRow> waiting(const store::RunStore& runs, const std::string& name) {
  LIX_TRY(store::RunRow row, runs.findByName(name));
  if (!row.queuePlace) {
    return fail(ErrorCode::Busy, cat("The run '", name, "' does not wait in the queue; it is ", nameOf(row.status),
                                     ". lixp runs list shows those that do."));
  }
  return row;
}

Output outputOf(const store::RunRow& row, std::size_t place, const char* done) {
  return {{{"run", row.name}, {"status", "queued"}, {"place", place}, {"checkpoint", row.out.string()}},
          cat(done, ": ", row.name, ", number ", place, " of the queue. An open window starts it when its turn comes; ",
              "lixp train --queued ", row.name, " starts it now.\n")};
}

std::size_t placeIn(const std::vector<store::RunRow>& queue, long long id) {
  std::size_t place = 1;
  for (const store::RunRow& row : queue) {
    if (row.id == id) {
      break;
    }
    ++place;
  }
  return place;
}

}  // namespace

Result<Output> queueRun(const Session& session, const TrainOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
  LIX_CHECK(checkAsked(workspace, order));
  const store::RunStore runs(workspace);
  store::RunRow row;
  if (order.requeue.empty()) {
    LIX_TRY(auto transaction, store::Transaction::begin(workspace));
    LIX_TRY(row, runs.add(plannedRow(order.settings, order.out.empty() ? order.out : placeOf(order.out))));
    LIX_CHECK(runs.enqueue(row.id));
    LIX_CHECK(transaction.commit());
  } else {
    if (!order.out.empty()) {
      return fail(ErrorCode::BadInput, "A run keeps its checkpoint folder when it is planned anew; leave out --out.");
    }
    LIX_TRY(row, waiting(runs, order.requeue));
    LIX_CHECK(runs.replan(row.id, plannedRow(order.settings, row.out)));
  }
  LIX_TRY(const auto queue, runs.queue());
  return outputOf(row, placeIn(queue, row.id), order.requeue.empty() ? "queued" : "planned anew");
}

Result<store::RunRow> takeQueued(const store::Workspace& workspace, const store::RunStore::Machine& machine,
                                 TrainOrder& order) {
  const store::RunStore runs(workspace);
  LIX_TRY(store::RunRow row, waiting(runs, order.queued));
  store::RunStore::Machine own = machine;
  if (const auto settings = study::settingsFromJson(row.settings)) {
    order.settings = *settings;
    own.threads = study::threadsFor(settings->threads);
  }
  LIX_CHECK(runs.startQueued(row.id, store::ownProcess(), own));
  return row;
}

}  // namespace lix::app
