// The canary of a training: rows of the workspace, what the end says, going on, the best step, refusals.
#include <signal.h>

#include <thread>
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "base/file.h"
#include "store/checkpoint_store.h"
#include "store/metric_store.h"
#include "store/run_store.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::Ran;

class CanaryVerb : public test::LixpTest {
 protected:
  std::vector<store::MetricPoint> series(const std::string& out, const std::string& name) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    const auto run = store::RunStore(*workspace).findByOut(at(out));
    return store::MetricStore(*workspace).series(run.value().id, name).value();
  }

  static std::vector<long long> steps(const std::vector<store::MetricPoint>& points) {
    std::vector<long long> out;
    for (const auto& point : points) {
      out.push_back(point.step);
    }
    return out;
  }
};

TEST_F(CanaryVerb, PostTrainingOfAShippedModel) {
  const json done =
      good({"train",    "siglip", "--data",         "discs", "--init",        LIX_SHIPPED_MODELS "/siglip-tiny-emoji",
            "--batch",  "8",      "--threads",      "1",     "--steps",       "6",
            "--canary", "emoji",  "--canary-every", "2",     "--canary-best", "canary.prototype",
            "--out",    "run"});
  for (const char* name : {"canary.zero_shot", "canary.prototype", "canary.tip_adapter"}) {
    const auto points = series("run", name);
    EXPECT_EQ(steps(points), (std::vector<long long>{0, 2, 4, 6})) << name;
    EXPECT_TRUE(points[0].value > 0.0 && points[0].value < 1.0) << name;
  }
  EXPECT_GT(series("run", "canary.prototype")[0].value, 0.2) << "of 8 classes, by a model that knows emoji";
  const json evaluated = good({"eval", "zero-shot", LIX_SHIPPED_MODELS "/siglip-tiny-emoji", "--data", "emoji"});
  EXPECT_DOUBLE_EQ(series("run", "canary.zero_shot")[0].value, evaluated[0]["top1"].get<double>())
      << "the same pictures and weights";
  const auto zeroShot = series("run", "canary.zero_shot"), change = series("run", "canary.zero_shot_change");
  const json& canary = done["canary"];
  EXPECT_EQ(canary["dataset"], "emoji");
  EXPECT_EQ(canary["first"]["step"], 0);
  EXPECT_EQ(canary["last"]["step"], 6);
  EXPECT_DOUBLE_EQ(canary["first"]["zero_shot"], zeroShot.front().value);
  EXPECT_DOUBLE_EQ(canary["last"]["zero_shot"], zeroShot.back().value);
  EXPECT_NEAR(canary["zero_shot_change"]["mean"], zeroShot.back().value - zeroShot.front().value, 1e-12);
  EXPECT_LE(canary["zero_shot_change"]["low"], canary["zero_shot_change"]["mean"]);
  EXPECT_GE(canary["zero_shot_change"]["high"], canary["zero_shot_change"]["mean"]);

  const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
  const auto row = store::RunStore(*workspace).findByOut(at("run"));
  LIX_ASSERT_OK(row);
  const auto best = store::CheckpointStore(*workspace).find(at("run-best"));
  LIX_ASSERT_OK(best);
  EXPECT_EQ(best->run, row->id);
  EXPECT_EQ(best->step, canary["best_step"].get<long long>());
  EXPECT_EQ(best->weightsHash.size(), 16u);
  EXPECT_TRUE(fs::exists(at("run-best") / "model.safetensors"));

  const std::string text = run({"runs", "show", row->name}).out;
  EXPECT_NE(text.find("canary.zero_shot"), std::string::npos) << text;
  EXPECT_EQ(text.find("inflection"), std::string::npos) << "a recipe without a context has none: " << text;
}

TEST_F(CanaryVerb, AResumedRunGoesOnWithTheSameCanary) {
  const std::vector<std::string> canary{"--canary",           "discs", "--canary-every", "10", "--canary-shots", "2",
                                        "--checkpoint-every", "5",     "--seed",         "3"};
  const auto with = [&](const std::string& out, const char* steps) {
    std::vector<std::string> all = training("siglixp", out, {"--steps", steps});
    all.insert(all.end(), canary.begin(), canary.end());
    return all;
  };
  const json whole = good(with("whole", "40"));
  {
    test::Process process(test::lixp(with("cut", "40")), {.folder = folder_.path()});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (!fs::exists(at("cut/config.json")) && !process.ended() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    process.send(SIGKILL);
    (void)process.wait();
  }
  const json resumed = good({"train", "--resume", "cut"});
  EXPECT_EQ(resumed["canary"], whole["canary"]) << "first, last and paired change";
  for (const char* name : {"canary.zero_shot", "canary.prototype", "canary.tip_adapter", "canary.zero_shot_change"}) {
    const auto expected = series("whole", name), found = series("cut", name);
    ASSERT_EQ(expected.size(), 5u) << name;
    EXPECT_EQ(steps(found), steps(expected)) << name;
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
      EXPECT_EQ(found[i].value, expected[i].value) << name << " at step " << found[i].step;
    }
  }
  const json shown = good({"runs", "show", good({"runs", "list"})[0]["name"]});
  EXPECT_TRUE(shown["inflection"] == "none" || shown["inflection"].is_number_integer()) << shown["inflection"];
}

TEST_F(CanaryVerb, Refusals) {
  const auto asks = [&](std::vector<std::string> more, const std::string& part) {
    more.insert(more.end(), {"--steps", "2"});
    refused(training("siglip", "run", more), part);
  };
  asks({"--canary", "nothing"}, "There is no dataset 'nothing'");
  asks({"--canary", "discs"}, "give --canary-shots 3 at most");
  asks({"--canary-best", "canary.zero_shot"}, "needs a canary");
  asks({"--canary", "discs", "--canary-shots", "2", "--canary-best", "loss"}, "no series 'loss'");
  test::writeText(at("flat/table.csv"), "path,caption\n../discs/red0.png,a disc\n../discs/red1.png,another disc\n");
  ASSERT_EQ(run({"data", "add", "flat"}).code, 0);
  asks({"--canary", "flat"}, "'flat' has no classes");
  fs::create_directories(at("run-best"));
  test::writeText(at("run-best/mine.txt"), "mine");
  asks({"--canary", "discs", "--canary-shots", "2", "--canary-best", "canary.zero_shot"}, "run-best exists already");
}

}  // namespace
}  // namespace lix
