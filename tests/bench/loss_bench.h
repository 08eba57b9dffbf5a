#pragma once
#include <functional>

namespace lix::bench {

struct Measured {
  double cpuSeconds = 0, wallSeconds = 0;  ///< the best of the runs
  double busiestSeconds = 0;               ///< CPU of the busiest thread: the wall time of cores that nobody else uses
  double extraMiB = 0;                     ///< peak resident memory above what stood before the first run
  double value = 0;                        ///< what the work gave back, to see that forms agree
};

/// Runs work in a process of its own: `prepare` makes the inputs and returns what is measured, `runs` times. The peak
/// is that of the first run and is read from the system, so it holds the libraries' own buffers too.
Measured measured(int threads, int runs, const std::function<std::function<double()>()>& prepare);

void benchLlip();
void benchPairs();

}  // namespace lix::bench
