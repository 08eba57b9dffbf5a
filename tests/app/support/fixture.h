#pragma once
#include <nlohmann/json.hpp>

#include "app/support/made_set.h"
#include "app/support/program.h"
#include "support/support.h"

namespace lix::test {

/// A test of the program on the made discs: `folder/discs` is the set, `folder/ws` a workspace that knows it.
class LixpTest : public testing::Test {
 protected:
  void SetUp() override {
    makeDiscs(folder_ / "discs");
    ASSERT_EQ(run({"data", "add", "discs"}).code, 0);
  }

  std::filesystem::path at(const std::string& name) const { return folder_ / name; }

  /// The program in the folder of the test; with the workspace `ws` unless the arguments name one.
  Ran run(std::vector<std::string> arguments) const {
    bool named = false;
    for (const auto& argument : arguments) {
      named = named || argument == "--workspace";
    }
    if (!named) {
      arguments.insert(arguments.end(), {"--workspace", "ws"});
    }
    return ran(lixp(arguments), {.folder = folder_.path()});
  }

  /// What the program says with --json: exit code 0, no word on standard error but progress, one document.
  nlohmann::json good(std::vector<std::string> arguments) const {
    arguments.push_back("--json");
    const Ran said = run(arguments);
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_TRUE(sentences(said).empty()) << said.err;
    nlohmann::json document = nlohmann::json::parse(said.out, nullptr, false);
    EXPECT_FALSE(document.is_discarded()) << "one document: " << said.out;
    return document;
  }

  static std::vector<std::string> training(const std::string& recipe, const std::string& out,
                                           std::vector<std::string> more = {}) {
    std::vector<std::string> all{"train", recipe,      "--data", "discs", "--size", "tiny",        "--batch",
                                 "8",     "--threads", "1",      "--out", out,      "--workspace", "ws"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// A checkpoint of one step.
  void checkpoint(const std::string& out, const std::string& recipe = "siglip") const {
    const Ran made = run(training(recipe, out, {"--steps", "1"}));
    ASSERT_EQ(made.code, 0) << made.err;
  }

  /// Exit code 1, nothing on standard output, one sentence that holds `part`, no word of a bug, no file that was not
  /// there before.
  void refused(std::vector<std::string> arguments, const std::string& part) const {
    SCOPED_TRACE(testing::PrintToString(arguments));
    const auto before = listing(folder_.path());
    arguments.push_back("--json");
    const Ran said = run(arguments);
    expectSentence(said, part);
    EXPECT_EQ(listing(folder_.path()), before) << "files changed";
  }

  static void expectSentence(const Ran& said, const std::string& part) {
    EXPECT_EQ(said.code, 1) << said.err;
    EXPECT_EQ(said.out, "");
    const auto found = sentences(said);
    ASSERT_EQ(found.size(), 1u) << said.err;
    EXPECT_NE(found[0].find(part), std::string::npos) << found[0];
    EXPECT_TRUE(found[0].ends_with(".") || found[0].find(": ") != std::string::npos)
        << "a sentence, or one with a command: " << found[0];
    EXPECT_GT(found[0].size(), 20u) << found[0];
    for (const char* bug : {"unforeseen", "contract", "terminate", ".cpp:", "frame #", "what()", "std::"}) {
      EXPECT_EQ(said.err.find(bug), std::string::npos) << said.err;
    }
  }

  TemporaryFolder folder_;
};

}  // namespace lix::test
