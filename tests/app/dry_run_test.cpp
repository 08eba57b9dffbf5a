#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/run_store.h"
#include "study/train/params.h"

namespace lix::test {
namespace {
namespace fs = std::filesystem;

class DryRunVerb : public LixpTest {
 protected:
  std::vector<std::string> trying(std::vector<std::string> more) const {
    std::vector<std::string> all{"train", "--data", "discs", "--threads", "1", "--dry-run", "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

TEST_F(DryRunVerb, TellsNumbersAndLeavesNoRun) {
  const Ran said = run(trying({"siglixp", "--batch", "8", "--steps", "3", "--checkpoint-every", "1"}));
  ASSERT_EQ(said.code, 0) << said.err;
  const auto told = nlohmann::json::parse(said.out);
  for (const char* key :
       {"parameters", "peak_memory_bytes", "seconds_per_step", "images_per_second", "estimated_seconds"}) {
    EXPECT_GT(told.at(key).get<double>(), 0.0) << key;
  }
  EXPECT_NEAR(told.at("estimated_seconds").get<double>(), 3 * told.at("seconds_per_step").get<double>(), 1e-9);
  const auto tooShort = [](const nlohmann::json& of) {
    return std::ranges::any_of(of.at("warnings"), [](const auto& text) {
      return text.template get<std::string>().find("tau_ctx") != std::string::npos;
    });
  };
  EXPECT_TRUE(tooShort(told));
  EXPECT_FALSE(tooShort(nlohmann::json::parse(run(trying({"siglixp", "--batch", "8", "--steps", "5000"})).out)));
  const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
  LIX_ASSERT_OK(workspace);
  EXPECT_TRUE(store::RunStore(*workspace).list(store::RunsShown::All)->empty());
  EXPECT_TRUE(!fs::exists(at("ws") / "checkpoints") || fs::is_empty(at("ws") / "checkpoints"));
}

TEST_F(DryRunVerb, RefusesWhatTheRunWouldRefuse) {
  const Ran large = run(trying({"siglip", "--batch", "5000"}));
  expectSentence(large, "too few distinct pairs");
  EXPECT_EQ(run({"train", "siglip", "--dry-run", "--resume", "x"}).code, 2);
}

TEST_F(DryRunVerb, HelpSaysWhatTheParametersSay) {
  const Ran help = run({"train", "--help"});
  for (const Param& param : study::trainParams()) {
    std::string option = "--" + param.key;
    std::ranges::replace(option, '_', '-');
    const auto line = help.out.find("  " + option + " ");
    ASSERT_NE(line, std::string::npos) << option;
    EXPECT_NE(help.out.find(param.help.substr(0, param.help.size() - 1), line), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace lix::test
