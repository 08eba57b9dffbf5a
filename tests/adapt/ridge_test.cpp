// Ridge: by hand, and by the eigenvectors of the released evaluator, with fewer and with more rows than channels.
#include "adapt/frozen.h"

namespace lix {
namespace {

TEST(Ridge, ByHand) {
  // Two pictures on the axes of a plane: both channels have mean 1/2 and deviation 1/2 + 1e-5, so that the standardised
  // rows are s (1, -1) and s (-1, 1), s = 0.5 / 0.50001. The targets of a class add to 0, so that the bias is 0, and
  // its weights are v (1, -1) with v = 2 s / (4 s^2 + l).
  test::OwnedTask task{.classes = 2, .columns = 2};
  task.support = {1.f, 0.f, 0.f, 1.f};
  task.supportLabels = {0, 1};
  task.queries = {0.6f, 0.8f, 1.f, 0.f};
  for (const double l2 : {2.0, 1024.0}) {
    const double s = 0.5 / 0.50001;
    const double v = 2.0 * s / (4.0 * s * s + l2);
    const auto logits = test::answers("ridge", task, {{"l2", l2}});
    EXPECT_NEAR(logits[0], v * (0.1 - 0.3) / 0.50001, 1e-6);
    EXPECT_NEAR(logits[1], -v * (0.1 - 0.3) / 0.50001, 1e-6);
    EXPECT_NEAR(logits[2], v * 2.0 * s, 1e-6);
  }
}

TEST(Ridge, AgreesWithEigenvectors) { test::expectFixture("ridge", 2e-5); }

TEST(Ridge, BiasTakesTheMeanTarget) {
  // Eight of ten pictures are of class 0, no channel tells them apart from class 1, and the bias is hardly penalised.
  test::OwnedTask task{.classes = 2, .columns = 2};
  for (int i = 0; i < 10; ++i) {
    task.support.insert(task.support.end(), {0.6f, 0.8f});
    task.supportLabels.push_back(i < 8 ? 0 : 1);
  }
  task.queries = {0.6f, 0.8f};
  const auto logits = test::answers("ridge", task);
  EXPECT_NEAR(logits[0], 0.6 * 1e5 / (1e5 + 1024.0), 1e-5);
  EXPECT_NEAR(logits[1], -0.6 * 1e5 / (1e5 + 1024.0), 1e-5);
}

TEST(Ridge, NeedsNeitherTextNorValidation) {
  test::OwnedTask task = test::makeTask(6, 4);
  const auto before = test::answers("ridge", task);
  task.text.clear();
  test::withoutValidation(task);
  EXPECT_EQ(test::answers("ridge", task), before);
}

}  // namespace
}  // namespace lix
