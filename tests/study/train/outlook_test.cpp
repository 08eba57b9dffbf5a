#include <cmath>
#include <nlohmann/json.hpp>

#include "study/train/dry_run.h"
#include "study/train/outlook.h"
#include "study/train/params.h"
#include "study/train/recipe_for.h"
#include "train_support.h"

namespace lix::test {
namespace {
using namespace study;

TEST(TrainParams, GoThereAndBack) {
  TrainSettings settings{.recipe = "clip",
                         .steps = 7,
                         .batch = 9,
                         .seed = 11,
                         .learningRate = 3e-4,
                         .warmup = 0.25,
                         .weightDecay = 0.2,
                         .clip = 2.0,
                         .scalarMultiplier = 5.0,
                         .minCrop = 0.5,
                         .flip = true,
                         .threads = 3,
                         .checkpointEvery = 4,
                         .halfWeights = true};
  const auto back = withParams({.recipe = "clip"}, paramValues(settings));
  LIX_ASSERT_OK(back);
  EXPECT_EQ(toJson(*back), toJson(settings));
  // Every number of the settings is a parameter: nothing that a form cannot reach.
  const auto all = nlohmann::json::parse(toJson(settings));
  EXPECT_EQ(trainParams().size() + 4, all.size());  // recipe, size, data, init
}

TEST(TrainParams, DefaultsAreThoseOfTheSettings) {
  ParamValues values;
  for (const Param& param : trainParams()) {
    EXPECT_TRUE(param.help.ends_with(".")) << param.key;
    values.emplace(param.key, param.value);
  }
  EXPECT_EQ(values, paramValues(TrainSettings()));
  EXPECT_EQ(std::get<double>(trainParam("learning_rate", TrainStart::Checkpoint).value), 1e-4);
}

TEST(TrainParams, BadValuesAreRefused) {
  expectIn("no setting 'stepps'", messageOf(withParams({}, {{"stepps", 3LL}})));
  expectIn("another type", messageOf(withParams({}, {{"steps", std::string("many")}})));
  expectIn("another type", messageOf(withParams({}, {{"steps", 2.5}})));
  expectIn("Batch cannot be 0", messageOf(withParams({}, {{"batch", 0LL}})));
  expectIn("Learning rate cannot be", messageOf(withParams({}, {{"learning_rate", std::nan("")}})));
}

TEST(TrainParams, ArgumentsAreWhatDiffersFromTheDefaults) {
  TrainSettings settings{.recipe = "siglixp", .data = "scenes", .steps = 6, .learningRate = 3e-4, .flip = true};
  EXPECT_EQ(trainArguments(settings), (std::vector<std::string>{"siglixp", "--data", "scenes", "--size", "tiny",
                                                                "--steps", "6", "--learning-rate", "3e-04", "--flip"}));
  settings = {.data = "emoji",
              .init = "/c/a b"};  // the rate of a start from a checkpoint is said even where it is the usual one
  EXPECT_EQ(trainArguments(settings),
            (std::vector<std::string>{"siglip", "--data", "emoji", "--init", "/c/a b", "--learning-rate", "0.001"}));
}

TEST(Outlook, ReachIsTheSumOfTheRatesTimesTheMultiplier) {
  for (const double warmup : {0.0, 0.1, 0.5, 1.0}) {
    for (const int steps : {1, 2, 7, 400}) {
      const TrainSettings settings{.steps = steps, .learningRate = 2e-3, .warmup = warmup};
      double sum = 0.0;
      for (int step = 0; step < steps; ++step) {
        sum += learningRate(settings, step);
      }
      EXPECT_NEAR(scalarReach(settings), sum * scalarMultiplierRule(settings), 1e-9) << warmup << " of " << steps;
    }
  }
}

TEST(Outlook, TheDistanceIsThatOfNormalCosines) {
  // Shares of effective neighbours of many normal scores at two temperatures.
  const auto share = [](double deviation) {
    Random random(5, 1);
    double sum = 0.0, logs = 0.0;
    const int count = 200'000;
    for (int i = 0; i < count; ++i) {
      const double score = deviation * random.normal(), weight = std::exp(score);
      sum += weight;
      logs += weight * score;
    }
    return std::exp(std::log(sum) - logs / sum) / count;
  };
  EXPECT_NEAR(temperatureDistance(share(0.4), share(1.6)), std::log(4.0), 0.03);
}

TEST(Outlook, WarnsOfARunTooShortForItsTemperature) {
  const nn::Recipe recipe = *nn::findRecipe("siglixp");
  TrainSettings settings{.recipe = "siglixp", .steps = 20};
  ASSERT_EQ(settingsWarnings(settings, recipe).size(), 1u);
  const auto enough = stepsToReach(settings, 2.0 * temperatureDistance(0.9, 0.225));
  ASSERT_TRUE(enough.has_value());
  expectIn(cat("too short for tau_ctx to move"), settingsWarnings(settings, recipe)[0]);
  expectIn(cat("at least ", *enough, " steps"), settingsWarnings(settings, recipe)[0]);
  settings.steps = *enough;
  EXPECT_TRUE(settingsWarnings(settings, recipe).empty());
  settings.steps = *enough - 1;
  EXPECT_FALSE(settingsWarnings(settings, recipe).empty());
  EXPECT_TRUE(settingsWarnings(settings, *nn::findRecipe("siglip")).empty());  // has no tau_ctx
  settings.steps = 1000;
  settings.scalarMultiplier = 1.0;  // about 0.55 in a thousand steps
  EXPECT_EQ(settingsWarnings(settings, recipe).size(), 1u);
  EXPECT_TRUE(settingsWarnings(settings, recipe, 0.1).empty());  // a checkpoint that attends already
}

TEST(Outlook, WarnsOfWarmUps) {
  const nn::Recipe recipe = *nn::findRecipe("siglip");
  expectIn("rises for 80 %", settingsWarnings({.steps = 1000, .warmup = 0.8}, recipe).at(0));
  expectIn("no warm-up", settingsWarnings({.steps = 4}, recipe).at(0));
  expectIn("1000 times the usual 0.001", settingsWarnings({.steps = 1000, .learningRate = 1.0}, recipe).at(0));
  expectIn("divided by 1000", settingsWarnings({.init = "x", .steps = 1000, .learningRate = 1e-7}, recipe).back());
  expectIn("every 10050 steps", settingsWarnings({.steps = 1000, .canary = "emoji", .canaryEvery = 10050}, recipe).at(0));
  EXPECT_TRUE(settingsWarnings({.steps = 1000, .learningRate = 5e-3, .canary = "emoji", .canaryEvery = 100}, recipe).empty());
}

TEST(DryRun, MeasuresAndKeepsNothing) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglixp", 2);  // fewer than it takes itself
  settings.checkpointEvery = 1;
  const auto start = smallStart("siglixp");
  const auto found = dryRun(settings, data, start);
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->parameters, nn::parameterCount(nn::parameterSpecs(start.model.config)));
  EXPECT_GT(found->peakMemory, 1 << 20);
  EXPECT_GT(found->secondsPerStep, 0.0);
  EXPECT_DOUBLE_EQ(found->imagesPerSecond * found->secondsPerStep, 16.0);
  EXPECT_DOUBLE_EQ(found->totalSeconds, 2 * found->secondsPerStep);
  EXPECT_NEAR(found->neighbours.value_or(0.0), 0.9, 1e-3);
  expectIn("too short for tau_ctx", found->warnings.at(0));
  expectIn("only 32 of the 64 distinct", found->warnings.back());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "something was written";
}

TEST(DryRun, WarnsOfDataAndRefusesWhatCannotBe) {
  const TemporaryFolder folder;
  TrainData data = dataOf(colourPairs(1), folder / "pack");
  data.truncated = 64;  // of 128 captions
  auto settings = smallSettings("siglip", 400);
  settings.batch = 40;
  const auto found = dryRun(settings, data, smallStart("siglip"));
  LIX_ASSERT_OK(found);
  ASSERT_EQ(found->warnings.size(), 2u);
  expectIn("more than half of the 64", found->warnings[0]);
  expectIn("64 captions are longer than 5 tokens and cut off (50 %", found->warnings[1]);
  EXPECT_FALSE(found->neighbours.has_value());
  settings.batch = 65;
  expectIn("too few distinct pairs", messageOf(dryRun(settings, data, smallStart("siglip"))));
  settings = smallSettings("siglip", 10);
  const auto cancelled = dryRun(settings, data, smallStart("siglip"),
                                [](std::string_view, long long done, long long) { return done < 2; });
  ASSERT_FALSE(cancelled.has_value());
  EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
}

TEST(Outlook, SaysWhatStepsMeanForTheContext) {
  const nn::Recipe siglixp = *nn::findRecipe("siglixp");
  auto settings = TrainSettings{.recipe = "siglixp", .init = "/start", .steps = 20, .learningRate = 1e-4};
  const std::string few = temperatureOutlook(settings, siglixp);
  expectIn("In 20 steps ln tau_ctx can fall by about", few);
  expectIn("it cannot", few);
  const auto at = few.find("at least ");
  ASSERT_NE(at, std::string::npos);
  settings.steps = std::stoi(few.substr(at + 9));
  expectIn("it has the room", temperatureOutlook(settings, siglixp));
  EXPECT_TRUE(settingsWarnings(settings, siglixp).empty()) << "the two agree";
  --settings.steps;
  EXPECT_FALSE(settingsWarnings(settings, siglixp).empty());
  EXPECT_EQ(temperatureOutlook(settings, *nn::findRecipe("siglip")), "");
}

TEST(Outlook, ACheckpointGoesOnWithTheContextOfItsObjective) {
  EXPECT_EQ(postTrainingRecipe("siglip"), "siglixp");
  EXPECT_EQ(postTrainingRecipe("clip"), "clipxp");
  EXPECT_EQ(postTrainingRecipe("siglixp"), "siglixp");
  EXPECT_EQ(postTrainingRecipe("llip"), "llip");
}

TEST(Outlook, EverySettingHasASource) {
  for (const TrainField& field : trainFields()) {
    EXPECT_NE(sourceOf(field.param.key), "") << field.param.key;
  }
  EXPECT_EQ(unitOf("steps"), "steps");
  EXPECT_EQ(unitOf("flip"), "");
  EXPECT_EQ(sourceOf("nothing"), "");
}

}  // namespace
}  // namespace lix::test
