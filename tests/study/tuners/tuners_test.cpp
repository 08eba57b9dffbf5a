#include <gtest/gtest.h>

#include <atomic>
#include <map>

#include "tuners_support.h"

namespace lix::study::tuners::test {
namespace {
using lix::test::messageOf;

/// Quick settings that learn much on towers of a few numbers.
ParamValues quick(const std::string& id) {
  const bool coop = id == "coop";
  return {{"epochs", coop ? 60LL : 100LL}, {"lr", coop ? 0.05 : 0.005}, {"batch", 6LL}, {"weight_decay", 0.0}};
}

Result<std::unique_ptr<Tuned>> fit(const std::string& id, const Task& task, const ParamValues& params,
                                   const Progress& progress = {}) {
  return (*find(id))->fit(task, params, progress);
}

std::map<std::string, at::Tensor> copyOf(const nn::Parameters& parameters) {
  std::map<std::string, at::Tensor> copy;
  for (const auto& [name, value] : parameters) {
    copy.emplace(name, value.clone());
  }
  return copy;
}

Evaluator inDouble(Evaluator made) {
  for (auto& [name, value] : made.checkpoint.model.parameters) {
    value = value.to(at::kDouble);
  }
  return made;
}

class Towers : public ::testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(All, Towers, ::testing::Values(Kind::Clip, Kind::Siglip, Kind::Llip));

TEST_P(Towers, LossFallsAccuracyRisesAndTheTowersStay) {
  const Evaluator model = evaluator(GetParam());
  const auto before = copyOf(model.checkpoint.model.parameters);
  const LabelledPictures queries = colours(model, 20, 99);
  const Task task{.evaluator = model, .classNames = kNames, .support = colours(model, 8, 1), .seed = 3};
  ImageFeatures features;
  features.vectors = queries.pictures.features;
  const ClassTexts plain = embedClasses(model, kNames, {"one", {"a photo of a {}."}});
  const double zeroShot = accuracy(zeroShotScores(model, features, plain), queries.labels);
  for (const std::string id : {"coop", "maple"}) {
    ParamValues params = quick(id);
    if (id == "coop") {
      params["contexts"] = std::string("class");
    }
    const auto tuned = fit(id, task, params);
    LIX_ASSERT_OK(tuned);
    const ParamValues settings = (*tuned)->settings();
    const double first = std::get<double>(settings.at("loss_first")), last = std::get<double>(settings.at("loss_last"));
    EXPECT_LT(last, 0.5 * first) << id;
    const auto logits = (*tuned)->logits(queries.pictures);
    LIX_ASSERT_OK(logits);
    EXPECT_GT(accuracy(*logits, queries.labels), std::max(0.85, zeroShot)) << id;
    EXPECT_EQ(std::get<long long>(settings.at("n_ctx")), id == "coop" ? 4 : 2);
  }
  for (const auto& [name, value] : model.checkpoint.model.parameters) {
    EXPECT_TRUE(value.equal(before.at(name))) << name;
    EXPECT_FALSE(value.requires_grad() || value.grad().defined()) << name;
  }
}

TEST_P(Towers, GradientsAreFiniteDifferences) {
  const Evaluator model = inDouble(evaluator(GetParam()));
  const Task task{.evaluator = model, .classNames = kNames, .support = colours(model, 2, 1)};
  PromptedModel prompted{
      .model = frozen(model.checkpoint.model), .prompts = maplePrompts, .reads = Tuner::Reads::Pixels};
  prompted.classes = *makeClassPrompts(model, kNames, {.count = 2});
  const nn::Initial normal{nn::Initial::Kind::Normal, 0.3};
  prompted.learned = startOf({{"context", {2, 8}, normal},
                              {"deep.1", {2, 8}, normal},
                              {"couple.0.weight", {12, 8}, normal},
                              {"couple.0.bias", {12}, normal},
                              {"couple.1.weight", {12, 8}, normal},
                              {"couple.1.bias", {12}, normal}},
                             prompted.classes, 7);
  const std::vector<std::uint32_t> rows{0, 1, 2, 4};
  LIX_ASSERT_OK(batchLoss(task, prompted, rows));
  std::map<std::string, at::Tensor> gradients;  // of this call alone: the next ones add to them
  for (const auto& [name, value] : prompted.learned) {
    gradients.emplace(name, value.grad().clone().flatten());
  }
  for (auto& [name, value] : prompted.learned) {
    const at::Tensor& gradient = gradients.at(name);
    EXPECT_GT(gradient.abs().max().item<double>(), 1e-7) << name;
    for (const std::int64_t i : {std::int64_t(0), gradient.numel() / 2, gradient.numel() - 1}) {
      double* const entry = value.data_ptr<double>() + i;
      const double kept = *entry, step = 1e-5;
      const auto lossAt = [&](double moved) {
        *entry = moved;
        return *batchLoss(task, prompted, rows);
      };
      const double difference = (lossAt(kept + step) - lossAt(kept - step)) / (2 * step);
      *entry = kept;
      EXPECT_NEAR(gradient[i].item<double>(), difference, 1e-7 + 1e-6 * std::abs(difference)) << name << " " << i;
    }
  }
  for (const auto& [name, value] : prompted.model.parameters) {
    EXPECT_FALSE(value.grad().defined()) << name;
  }
}

TEST_P(Towers, MapleWithoutDepthIsCoop) {
  const Evaluator model = evaluator(GetParam());
  const LabelledPictures queries = colours(model, 5, 99);
  const Task task{.evaluator = model, .classNames = kNames, .support = colours(model, 4, 1), .seed = 3};
  ParamValues params = quick("maple");
  params["epochs"] = 4LL;
  const auto coop = fit("coop", task, params);
  params["depth"] = 0LL;
  params["n_ctx"] = 4LL;
  const auto maple = fit("maple", task, params);
  LIX_ASSERT_OK(coop);
  LIX_ASSERT_OK(maple);
  EXPECT_LT(worst(*(*coop)->logits(queries.pictures), *(*maple)->logits(queries.pictures)), 2e-3);
  EXPECT_EQ(std::get<long long>((*maple)->settings().at("depth")), 0);
}

TEST(Tuners, SeedDecidesEverything) {
  const Evaluator model = evaluator(Kind::Clip);
  const LabelledPictures queries = colours(model, 3, 99), support = colours(model, 4, 1);
  for (const std::string id : {"coop", "maple"}) {
    const auto logits = [&](std::uint64_t seed) {
      ParamValues params = quick(id);
      params["epochs"] = 3LL;
      params["context"] = std::string();
      params["n_ctx"] = 3LL;
      const Task task{.evaluator = model, .classNames = kNames, .support = support, .seed = seed};
      const auto tuned = fit(id, task, params);
      EXPECT_TRUE(tuned) << messageOf(tuned);
      return *(*tuned)->logits(queries.pictures);
    };
    EXPECT_TRUE(logits(3).equal(logits(3))) << id;
    EXPECT_GT(worst(logits(3), logits(4)), 1e-3) << id;
  }
}

TEST(Tuners, NothingLearnedIsZeroShot) {
  const Evaluator model = evaluator(Kind::Clip);
  const LabelledPictures queries = colours(model, 70, 99);  // more than one block
  const Task task{.evaluator = model, .classNames = kNames, .support = colours(model, 1, 1)};
  const auto tuned = fit("maple", task, {{"epochs", 0LL}, {"depth", 0LL}});
  LIX_ASSERT_OK(tuned);
  ImageFeatures features;
  features.vectors = queries.pictures.features;
  std::vector<std::string> names = kNames;
  names[0] = "red apple";
  const auto plain = zeroShotScores(model, features, embedClasses(model, names, {"one", {"a photo of a {}."}}));
  EXPECT_LT(worst(*(*tuned)->logits(queries.pictures), plain * 20.0), 1e-4);
  EXPECT_FALSE((*tuned)->settings().contains("loss_last"));
}

TEST(Tuners, EpochsFollowTheShots) {
  const Evaluator model = evaluator(Kind::Clip);
  for (const auto& [shots, epochs] : {std::pair(1, 50LL), {2, 100LL}, {8, 200LL}}) {
    const Task task{.evaluator = model, .classNames = kNames, .support = colours(model, std::size_t(shots), 1)};
    const auto tuned = fit("coop", task, {});
    LIX_ASSERT_OK(tuned);
    EXPECT_EQ(std::get<long long>((*tuned)->settings().at("epochs")), epochs) << shots;
    EXPECT_EQ(std::get<double>((*tuned)->settings().at("shots")), shots);
  }
}

TEST(Tuners, BestEpochIsNoWorseOnValidationThanTheLast) {
  const Evaluator model = evaluator(Kind::Clip);
  Task task{.evaluator = model, .classNames = kNames, .support = colours(model, 4, 1)};
  ParamValues params{{"epochs", 5LL}, {"lr", 5.0}, {"keep", std::string("best")}};  // throws what it learned about
  EXPECT_NE(messageOf(fit("coop", task, params)).find("chooses the epoch on validation pictures"), std::string::npos);
  task.validation = colours(model, 10, 2);
  const auto best = fit("coop", task, params);
  params["keep"] = std::string("last");
  const auto last = fit("coop", task, params);
  LIX_ASSERT_OK(best);
  LIX_ASSERT_OK(last);
  const auto right = [&](const auto& tuned) {
    return accuracy(*(*tuned)->logits(task.validation.pictures), task.validation.labels);
  };
  EXPECT_GE(right(best), right(last));
}

TEST(Tuners, ProgressStopsThem) {
  const Evaluator model = evaluator(Kind::Clip);
  const Task task{.evaluator = model, .classNames = kNames, .support = colours(model, 4, 1)};
  long long total = 0;
  const auto stopped = fit("maple", task, {}, [&](std::string_view, long long done, long long of) {
    total = of;
    return done < 4;
  });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(stopped.error().message, "MaPLe was stopped after 4 of 15 steps.");
  EXPECT_EQ(total, 15);  // 5 epochs of 12 pictures, 4 a batch
}

TEST(Tuners, BadInputIsOneSentence) {
  const Evaluator model = evaluator(Kind::Clip);
  const LabelledPictures support = colours(model, 2, 1);
  const auto message = [&](const std::string& id, const ParamValues& params, auto change) {
    Task task{.evaluator = model, .classNames = kNames, .support = support};
    change(task);
    return messageOf(fit(id, task, params));
  };
  const auto nothing = [](Task&) {};
  const auto has = [](const std::string& text, const char* part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(message("coop", {{"n_ctx", 9LL}}, nothing), "'a photo of a' has 4 tokens");
  has(message("coop", {{"n_ctx", 9LL}, {"context", std::string()}}, nothing), "the text tower reads 12");
  has(message("coop", {{"position", std::string("left")}}, nothing), "must be end, middle or front");
  has(message("coop", {{"contexts", std::string("all")}}, nothing), "must be shared or class");
  has(message("maple", {{"keep", std::string("first")}}, nothing), "must be last or best");
  has(message("maple", {{"depht", 2LL}}, nothing), "depht");
  has(message("coop", {{"lr", -1.0}}, nothing), "lr");
  has(message("coop", {{"lr", 100.0}, {"weight_decay", 1.0}, {"momentum", 0.999}, {"warmup_lr", 100.0}}, nothing),
      "take a smaller learning rate");
  has(message("coop", {}, [](Task& t) { t.classNames = {"sky"}; }), "at least two classes");
  has(message("coop", {}, [](Task& t) { t.classNames.emplace_back("sea"); }), "'sea' has no support picture");
  has(message("coop", {}, [](Task& t) { t.classNames[1] = "a b c d e f g h"; }), "'a b c d e f g h' takes 15 tokens");
  has(message("maple", {}, [](Task& t) { t.support = {}; }), "there are none: give at least one");
  has(message("maple", {}, [](Task& t) { t.support.pictures.pixels = {}; }), "pixels of the support pictures");
  has(message("coop", {}, [](Task& t) { t.support.pictures.features = at::empty({6, 3}); }), "same checkpoint");
  has(message("coop", {}, [](Task& t) { t.support.labels.pop_back(); }), "6 pictures but 5 labels");
  has(message("coop", {}, [](Task& t) { t.support.labels[0] = 3; }), "Label 3 of the support set is outside 0 to 2");
  has(messageOf(find("cocoop")), "there are coop, maple");
}

TEST(Tuners, HeadsHaveNoTokensToLearn) {
  Evaluator heads = evaluator(Kind::Clip);
  const LabelledPictures support = colours(heads, 2, 1);
  heads.checkpoint.model.config.towers = nn::Towers::Heads;
  const auto refused = fit("coop", {.evaluator = heads, .classNames = kNames, .support = support}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
}

/// Squares of one grey level each; loading is counted.
struct Squares : data::PictureSource {
  Result<imaging::Image> load(std::size_t index) const override {
    if (index == 7) {
      return fail(ErrorCode::Io, "Picture 7 is gone.");
    }
    ++loads;
    return imaging::Image{10, 8, std::vector<std::uint8_t>(240, std::uint8_t(20 * index))};
  }
  mutable std::atomic<int> loads = 0;
};

TEST(Pictures, LoadsOnceInAnyOrderAndRepeats) {
  const Evaluator model = evaluator(Kind::Clip);
  const auto source = std::make_shared<Squares>();
  data::Dataset dataset;
  dataset.pictures = source;
  const Pictures all = picturesOf(model, dataset, {.vectors = at::arange(4).view({4, 1}), .samples = {3, 5, 1, 7}});
  const Pictures part = subset(all, {2, 0, 2});
  EXPECT_EQ(part.count, 3u);
  EXPECT_EQ(part.features.flatten()[0].item<std::int64_t>(), 2);
  const auto pixels = part.pixels(std::vector<std::uint32_t>{0, 1, 2, 0});
  LIX_ASSERT_OK(pixels);
  EXPECT_EQ(pixels->sizes(), (std::vector<std::int64_t>{4, 3, 8, 8}));
  EXPECT_TRUE((*pixels)[1].equal(toPixels(*source->load(3), model.preprocess)));
  EXPECT_TRUE((*pixels)[0].equal((*pixels)[2]));
  const int loads = source->loads;
  LIX_ASSERT_OK(all.pixels(std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(source->loads, loads);
  EXPECT_EQ(messageOf(all.pixels(std::vector<std::uint32_t>{1, 3})), "Picture 7 is gone.");
}

}  // namespace
}  // namespace lix::study::tuners::test
