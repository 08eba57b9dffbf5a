// GDA: by hand, by a pseudo-inverse, the kit's numbers, and the supports without any spread.
#include "adapt/frozen.h"
#include "adapt/kit.h"

namespace lix {
namespace {

const ParamValues kFixed{{"search", std::string("none")}};

TEST(Gda, ByHand) {
  // Class 0 at (0.8, +-0.6), class 1 at (0, 1) twice. Scatter diag(0, 0.72), its trace / 3 = 0.24 on the diagonal:
  // P = 2 diag(1 / 0.24, 1 / 0.96); class means (0.8, 0) and (0, 1).
  test::OwnedTask task{.classes = 2, .columns = 2, .logitScale = 10.f};
  task.support = {0.8f, 0.6f, 0.f, 1.f, 0.8f, -0.6f, 0.f, 1.f};
  task.supportLabels = {0, 1, 0, 1};
  task.text = {1.f, 0.f, 0.f, 1.f};
  task.queries = {0.6f, 0.8f};
  const auto logits = test::answers("gda", task, {{"alpha", 0.5}});
  const double px = 2.0 / 0.24, py = 2.0 / 0.96;
  EXPECT_NEAR(logits[0], 6.0 + 0.5 * (0.6 * 0.8 * px + std::log(0.5) - 0.5 * 0.64 * px), 1e-5);
  EXPECT_NEAR(logits[1], 8.0 + 0.5 * (0.8 * py + std::log(0.5) - 0.5 * py), 1e-5);
}

TEST(Gda, AgreesWithAPseudoInverse) { test::expectFixture("gda", 5e-5); }  // alpha 100: sums of hundreds

TEST(Gda, AgreesWithTheKit) {
  LIX_SHARED_OR_SKIP(folder, "parity/math");
  const test::Kit kit(folder);
  test::expectClose(test::answers("gda", kit.task, {{"alpha", 1.0}}), kit.numbers("gda_logits_alpha1"), 2e-5);
  test::OwnedTask axes = kit.task;  // queries that read off W and b, less zero-shot's part
  axes.queries.assign(axes.columns * axes.columns, 0.f);
  for (std::size_t d = 0; d < axes.columns; ++d) {
    axes.queries[d * axes.columns + d] = 1.f;
  }
  const auto logits = test::answers("gda", axes, {{"alpha", 1.0}});
  const auto weights = kit.numbers("gda_W"), bias = kit.numbers("gda_b");
  for (std::size_t d = 0; d < axes.columns; ++d) {
    for (std::size_t c = 0; c < axes.classes; ++c) {
      const double text = axes.logitScale * axes.text[c * axes.columns + d];
      ASSERT_NEAR(logits[d * axes.classes + c] - text, weights[c * axes.columns + d] + bias[c], 2e-4);
    }
  }
}

TEST(Gda, OnePictureAClassIsZeroShotAndSaysSo) {
  test::OwnedTask task = test::makeTask(5, 1);
  const auto classifier = test::fitted("gda", task.task(), {{"alpha", 7.0}, {"search", std::string("none")}});
  EXPECT_NE(test::words(classifier->settings(), "note").find("the answer is zero-shot's"), std::string::npos);
  auto want = test::answers("zero-shot", task);
  for (float& value : want) {
    value += 7.f * std::log(1.f / 5.f);
  }
  test::expectClose(classifier->logits(task.query()), want, 1e-5);
  EXPECT_FALSE(test::fitted("gda", test::makeTask(5, 2).task())->settings().contains("note"));
}

TEST(Gda, AlphaNoughtIsZeroShot) {
  const test::OwnedTask task = test::makeTask(5, 4);
  test::expectClose(test::answers("gda", task, {{"alpha", 0.0}, {"search", std::string("none")}}),
                    test::answers("zero-shot", task), 1e-6);
}

TEST(Gda, RotationsDoNotMatter) {
  const test::OwnedTask task = test::makeTask(7, 5);
  test::expectClose(test::answers("gda", test::rotated(task), kFixed), test::answers("gda", task, kFixed), 3e-5);
}

TEST(Gda, SearchTakesTheFirstOfEquals) {
  const auto settings = test::fitted("gda", test::makeTask(8, 3, 48, 0.02).task())->settings();
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("alpha")), 1e-4);  // all are right
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("validation_accuracy")), 1.0);
  EXPECT_EQ(test::words(settings, "chosen_by"), "validation");
}

TEST(Gda, FixedAlphaWithoutValidation) {
  test::OwnedTask task = test::makeTask(5, 3);
  const auto asked = test::fitted("gda", task.task(), kFixed)->settings();
  EXPECT_EQ(test::words(asked, "chosen_by"), "fixed settings: no search was asked for");
  test::withoutValidation(task);
  const auto settings = test::fitted("gda", task.task())->settings();
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("alpha")), 1.0);
  EXPECT_EQ(test::words(settings, "chosen_by"), "fixed settings: there are no validation pictures");
}

}  // namespace
}  // namespace lix
