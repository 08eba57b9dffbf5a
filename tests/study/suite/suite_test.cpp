#include "study/suite/suite.h"

#include "support/support.h"

namespace lix::study {
namespace {

std::string refusal(const std::string& text) {
  const auto parsed = parseSuite(text, "mine");
  return parsed ? "" : parsed.error().message;
}

TEST(Suite, ReadsEntriesWithTheCataloguesMetricWhereNoneIsNamed) {
  const auto suite = parseSuite(R"({"name": "mine", "datasets": [
    {"data": "pets"},
    {"data": "own", "split": "validation", "labels": "colour", "templates": "simple", "metric": "top5"},
    {"data": "other"}]})",
                                "mine");
  LIX_ASSERT_OK(suite);
  EXPECT_EQ(suite->title, "mine");
  ASSERT_EQ(suite->datasets.size(), 3u);
  EXPECT_EQ(suite->datasets[0].metric, "mean_per_class_recall");
  EXPECT_EQ(suite->datasets[0].split, "test");
  EXPECT_EQ(suite->datasets[0].templates, "auto");
  EXPECT_EQ(suite->datasets[1].labels, "colour");
  EXPECT_EQ(suite->datasets[1].metric, "top5");
  EXPECT_EQ(suite->datasets[2].metric, "top1");
}

TEST(Suite, RefusesWhatItDoesNotKnow) {
  EXPECT_NE(refusal("{").find("JSON object"), std::string::npos);
  EXPECT_NE(refusal(R"({"name": "a", "datasets": []})").find("not empty"), std::string::npos);
  EXPECT_NE(refusal(R"({"datasets": [{"data": "a"}]})").find("no \"name\""), std::string::npos);
  EXPECT_NE(refusal(R"({"name": "a", "datasets": [{"split": "test"}]})").find("no \"data\""), std::string::npos);
  EXPECT_NE(refusal(R"({"name": "a", "datasets": [{"data": "x", "metric": "f1"}]})").find("no metric 'f1'"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"name": "a", "datasets": [{"data": "x", "metrics": "top1"}]})").find("unknown key 'metrics'"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"name": "a", "datasets": [{"data": "x"}, {"data": "x"}]})").find("'x' twice"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"name": "a", "datasets": [{"data": 3}]})").find("should be a string"), std::string::npos);
  EXPECT_EQ(refusal(R"({"name": "a", "datasets": [{"data": "x"}, {"data": "x", "labels": "b"}]})"), "");
}

TEST(Suite, EveryShippedSuiteIsWhole) {
  ASSERT_GE(suiteNames().size(), 3u);
  for (const std::string& name : suiteNames()) {
    const auto suite = findSuite(name);
    LIX_ASSERT_OK(suite);
    EXPECT_EQ(suite->name, name);
    EXPECT_FALSE(suite->title.empty());
  }
  EXPECT_EQ(findSuite("llip-22")->datasets.size(), 22u);
  const auto none = findSuite("nosuch");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("llip-22"), std::string::npos);
}

}  // namespace
}  // namespace lix::study
