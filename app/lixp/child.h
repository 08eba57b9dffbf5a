#pragma once
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::app {

/// How another run of this program ended.
struct ChildEnd {
  int code = 0;      ///< exit status; 128 + the signal where one ended it
  std::string out;   ///< its standard output
  std::string said;  ///< why it failed: the last line of its standard error where that was kept, or the signal
};

/// What becomes of the other run's standard error.
enum class ChildErrors {
  Kept,  ///< passed on, and its last line is kept
  Ours   ///< ours itself, so that progress is drawn for a terminal where there is one
};

/// Runs this program with these arguments and waits. A Ctrl-C on a terminal reaches both; a SIGTERM to this process is
/// passed on.
Result<ChildEnd> runSelf(const std::vector<std::string>& arguments, ChildErrors errors = ChildErrors::Kept);

}  // namespace lix::app
