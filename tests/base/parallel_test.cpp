#include "base/parallel.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

namespace lix {
namespace {

/// Which threads ran the bodies of a loop, and how often each index was called.
struct Ran {
  std::set<std::thread::id> threads;
  std::vector<int> calls;
};

Ran ran(std::size_t n, unsigned threads = 0) {
  Ran out;
  out.calls.resize(n);
  std::mutex mutex;
  const auto body = [&](std::size_t i) {
    const std::lock_guard lock(mutex);
    out.threads.insert(std::this_thread::get_id());
    ++out.calls[i];
  };
  parallelFor(n, body, threads);
  return out;
}

/// With OMP_NUM_THREADS as each test says, and as it was afterwards.
class ParallelFor : public testing::Test {
 protected:
  ParallelFor() {
    if (const char* was = std::getenv("OMP_NUM_THREADS")) {
      was_ = was;
    }
  }
  ~ParallelFor() override { was_ ? set(*was_) : void(unsetenv("OMP_NUM_THREADS")); }
  static void set(const std::string& value) { setenv("OMP_NUM_THREADS", value.c_str(), 1); }

  std::optional<std::string> was_;
};

TEST_F(ParallelFor, CallsEveryIndexOnce) {
  for (const unsigned threads : {0u, 1u, 4u}) {
    EXPECT_EQ(ran(1000, threads).calls, std::vector<int>(1000, 1));
    EXPECT_TRUE(ran(0, threads).threads.empty());
  }
}

TEST_F(ParallelFor, HasAsManyThreadsAsThePersonAsksFor) {
  set("3");
  EXPECT_EQ(usualThreads(), 3u);
  EXPECT_LE(ran(1000).threads.size(), 3u);
  set("5,2");  // of nested loops: the first is of the outermost
  EXPECT_EQ(usualThreads(), 5u);
  set("1");
  EXPECT_EQ(usualThreads(), 1u);
  EXPECT_EQ(ran(1000).threads, std::set{std::this_thread::get_id()});
  unsetenv("OMP_NUM_THREADS");
  const unsigned cores = usualThreads();
  EXPECT_GE(cores, 1u);
  for (const char* nonsense : {"", "many", "0", "-2", "99999999999999999999"}) {
    set(nonsense);
    EXPECT_EQ(usualThreads(), cores) << nonsense;
  }
}

TEST_F(ParallelFor, ALoopWithinALoopHasItsThreadAlone) {
  std::vector<Ran> inner(8);
  std::vector<std::thread::id> outer(8);
  parallelFor(
      8,
      [&](std::size_t i) {
        outer[i] = std::this_thread::get_id();
        inner[i] = ran(100, 4);
      },
      4);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(inner[i].threads, std::set{outer[i]});
    EXPECT_EQ(inner[i].calls, std::vector<int>(100, 1));
  }
  EXPECT_FALSE(detail::sharesLoop) << "the next loop has several again";
  parallelFor(
      1, [&](std::size_t) { EXPECT_FALSE(detail::sharesLoop) << "a loop of one leaves them to the inner"; }, 4);
}

}  // namespace
}  // namespace lix
