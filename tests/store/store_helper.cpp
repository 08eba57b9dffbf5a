// A program beside the tests: what other processes do to a workspace. It says what happened in lines on standard
// output.
#include <unistd.h>

#include <iostream>
#include <string>

#include "base/text.h"
#include "store/evaluation_store.h"
#include "metric_count.h"
#include "store/run_store.h"
#include "store/support_store.h"
#include "store/window_lock.h"

namespace {

using namespace lix;
using namespace lix::store;

int say(const std::string& line, int code = 0) {
  std::cout << line << std::endl;
  return code;
}

template <class T>
int sayError(const Result<T>& result) {
  return say("error: " + result.error().message, 1);
}

std::vector<MetricPoint> batch(long long step, int count) {
  std::vector<MetricPoint> points;
  for (int i = 0; i < count; ++i) {
    points.push_back({step, cat("series/", i), 0.5 * i});
  }
  return points;
}

/// Dies, by somebody else's hand, in the middle of a transaction that has pages written already.
int hold(const Workspace& workspace) {
  auto transaction = Transaction::begin(workspace);
  auto run = RunStore(workspace).add({.recipe = "half"});
  if (!transaction || !run) {
    return say("error: no transaction", 1);
  }
  const auto points = batch(1, 50'000);
  if (const auto done = MetricStore(workspace).append(run->id, points); !done) {
    return sayError(done);
  }
  say("in transaction");
  ::pause();
  return 0;
}

/// Trains, until somebody ends it.
int train(const Workspace& workspace, const std::string& name) {
  const RunStore runs(workspace);
  const auto run = runs.findByName(name);
  if (!run) {
    return sayError(run);
  }
  if (const auto started = runs.start(run->id, ownProcess(), {.device = "cpu", .threads = 1}); !started) {
    return sayError(started);
  }
  say("started");
  ::pause();
  return 0;
}

/// Writes until the disk is full, then says what was told and what is left.
int fill(const Workspace& workspace) {
  const auto run = RunStore(workspace).add({.recipe = "full"});
  if (!run) {
    return sayError(run);
  }
  const MetricStore metrics(workspace);
  for (long long step = 1; step < 1000; ++step) {
    if (const auto done = metrics.append(run->id, batch(step, 1000)); !done) {
      const auto kept = countPoints(workspace, run->id);
      const auto whole = workspace.check();
      say(cat("error: ", done.error().message));
      say(cat("batches ", step - 1, " points ", kept ? static_cast<long long>(*kept) : -1));
      return say(whole ? "whole" : whole.error().message, 1);
    }
  }
  return say("never full");
}

int write(const Workspace& workspace, const std::string& name, int count) {
  const auto run = RunStore(workspace).findByName(name);
  if (!run) {
    return sayError(run);
  }
  for (int step = 1; step <= count; ++step) {
    if (const auto done = MetricStore(workspace).append(run->id, batch(step, 3)); !done) {
      return sayError(done);
    }
  }
  return say("done");
}

/// A window that is open until somebody ends it.
int window(const std::string& folder) {
  const auto lock = WindowLock::take(folder);
  if (!lock) {
    return sayError(lock);
  }
  say("locked");
  ::pause();
  return 0;
}

/// Keeps a draft and is then ended by somebody else's hand.
int draft(const Workspace& workspace, const std::string& name) {
  const SupportStore sets(workspace);
  for (const char* last : {"file:/2", "file:/3"}) {
    if (const auto done = sets.saveDraft(name, {{"cat", {"file:/1", last}}, {"dog", {}}}); !done) {
      return sayError(done);
    }
  }
  say("kept");
  ::pause();
  return 0;
}

}  // namespace

int main(int count, char** values) {
  if (count < 3) {
    return say("usage: store_helper VERB FOLDER [...]", 2);
  }
  const std::string verb = values[1];
  if (verb == "window") {
    return window(values[2]);
  }
  const auto mode = verb == "read" ? OpenMode::ReadOnly : verb == "open" ? OpenMode::ReadWrite : OpenMode::Create;
  const auto workspace = Workspace::open(values[2], mode);
  if (!workspace) {
    return sayError(workspace);
  }
  if (verb == "hold") {
    return hold(*workspace);
  }
  if (verb == "train" && count == 4) {
    return train(*workspace, values[3]);
  }
  if (verb == "draft" && count == 4) {
    return draft(*workspace, values[3]);
  }
  if (verb == "fill") {
    return fill(*workspace);
  }
  if (verb == "write" && count == 5) {
    return write(*workspace, values[3], std::stoi(values[4]));
  }
  const auto runs = RunStore(*workspace).list(RunsShown::All);
  return runs ? say(cat("runs ", runs->size(), " journal ", static_cast<int>(workspace->journal()))) : sayError(runs);
}
