#pragma once
#include <functional>
#include <string_view>

namespace lix {

/// Told how far a long piece of work is: `done` of `total` (0 = unknown) units of `what`. Returning false asks it to stop.
using Progress = std::function<bool(std::string_view what, long long done, long long total)>;

inline bool report(const Progress& progress, std::string_view what, long long done, long long total) {
  return !progress || progress(what, done, total);
}

}  // namespace lix
