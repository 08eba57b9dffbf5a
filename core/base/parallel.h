#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <thread>
#include <vector>

namespace lix {

/// How many threads a loop has that does not say: OMP_NUM_THREADS, as LibTorch and OpenBLAS take it, else one a core.
inline unsigned usualThreads() {
  if (const char* asked = std::getenv("OMP_NUM_THREADS")) {
    if (const long count = std::strtol(asked, nullptr, 10); count > 0 && count <= 4096) {
      return static_cast<unsigned>(count);
    }
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

namespace detail {

/// Whether this thread runs the body of a loop that has several.
inline thread_local bool sharesLoop = false;

/// Marks this thread for as long as it lives.
class LoopShare {
 public:
  LoopShare() { sharesLoop = true; }
  ~LoopShare() { sharesLoop = false; }
  LoopShare(const LoopShare&) = delete;
  LoopShare& operator=(const LoopShare&) = delete;
};

}  // namespace detail

/// Calls body(i) for every i in [0, n) from up to `threads` threads (0 = usualThreads). A loop within a body that runs
/// on several threads has its thread alone, whatever it asks for: the outer loop keeps all of them busy. The body must
/// not throw.
template <class Body>
void parallelFor(std::size_t n, Body&& body, unsigned threads = 0) {
  if (threads == 0) {
    threads = usualThreads();
  }
  threads = detail::sharesLoop ? 1u : static_cast<unsigned>(std::min<std::size_t>(threads, n));
  if (threads <= 1) {
    for (std::size_t i = 0; i < n; ++i) {
      body(i);
    }
    return;
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    const detail::LoopShare share;
    for (std::size_t i = next++; i < n; i = next++) {
      body(i);
    }
  };
  std::vector<std::jthread> others;
  for (unsigned t = 1; t < threads; ++t) {
    others.emplace_back(work);
  }
  work();
}

}  // namespace lix
