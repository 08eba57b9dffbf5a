#pragma once
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::app {

/// How another run of this program ended.
struct ChildEnd {
  int code = 0;      ///< exit status; 128 + the signal where one ended it
  std::string out;   ///< its standard output
  std::string said;  ///< the last line of its standard error: the reason, where it failed
};

/// Runs this program with these arguments and waits. Its standard error is passed on; a Ctrl-C reaches both.
Result<ChildEnd> runSelf(const std::vector<std::string>& arguments);

}  // namespace lix::app
