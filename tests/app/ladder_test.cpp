#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/run_store.h"

namespace lix::test {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kRungs{"siglip", "registers", "average", "learned-average", "llip"};

class Ladder : public LixpTest {
 protected:
  std::vector<std::string> ladder(std::vector<std::string> more = {}) const {
    return training("llip-ladder", "ladder", [&] {
      std::vector<std::string> all{"--steps", "2", "--tokens", "3", "--ema", "0.5"};
      all.insert(all.end(), more.begin(), more.end());
      return all;
    }());
  }
  std::vector<store::RunRow> runs() const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return store::RunStore(*workspace).list(store::RunsShown::All).value();
  }
};

TEST_F(Ladder, TrainsEveryRungAndGoesOnWhereItEnded) {
  const Ran first = run(ladder({"--json"}));
  ASSERT_EQ(first.code, 0) << first.err;
  const auto told = nlohmann::json::parse(first.out);
  ASSERT_EQ(told.at("rungs").size(), kRungs.size());
  for (std::size_t i = 0; i < kRungs.size(); ++i) {
    const auto& rung = told.at("rungs")[i];
    EXPECT_EQ(rung.at("rung"), kRungs[i]);
    EXPECT_GT(rung.at("loss").get<double>(), 0.0) << kRungs[i];
    EXPECT_GT(rung.at("images_per_second").get<double>(), 0.0) << kRungs[i];
    EXPECT_EQ(fs::path(rung.at("checkpoint").get<std::string>()), at("ladder") / kRungs[i]);
    EXPECT_TRUE(fs::exists(at("ladder") / kRungs[i] / "model.safetensors"));
  }
  ASSERT_EQ(runs().size(), kRungs.size());
  for (const store::RunRow& row : runs()) {
    const auto settings = nlohmann::json::parse(row.settings);
    EXPECT_EQ(settings.at("tokens"), row.recipe == "llip-ladder/siglip" ? 0 : 3) << row.recipe;
    EXPECT_EQ(settings.at("ema"), 0.5) << row.recipe;
  }
  // One rung is gone: the command makes it anew and leaves the others alone.
  const auto written = fs::last_write_time(at("ladder/llip/model.safetensors"));
  fs::remove_all(at("ladder/average"));
  const Ran again = run(ladder());
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(fs::exists(at("ladder/average/model.safetensors")));
  EXPECT_EQ(fs::last_write_time(at("ladder/llip/model.safetensors")), written);
  EXPECT_EQ(runs().size(), kRungs.size() + 1);
  for (const std::string& rung : kRungs) {
    EXPECT_NE(again.out.find("\n" + rung + " "), std::string::npos) << again.out;
  }
  refused(ladder({"--seed", "5"}), "begun with --seed 0, not 5");
}

TEST_F(Ladder, WhatCannotBeIsOneSentence) {
  refused(ladder({"--init", "x"}), "leave --init out");
  refused({"train", "llip-ladder", "--resume", "x"}, "Repeat the command");
  refused(ladder({"--alpha", "0.5"}), "take clipxp or siglixp");
  refused(ladder({"--towers", "siglip"}), "take --towers clip or heads");
  refused(ladder({"--mixture-heads", "7"}), "7");
  refused(ladder({"--lock-text"}), "--lock-text keeps what a checkpoint learned");
  refused(training("siglip", "none", {"--lock-blocks", "1"}), "give --init");
  fs::create_directories(at("ladder/average/thesis"));
  const Ran failed = run(ladder());
  expectSentence(failed, "The rung 'average' failed: ");
  EXPECT_NE(failed.err.find("The rungs before it are kept"), std::string::npos) << failed.err;
  EXPECT_TRUE(fs::exists(at("ladder/registers/model.safetensors")));
  EXPECT_FALSE(fs::exists(at("ladder/llip")));
}

TEST_F(Ladder, OptionsThatSayNothingAreRefused) {
  refused({"train", "llip", "--data", "discs", "--tokens", "0"}, "Class tokens cannot be 0");
  refused({"train", "llip", "--data", "discs", "--tau", "0"}, "Mixing temperature cannot be 0");
  refused({"train", "llip", "--data", "discs", "--tau", "-1"}, "Mixing temperature cannot be -1");
  refused({"train", "siglip", "--data", "discs", "--tokens", "4"}, "'siglip' has no use for --tokens");
  refused({"train", "llip", "--data", "discs", "--mixture-heads", "7"}, "7");
}

TEST_F(Ladder, OptionsReachTheRun) {
  const Ran made = run(training("siglixp", "model", {"--steps", "2", "--alpha", "0.5", "--shared-scale", "--json"}));
  ASSERT_EQ(made.code, 0) << made.err;
  const auto last = nlohmann::json::parse(made.out).at("last");
  EXPECT_NEAR(last.at("loss").get<double>(),
              0.5 * last.at("loss.dot").get<double>() + 0.5 * last.at("loss.context").get<double>(), 1e-4);
  EXPECT_EQ(last.at("scale.dot"), last.at("scale.context"));
  refused({"train", "--resume", "model", "--alpha", "0.6"}, "begun with --alpha 0.5, not 0.6");
}

}  // namespace
}  // namespace lix::test
