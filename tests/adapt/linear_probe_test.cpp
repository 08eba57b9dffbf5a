// Linear probe: by hand, its gradient, scikit-learn's optimum, and where the optimiser stops.
#include "adapt/choice.h"
#include "adapt/double_products.h"
#include "adapt/frozen.h"
#include "adapt/logistic.h"

namespace lix {
namespace {

const ParamValues kTight{{"c", 20.0}, {"tolerance", 1e-8}};

TEST(LinearProbe, ByHand) {
  // One picture a class at +1 and -1 of a line: no intercept, and with the log-loss log(1 + e^u) of both the weight u
  // of class 1 minimises u^2 / 2 + 2 C log(1 + e^u): u + 2 C sigmoid(u) = 0.
  test::OwnedTask task{.classes = 2, .columns = 1};
  task.support = {1.f, -1.f};
  task.supportLabels = {0, 1};
  task.queries = {1.f};
  double u = 0.0;
  for (int i = 0; i < 200; ++i) {  // Newton
    const double p = 1.0 / (1.0 + std::exp(-u));
    u -= (u + 6.0 * p) / (1.0 + 6.0 * p * (1.0 - p));
  }
  const auto logits = test::answers("linear-probe", task, {{"c", 3.0}, {"tolerance", 1e-8}});
  EXPECT_NEAR(logits[1] - logits[0], u, 1e-6);
  EXPECT_NEAR(logits[1] + logits[0], 0.0, 1e-6);
}

TEST(LinearProbe, GradientIsThatOfTheObjective) {
  for (const std::size_t classes : {2u, 5u}) {
    const test::OwnedTask task = test::makeTask(classes, 4, 7);
    const adapt::LogisticProblem problem(task.task().support, classes);
    std::vector<double> at(problem.size()), gradient(problem.size()), unused(problem.size());
    Random random(8, classes);
    std::ranges::generate(at, [&] { return 2.0 * random.normal(); });
    problem.evaluate(at, 0.7, gradient);
    for (std::size_t i = 0; i < at.size(); ++i) {
      constexpr double kStep = 1e-5;
      auto moved = at;
      moved[i] += kStep;
      const double above = problem.evaluate(moved, 0.7, unused);
      moved[i] -= 2.0 * kStep;
      const double below = problem.evaluate(moved, 0.7, unused);
      ASSERT_NEAR(gradient[i], (above - below) / (2.0 * kStep), 1e-8) << classes << " classes, at " << i;
    }
  }
}

TEST(LinearProbe, ObjectiveByHand) {
  const test::OwnedTask task = test::makeTask(4, 3);
  const adapt::LogisticProblem problem(task.task().support, 4);
  std::vector<double> at(problem.size(), 0.0), gradient(problem.size());
  EXPECT_NEAR(problem.evaluate(at, 1.0, gradient), std::log(4.0), 1e-12);
  at[0] = 0.5;
  at.back() = -1000.0;  // an intercept costs nothing, and nothing overflows
  const double with = problem.evaluate(at, 2.0, gradient);
  EXPECT_TRUE(std::isfinite(with));
  const double heavier = problem.evaluate(at, 1.0, gradient);
  EXPECT_NEAR(heavier - with, 0.5 * 0.25 * (1.0 - 0.5) / 12.0, 1e-12);
}

TEST(LinearProbe, AgreesWithScikitLearn) { test::expectFixture("linear-probe", 1e-4); }

TEST(LinearProbe, SameOptimumAfterARotation) {
  const test::OwnedTask task = test::makeTask(7, 5);
  test::expectClose(test::answers("linear-probe", test::rotated(task), kTight),
                    test::answers("linear-probe", task, kTight), 2e-5);
}

TEST(LinearProbe, SearchIsCoOps) {
  // Where all C are right, the first decade wins, and then the lower end of every range: a tenth of it.
  auto settings = test::fitted("linear-probe", test::makeTask(8, 3, 48, 0.02).task())->settings();
  EXPECT_NEAR(std::get<double>(settings.at("c")), 1e5, 1e-6);
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("validation_accuracy")), 1.0);
  // What was found is what is answered with.
  const test::OwnedTask task = test::makeTask(6, 3, 19, 0.5);
  const auto found = test::fitted("linear-probe", task.task());
  settings = found->settings();
  const auto right = adapt::countCorrect(found->logits(task.matrix(task.validation)), task.validationLabels);
  EXPECT_DOUBLE_EQ(std::get<double>(settings.at("validation_accuracy")), static_cast<double>(right) / 18.0);
  const double c = std::get<double>(settings.at("c"));
  EXPECT_EQ(test::answers("linear-probe", task, {{"c", c}}), found->logits(task.query()));
}

TEST(LinearProbe, WithoutValidationCIsAHundred) {
  test::OwnedTask task = test::makeTask(5, 3);
  test::withoutValidation(task);
  const auto classifier = test::fitted("linear-probe", task.task());
  EXPECT_DOUBLE_EQ(std::get<double>(classifier->settings().at("c")), 100.0);
  EXPECT_EQ(test::words(classifier->settings(), "chosen_by"), "fixed settings: there are no validation pictures");
  EXPECT_EQ(classifier->logits(task.query()), test::answers("linear-probe", task, {{"c", 100.0}}));
}

TEST(LinearProbe, SaysWhyItStopped) {
  const test::OwnedTask task = test::makeTask(6, 4, 19, 0.4);
  auto settings = test::fitted("linear-probe", task.task(), {{"c", 1e4}, {"max_iterations", 3LL}})->settings();
  EXPECT_EQ(test::words(settings, "stopped"), "not converged after 3 iterations: the last point holds");
  EXPECT_EQ(std::get<long long>(settings.at("iterations")), 3);
  settings = test::fitted("linear-probe", task.task(), {{"c", 1.0}})->settings();
  EXPECT_EQ(test::words(settings, "stopped"), "converged: no entry of the gradient is above 0.0001");
  settings = test::fitted("linear-probe", test::makeTask(1, 4).task())->settings();
  EXPECT_NE(test::words(settings, "stopped").find("converged"), std::string::npos);
}

TEST(LinearProbe, FartherThanNumbersGoIsTheBestPoint) {
  // No gradient gets this flat in double: the optimiser must end by itself, and with something useful.
  const test::OwnedTask task = test::makeTask(6, 4, 19, 0.4);
  const adapt::LogisticProblem problem(task.task().support, 6);
  const auto near = problem.fit(1.0, 1e-8, 1000);
  const auto past = problem.fit(1.0, 0.0, 1000);
  EXPECT_LT(past.iterations, 1000u);
  EXPECT_TRUE(past.stopped.find("falls no further") != std::string::npos ||
              past.stopped.find("best point so far") != std::string::npos)
      << past.stopped;
  EXPECT_NEAR(past.objective, near.objective, 1e-12);
  test::expectClose(past.weights, near.weights, 1e-4);
}

TEST(LinearProbe, StopsAtTheIterationAtWhichItIsAskedTo) {
  const test::OwnedTask task = test::makeTask(6, 4, 19, 0.4);
  const adapt::LogisticProblem problem(task.task().support, 6);
  ASSERT_GT(problem.fit(1.0, 1e-8, 1000).iterations, 1u);
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = problem.fit(1.0, 1e-8, 1000, stop.get_token());
  EXPECT_EQ(stopped.iterations, 1u);
  EXPECT_FALSE(stopped.converged);
  EXPECT_EQ(stopped.stopped, "stopped after 1 iterations: the last point holds");
}

TEST(LinearProbe, ProductsAreThoseOfPlainLoops) {
  Random random(12, 0);
  for (const auto& [rows, others, width] :
       {std::array<std::size_t, 3>{1, 1, 1}, {13, 33, 5}, {12, 16, 64}, {25, 70, 3}}) {
    std::vector<double> a(rows * width), out(rows * others);
    std::vector<float> b(others * width);
    std::ranges::generate(a, [&] { return random.normal(); });
    std::ranges::generate(b, [&] { return static_cast<float>(random.normal()); });
    adapt::multiplyInDouble(a, rows, adapt::PackedRows({b, others, width}), out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      double want = 0.0;
      for (std::size_t k = 0; k < width; ++k) {
        want += a[i / others * width + k] * static_cast<double>(b[i % others * width + k]);
      }
      ASSERT_NEAR(out[i], want, 1e-13 * static_cast<double>(width)) << rows << " x " << others << " x " << width;
    }
  }
}

}  // namespace
}  // namespace lix
