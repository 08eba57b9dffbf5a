// Several processes that train one model, as a launcher starts them.
#include "ranks/place.h"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <list>
#include <thread>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "support/process.h"
#include "support/ranks.h"
#include "support/support.h"

namespace lix::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The helper as so many ranks; one is started as a process alone.
class Launch {
 public:
  Launch(int ranks, const std::vector<std::string>& words) {
    std::vector<std::string> command{LIX_RANKS_HELPER};
    command.insert(command.end(), words.begin(), words.end());
    const int port = freePort();
    for (int rank = 0; rank < ranks; ++rank) {
      ranks_.emplace_back(command, Surroundings{.environment = rankVariables(rank, ranks, port)});
    }
  }

  Process& rank(int which) { return *std::next(ranks_.begin(), which); }
  /// What every rank printed, once all have ended well.
  std::vector<json> answers() {
    std::vector<json> found;
    for (Process& one : ranks_) {
      const Ran said = one.wait();
      EXPECT_EQ(said.code, 0) << said.err;
      found.push_back(json::parse(said.out, nullptr, false));
    }
    return found;
  }

 private:
  std::list<Process> ranks_;
};

class SeveralRanks : public testing::TestWithParam<int> {};

TEST_P(SeveralRanks, CollectivesGiveWhatTheySay) {
  const int ranks = GetParam();
  const double all = ranks * (ranks + 1) / 2.0;
  for (const json& found : Launch(ranks, {"collectives"}).answers()) {
    ASSERT_TRUE(found.is_object());
    std::vector<double> rows;
    for (int rank = 0; rank < ranks; ++rank) {
      rows.insert(rows.end(), 2, 3.0 * (rank + 1));
    }
    EXPECT_EQ(found["rows"], json(rows));
    EXPECT_EQ(found["some"], 3.0 * all);
    EXPECT_EQ(found["one"], 10.0 * all);
    EXPECT_EQ(found["large"], json({all, all}));
    EXPECT_EQ(found["single"], 2.0 * all);
    EXPECT_EQ(found["turned"], 15.0);
    EXPECT_EQ(found["text"], "rank 0");
    EXPECT_EQ(found["nothing"], "");
  }
}

TEST_P(SeveralRanks, LossAndEveryGradientAreThoseOfOneProcessForEveryObjective) {
  std::size_t objectives = 0;
  for (const json& found : Launch(GetParam(), {"gradients"}).answers()) {
    ASSERT_TRUE(found.is_object());
    for (const auto& [recipe, numbers] : found.items()) {
      EXPECT_LE(numbers["loss"].get<double>(), 1e-10) << recipe;
      EXPECT_LE(numbers["gradient"].get<double>(), 1e-10) << recipe;
      EXPECT_GT(numbers["greatest"].get<double>(), 1e-4) << recipe << " has gradients to compare";
      ++objectives;
    }
  }
  EXPECT_GE(objectives, 2u * 2u * 8u);
}

TEST_P(SeveralRanks, WhatIsNotFiniteIsFoundByAll) {
  for (const json& found : Launch(GetParam(), {"broken"}).answers()) {
    EXPECT_EQ(found["features"], true);
    EXPECT_EQ(found["pictures"], json({4}));
  }
}

/// A pack of 64 pictures for runs of 16 a batch, and where they go.
class RanksRun : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(Launch(1, {"pack", pack()}).answers().front()["pictures"], 64); }
  std::string pack() const { return folder_ / "pack"; }
  std::vector<std::string> words(const std::string& out, int steps, const std::string& recipe = "siglixp") const {
    return {"train", pack(), folder_ / out, recipe, std::to_string(steps)};
  }
  std::string model(const std::string& out) const { return readFile(folder_ / out / "model.safetensors").value_or(""); }

  TemporaryFolder folder_;
};

TEST_F(RanksRun, TheLossesAreThoseOfOneProcess) {
  for (const std::string recipe : {"siglixp", "llip", "clipxp"}) {
    const auto alone = Launch(1, words(recipe + "-alone", 12, recipe)).answers();
    const auto together = Launch(2, words(recipe + "-together", 12, recipe)).answers();
    const auto& one = alone.front()["losses"];
    const auto& two = together.front()["losses"];
    ASSERT_EQ(one.size(), 12u);
    ASSERT_EQ(two.size(), 12u);
    EXPECT_TRUE(together.back()["losses"].empty()) << "only the leader tells";
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_NEAR(one[i].get<double>(), two[i].get<double>(), 1e-4 * std::abs(one[i].get<double>()))
          << recipe << " " << i;
    }
    EXPECT_NE(one.front(), one.back()) << "it learned";
  }
}

TEST_F(RanksRun, ABatchThatDoesNotDivideIsRefusedByAll) {
  Launch three(3, words("three", 4));
  for (int rank = 0; rank < 3; ++rank) {
    const Ran said = three.rank(rank).wait();
    EXPECT_EQ(said.code, 1);
    EXPECT_NE(said.err.find("cannot be shared equally by 3 ranks"), std::string::npos) << said.err;
  }
  EXPECT_FALSE(fs::exists(folder_ / "three"));
}

/// Whichever rank is killed, the other ends with a sentence, the checkpoint is whole, and the run goes on from it to
/// the same bytes as one that was left alone.
TEST_F(RanksRun, AKilledRankEndsTheRunAndItGoesOn) {
  constexpr int kSteps = 300;  // so many that it is killed before its end on any machine
  Launch(2, words("straight", kSteps)).answers();
  for (const int killed : {0, 1}) {
    const std::string out = cat("killed-", killed);
    {
      Launch run(2, words(out, kSteps));
      while (!fs::exists(folder_ / out / "config.json")) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      run.rank(killed).send(SIGKILL);
      const Ran other = run.rank(1 - killed).wait();
      EXPECT_EQ(other.code, 1);
      EXPECT_NE(other.err.find("lost the others"), std::string::npos) << other.err;
      EXPECT_NE(other.err.find("--resume"), std::string::npos) << other.err;
    }
    ASSERT_NE(model(out), model("straight")) << "it was not at its end";
    const auto rest = Launch(2, words(out, kSteps)).answers();
    EXPECT_EQ(rest.front()["done"], true);
    EXPECT_LT(rest.front()["losses"].size(), std::size_t(kSteps)) << "it went on and did not begin again";
    EXPECT_TRUE(model(out) == model("straight")) << "killed rank " << killed;
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, SeveralRanks, testing::Values(2, 4));

}  // namespace
}  // namespace lix::test
