#include "store/run_store.h"

#include <algorithm>

#include "store/checkpoint_store.h"
#include "store/evaluation_store.h"
#include "metric_count.h"
#include "support/support.h"

namespace lix::store {
namespace {
namespace fs = std::filesystem;
using lix::test::messageOf;

class Runs : public ::testing::Test {
 protected:
  test::TemporaryFolder folder_;
  Workspace workspace_ = std::move(*Workspace::open(folder_.path(), OpenMode::Create));
  RunStore runs_{workspace_};

  long long added(const std::string& name, const fs::path& out = {}) {
    return runs_.add({.name = name, .recipe = "siglip", .out = out}).value().id;
  }
};

TEST_F(Runs, EveryFieldComesBack) {
  const long long parent = added("parent");
  RunRow row{.recipe = "siglixp",
             .size = "tiny",
             .dataset = "emoji",
             .seed = -7,
             .device = "cpu",
             .threads = 2,
             .cpuCapability = "AVX512",
             .build = "abc",
             .settings = R"({"steps": 10, "quote": "'é"})",
             .stepsTotal = 10,
             .parentRun = parent,
             .initCheckpoint = folder_ / "checkpoints/parent",
             .tags = "a,b",
             .notes = "line\nline"};
  const auto added = runs_.add(row);
  LIX_ASSERT_OK(added);
  const RunRow got = runs_.find(added->id).value();
  EXPECT_EQ(got.name, "siglixp-0001");
  EXPECT_EQ(got.out, workspace_.folder() / "checkpoints/siglixp-0001");
  EXPECT_EQ(std::tie(got.recipe, got.size, got.dataset, got.seed, got.device, got.threads, got.cpuCapability, got.build,
                     got.settings),
            std::tie(row.recipe, row.size, row.dataset, row.seed, row.device, row.threads, row.cpuCapability, row.build,
                     row.settings));
  EXPECT_EQ(std::tie(got.stepsTotal, got.step, got.parentRun, got.initCheckpoint, got.tags, got.notes),
            std::tie(row.stepsTotal, row.step, row.parentRun, row.initCheckpoint, row.tags, row.notes));
  EXPECT_EQ(got.status, RunStatus::Queued);
  EXPECT_EQ(got.createdAt.size(), now().size());
  EXPECT_EQ(got.startedAt + got.finishedAt + got.heartbeatAt + got.trashedAt, "");
  EXPECT_EQ(runs_.findByName("siglixp-0001")->id, got.id);
  EXPECT_EQ(runs_.findByOut(folder_ / "checkpoints/./siglixp-0001/")->id, got.id);
  EXPECT_EQ(runs_.findByName("nobody").error().code, ErrorCode::NotFound);
  EXPECT_EQ(runs_.findByOut(folder_ / "nothing").error().code, ErrorCode::NotFound);
  EXPECT_EQ(runs_.find(99).error().code, ErrorCode::NotFound);
  EXPECT_EQ(runs_.heartbeat(99, 1).error().code, ErrorCode::NotFound);
}

TEST_F(Runs, PathsInsideMoveWithTheFolder) {
  const fs::path outside = folder_.path().parent_path() / "elsewhere";
  const long long in = added("in"), out = added("out", outside);
  const auto lies = [](const fs::path& path) { return path.parent_path().filename(); };
  EXPECT_EQ(lies(runs_.find(in)->out), "checkpoints");
  test::TemporaryFolder other;
  {
    const Workspace closed = std::move(workspace_);
  }
  fs::rename(folder_ / "workspace.sqlite", other / "workspace.sqlite");
  const auto moved = Workspace::open(other.path(), OpenMode::ReadWrite);
  LIX_ASSERT_OK(moved);
  EXPECT_EQ(RunStore(*moved).find(in)->out, moved->folder() / "checkpoints/in");
  EXPECT_EQ(RunStore(*moved).find(out)->out, outside);
}

TEST_F(Runs, NamesCountUpPerRecipeAndAreUnique) {
  EXPECT_EQ(runs_.add({.recipe = "siglip"})->name, "siglip-0001");
  EXPECT_EQ(runs_.add({.recipe = "llip_16"})->name, "llip_16-0001");
  EXPECT_EQ(runs_.add({.name = "siglip-0041", .recipe = "other"})->name, "siglip-0041");
  EXPECT_EQ(runs_.add({.name = "siglip-final", .recipe = "siglip"})->name, "siglip-final");
  EXPECT_EQ(runs_.add({.recipe = "siglip"})->name, "siglip-0042");
  EXPECT_EQ(runs_.add({.recipe = "/some where/my recipe.json"})->name, "my-recipe-0001");
  EXPECT_EQ(runs_.add({})->name, "run-0001");
  const auto twice = runs_.add({.name = "siglip-0042", .recipe = "siglip"});
  ASSERT_FALSE(twice);
  EXPECT_NE(messageOf(twice).find("'siglip-0042' already"), std::string::npos);
  const auto renamed = runs_.rename(1, "siglip-0042");
  EXPECT_NE(messageOf(renamed).find("already"), std::string::npos);
  LIX_EXPECT_OK(runs_.rename(1, "best"));
  LIX_EXPECT_OK(runs_.rename(1, "best"));  // its own name is free
  LIX_EXPECT_OK(runs_.annotate(1, "x,y", "good"));
  EXPECT_EQ(runs_.findByName("best")->notes, "good");
}

TEST_F(Runs, SettingsMustBeJson) {
  const auto bad = runs_.add({.recipe = "siglip", .settings = "{steps: }"});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::BadInput);
  EXPECT_NE(messageOf(bad).find("settings_are_json"), std::string::npos) << messageOf(bad);
}

TEST_F(Runs, LifecycleSetsMomentsAndClearsRequests) {
  const long long id = added("life");
  EXPECT_EQ(runs_.request(id).value(), RunRequest::None);
  LIX_ASSERT_OK(runs_.setRequest(id, RunRequest::Stop));
  LIX_ASSERT_OK(
      runs_.start(id, ownProcess(), {.device = "cpu", .cpuCapability = "AVX2", .build = "b", .threads = 2}, 3));
  EXPECT_EQ(runs_.request(id).value(), RunRequest::None) << "an old request is none of the new process";
  LIX_ASSERT_OK(runs_.setPlan(id, 500, R"({"steps": 500})"));
  LIX_ASSERT_OK(runs_.heartbeat(id, 12));
  RunRow row = runs_.find(id).value();
  EXPECT_EQ(row.status, RunStatus::Running);
  EXPECT_EQ(row.process, ownProcess());
  EXPECT_EQ(row.step, 12);
  EXPECT_EQ(row.stepsTotal, 500);
  EXPECT_EQ(row.threads, 2);
  EXPECT_NE(row.startedAt, "");
  EXPECT_GE(row.heartbeatAt, row.startedAt);
  for (const auto request : {RunRequest::Pause, RunRequest::Resume, RunRequest::Cancel, RunRequest::None}) {
    LIX_ASSERT_OK(runs_.setRequest(id, request));
    EXPECT_EQ(runs_.request(id).value(), request);
    EXPECT_EQ(runRequestOf(nameOf(request)), request);
  }
  LIX_ASSERT_OK(runs_.setStatus(id, RunStatus::Paused));
  EXPECT_EQ(runs_.find(id)->finishedAt, "");
  LIX_ASSERT_OK(runs_.setStatus(id, RunStatus::Failed, "The loss is not a number."));
  row = runs_.find(id).value();
  EXPECT_EQ(row.status, RunStatus::Failed);
  EXPECT_EQ(row.message, "The loss is not a number.");
  EXPECT_NE(row.finishedAt, "");
  const auto late = runs_.setRequest(id, RunRequest::Pause);
  EXPECT_NE(messageOf(late).find("is failed, so it cannot be asked to pause"), std::string::npos) << messageOf(late);
  EXPECT_EQ(runRequestOf("dance"), std::nullopt);
}

class Trash : public Runs {
 protected:
  MetricStore metrics_{workspace_};
  CheckpointStore checkpoints_{workspace_};
};

TEST_F(Trash, TakesARunOutOfSightAndBack) {
  const long long id = added("one");
  added("two");
  LIX_ASSERT_OK(runs_.trash(id));
  EXPECT_EQ(runs_.list()->size(), 1u);
  EXPECT_EQ(runs_.list(RunsShown::Trashed)->front().id, id);
  EXPECT_NE(runs_.find(id)->trashedAt, "");
  EXPECT_FALSE(runs_.findByOut(folder_ / "checkpoints/one"));
  EXPECT_NE(messageOf(runs_.start(id, ownProcess(), {})).find("in the trash"), std::string::npos);
  LIX_ASSERT_OK(runs_.restore(id));
  EXPECT_EQ(runs_.list()->size(), 2u);
  EXPECT_EQ(runs_.list()->front().name, "two") << "newest first";
}

TEST_F(Trash, RefusesARunThatIsRunning) {
  const long long id = added("busy");
  LIX_ASSERT_OK(runs_.start(id, ownProcess(), {}));
  EXPECT_EQ(runs_.trash(id).error().code, ErrorCode::Busy);
  EXPECT_EQ(runs_.list()->size(), 1u);
}

TEST_F(Trash, EmptiedDeletesWhatBelongsToItAndNothingElse) {
  const long long gone = added("gone"), kept = added("kept");
  const std::vector<MetricPoint> points = {{1, "loss", 2.0}};
  for (const long long id : {gone, kept}) {
    LIX_ASSERT_OK(metrics_.append(id, points));
    LIX_ASSERT_OK(checkpoints_.record(
        {.run = id, .step = 1, .path = runs_.find(id)->out, .weightsHash = "w", .recipe = "siglip"}));
  }
  LIX_ASSERT_OK(runs_.setRequest(gone, RunRequest::Stop));
  LIX_ASSERT_OK(EvaluationStore(workspace_)
                    .add({.kind = "zero-shot",
                          .checkpoint = runs_.find(gone)->out,
                          .weightsHash = "w",
                          .metric = "top1",
                          .value = 0.5}));
  const long long child = runs_.add({.name = "child", .recipe = "siglixp", .parentRun = gone}).value().id;
  EXPECT_TRUE(runs_.emptyTrash()->empty());
  LIX_ASSERT_OK(runs_.trash(gone));
  const auto folders = runs_.emptyTrash();
  LIX_ASSERT_OK(folders);
  EXPECT_EQ(*folders, std::vector<fs::path>{workspace_.folder() / "checkpoints/gone"});
  EXPECT_EQ(runs_.list(RunsShown::All)->size(), 2u);
  EXPECT_TRUE(metrics_.part(gone)->series.empty());
  EXPECT_EQ(countPoints(workspace_, kept).value(), 1u);
  EXPECT_EQ(checkpoints_.list()->size(), 1u);
  EXPECT_EQ(runs_.find(child)->parentRun, std::nullopt);
  EXPECT_EQ(EvaluationStore(workspace_).list()->size(), 1u) << "results are never taken back";
  EXPECT_EQ(metrics_.append(gone, points).error().code, ErrorCode::NotFound);
  LIX_EXPECT_OK(workspace_.check());
}

TEST_F(Trash, NeverNamesAFolderThatSomethingNeeds) {
  const fs::path root = workspace_.folder();
  // Shared with a run that stays; holds one that stays; holds the workspace; starting point of a run that waits; free.
  const long long shared = added("shared", root / "checkpoints/same");
  added("stays", root / "checkpoints/same");
  const long long outer = added("outer", root / "checkpoints/nest");
  added("inner", root / "checkpoints/nest/deep");
  const long long all = added("all", root);
  const long long above = added("above", root.parent_path());
  const long long start = added("start");
  LIX_ASSERT_OK(runs_.add({.name = "waits", .recipe = "siglixp", .initCheckpoint = root / "checkpoints/start"}));
  const long long similar = added("similar", root / "checkpoints/same-but-longer");
  LIX_ASSERT_OK(checkpoints_.record(
      {.run = similar, .step = 5, .path = root / "checkpoints/same-but-longer/step-5", .weightsHash = "w"}));
  for (const long long id : {shared, outer, all, above, start, similar}) {
    LIX_ASSERT_OK(runs_.trash(id));
  }
  EXPECT_EQ(runs_.emptyTrash().value(), std::vector<fs::path>{root / "checkpoints/same-but-longer"});
}

}  // namespace
}  // namespace lix::store
