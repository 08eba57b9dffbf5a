#include <gtest/gtest.h>

#include "nn/ops/unit.h"
#include "study/tuners/sgd.h"
#include "tuners_support.h"

namespace lix::study::tuners::test {
namespace {
using lix::test::messageOf;

/// Class features with the learned tokens as they start.
nn::TextFeatures untrained(const Evaluator& evaluator, const PromptPlan& plan, const std::vector<std::string>& names) {
  const auto classes = makeClassPrompts(evaluator, names, plan);
  EXPECT_TRUE(classes) << messageOf(classes);
  return classFeatures({.model = frozen(evaluator.checkpoint.model), .classes = *classes},
                       {.context = classes->start, .textDeep = {}, .images = {}});
}

TEST(ClassPrompts, WordsAsTheyStartAreThePlainTemplate) {
  std::vector<std::string> spoken = kNames;
  spoken[0] = "red apple";
  for (const Kind kind : {Kind::Clip, Kind::Siglip, Kind::Llip}) {
    const Evaluator model = evaluator(kind);
    const ClassTexts plain = embedClasses(model, spoken, {"one", {"a photo of a {}."}});
    for (const std::int64_t count : {0, 2}) {
      const nn::TextFeatures learned = untrained(model, {.count = count}, kNames);
      EXPECT_LT(worst(nn::unit(learned.embeds), plain.text), 1e-6) << int(kind) << " " << count;
      ASSERT_EQ(learned.query.defined(), kind == Kind::Llip);
      if (kind == Kind::Llip) {
        EXPECT_LT(worst(learned.query, plain.query), 1e-6);
      }
    }
  }
}

TEST(ClassPrompts, WordsOfShippedModelsAreThePlainTemplate) {
  const std::vector<std::string> names{"smileys & emotion", "people & body", "food & drink"};
  for (const char* which : {"siglip-tiny-emoji", "llip16-tiny-emoji"}) {
    const auto model = openEvaluator(lix::test::fixtures().parent_path().parent_path() / "models" / which);
    LIX_ASSERT_OK(model);
    const ClassTexts plain = embedClasses(*model, names, {"one", {"a photo of a {}."}});
    EXPECT_LT(worst(nn::unit(untrained(*model, {}, names).embeds), plain.text), 2e-6) << which;
  }
}

TEST(ClassPrompts, NameStandsAtTheEndInTheMiddleOrInFront) {
  const Evaluator model = evaluator(Kind::Clip);
  const auto positions = [&](NamePlace place) {
    const auto made = makeClassPrompts(model, {"sky", "green forest"}, {.words = "", .count = 3, .place = place});
    EXPECT_TRUE(made) << messageOf(made);
    std::vector<std::int64_t> flat(made->positions.data_ptr<std::int64_t>(),
                                   made->positions.data_ptr<std::int64_t>() + made->positions.numel());
    // The start mark, 3 learned tokens, the longer name of 2, the point, the end mark: nothing behind that is read.
    EXPECT_EQ(made->ids.size(1), 8);
    EXPECT_EQ(made->ids[1][0].item<std::int64_t>(), 61);
    EXPECT_EQ(made->ids[1][7].item<std::int64_t>(), 62);
    EXPECT_EQ(made->ids[0][6].item<std::int64_t>(), 62);
    return flat;
  };
  using Places = std::vector<std::int64_t>;
  EXPECT_EQ(positions(NamePlace::End), (Places{1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(positions(NamePlace::Middle), (Places{1, 3, 4, 1, 4, 5}));
  EXPECT_EQ(positions(NamePlace::Front), (Places{2, 3, 4, 3, 4, 5}));
}

TEST(ClassPrompts, ContextTakesItsPlacesAndNoOthers) {
  const auto prompts = makeClassPrompts(evaluator(Kind::Clip), {"sky", "sea"}, {.words = "", .count = 2});
  LIX_ASSERT_OK(prompts);
  const at::Tensor context = at::full({2, 2, 8}, 3.f);
  const at::Tensor rows = withContext(*prompts, context);
  EXPECT_EQ(worst(rows.narrow(1, 1, 2), context), 0.0);
  EXPECT_EQ(worst(rows.narrow(1, 3, 3), prompts->fixed.narrow(1, 3, 3)), 0.0);
  EXPECT_EQ(worst(withContext(*prompts, context[0]), rows), 0.0);
}

TEST(ClassPrompts, RefusesWhatTheContextDoesNotHold) {
  const Evaluator model = evaluator(Kind::Clip);
  const auto message = [&](const PromptPlan& plan, const std::string& name = "sky") {
    return messageOf(makeClassPrompts(model, {"sea", name}, plan));
  };
  EXPECT_EQ(message({.words = "", .count = 8}), "");  // start, 8, name, point, end: 12
  EXPECT_NE(message({.words = "", .count = 9}).find("takes 13 tokens with the 9 learned ones"), std::string::npos);
  EXPECT_NE(message({}, "one two three four five six").find("'one two three four five six' takes 13"),
            std::string::npos);
  EXPECT_NE(message({.words = "a photo", .count = 3}).find("'a photo' has 2 tokens"), std::string::npos);
  EXPECT_NE(message({.count = 2, .place = NamePlace::Front}).find("Only 2 of the 4"), std::string::npos);
}

TEST(Sgd, StepsAsTheManualWritesThem) {
  nn::Parameters p{{"x", at::tensor({2.0, -1.0}, at::kDouble).requires_grad_(true)}};
  Sgd optimizer(p, 0.9, 0.1);
  double x = 2.0, v = 0.0;
  for (const double rate : {0.5, 0.25, 0.125}) {
    (p.at("x") * p.at("x")).sum().backward();
    v = 0.9 * v + (2 * x + 0.1 * x);
    x -= rate * v;
    optimizer.step(rate);
    EXPECT_FALSE(p.at("x").grad().defined());
  }
  EXPECT_NEAR(p.at("x")[0].item<double>(), x, 1e-14);
  EXPECT_NEAR(p.at("x")[1].item<double>(), -x / 2, 1e-14);
}

TEST(Sgd, RateWarmsUpForOneEpochThenFallsAlongACosine) {
  EXPECT_EQ(cosineRate(2e-3, 1e-5, 0, 50), 1e-5);
  EXPECT_EQ(cosineRate(2e-3, 1e-5, 1, 50), 2e-3);
  EXPECT_NEAR(cosineRate(2e-3, 1e-5, 26, 50), 1e-3, 1e-15);
  EXPECT_LT(cosineRate(2e-3, 1e-5, 49, 50), 1e-5);
}

}  // namespace
}  // namespace lix::study::tuners::test
