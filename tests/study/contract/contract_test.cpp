// What holds for every recipe on every kind of towers and head: it is made, trains, stops and goes on, is saved, comes
// back bit for bit, and is evaluated and inspected.
#include <ATen/core/grad_mode.h>

#include "byte_tokenizer.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/image_heads.h"
#include "study/eval/zero_shot.h"
#include "study/inspect/inspect.h"
#include "study/train/recipe_for.h"
#include "train_support.h"

namespace lix::test {
namespace {

/// A recipe, and what a person may change of its model.
struct Case {
  std::string recipe;
  std::string towers;
  bool norms = false;
  bool patches = false;

  std::string name() const {
    return cat(recipe, towers.empty() ? "" : " on ", towers, norms ? " norms" : "", patches ? " patches" : "");
  }
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const nn::Recipe& recipe : nn::recipes()) {
    all.push_back({recipe.id});
    if (recipe.head == nn::ImageHead::Vector) {
      all.push_back({recipe.id, recipe.towers == nn::Towers::Siglip ? "clip" : "siglip"});
    } else if (recipe.head == nn::ImageHead::LearnedAverage || recipe.head == nn::ImageHead::Mixture) {
      all.push_back({recipe.id, "", true, false});
      all.push_back({recipe.id, "", true, true});
    }
  }
  return all;
}

nn::Model startOf(const Case& one, const nn::Recipe& recipe) {
  nn::Model model = smallTowers(recipe);
  nn::ModelConfig config = model.config;
  if (config.mixture) {
    config.mixture->norms = one.norms;
    config.mixture->patches = one.patches;
  }
  model = *nn::makeModel(config, 3);
  nn::addScalars(model, recipe);
  return model;
}

void evaluate(const nn::Checkpoint& checkpoint, const std::string& name) {
  const at::NoGradGuard noGrad;
  const study::Evaluator evaluator{.checkpoint = checkpoint,
                                   .preprocess = nn::clipPreprocess(kPictureSide),
                                   .tokenizer = std::make_shared<study::test::ByteTokenizer>(kWords)};
  std::vector<imaging::Image> pictures;
  for (const auto& pixels : {pixelsOf({{1, 5}}), pixelsOf({{6, 2}})}) {
    pictures.push_back({kPictureSide, kPictureSide, pixels});
  }
  const auto rows = study::embedSquares(evaluator, {&pictures[0], &pictures[1]});
  const auto vectors = study::unitVectors(evaluator, rows);
  ASSERT_EQ(vectors.sizes().vec(), (std::vector<std::int64_t>{2, checkpoint.model.config.embedWidth})) << name;
  EXPECT_LT((vectors.norm(2, 1) - 1.0).abs().max().item<double>(), 1e-5) << name;
  const auto classes = study::embedClasses(evaluator, {"ab", "cd", "e"}, {"plain", {"{}", "f{}"}});
  const auto scores = study::zeroShotScores(evaluator, rows, classes);
  ASSERT_EQ(scores.sizes().vec(), (std::vector<std::int64_t>{2, 3})) << name;
  EXPECT_LE(scores.abs().max().item<double>(), 1.0 + 1e-5) << name;
  const auto reading = study::inspect(evaluator, pictures, {"ab", "cd"});
  LIX_ASSERT_OK(reading);
  for (const float value : reading->pictures[1].map.values) {
    EXPECT_TRUE(std::isfinite(value)) << name;
  }
  EXPECT_EQ(reading->pictures[0].mixture.has_value(), checkpoint.model.config.mixesByCaption()) << name;
}

/// Stopped after its first step, the run ends in the bytes of the one that was not.
void resumes(const study::TrainSettings& settings, const study::TrainData& data, const nn::Checkpoint& start,
             const std::filesystem::path& straight, const std::string& name) {
  const std::filesystem::path out = straight.string() + "-stopped";
  Watcher stopped(1, study::TrainRequest::Stop), resumed;
  const auto first = study::train(settings, data, start, out, stopped);
  LIX_ASSERT_OK(first);
  EXPECT_EQ(*first, study::TrainEnd::Stopped) << name;
  const auto second = study::resume(data, out, resumed);
  LIX_ASSERT_OK(second);
  EXPECT_EQ(*second, study::TrainEnd::Done) << name;
  EXPECT_EQ(resumed.history.size(), std::size_t(settings.steps) - 1) << name;
  expectSameRun(straight, out, name);
}

void comesBack(const nn::Checkpoint& trained, const std::string& recipe, const std::string& name) {
  const TemporaryFolder copy;
  LIX_ASSERT_OK(nn::saveModel(trained.model, recipe, copy.path(), nn::Precision::Float32));
  const auto again = nn::loadCheckpoint(copy.path());
  LIX_ASSERT_OK(again);
  EXPECT_EQ(again->weightsHash.text(), trained.weightsHash.text()) << name;
  ASSERT_EQ(again->model.parameters.size(), trained.model.parameters.size()) << name;
  for (const auto& [key, value] : trained.model.parameters) {
    EXPECT_TRUE(again->model.parameters.at(key).equal(value)) << name << ": " << key;
  }
  evaluate(*again, name);
}

TEST(Contract, EveryRecipeOnEveryHeadTrainsResumesReloadsAndEvaluates) {
  ASSERT_GE(cases().size(), 20u);
  const TemporaryFolder folder;
  const auto data = dataOf(colourPairs(1), folder / "pack");
  int number = 0;
  for (const Case& one : cases()) {
    const std::string name = one.name();
    study::TrainSettings settings = smallSettings(one.recipe, 2);
    settings.towers = one.towers;
    const auto recipe = study::recipeFor(settings);
    LIX_ASSERT_OK(recipe);
    const nn::Model start = startOf(one, *recipe);
    const nn::Checkpoint checkpoint{start, "", {}, {}};
    const auto out = folder / cat("run-", ++number);
    Watcher watcher;
    const auto end = study::train(settings, data, checkpoint, out, watcher);
    LIX_ASSERT_OK(end);
    ASSERT_EQ(watcher.history.size(), 2u) << name;
    EXPECT_TRUE(std::isfinite(watcher.history[1].at("loss"))) << name;
    const auto trained = nn::loadCheckpoint(out);
    LIX_ASSERT_OK(trained);
    EXPECT_EQ(nn::configToJson(trained->model.config, ""), nn::configToJson(start.config, "")) << name;
    int moved = 0;
    for (const auto& [key, value] : start.parameters) {
      moved += trained->model.parameters.at(key).equal(value) ? 0 : 1;
    }
    EXPECT_GT(moved, int(start.parameters.size()) * 3 / 4) << name;
    resumes(settings, data, checkpoint, out, name);
    comesBack(*trained, one.recipe, name);
  }
}

}  // namespace
}  // namespace lix::test
