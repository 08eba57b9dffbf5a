// The whole job on a made set: data, SigLIP, post-training, Llip, zero-shot, few-shot, rows of the workspace.
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/safetensors.h"
#include "store/evaluation_store.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::Ran;

class EndToEnd : public test::LixpTest {
 protected:
  std::vector<store::EvaluationRow> rows(const store::EvaluationFilter& filter = {}) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    EXPECT_TRUE(workspace.has_value()) << test::messageOf(workspace);
    return workspace ? store::EvaluationStore(*workspace).list(filter).value() : std::vector<store::EvaluationRow>();
  }
};

TEST_F(EndToEnd, DataTrainPostTrainEvaluate) {
  const json list = good({"data", "list"});
  EXPECT_TRUE(std::ranges::any_of(list, [](const json& one) { return one["name"] == "discs"; })) << list;
  EXPECT_EQ(good({"data", "show", "discs"})["splits"]["train"], 36);

  const json first = good(training("siglip", "siglip", {"--steps", "6", "--seed", "3"}));
  EXPECT_EQ(first["status"], "done");
  EXPECT_GT(first["last"]["loss"].get<double>(), 0.0);
  const json post = good(training("siglixp", "siglixp", {"--steps", "4", "--init", "siglip", "--learning-rate", "1e-4", "--seed", "4"}));
  EXPECT_TRUE(post["last"].contains("effective_neighbours")) << post;
  EXPECT_EQ(good(training("llip", "llip", {"--steps", "4", "--seed", "5"}))["status"], "done");

  const json zero = good({"eval", "zero-shot", "siglip", "siglixp", "llip", "--data", "discs"});
  ASSERT_EQ(zero.size(), 3u);
  const std::vector<std::string> fewShot{"eval", "few-shot", "siglip", "siglixp", "llip", "--data", "discs", "--shots", "1,2,4",
                                         "--draws", "3", "--seed", "9", "--adapters", "prototype,tip-adapter,tip-adapter-x,knn:k=3"};
  const json few = good(fewShot);
  ASSERT_EQ(few.size(), 3u);
  EXPECT_EQ(few[0]["vectors"], "embedding");
  EXPECT_EQ(few[2]["vectors"], "pooled");

  const auto zeroRows = rows({.kind = "zero-shot", .metric = "top1"});
  ASSERT_EQ(zeroRows.size(), 3u);
  const std::map<std::string, long long> seeds{{"siglip", 3}, {"siglixp", 4}, {"llip", 5}};
  for (const auto& row : zeroRows) {
    EXPECT_EQ(row.checkpoint, at(row.checkpointLabel));
    EXPECT_EQ(row.weightsHash.size(), 16u);
    EXPECT_EQ(row.dataset, "discs");
    EXPECT_EQ(row.split, "test");
    EXPECT_EQ(row.labelSet, "label");
    EXPECT_EQ(row.templates, "plain");
    EXPECT_EQ(row.modelSeed, seeds.at(row.checkpointLabel));
    EXPECT_FALSE(row.supportSeed.has_value());
    EXPECT_EQ(row.classes, 3);
    EXPECT_EQ(row.querySize, 15);
  }
  {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    LIX_ASSERT_OK(workspace);
    const auto predictions = store::EvaluationStore(*workspace).predictions(zeroRows[0].id);
    LIX_ASSERT_OK(predictions);
    ASSERT_EQ(predictions->size(), 15u);
    const auto right = std::ranges::count_if(*predictions, [](const auto& one) { return one.label == one.predicted; });
    EXPECT_NEAR(zeroRows[0].value, static_cast<double>(right) / 15.0, 1e-12) << "the number is that of the predictions";
  }

  std::set<long long> supportSeeds;
  for (const auto& row : rows({.kind = "few-shot", .checkpointLabel = "siglixp", .adapter = "tip-adapter-x", .metric = "top1", .shots = 2})) {
    ASSERT_TRUE(row.supportSeed.has_value());
    supportSeeds.insert(*row.supportSeed);
    EXPECT_EQ(row.modelSeed, 4);
    EXPECT_EQ(row.supportSize, 6);
    EXPECT_EQ(row.querySize, 15);
    EXPECT_GT(json::parse(row.findings).size(), 1u) << "what the search found: " << row.findings;
    EXPECT_GT(json::parse(row.findings)["logit_scale"].get<double>(), 0.0);
    EXPECT_EQ(json::parse(row.settings)["pool"], "train");
  }
  EXPECT_EQ(supportSeeds.size(), 3u) << "one for every draw";
  for (const auto& row : rows({.kind = "few-shot", .adapter = "knn:k=3", .metric = "top1", .shots = 4})) {
    EXPECT_EQ(json::parse(row.settings)["k"], 3);
    EXPECT_EQ(row.vectors, row.checkpointLabel == "llip" ? store::VectorKind::Pooled : store::VectorKind::Embedding);
  }

  // Again: from the cache, and without it. Row keys are new, numbers are not.
  const auto numbers = [](json document) {
    for (auto& one : document) {
      one.erase("key");
    }
    return document;
  };
  ASSERT_FALSE(fs::is_empty(at("ws/cache/features")));
  EXPECT_EQ(numbers(good({"eval", "zero-shot", "siglip", "siglixp", "llip", "--data", "discs"})), numbers(zero)) << "with the cache";
  EXPECT_EQ(good(fewShot), few) << "with the cache";
  fs::remove_all(at("ws/cache"));
  EXPECT_EQ(numbers(good({"eval", "zero-shot", "siglip", "siglixp", "llip", "--data", "discs"})), numbers(zero)) << "without the cache";
  EXPECT_EQ(good(fewShot), few) << "without the cache";
  EXPECT_EQ(rows({.kind = "zero-shot", .metric = "top1"}).size(), 9u);
}

TEST_F(EndToEnd, ZeroSteppedSeedsGiveOtherModelsAndTheSameSeedTheSame) {
  good(training("siglip", "a", {"--steps", "3", "--seed", "1"}));
  good(training("siglip", "b", {"--steps", "3", "--seed", "1"}));
  good(training("siglip", "c", {"--steps", "3", "--seed", "2"}));
  const auto hash = [&](const char* name) {
    good({"eval", "zero-shot", name, "--data", "discs"});
    return rows({.checkpointLabel = name}).front().weightsHash;
  };
  const std::string a = hash("a");
  EXPECT_EQ(a, hash("b"));
  EXPECT_NE(a, hash("c"));
}

TEST_F(EndToEnd, PostTrainingTakesATenthOfTheRateUnlessTold) {
  checkpoint("start");
  const auto rate = [&](const std::string& out, std::vector<std::string> more) {
    const Ran said = run(training("siglip", out, std::move(more)));
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.err.find("a tenth of the usual") != std::string::npos, out == "post") << said.err;
    const auto file = nn::SafetensorsFile::open(at(out) / "training_state.safetensors");
    EXPECT_TRUE(file.has_value());
    return file ? json::parse(file->metadata().at("settings"))["learningRate"].get<double>() : 0.0;
  };
  EXPECT_EQ(rate("post", {"--steps", "1", "--init", "start"}), 1e-4);
  EXPECT_EQ(rate("told", {"--steps", "1", "--init", "start", "--learning-rate", "0.002"}), 0.002);
  EXPECT_EQ(rate("fresh", {"--steps", "1"}), 1e-3);
  EXPECT_EQ(good({"train", "--resume", "post"})["status"], "done");
}

TEST_F(EndToEnd, AnOwnRecipeIsFoundFromAnotherFolderAndRefusedWhenChanged) {
  const std::string mine = R"({"id": "mine", "towers": "siglip", "scalars": {"logit_scale": 2.0},
      "terms": [{"scorer": "dot", "reducer": "softmax", "scale": "logit_scale"}]})";
  test::writeText(at("mine.json"), mine);
  ASSERT_EQ(run(training("mine.json", "own", {"--steps", "1"})).code, 0);
  fs::create_directories(at("elsewhere"));
  const auto again = [&] { return test::ran(test::lixp({"train", "--resume", at("own").string(), "--workspace", at("ws").string()}),
                                            {.folder = at("elsewhere")}); };
  EXPECT_EQ(again().code, 0) << again().err;
  EXPECT_EQ(run({"train", "mine.json", "--resume", "own"}).code, 0) << "the same recipe by its relative path";
  test::writeText(at("mine.json"), mine + "\n");
  expectSentence(again(), "was changed since the run");
}

TEST_F(EndToEnd, ClassFoldersTrainAndSayWhatWasLeftOut) {
  for (const std::string name : {"red", "green", "blue"}) {
    for (int i = 0; i < 3; ++i) {
      const std::string file = cat(name, i, ".png");
      fs::create_directories(at("sorted/train") / name);
      fs::copy_file(at("discs") / file, at("sorted/train") / name / file);
    }
  }
  test::writeText(at("sorted/train/red/cut.png"), "no picture");
  ASSERT_EQ(run({"data", "add", "sorted"}).code, 0);
  const auto command = [](const std::string& batch) {
    return std::vector<std::string>{"train", "siglip", "--data", "sorted", "--steps", "2", "--batch", batch, "--out", "by" + batch};
  };
  const Ran said = run(command("3"));
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.err.find("Left out of 'sorted': 1 entry (train/red/cut.png"), std::string::npos) << said.err;
  expectSentence(run(command("4")), "3 different captions");
}

TEST_F(EndToEnd, APackFitsTheModelThatItIsFor) {
  const auto pixels = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"data", "pack", "tall", "--out", "pack"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    good(arguments);
    return readFile(at("pack/pictures-00000.safetensors")).value();
  };
  // A tall picture shows whether it was squashed or cropped.
  test::writeText(at("tall/a.ppm"), "P6 8 16 255\n" + std::string(8 * 8 * 3, '\x10') + std::string(8 * 8 * 3, '\xf0'));
  test::writeText(at("tall/b.ppm"), "P6 8 16 255\n" + std::string(8 * 4 * 3, '\xf0') + std::string(8 * 12 * 3, '\x10'));
  test::writeText(at("tall/table.csv"), "path,caption,split\na.ppm,dark above bright,train\nb.ppm,bright above dark,train\n");
  ASSERT_EQ(run({"data", "add", "tall/table.csv", "--name", "tall"}).code, 0);
  checkpoint("clip", "clip");
  const std::string squashed = pixels({}), cropped = pixels({"--recipe", "clip"});
  EXPECT_NE(squashed, cropped);
  EXPECT_EQ(pixels({"--recipe", "siglip"}), squashed);
  EXPECT_EQ(pixels({"--tokenizer", "clip"}), cropped);
}

TEST_F(EndToEnd, AHalfWeightsCheckpointIsEvaluatedAndContinued) {
  good(training("siglip", "half", {"--steps", "2", "--half-weights"}));
  EXPECT_LT(fs::file_size(at("half/model.safetensors")), 3'000'000u) << "tiny means at most 3 MB in fp16";
  EXPECT_EQ(good({"eval", "zero-shot", "half", "--data", "discs"}).size(), 1u);
  EXPECT_EQ(good(training("siglixp", "on", {"--steps", "2", "--init", "half"}))["status"], "done");
}

}  // namespace
}  // namespace lix
