// lixp sweep: every combination is trained and measured once, failures keep their reason, a repeat does nothing again.
#include <thread>

#include "app/support/fixture.h"
#include "base/file.h"
#include "base/text.h"
#include "store/evaluation_store.h"
#include "store/run_store.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::Ran;

class SweepTest : public test::LixpTest {
 protected:
  void write(const json& plan) const { LIX_EXPECT_OK(writeFile(at("plan.json"), plan.dump())); }
  static json plan() {
    return {{"name", "tokens"},
            {"train",
             {{"recipe", "llip"}, {"data", "discs"}, {"size", "tiny"}, {"steps", 2}, {"batch", 8}, {"threads", 1}}},
            {"axes", {{"tokens", {2, 3}}, {"seed", {0, 1}}}},
            {"evaluate", {{{"what", "zero-shot"}, {"data", "discs"}}}}};
  }
  /// As it stands in the file, since the order of axes matters.
  void writeText(const std::string& text) const { LIX_EXPECT_OK(writeFile(at("plan.json"), text)); }
  void refusedWith(const json& wanted, const std::string& part) const {
    write(wanted);
    refused({"sweep", "plan.json"}, part);
  }
  /// The sweep, of which something fails: exit status 1 and the document all the same.
  json partly(const std::vector<std::string>& arguments) const {
    const Ran said = run(arguments);
    EXPECT_EQ(said.code, 1) << said.err;
    json document = json::parse(said.out, nullptr, false);
    EXPECT_TRUE(document.is_object()) << said.out;
    return document;
  }
  static json cellOf(const json& document, const std::string& name) {
    for (const json& cell : document["cells"]) {
      if (cell["name"] == name) {
        return cell;
      }
    }
    ADD_FAILURE() << "no cell " << name << " in " << document;
    return {{"status", ""}, {"reason", ""}};
  }
  std::vector<std::string> topOnes(const std::string& table) const {
    auto lines = split(*readFile(at(table)), '\n');
    std::erase_if(lines, [](const auto& line) { return line.find(",top1,") == std::string::npos; });
    return lines;
  }
  std::size_t rows() const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return store::EvaluationStore(*workspace).list({.kind = "zero-shot", .metric = "top1"})->size();
  }
};

TEST_F(SweepTest, TrainsAndMeasuresEachCombinationOnce) {
  write(plan());
  const json first = good({"sweep", "plan.json", "--out", "tidy.csv"});
  ASSERT_EQ(first["cells"].size(), 4u);
  EXPECT_EQ(first["failed"], 0);
  for (const json& cell : first["cells"]) {
    EXPECT_EQ(cell["status"], "done") << cell;
    EXPECT_TRUE(fs::exists(fs::path(cell["checkpoint"].get<std::string>()) / "config.json"));
  }
  EXPECT_EQ(rows(), 4u);
  const auto lines = split(*readFile(at("tidy.csv")), '\n');
  EXPECT_TRUE(lines[0].starts_with("seed,tokens,status,reason,kind,")) << lines[0];  // as json sorts them
  EXPECT_EQ(topOnes("tidy.csv").size(), 4u);

  const json again = good({"sweep", "plan.json"});
  EXPECT_EQ(again["failed"], 0);
  EXPECT_EQ(rows(), 4u) << "nothing is measured twice";
  json more = plan();
  more["axes"]["seed"] = {0, 1, 2};
  write(more);
  EXPECT_EQ(good({"sweep", "plan.json"})["cells"].size(), 6u);
  EXPECT_EQ(rows(), 6u);
}

TEST_F(SweepTest, AFailureKeepsItsReasonAndTheOthersGoOn) {
  json wanted = plan();
  wanted["axes"] = {{"mixture_heads", {7, 8}}};
  wanted["train"]["tokens"] = 2;
  write(wanted);
  const json done = partly({"sweep", "plan.json", "--out", "tidy.csv", "--json"});
  EXPECT_EQ(done["failed"], 1);
  EXPECT_EQ(cellOf(done, "mixture_heads=8")["status"], "done");
  const json failed = cellOf(done, "mixture_heads=7");
  EXPECT_EQ(failed["status"], "failed");
  const std::string reason = failed["reason"];
  EXPECT_TRUE(reason.starts_with("M = 7 mixing heads cannot share the embedding width ")) << reason;
  EXPECT_NE(readFile(at("tidy.csv"))->find("7,failed,"), std::string::npos);
}

TEST_F(SweepTest, AFailedEvaluationKeepsItsReasonBesideOneThatCameOut) {
  json wanted = plan();
  wanted["axes"] = {{"seed", {0}}};
  wanted["evaluate"] = {{{"what", "zero-shot"}, {"data", "nowhere"}}, {{"what", "zero-shot"}, {"data", "discs"}}};
  write(wanted);
  const json cell = cellOf(partly({"sweep", "plan.json", "--json"}), "seed=0");
  EXPECT_EQ(cell["status"], "done");
  EXPECT_EQ(cell["label"], "tokens") << "without a blank at its end";
  const std::string reason = cell["reason"];
  EXPECT_TRUE(reason.starts_with("zero-shot: ")) << reason;
  EXPECT_NE(reason.find("nowhere"), std::string::npos) << reason;
  EXPECT_EQ(rows(), 1u);
  wanted["evaluate"].erase(0);
  write(wanted);
  EXPECT_EQ(cellOf(good({"sweep", "plan.json"}), "seed=0")["reason"], "") << "a reason that is none any more goes";
  EXPECT_EQ(rows(), 1u);
}

TEST_F(SweepTest, AFolderThatCannotBeReadIsAFailureOfItsOwn) {
  json wanted = plan();
  wanted["axes"] = {{"seed", {0, 1}}};
  write(wanted);
  fs::create_directories(at("ws/checkpoints/tokens/seed=0"));
  LIX_EXPECT_OK(writeFile(at("ws/checkpoints/tokens/seed=0/config.json"), "{"));
  const json done = partly({"sweep", "plan.json", "--json"});
  EXPECT_EQ(cellOf(done, "seed=0")["status"], "failed");
  EXPECT_NE(cellOf(done, "seed=0")["reason"].get<std::string>().find("seed=0"), std::string::npos) << done;
  EXPECT_EQ(cellOf(done, "seed=1")["status"], "done");
}

TEST_F(SweepTest, AModelTrainedAnewIsMeasuredAnewAndTheTableIsOfItsWeights) {
  json wanted = plan();
  wanted["axes"] = {{"seed", {0}}};
  write(wanted);
  good({"sweep", "plan.json", "--out", "first.csv"});
  const fs::path model = at("ws/checkpoints/tokens/seed=0");
  fs::remove_all(model);
  const Ran other = run(training("llip", model.string(), {"--steps", "3", "--tokens", "3"}));
  ASSERT_EQ(other.code, 0) << other.err;
  good({"sweep", "plan.json", "--out", "second.csv"});
  EXPECT_EQ(rows(), 2u) << "measured again";
  ASSERT_EQ(topOnes("first.csv").size(), 1u);
  ASSERT_EQ(topOnes("second.csv").size(), 1u) << "what the folder held before does not count";
  EXPECT_NE(topOnes("first.csv"), topOnes("second.csv")) << "the key is another one";
}

TEST_F(SweepTest, CellsComeInTheOrderOfTheFileTheLastAxisFastest) {
  writeText(R"({"name": "order", "train": {"recipe": "nothing", "data": "discs"},
                "axes": {"tokens": [16, 4], "seed": [1, 0], "batch": [8]}})");
  const json done = partly({"sweep", "plan.json", "--out", "tidy.csv", "--json"});
  std::vector<std::string> names;
  for (const json& cell : done["cells"]) {
    names.push_back(cell["name"]);
    EXPECT_EQ(cell["status"], "failed");
    EXPECT_NE(cell["reason"], "") << "wrong usage has a reason, too";
    EXPECT_EQ(cell["reason"].get<std::string>().find("--help for more"), std::string::npos) << cell["reason"];
  }
  EXPECT_EQ(names, (std::vector<std::string>{"tokens=16,seed=1,batch=8", "tokens=16,seed=0,batch=8",
                                             "tokens=4,seed=1,batch=8", "tokens=4,seed=0,batch=8"}));
  EXPECT_TRUE(readFile(at("tidy.csv"))->starts_with("tokens,seed,batch,status,"));
}

/// A sweep of one model that would take very long, at work on its training.
class LongSweepTest : public SweepTest {
 protected:
  void begin() {
    json wanted = plan();
    wanted["axes"] = {{"seed", {0}}};
    wanted["train"]["steps"] = 100000;
    wanted["train"]["checkpoint_every"] = 100000;
    write(wanted);
    process_.emplace(test::lixp({"sweep", "plan.json", "--workspace", "ws"}), test::Surroundings{folder_.path()});
    for (int i = 0; i < 3000 && status() != store::RunStatus::Running; ++i) {
      ASSERT_FALSE(process_->ended()) << process_->errSoFar();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ASSERT_EQ(status(), store::RunStatus::Running);
  }
  std::optional<store::RunStatus> status() const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    const auto row = store::RunStore(*workspace).findByOut(at("ws/checkpoints/tokens/seed=0"));
    return row ? std::optional(row->status) : std::nullopt;
  }
  std::optional<test::Process> process_;
};

TEST_F(LongSweepTest, APoliteKillStopsTheTrainingToo) {
  ASSERT_NO_FATAL_FAILURE(begin());
  process_->send(SIGTERM);
  const Ran said = process_->wait();
  EXPECT_FALSE(said.overtime);
  EXPECT_EQ(said.code, 1) << said.err;
  EXPECT_NE(said.err.find("The sweep was stopped"), std::string::npos) << said.err;
  EXPECT_EQ(status(), store::RunStatus::Interrupted) << "the training ended in good order before the sweep did";
}

TEST_F(LongSweepTest, OneRunOfASweepAtATime) {
  ASSERT_NO_FATAL_FAILURE(begin());
  const Ran twice = run({"sweep", "plan.json"});
  expectSentence(twice, "The sweep 'tokens' is at work already");
  process_->send(SIGTERM);
  EXPECT_FALSE(process_->wait().overtime);
}

TEST_F(SweepTest, BadPlansAreOneSentence) {
  json wanted = plan();
  wanted["axes"]["tokns"] = {1};
  refusedWith(wanted, "'tokns' is no option of lixp train; there are ");
  wanted = plan();
  wanted["axes"]["tokens"] = 4;
  refusedWith(wanted, "the axis 'tokens' should be a list");
  wanted = plan();
  wanted["axes"]["tokens"] = {4, 4};
  refusedWith(wanted, "the axis 'tokens' names a value twice");
  wanted = plan();
  wanted["train"]["tokens"] = 3;
  refusedWith(wanted, "'tokens' stands in 'train' and in 'axes'");
  wanted = plan();
  wanted["train"].erase("data");
  refusedWith(wanted, "should name the 'recipe' and the 'data'");
  wanted = plan();
  wanted["evaluate"] = {{{"data", "discs"}}};
  refusedWith(wanted, "objects with 'what'");
  wanted = plan();
  wanted["extra"] = 1;
  refusedWith(wanted, "'extra' is unknown");
  writeText("[1, 2");
  refused({"sweep", "plan.json"}, "no JSON object");
}

TEST_F(SweepTest, ModelsThatWouldShareAFolderAreRefused) {
  json wanted = plan();
  wanted["axes"]["tokens"] = json::array({1, "1"});
  refusedWith(wanted, "two models would have the folder 'seed=0,tokens=1'");
  wanted = plan();
  wanted["train"].erase("data");
  wanted["axes"] = {{"data", {"a/b", "a_b"}}};
  refusedWith(wanted, "two models would have the folder 'data=a_b'");
  wanted = plan();
  wanted["axes"] = {{"mixture-heads", {8}}, {"mixture_heads", {4}}};
  refusedWith(wanted, "twice");
  wanted = plan();
  wanted["train"].erase("data");
  wanted["axes"] = {{"data", {std::string(300, 'a')}}};
  refusedWith(wanted, "would have a name of 305 bytes");
}

TEST_F(SweepTest, WhatCannotBeMeasuredOrWrittenIsRefusedBeforeAnyTraining) {
  json wanted = plan();
  wanted["evaluate"] = {{{"what", "nonsense"}}};
  refusedWith(wanted, "'evaluate' asks for 'nonsense'; lixp eval has zero-shot, few-shot, ");
  wanted["evaluate"] = {{{"what", "zero-shot"}, {"shtos", 1}}};
  refusedWith(wanted, "'shtos', which is no option of lixp eval zero-shot");
  wanted["evaluate"] = {{{"what", "zero-shot"}, {"label", "mine"}}};
  refusedWith(wanted, "labels its models by their settings");
  wanted["evaluate"] = {{{"what", "zero-shot"}, {"data", json::object()}}};
  refusedWith(wanted, "should give 'data' one number, word or true, or a list");
  write(plan());
  refused({"sweep", "plan.json", "--out", "tidy.json"}, "should be a .csv file");
  refused({"sweep", "plan.json", "--out", "nowhere/tidy.csv"}, "There is no folder for nowhere/tidy.csv");
}

}  // namespace
}  // namespace lix
