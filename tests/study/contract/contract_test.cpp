// What holds for every recipe on every kind of towers and head: it is made, trains, is saved, comes back bit for bit, and
// is evaluated and inspected.
#include <ATen/core/grad_mode.h>

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
    if (recipe.towers == nn::Towers::Heads) {
      continue;  // they learn on features: tests/study/heads
    }
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

/// One token a byte within the pack's words, then the end token 1.
class SmallTokenizer : public nn::Tokenizer {
 public:
  nn::TokenRow encode(std::string_view caption, int contextLength) const override {
    nn::TokenRow row{std::vector<std::int32_t>(std::size_t(contextLength), 1)};
    row.truncated = caption.size() >= std::size_t(contextLength);
    row.length = row.truncated ? contextLength : int(caption.size()) + 1;
    for (int i = 0; i + 1 < row.length; ++i) {
      row.ids[std::size_t(i)] = 2 + static_cast<unsigned char>(caption[std::size_t(i)]) % (kWords - 2);
    }
    return row;
  }
  int vocabularySize() const override { return kWords; }
  std::vector<std::string> pieces(std::string_view caption) const override { return {std::string(caption)}; }
  Result<void> save(const std::filesystem::path&, int) const override { return {}; }
  std::uint64_t hash() const override { return 1; }
};

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
                                   .tokenizer = std::make_shared<SmallTokenizer>()};
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

TEST(Contract, EveryRecipeOnEveryHeadTrainsReloadsAndEvaluates) {
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
    const auto out = folder / cat("run-", ++number);
    Watcher watcher;
    const auto end = study::train(settings, data, nn::Checkpoint{start, "", {}, ""}, out, watcher);
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
    const TemporaryFolder copy;
    LIX_ASSERT_OK(nn::saveModel(trained->model, one.recipe, copy.path(), nn::Precision::Float32));
    const auto again = nn::loadCheckpoint(copy.path());
    LIX_ASSERT_OK(again);
    EXPECT_EQ(again->weightsHash, trained->weightsHash) << name;
    ASSERT_EQ(again->model.parameters.size(), trained->model.parameters.size()) << name;
    for (const auto& [key, value] : trained->model.parameters) {
      EXPECT_TRUE(again->model.parameters.at(key).equal(value)) << name << ": " << key;
    }
    evaluate(*again, name);
  }
}

}  // namespace
}  // namespace lix::test
