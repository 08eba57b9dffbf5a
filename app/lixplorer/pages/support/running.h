#pragma once
#include <QString>
#include <algorithm>

#include "desk/tasks.h"

namespace lix::app {

/// Whether the task is waiting or at work.
inline bool isRunning(const Tasks& tasks, const QString& id) {
  return std::ranges::any_of(tasks.lines(), [&](const widgets::JobLine& line) { return line.id == id; });
}

}  // namespace lix::app
