#include "ranks/place.h"

#include <map>
#include <vector>

#include "support/support.h"

namespace lix::test {
namespace {

using Variables = std::map<std::string, std::string>;

Environment given(Variables variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

const Variables kTorchrun{{"RANK", "3"},
                          {"WORLD_SIZE", "8"},
                          {"LOCAL_RANK", "1"},
                          {"LOCAL_WORLD_SIZE", "2"},
                          {"MASTER_ADDR", "node1"},
                          {"MASTER_PORT", "29511"},
                          {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                          {"TORCHELASTIC_RESTART_COUNT", "2"}};
const Variables kSlurm{{"SLURM_STEP_NUM_TASKS", "6"}, {"SLURM_PROCID", "4"},
                       {"SLURM_LOCALID", "0"},        {"SLURM_STEP_TASKS_PER_NODE", "4,2"},
                       {"SLURM_JOB_ID", "4000123"},   {"SLURM_STEP_NODELIST", "gpu[07-09,12]"}};

TEST(RankPlace, NothingIsSaidToAProcessAlone) {
  const auto place = rankPlace(given({}));
  LIX_ASSERT_OK(place);
  EXPECT_FALSE(place->has_value());
}

TEST(RankPlace, TorchrunsVariables) {
  const auto place = rankPlace(given(kTorchrun));
  LIX_ASSERT_OK(place);
  ASSERT_TRUE(place->has_value());
  EXPECT_EQ((*place)->rank, 3);
  EXPECT_EQ((*place)->size, 8);
  EXPECT_EQ((*place)->localRank, 1);
  EXPECT_EQ((*place)->localSize, 2);
  EXPECT_EQ((*place)->host, "node1");
  EXPECT_EQ((*place)->port, 29511);
  EXPECT_TRUE((*place)->hosted);
  EXPECT_EQ((*place)->attempt, "2");
}

TEST(RankPlace, OneOfOneIsAlone) {
  Variables one = kTorchrun;
  one["RANK"] = "0";
  one["WORLD_SIZE"] = "1";
  const auto place = rankPlace(given(one));
  LIX_ASSERT_OK(place);
  EXPECT_FALSE(place->has_value());
}

TEST(RankPlace, SlurmsVariablesOfAStep) {
  const auto place = rankPlace(given(kSlurm));
  LIX_ASSERT_OK(place);
  ASSERT_TRUE(place->has_value());
  EXPECT_EQ((*place)->rank, 4);
  EXPECT_EQ((*place)->size, 6);
  EXPECT_EQ((*place)->localSize, 4);
  EXPECT_EQ((*place)->host, "gpu07");
  EXPECT_EQ((*place)->port, 20123);
  EXPECT_FALSE((*place)->hosted);
  Variables own = kSlurm;
  own["MASTER_ADDR"] = "login";
  own["MASTER_PORT"] = "1234";
  EXPECT_EQ((*rankPlace(given(own)))->host, "login");
  EXPECT_EQ((*rankPlace(given(own)))->port, 1234);
}

TEST(RankPlace, ABatchScriptOfSlurmIsAlone) {
  const auto place = rankPlace(given({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}, {"SLURM_JOB_ID", "7"}}));
  LIX_ASSERT_OK(place);
  EXPECT_FALSE(place->has_value());
}

TEST(RankPlace, WhatIsMissingOrWrongIsNamed) {
  using Pair = std::pair<std::string, std::string>;
  for (const auto& [name, value] : std::vector<Pair>{{"RANK", "8"},
                                                     {"RANK", "-1"},
                                                     {"WORLD_SIZE", "many"},
                                                     {"MASTER_PORT", "70000"},
                                                     {"LOCAL_RANK", ""},
                                                     {"MASTER_ADDR", ""}}) {
    Variables wrong = kTorchrun;
    value.empty() ? void(wrong.erase(name)) : void(wrong[name] = value);
    const auto place = rankPlace(given(wrong));
    ASSERT_FALSE(place.has_value()) << name;
    EXPECT_NE(place.error().message.find(name), std::string::npos) << place.error().message;
    EXPECT_NE(place.error().message.find("torchrun"), std::string::npos);
  }
  Variables nowhere = kSlurm;
  nowhere["SLURM_STEP_NODELIST"] = "";
  EXPECT_NE(messageOf(rankPlace(given(nowhere))).find("MASTER_ADDR"), std::string::npos);
}

TEST(RankPlace, FirstHostsOfLists) {
  EXPECT_EQ(firstHost("gpu[03-05,09],cpu1"), "gpu03");
  EXPECT_EQ(firstHost("cpu1,gpu[03-05]"), "cpu1");
  EXPECT_EQ(firstHost("node"), "node");
  EXPECT_EQ(firstHost("rack2-n[7]"), "rack2-n7");
  EXPECT_EQ(firstHost("broken[12"), "");
  EXPECT_EQ(firstHost(""), "");
}

}  // namespace
}  // namespace lix::test
