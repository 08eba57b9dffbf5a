#include "study/train/step.h"

#include <cmath>
#include <limits>

#include "nn/ops/tensor.h"
#include "study/train/micro_batch.h"
#include "study/train/skip_report.h"
#include "step_support.h"

namespace lix::test {
namespace {
using namespace study;

void expectCachedIsWhole(Case& c, const std::string& what, double tolerance) {
  const BatchLoss whole = lossAndGradients(c.model, c.recipe, c.pixels, c.ids, 0).value();
  ASSERT_EQ(whole.broken, Finite::All) << what;
  const auto wanted = takeGradients(c.model);
  for (const std::int64_t micro : {1, 4, 10}) {
    const BatchLoss cached = lossAndGradients(c.model, c.recipe, c.pixels, c.ids, micro).value();
    EXPECT_NEAR(cached.series.at("loss"), whole.series.at("loss"), tolerance * std::abs(whole.series.at("loss"))) << what;
    EXPECT_LE(difference(wanted, takeGradients(c.model)), tolerance) << what << " in micro-batches of " << micro;
  }
}

TEST(Step, CachedGradientsAreThoseOfTheWholeBatchForEveryRecipe) {
  for (const nn::Recipe& recipe : nn::recipes()) {
    Case exact = makeCase(recipe, smallTowers(recipe), at::kDouble, 11);
    expectCachedIsWhole(exact, recipe.id + " fp64", 1e-10);
    Case single = makeCase(recipe, smallTowers(recipe), at::kFloat, 11);
    expectCachedIsWhole(single, recipe.id + " fp32", 1e-5);
  }
}

TEST(Step, CachedGradientsOfTokenSetsWithNormsAndPatches) {
  const nn::Recipe recipe = *nn::findRecipe("llip");
  nn::ModelConfig config = smallTowers(recipe).config;
  config.mixture->norms = true;
  config.mixture->patches = true;
  Case c = makeCase(recipe, *nn::makeModel(config, 3), at::kDouble, 9);
  expectCachedIsWhole(c, "llip with norms and patches", 1e-10);
  LIX_ASSERT_OK(lossAndGradients(c.model, c.recipe, c.pixels, c.ids, 4));
  for (const char* name : {"llip.k_proj", "llip.v_proj", "llip.q_proj", "llip.out_proj", "llip.k_norm.weight",
                           "llip.q_norm.bias", "logit_scale", "logit_bias"}) {
    const at::Tensor gradient = c.model.parameters.at(name).grad();
    ASSERT_TRUE(gradient.defined()) << name;
    EXPECT_GT(gradient.abs().max().item<double>(), 0.0) << name;
  }
}

TEST(Step, ALockedSideGivesTheOtherItsGradients) {
  for (const bool image : {true, false}) {
    Case c = makeCase("siglixp", at::kDouble);
    applyLocks({.lockImage = image, .lockText = !image}, c.model);
    expectCachedIsWhole(c, image ? "image locked" : "text locked", 1e-10);
    LIX_ASSERT_OK(lossAndGradients(c.model, c.recipe, c.pixels, c.ids, 4));
    for (const auto& [name, parameter] : c.model.parameters) {
      const Side side = sideOf(name, c.model.config.head);
      EXPECT_EQ(parameter.grad().defined(), side == Side::Scalar || (side == Side::Image) != image) << name;
    }
  }
}

TEST(Step, TheWholeBatchIsSeenBeforeTheLoss) {
  for (const std::int64_t micro : {0, 3}) {
    Case c = makeCase("siglixp", at::kFloat);
    std::int64_t seen = 0;
    LIX_ASSERT_OK(lossAndGradients(c.model, c.recipe, c.pixels, c.ids, micro, [&](const nn::Encoded& batch) {
      seen = batch.image.size(0);
      const_cast<nn::Model&>(c.model).parameters.at("lixp.log_tau").fill_(4.0);
    }));
    EXPECT_EQ(seen, 11) << micro;
    EXPECT_NEAR(lossAndGradients(c.model, c.recipe, c.pixels, c.ids, micro).value().series.at("tau_ctx"), std::exp(4.0), 1e-3);
  }
}

TEST(Step, APictureThatIsNotFiniteIsFoundAndLeavesNoGradient) {
  for (const char* recipe : {"siglixp", "llip"}) {
    for (const std::int64_t micro : {0, 4}) {
      Case c = makeCase(recipe, at::kFloat);
      c.pixels[3][1][2][5].fill_(std::nan(""));
      c.pixels[9][0][0][0].fill_(std::numeric_limits<double>::infinity());
      const BatchLoss found = lossAndGradients(c.model, c.recipe, c.pixels, c.ids, micro, [](const nn::Encoded&) {
        FAIL() << "a temperature would be set from what is not finite";
      }).value();
      EXPECT_EQ(found.broken, Finite::Features);
      EXPECT_EQ(found.badPictures, (std::vector<std::int64_t>{3, 9}));
      EXPECT_TRUE(found.badCaptions.empty());
      for (const auto& [name, parameter] : c.model.parameters) {
        EXPECT_FALSE(parameter.grad().defined()) << name;
      }
    }
  }
}

TEST(Step, AnOverflownLossIsTold) {
  for (const std::int64_t micro : {0, 4}) {
    Case c = makeCase("siglip", at::kFloat);
    c.model.parameters.at("logit_scale").detach().fill_(1000.0);
    const BatchLoss found = lossAndGradients(c.model, c.recipe, c.pixels, c.ids, micro).value();
    EXPECT_EQ(found.broken, Finite::Loss);
    EXPECT_TRUE(found.badPictures.empty());
    EXPECT_FALSE(c.model.parameters.at("text_model.head.weight").grad().defined());
    const TemporaryFolder folder;
    expectIn("all features are finite, but the loss overflowed (bias.dot -10, scale.dot inf)",
             causeOf(found, {}, dataOf(colourPairs(1), folder / "pack")));
  }
}

TEST(SkipReport, NamesTheFirstFive) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  std::vector<BatchItem> items;
  for (std::uint32_t i = 0; i < 16; ++i) {
    items.push_back({10 + i, i % 2});
  }
  BatchLoss loss{.broken = Finite::Features, .badPictures = {2}, .badCaptions = {1, 3}};
  EXPECT_EQ(causeOf(loss, items, data),
            "the features of 1 of its 16 pictures ('picture 12') and 2 of its 16 captions (caption 2 of 'picture 11': "
            "\"caption of 3 words\", caption 2 of 'picture 13': \"caption of 3 words\") are not finite");
  loss = {.broken = Finite::Features, .badPictures = {0, 1, 2, 3, 4, 5, 6}};
  expectIn("7 of its 16 pictures ('picture 10', 'picture 11', 'picture 12', 'picture 13', 'picture 14', and 2 more)",
           causeOf(loss, items, data));
  loss.badPictures.resize(16);
  expectIn("the features of all 16 pictures are not finite", causeOf(loss, items, data));
}

TEST(MicroBatch, IsChosenByMemory) {
  const nn::Recipe recipe = *nn::findRecipe("siglip");
  TrainSettings settings{.batch = 4096};
  const nn::Cost cost = nn::costOf(smallTowers(recipe).config, recipe, settings.batch);
  const auto chosen = [&](double bytes) { return chooseMicroBatch(settings, cost, bytes); };
  EXPECT_EQ(chosen(2.01 * cost.stepBytes(4096, 4096)), 4096);  // half of it holds all
  EXPECT_EQ(chosen(1.99 * cost.stepBytes(4096, 4096)), 256);
  EXPECT_EQ(chosen(2.01 * cost.stepBytes(4096, 100)), 64);
  EXPECT_EQ(chosen(1.0), 1);
  EXPECT_EQ(chosen(0.0), 4096);  // not known
  settings.microBatch = 48;
  EXPECT_EQ(chosen(1.0), 48);
  settings.batch = 32;
  EXPECT_EQ(chosen(1.0), 32);
}

}  // namespace
}  // namespace lix::test
