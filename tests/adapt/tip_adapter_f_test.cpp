// Tip-Adapter-F: its gradient, complex-step training, the choice of the epoch, and what does not depend on chance.
#include "adapt/choice.h"
#include "adapt/frozen.h"
#include "adapt/key_training.h"

namespace lix {
namespace {

const ParamValues kFixed{{"search", std::string("none")}};

TEST(TipAdapterF, LossAndGradientByHand) {
  // One key and one picture a class, on the axes; zero-shot knows nothing.
  const std::vector<float> features{1.f, 0.f, 0.f, 1.f}, zeroShot(4, 0.f);
  const std::vector<int> labels{0, 1};
  const adapt::Labelled rows{{features, 2, 2}, labels};
  std::vector<float> gradient(4);
  const double loss = adapt::keyGradient(rows, {rows, zeroShot}, 2.f, 3.f, gradient);
  const double far = std::exp(-3.0);                             // affinity of the other class' key
  const double wrong = 1.0 / (1.0 + std::exp(2.0 - 2.0 * far));  // its softmax
  EXPECT_NEAR(loss, -std::log(1.0 - wrong), 1e-6);
  EXPECT_NEAR(gradient[0], 2.0 * 3.0 * 1.0 * -wrong / 2.0, 1e-6);
  EXPECT_NEAR(gradient[1], 2.0 * 3.0 * far * wrong / 2.0, 1e-6);
}

TEST(TipAdapterF, GradientIsThatOfTheLoss) {
  const test::OwnedTask task = test::makeTask(4, 3, 6, 0.5);
  const auto zeroShot = adapt::multiplyTransposed(task.query(), task.matrix(task.text), 5.f);
  const adapt::KeyBatch batch{{task.query(), task.queryLabels}, zeroShot};
  std::vector<float> keys = task.support, gradient(keys.size()), unused(keys.size());
  Random random(2, 0);
  for (float& value : keys) {
    value *= static_cast<float>(random.uniform(0.5, 1.5));  // not unit, as trained keys are not
  }
  const auto loss = [&](std::vector<float>& out) {
    return adapt::keyGradient({task.matrix(keys), task.supportLabels}, batch, 3.f, 2.f, out);
  };
  loss(gradient);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    constexpr float kStep = 1e-2f;
    const float before = keys[i];
    keys[i] = before + kStep;
    const double above = loss(unused);
    keys[i] = before - kStep;
    const double below = loss(unused);
    keys[i] = before;
    ASSERT_NEAR(gradient[i], (above - below) / (2.0 * kStep), 1e-4) << "at " << i;
  }
}

TEST(TipAdapterF, AgreesWithComplexSteps) { test::expectFixture("tip-adapter-f", 5e-5); }

TEST(TipAdapterF, TrainingLowersTheLoss) {
  const test::OwnedTask task = test::makeTask(6, 8, 19, 0.5);
  const adapt::Task fitted = task.task();
  const auto zeroShot = adapt::multiplyTransposed(fitted.support.features, fitted.text, fitted.logitScale);
  std::vector<float> unused(task.support.size());
  const auto loss = [&](std::span<const float> keys) {
    return adapt::keyGradient({{keys, fitted.support.features.rows, task.columns}, fitted.support.labels},
                              {fitted.support, zeroShot}, 3.f, 5.f, unused);
  };
  std::vector<double> losses{loss(task.support)};
  const adapt::KeyTraining settings{.alpha = 3.f, .beta = 5.f, .epochs = 10, .batch = 16, .learningRate = 5e-3};
  LIX_ASSERT_OK(adapt::trainKeys(fitted, settings, [&](std::size_t epoch, std::span<const float> keys) {
    EXPECT_EQ(epoch + 1, losses.size());
    losses.push_back(loss(keys));
  }));
  ASSERT_EQ(losses.size(), 11u);
  EXPECT_LT(losses[5], losses[0]);
  EXPECT_LT(losses[10], losses[5]);
}

TEST(TipAdapterF, StopsWithinTheEpochInWhichItIsAskedTo) {
  const test::OwnedTask task = test::makeTask(6, 4);
  adapt::Task fitted = task.task();
  std::stop_source stop;
  fitted.stop = stop.get_token();
  std::vector<std::size_t> epochs;
  const auto done = adapt::trainKeys(fitted, {.epochs = 1000, .batch = 8}, [&](std::size_t epoch, std::span<const float>) {
    epochs.push_back(epoch);
    if (epoch == 2) {
      stop.request_stop();
    }
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(epochs, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(TipAdapterF, NoRateIsTipAdapter) {
  const test::OwnedTask task = test::makeTask(6, 4);
  ParamValues params = kFixed;
  params["learning_rate"] = 0.0;
  test::expectClose(test::answers("tip-adapter-f", task, params), test::answers("tip-adapter", task), 1e-6);
}

TEST(TipAdapterF, ManyBatchesDoNotSeeTheOrderOfTheSupport) {
  const test::OwnedTask task = test::makeTask(6, 8, 19, 0.5);
  test::OwnedTask listed = task;
  std::ranges::reverse(listed.supportLabels);
  for (std::size_t i = 0; i < task.supportLabels.size(); ++i) {
    const auto from = task.support.begin() + static_cast<std::ptrdiff_t>(i * task.columns);
    std::copy_n(from, task.columns, listed.support.end() - static_cast<std::ptrdiff_t>((i + 1) * task.columns));
  }
  const ParamValues params{{"batch", 7LL}, {"learning_rate", 0.02}};
  const auto before = test::answers("tip-adapter-f", task, params);
  EXPECT_EQ(test::answers("tip-adapter-f", listed, params), before);
  const ParamValues other{{"batch", 7LL}, {"learning_rate", 0.02}, {"seed", 2LL}};
  EXPECT_NE(test::answers("tip-adapter-f", task, other), before);
}

TEST(TipAdapterF, EpochAndSettingsRestOnValidation) {
  test::OwnedTask task = test::makeTask(6, 4, 19, 0.5);
  const auto classifier = test::fitted("tip-adapter-f", task.task());
  auto settings = classifier->settings();
  const auto logits = classifier->logits(task.matrix(task.validation));
  const auto right = static_cast<double>(adapt::countCorrect(logits, task.validationLabels));
  EXPECT_EQ(test::words(settings, "chosen_by"), "validation");
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("alpha_trained")), 1.17);
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("validation_accuracy")), right / 18.0);
  test::withoutValidation(task);
  settings = test::fitted("tip-adapter-f", task.task(), {{"epochs", 7LL}})->settings();
  EXPECT_EQ(test::words(settings, "chosen_by"), "fixed settings: there are no validation pictures");
  EXPECT_EQ(std::get<long long>(settings.at("epoch")), 7);
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("alpha")), 1.17);
}

TEST(TipAdapterF, NumbersOutOfRangeAreRefused) {
  const test::OwnedTask task = test::makeTask(3, 4);
  const auto refused =
      (*adapt::find("tip-adapter-f"))->fit(task.task(), {{"learning_rate", 1.0}, {"alpha", 1000.0}, {"beta", 1000.0}});
  EXPECT_NE(test::messageOf(refused).find("choose a smaller learning_rate"), std::string::npos)
      << test::messageOf(refused);
}

}  // namespace
}  // namespace lix
