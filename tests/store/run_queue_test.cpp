// Runs that wait for their turn, and steps that somebody asks to keep.
#include <SQLiteCpp/SQLiteCpp.h>

#include "store/checkpoint_store.h"
#include "store/run_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
using lix::test::messageOf;

class RunQueue : public ::testing::Test {
 protected:
  test::TemporaryFolder folder_;
  Workspace workspace_ = std::move(*Workspace::open(folder_.path(), OpenMode::Create));
  RunStore runs_{workspace_};

  long long queued(const std::string& name) {
    const long long id = runs_.add({.name = name, .recipe = "siglip"}).value().id;
    EXPECT_TRUE(runs_.enqueue(id).has_value());
    return id;
  }
  std::string order() {
    std::string names;
    const auto queue = runs_.queue().value();
    for (const RunRow& row : queue) {
      names += row.name;
    }
    return names;
  }
};

TEST_F(RunQueue, HoldsAnOrderThatCanBeChanged) {
  const long long a = queued("a"), b = queued("b"), c = queued("c");
  EXPECT_EQ(order(), "abc");
  LIX_ASSERT_OK(runs_.moveInQueue(c, -1));
  EXPECT_EQ(order(), "acb");
  LIX_ASSERT_OK(runs_.moveInQueue(a, 1));
  EXPECT_EQ(order(), "cab");
  LIX_ASSERT_OK(runs_.moveInQueue(b, -100));
  EXPECT_EQ(order(), "bca");
  LIX_ASSERT_OK(runs_.moveInQueue(b, -1));
  EXPECT_EQ(order(), "bca") << "the first stays";
  LIX_ASSERT_OK(runs_.enqueue(b));
  EXPECT_EQ(order(), "cab") << "queued again it is the last";
  EXPECT_EQ(runs_.find(c)->queuePlace.has_value(), true);
  EXPECT_FALSE(runs_.moveInQueue(99, 1).has_value());
}

TEST_F(RunQueue, OneThatBeginsLeavesItAndIsStartedOnce) {
  const long long a = queued("a");
  queued("b");
  LIX_ASSERT_OK(runs_.startQueued(a, ownProcess(), {}));
  EXPECT_EQ(order(), "b");
  EXPECT_EQ(runs_.find(a)->status, RunStatus::Running);
  EXPECT_FALSE(runs_.find(a)->queuePlace.has_value());
  const auto again = runs_.startQueued(a, ownProcess(), {});
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::Busy);
  EXPECT_NE(messageOf(again).find("does not wait in the queue any more; it is running"), std::string::npos);
  LIX_ASSERT_OK(runs_.setStatus(a, RunStatus::Done));
  EXPECT_EQ(runs_.startQueued(a, ownProcess(), {}).error().code, ErrorCode::Busy) << "nor after its end";
  EXPECT_FALSE(runs_.enqueue(a).has_value()) << "a run that is done does not wait";
}

TEST_F(RunQueue, AFailedOneIsOutOfTheWay) {
  const long long a = queued("a");
  queued("b");
  LIX_ASSERT_OK(runs_.setStatus(a, RunStatus::Failed, "no data"));
  EXPECT_EQ(order(), "b");
  EXPECT_FALSE(runs_.find(a)->queuePlace.has_value());
}

TEST_F(RunQueue, TheTrashTakesOneOutAndGivesItBack) {
  const long long a = queued("a");
  queued("b");
  LIX_ASSERT_OK(runs_.trash(a));
  EXPECT_EQ(order(), "b");
  EXPECT_FALSE(runs_.moveInQueue(a, 1).has_value());
  EXPECT_FALSE(runs_.replan(a, {}).has_value());
  LIX_ASSERT_OK(runs_.restore(a));
  EXPECT_EQ(order(), "ab");
  LIX_ASSERT_OK(runs_.trash(a));
  LIX_ASSERT_OK(runs_.emptyTrash());
  LIX_EXPECT_OK(workspace_.check());
  EXPECT_EQ(order(), "b");
}

TEST_F(RunQueue, AWaitingRunMayBePlannedAnew) {
  const long long a = queued("a");
  LIX_ASSERT_OK(runs_.replan(a, {.recipe = "siglixp", .size = "base", .dataset = "pets", .seed = 7,
                                 .settings = R"({"steps": 5})", .stepsTotal = 5, .initCheckpoint = "/start"}));
  const RunRow row = runs_.find(a).value();
  EXPECT_EQ(std::tie(row.name, row.recipe, row.size, row.dataset, row.settings),
            std::tuple("a", "siglixp", "base", "pets", R"({"steps": 5})"));
  EXPECT_EQ(row.seed, 7);
  EXPECT_EQ(row.stepsTotal, 5);
  EXPECT_EQ(row.initCheckpoint, "/start");
  LIX_ASSERT_OK(runs_.startQueued(a, ownProcess(), {}));
  EXPECT_FALSE(runs_.replan(a, {}).has_value()) << "it has begun";
}

TEST_F(RunQueue, KeepIsTakenOnceAndLeavesAPauseAsItIs) {
  const long long a = queued("a");
  LIX_ASSERT_OK(runs_.startQueued(a, ownProcess(), {}));
  EXPECT_FALSE(runs_.takeKeep(a).value());
  LIX_ASSERT_OK(runs_.setRequest(a, RunRequest::Pause));
  LIX_ASSERT_OK(runs_.setRequest(a, *runRequestOf("keep")));
  EXPECT_EQ(runs_.request(a).value(), RunRequest::Pause);
  EXPECT_TRUE(runs_.takeKeep(a).value());
  EXPECT_FALSE(runs_.takeKeep(a).value());
  LIX_ASSERT_OK(runs_.setRequest(a, RunRequest::Keep));
  LIX_ASSERT_OK(runs_.setStatus(a, RunStatus::Interrupted));
  EXPECT_FALSE(runs_.setRequest(a, RunRequest::Keep).has_value()) << "nobody would hear it";
  LIX_ASSERT_OK(runs_.start(a, ownProcess(), {}));
  EXPECT_FALSE(runs_.takeKeep(a).value()) << "what was asked of the process before is void";
}

TEST_F(RunQueue, ACheckpointIsForgotten) {
  const CheckpointStore checkpoints(workspace_);
  LIX_ASSERT_OK(checkpoints.record({.path = folder_ / "kept", .weightsHash = "w", .recipe = "siglip"}));
  LIX_ASSERT_OK(checkpoints.forget(folder_ / "kept"));
  EXPECT_TRUE(checkpoints.list()->empty());
  EXPECT_EQ(checkpoints.forget(folder_ / "kept").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace lix::store
