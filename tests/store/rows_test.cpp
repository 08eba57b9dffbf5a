// Datasets, checkpoints and evaluations: what goes in comes out, and what must be unique is.
#include <cmath>
#include <limits>

#include "store/checkpoint_store.h"
#include "store/dataset_store.h"
#include "store/evaluation_store.h"
#include "store/run_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
namespace fs = std::filesystem;
using lix::test::messageOf;

class Rows : public ::testing::Test {
 protected:
  test::TemporaryFolder folder_;
  Workspace workspace_ = std::move(*Workspace::open(folder_.path(), OpenMode::Create));
};

TEST_F(Rows, DatasetsAreKnownByName) {
  const DatasetStore datasets(workspace_);
  const DatasetRow row{.name = "birds",
                       .kind = "table",
                       .path = "/data/birds.csv",
                       .options = R"({"caption":"text"})",
                       .counts = R"({"pictures":3})",
                       .fingerprint = "f0"};
  const auto added = datasets.add(row);
  LIX_ASSERT_OK(added);
  LIX_ASSERT_OK(datasets.add({.name = "ants", .kind = "scenes"}));
  DatasetRow got = datasets.find("birds").value();
  EXPECT_EQ(
      std::tie(got.id, got.name, got.kind, got.path, got.options, got.counts, got.fingerprint, got.addedAt),
      std::tie(added->id, row.name, row.kind, row.path, row.options, row.counts, row.fingerprint, added->addedAt));
  EXPECT_EQ(datasets.find("ants")->path, fs::path());
  EXPECT_EQ(datasets.list()->front().name, "ants");
  EXPECT_NE(messageOf(datasets.add(row)).find("'birds' already"), std::string::npos);
  EXPECT_NE(messageOf(datasets.add({.kind = "folder"})).find("dataset_name_is_not_empty"), std::string::npos);
  got.fingerprint = "f1";
  got.counts = R"({"pictures":4})";
  LIX_ASSERT_OK(datasets.update(got));
  EXPECT_EQ(datasets.find("birds")->fingerprint, "f1");
  LIX_ASSERT_OK(datasets.remove("birds"));
  for (const auto& message :
       {messageOf(datasets.remove("birds")), messageOf(datasets.update(got)), messageOf(datasets.find("birds"))}) {
    EXPECT_NE(message.find("no dataset 'birds'"), std::string::npos) << message;
  }
}

TEST_F(Rows, ACheckpointFolderWrittenAgainKeepsItsId) {
  const CheckpointStore checkpoints(workspace_);
  const long long run = RunStore(workspace_).add({.recipe = "siglip"}).value().id;
  const fs::path path = workspace_.checkpoints() / "siglip-0001";
  const auto first =
      checkpoints.record({.run = run, .step = 100, .path = path, .weightsHash = "a", .recipe = "siglip"});
  LIX_ASSERT_OK(first);
  const auto imported = checkpoints.record({.path = "/models/other", .weightsHash = "z", .recipe = "clip"});
  const auto again =
      checkpoints.record({.run = run, .step = 200, .path = path / "", .weightsHash = "b", .recipe = "siglip"});
  EXPECT_EQ(first.value(), again.value());
  EXPECT_NE(first.value(), imported.value());
  const auto found = checkpoints.find(path);
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->step, 200);
  EXPECT_EQ(found->weightsHash, "b");
  EXPECT_EQ(found->path, path);
  EXPECT_EQ(checkpoints.list(run)->size(), 1u);
  EXPECT_EQ(checkpoints.list()->size(), 2u);
  EXPECT_EQ(checkpoints.find("/models/other")->run, std::nullopt);
  EXPECT_EQ(checkpoints.find("/nowhere").error().code, ErrorCode::NotFound);
  EXPECT_NE(messageOf(checkpoints.record({.run = 77, .path = "/p"})).find("FOREIGN KEY"), std::string::npos);
}

EvaluationRow fewShot() {
  return {.kind = "few-shot",
          .checkpoint = "/c",
          .weightsHash = "w",
          .checkpointLabel = "SigLIP",
          .dataset = "emoji",
          .split = "test",
          .labelSet = "subgroup",
          .templates = "photo",
          .modelSeed = 1,
          .supportSeed = 2,
          .adapter = "prototype",
          .shots = 4,
          .classes = 98,
          .supportSize = 392,
          .querySize = 300,
          .metric = "top1",
          .value = 0.1 + 0.2,
          .settings = R"({"beta":5.5})",
          .findings = R"({"alpha":1})",
          .vectors = VectorKind::Pooled};
}

TEST_F(Rows, EvaluationsComeBackWithTheirPredictions) {
  const EvaluationStore evaluations(workspace_);
  const EvaluationRow row = fewShot();
  const std::vector<PredictionRow> predictions = {{"b.png", "cat", "dog", 0.25},
                                                  {"a.png", "cat", "cat", std::numeric_limits<double>::quiet_NaN()}};
  const auto id = evaluations.add(row, predictions);
  LIX_ASSERT_OK(id);
  const EvaluationRow got = evaluations.find(*id).value();
  EXPECT_EQ(std::tie(got.kind, got.checkpoint, got.weightsHash, got.checkpointLabel, got.dataset, got.split,
                     got.labelSet, got.templates, got.modelSeed),
            std::tie(row.kind, row.checkpoint, row.weightsHash, row.checkpointLabel, row.dataset, row.split,
                     row.labelSet, row.templates, row.modelSeed));
  EXPECT_EQ(std::tie(got.supportSeed, got.adapter, got.shots, got.classes, got.supportSize, got.querySize, got.metric,
                     got.value, got.settings, got.findings),
            std::tie(row.supportSeed, row.adapter, row.shots, row.classes, row.supportSize, row.querySize, row.metric,
                     row.value, row.settings, row.findings));
  EXPECT_EQ(got.vectors, VectorKind::Pooled);
  EXPECT_NE(got.createdAt, "");
  const auto read = evaluations.predictions(*id);
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->front().sample, "a.png");
  EXPECT_TRUE(std::isnan(read->front().margin));
  EXPECT_EQ(read->back().predicted, "dog");
  EXPECT_EQ(read->back().margin, 0.25);
  EXPECT_NE(messageOf(evaluations.find(12)).find("no result with key 12"), std::string::npos);
}

TEST_F(Rows, AnEvaluationIsKeptWholeOrNotAtAll) {
  const EvaluationStore evaluations(workspace_);
  const std::vector<PredictionRow> twice = {{"a.png", "x", "x", 1.0}, {"a.png", "x", "y", 1.0}};
  EXPECT_FALSE(evaluations.add(fewShot(), twice));
  EvaluationRow bad = fewShot();
  bad.value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(messageOf(evaluations.add(bad)).find("not a finite number"), std::string::npos);
  bad = fewShot();
  bad.findings = "{";
  EXPECT_NE(messageOf(evaluations.add(bad)).find("findings_are_json"), std::string::npos);
  EXPECT_TRUE(evaluations.list()->empty());
}

TEST_F(Rows, EachFilterAloneSelects) {
  const EvaluationStore evaluations(workspace_);
  LIX_ASSERT_OK(evaluations.add(fewShot()));
  const EvaluationRow other{.kind = "zero-shot",
                            .checkpoint = "/d",
                            .weightsHash = "v",
                            .checkpointLabel = "Llip",
                            .dataset = "scenes",
                            .split = "val",
                            .labelSet = "count",
                            .metric = "top5",
                            .value = 1.0};
  const long long second = evaluations.add(other).value();
  const std::vector<EvaluationFilter> filters = {
      {.kind = "zero-shot"}, {.checkpointLabel = "Llip"}, {.weightsHash = "v"}, {.dataset = "scenes"},
      {.split = "val"},      {.labelSet = "count"},       {.metric = "top5"},   {.vectors = VectorKind::Embedding},
      {.shots = 0}};
  for (const auto& filter : filters) {
    const auto rows = evaluations.list(filter);
    LIX_ASSERT_OK(rows);
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->front().id, second);
    EXPECT_EQ(rows->front().modelSeed, std::nullopt);
  }
  EXPECT_EQ(evaluations.list({.adapter = "prototype"})->size(), 1u);
  EXPECT_EQ(evaluations.list({.kind = "few-shot", .dataset = "scenes"})->size(), 0u);
  EXPECT_EQ(evaluations.list()->size(), 2u);
}

}  // namespace
}  // namespace lix::store
