// `lixp train` as several processes of one launcher.
#include <list>

#include "app/support/fixture.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "support/ranks.h"

namespace lix {
namespace {

class Together : public test::LixpTest {
 protected:
  std::vector<test::Ran> launched(const std::vector<std::string>& arguments, int ranks = 2) const {
    const int port = test::freePort();
    std::list<test::Process> processes;
    for (int rank = 0; rank < ranks; ++rank) {
      processes.emplace_back(
          test::lixp(arguments),
          test::Surroundings{.folder = folder_.path(), .environment = test::rankVariables(rank, ranks, port)});
    }
    std::vector<test::Ran> said;
    for (test::Process& process : processes) {
      said.push_back(process.wait());
    }
    return said;
  }
};

TEST_F(Together, OneRowOneCheckpointAndItGoesOn) {
  const auto said =
      launched(training("siglixp", "two", {"--steps", "6", "--checkpoint-every", "2", "--keep-every", "3"}));
  EXPECT_EQ(said[0].code, 0) << said[0].err;
  EXPECT_EQ(said[1].code, 0) << said[1].err;
  EXPECT_NE(said[0].out.find("done"), std::string::npos) << said[0].out;
  EXPECT_EQ(said[1].out, "") << "rank 0 alone speaks";
  const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
  LIX_ASSERT_OK(workspace);
  const auto row = store::RunStore(*workspace).findByOut(at("two"));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->status, store::RunStatus::Done);
  const auto losses = store::MetricStore(*workspace).series(row->id, "loss");
  LIX_ASSERT_OK(losses);
  EXPECT_EQ(losses->size(), 6u) << "a point a step, of one rank";
  EXPECT_TRUE(std::filesystem::exists(at("two-step-000003")));

  const auto alone = good(training("siglixp", "one", {"--steps", "6"}));
  const double first = losses->back().value, second = alone["last"]["loss"];
  EXPECT_NEAR(first, second, 1e-3 * second) << "the loss of the last step is that of one process";
}

TEST_F(Together, WhatOneProcessDoesIsRefused) {
  for (const auto& said : launched(training("siglip", "dry", {"--dry-run"}))) {
    EXPECT_EQ(said.code, 1);
    ASSERT_EQ(test::sentences(said).size(), 1u) << said.err;
    EXPECT_NE(said.err.find("are for one process"), std::string::npos) << said.err;
  }
}

TEST_F(Together, WhereRankZeroCannotBeginTheOthersEndToo) {
  auto wrong = training("siglip", "none", {"--steps", "3"});
  wrong[3] = "absent";  // the dataset
  const auto said = launched(wrong);
  EXPECT_EQ(said[0].code, 1);
  EXPECT_NE(said[0].err.find("absent"), std::string::npos) << said[0].err;
  EXPECT_EQ(said[1].code, 1);
  EXPECT_NE(said[1].err.find("Rank 1 of 2"), std::string::npos) << said[1].err;
  EXPECT_FALSE(std::filesystem::exists(at("none")));
}

}  // namespace
}  // namespace lix
