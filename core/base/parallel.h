#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace lix {

/// Calls body(i) for every i in [0, n) from up to `threads` threads (0 = one a core). The body must not throw.
template <class Body>
void parallelFor(std::size_t n, Body&& body, unsigned threads = 0) {
  if (threads == 0) {
    threads = std::max(1u, std::thread::hardware_concurrency());
  }
  threads = static_cast<unsigned>(std::min<std::size_t>(threads, n));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
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
