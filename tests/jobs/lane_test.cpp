#include "jobs/lane.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace lix::jobs {
namespace {

/// Holds a lane back until it is opened, so that what is posted meanwhile waits.
class Gate {
 public:
  explicit Gate(Lane& lane) {
    lane.post([this](std::stop_token) {
      reached_.count_down();
      open_.wait();
    });
    reached_.wait();
  }
  void open() { open_.count_down(); }

 private:
  std::latch reached_{1}, open_{1};
};

/// Waits until everything that was posted before has run; for lanes that run the oldest first.
void drain(Lane& lane) {
  std::latch done(1);
  lane.post([&](std::stop_token) { done.count_down(); });
  done.wait();
}

TEST(Lane, RunsTheOldestFirstOnOneThreadOfItsOwn) {
  Lane lane("oldest");
  Gate gate(lane);
  std::vector<int> order;
  std::vector<std::thread::id> threads;
  for (int i = 0; i < 20; ++i) {
    lane.post([&, i](std::stop_token) {
      order.push_back(i);
      threads.push_back(std::this_thread::get_id());
    });
  }
  EXPECT_EQ(lane.pending(), 21u);
  gate.open();
  drain(lane);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(order.at(static_cast<std::size_t>(i)), i);
    EXPECT_EQ(threads.at(static_cast<std::size_t>(i)), threads.front());
  }
  EXPECT_NE(threads.front(), std::this_thread::get_id());
  EXPECT_EQ(lane.name(), "oldest");
}

TEST(Lane, RunsTheNewestFirstWhereAsked) {
  Lane lane("a name longer than a thread's", Workers::One, Order::NewestFirst);
  Gate gate(lane);
  std::vector<int> order;
  std::latch done(5);
  for (int i = 0; i < 5; ++i) {
    lane.post([&, i](std::stop_token) {
      order.push_back(i);
      done.count_down();
    });
  }
  gate.open();
  done.wait();
  EXPECT_EQ(order, (std::vector<int>{4, 3, 2, 1, 0}));
}

TEST(Lane, ATaskStoppedBeforeItBeganIsDroppedWithWhatItHolds) {
  Lane lane("drop");
  Gate gate(lane);
  bool ran = false;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = held;
  auto ticket = lane.post([&ran, held](std::stop_token) { ran = true; });
  held.reset();
  EXPECT_EQ(lane.pending(), 2u);
  ticket.request_stop();
  EXPECT_EQ(lane.pending(), 1u);
  gate.open();
  drain(lane);
  EXPECT_FALSE(ran);
  EXPECT_TRUE(watched.expired());
}

TEST(Lane, ARunningTaskSeesItsStop) {
  Lane lane("stop");
  std::latch begun(1), stopped(1);
  auto ticket = lane.post([&](std::stop_token stop) {
    begun.count_down();
    while (!stop.stop_requested()) {
      std::this_thread::yield();
    }
    stopped.count_down();
  });
  bool other = false;
  lane.post([&](std::stop_token stop) { other = !stop.stop_requested(); });
  begun.wait();
  ticket.request_stop();
  stopped.wait();
  drain(lane);
  EXPECT_TRUE(other) << "the stop is of one task only";
}

TEST(Lane, ItsEndStopsTheRunningTaskAndDropsTheWaitingOnes) {
  std::latch begun(1);
  bool ended = false, ranLater = false;
  Lane::Ticket later{std::nostopstate};
  auto held = std::make_shared<int>(1);
  {
    Lane lane("end");
    lane.post([&](std::stop_token stop) {
      begun.count_down();
      while (!stop.stop_requested()) {
        std::this_thread::yield();
      }
      ended = true;
    });
    begun.wait();
    for (int i = 0; i < 100; ++i) {
      later = lane.post([&ranLater, held](std::stop_token) { ranLater = true; });
    }
  }
  EXPECT_TRUE(ended) << "the lane waited for it";
  EXPECT_FALSE(ranLater);
  EXPECT_TRUE(later.stop_requested());
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Lane, WhatTheLastTaskPostsIsDropped) {
  std::latch begun(1);
  bool ran = false;
  Lane::Ticket child{std::nostopstate};
  {
    Lane lane("last");
    lane.post([&](std::stop_token stop) {
      begun.count_down();
      while (!stop.stop_requested()) {
        std::this_thread::yield();
      }
      child = lane.post([&](std::stop_token) { ran = true; });
    });
    begun.wait();
  }
  EXPECT_FALSE(ran);
  EXPECT_TRUE(child.stop_requested());
}

TEST(Lane, ATaskMayPostAnother) {
  Lane lane("again");
  std::vector<int> order;
  std::latch done(1);
  lane.post([&](std::stop_token) {
    lane.post([&](std::stop_token) {
      order.push_back(2);
      done.count_down();
    });
    order.push_back(1);  // the other waits for the end of this one
  });
  done.wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(Lane, InlineRunsInsidePost) {
  Lane lane("inline", Workers::Inline);
  std::vector<int> order;
  std::thread::id thread;
  auto ticket = lane.post([&](std::stop_token stop) {
    EXPECT_FALSE(stop.stop_requested());
    EXPECT_EQ(lane.pending(), 1u);
    thread = std::this_thread::get_id();
    lane.post([&](std::stop_token) { order.push_back(1); });
    order.push_back(2);
  });
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_EQ(thread, std::this_thread::get_id());
  EXPECT_EQ(lane.pending(), 0u);
  EXPECT_TRUE(ticket.stop_possible());
}

TEST(Lane, ManyThreadsPostAndNothingIsLost) {
  int sum = 0;  // touched by the lane's thread alone until it has drained
  Lane lane("many");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) {
          lane.post([&](std::stop_token) { ++sum; });
        }
      });
    }
  }
  drain(lane);
  EXPECT_EQ(sum, 4000);
}

}  // namespace
}  // namespace lix::jobs
