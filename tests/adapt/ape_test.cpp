// APE: the channels by hand and over all pairs, the kit's numbers, and what holds without validation.
#include "adapt/channels.h"
#include "adapt/choice.h"
#include "adapt/frozen.h"
#include "adapt/kit.h"

namespace lix {
namespace {

/// Two classes in three channels: the first tells them apart, the second is shared, the third is empty.
test::OwnedTask small() {
  test::OwnedTask out{.classes = 2, .columns = 3, .logitScale = 10.f};
  out.support = {0.8f, 0.6f, 0.f, -0.8f, 0.6f, 0.f};
  out.supportLabels = {0, 1};
  out.text = {0.6f, 0.8f, 0.f, -0.6f, 0.8f, 0.f};
  out.queries = {0.f, 1.f, 0.f};
  return out;
}

TEST(Ape, CriterionByHand) {
  const test::OwnedTask task = small();
  const auto criterion = adapt::channelCriterion(task.task(), 0.7);
  // Channel 0: class sums 1.4 and -1.4, products over the 8 ordered pairs -3.92; text variance 0.72.
  EXPECT_NEAR(criterion[0], 0.7 * 3.92 / 8.0 + 0.3 * 0.72, 1e-6);
  EXPECT_NEAR(criterion[1], -0.7 * 3.92 / 8.0, 1e-6);
  EXPECT_NEAR(criterion[2], 0.0, 1e-12);
  EXPECT_EQ(adapt::bestChannels(criterion, 2), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(adapt::bestChannels({1.0, 3.0, 3.0, 3.0}, 2), (std::vector<std::uint32_t>{1, 2}));
}

TEST(Ape, LogitsByHand) {
  // On channel 0 all keys and texts are 1 or -1, and the query is 0: every distance is 1.
  const double share = std::exp(1.0) / (std::exp(1.0) + std::exp(-1.0));
  const double divergence = std::log2((1.0 + 1e-6) / (share + 1e-6));
  const auto logits = test::answers("ape", small(), {{"q", 0.33}, {"alpha", 3.0}, {"beta", 2.0}, {"gamma", 0.5}});
  EXPECT_NEAR(logits[0], 8.0 + 3.0 * std::exp(-2.0) * std::exp(0.5 * divergence), 1e-5);
  EXPECT_NEAR(logits[1], logits[0], 1e-5);
}

TEST(Ape, OneClassHasNoPairs) {
  test::OwnedTask task = small();
  task.classes = 1;
  task.support.resize(3);
  task.text.resize(3);
  task.supportLabels = {0};
  for (const double value : adapt::channelCriterion(task.task(), 0.7)) {
    EXPECT_EQ(value, 0.0);
  }
}

TEST(Ape, AgreesWithLoopsOverAllPairs) { test::expectFixture("ape", 5e-6); }

TEST(Ape, AgreesWithTheKit) {
  LIX_SHARED_OR_SKIP(folder, "parity/math");
  const test::Kit kit(folder);
  const auto criterion = adapt::channelCriterion(kit.task.task(), 0.5);
  const auto want = kit.numbers("ape_criterion");
  ASSERT_EQ(criterion.size(), want.size());
  for (std::size_t d = 0; d < want.size(); ++d) {
    EXPECT_NEAR(criterion[d], want[d], 1e-7) << "at " << d;  // of features rounded to floats
  }
  auto channels = kit.numbers("ape_indices");
  std::ranges::sort(channels);
  const auto found = adapt::bestChannels(criterion, channels.size());
  EXPECT_TRUE(std::ranges::equal(found, channels));
  const auto support = adapt::cutTo(kit.task.matrix(kit.task.support), found);
  const auto text = adapt::cutTo(kit.task.matrix(kit.task.text), found);
  const std::size_t width = found.size();
  test::expectClose(adapt::supportDivergences({support, support.size() / width, width}, kit.task.supportLabels,
                                              {text, kit.task.classes, width}),
                    kit.numbers("ape_div"), 2e-6);
  test::expectClose(test::answers("ape", kit.task, {{"q", 0.625}, {"w", 0.5}, {"alpha", 1.2}, {"beta", 5.0}}),
                    kit.numbers("ape_logits"), 2e-5);
}

TEST(Ape, AllChannelsAndNoGammaAreTipAdapter) {
  test::OwnedTask task = test::makeTask(6, 4);
  test::withoutValidation(task);
  const ParamValues shared{{"alpha", 2.5}, {"beta", 3.0}};
  ParamValues params = shared;
  params["q"] = 1.0;
  params["gamma"] = 0.0;
  test::expectClose(test::answers("ape", task, params), test::answers("tip-adapter", task, shared), 1e-6);
}

TEST(Ape, SearchIsTheBestOfTheGridOneByOne) {
  const test::OwnedTask task = test::makeTask(6, 3, 19, 0.5);
  const ParamValues grid{{"alpha_steps", 4LL}, {"beta_steps", 3LL}, {"gamma_steps", 3LL}, {"alpha_scale", 30.0}};
  const auto classifier = test::fitted("ape", task.task(), grid);
  double best = -1.0;
  for (int b = 0; b < 3; ++b) {
    for (int a = 0; a < 4; ++a) {
      for (int g = 0; g < 3; ++g) {
        const auto fixed = test::fitted("ape", task.task(),
                                        {{"search", std::string("none")},
                                         {"beta", 0.1 + b * 6.9 / 3.0},
                                         {"alpha", 0.1 + a * 29.9 / 4.0},
                                         {"gamma", g * 0.5 / 3.0}});
        const auto logits = fixed->logits(task.matrix(task.validation));
        const auto right = static_cast<double>(adapt::countCorrect(logits, task.validationLabels));
        best = std::max(best, right / static_cast<double>(task.validationLabels.size()));
      }
    }
  }
  EXPECT_DOUBLE_EQ(std::get<double>(classifier->settings().at("validation_accuracy")), best);
}

TEST(Ape, SearchInBlocksCountsAllPictures) {
  const test::OwnedTask task = test::makeTask(120, 1, 19, 0.5);  // 360 validation pictures: more than a block
  const ParamValues one{{"alpha_steps", 1LL}, {"beta_steps", 1LL}, {"gamma_steps", 1LL}};
  const auto searched = test::fitted("ape", task.task(), one);
  const auto fixed = test::fitted("ape", task.task(),
                                  {{"search", std::string("none")}, {"alpha", 0.1}, {"beta", 0.1}, {"gamma", 0.0}});
  const auto right = adapt::countCorrect(fixed->logits(task.matrix(task.validation)), task.validationLabels);
  EXPECT_DOUBLE_EQ(std::get<double>(searched->settings().at("validation_accuracy")),
                   static_cast<double>(right) / 360.0);
}

TEST(Ape, SaysWhatItsSettingsRestOn) {
  test::OwnedTask task = test::makeTask(5, 3);
  EXPECT_EQ(test::words(test::fitted("ape", task.task())->settings(), "chosen_by"), "validation");
  task.validation.resize(4 * task.columns);
  task.validationLabels.resize(4);
  auto settings = test::fitted("ape", task.task())->settings();
  EXPECT_EQ(test::words(settings, "chosen_by"), "fixed settings: 4 validation pictures are too few for 5 classes");
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("alpha")), 2.0);
  test::withoutValidation(task);
  settings = test::fitted("ape", task.task())->settings();
  EXPECT_EQ(test::words(settings, "chosen_by"), "fixed settings: there are no validation pictures");
  EXPECT_FALSE(settings.contains("validation_accuracy"));
}

}  // namespace
}  // namespace lix
