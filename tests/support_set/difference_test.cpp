#include "support/difference.h"

#include <gtest/gtest.h>

namespace lix::support {
namespace {

data::PictureRef pic(const std::string& key) { return data::PictureRef::sample("emoji", key); }

std::vector<std::string> keys(const std::vector<PictureChange>& changes) {
  std::vector<std::string> result;
  for (const PictureChange& one : changes) {
    result.push_back(one.from + ">" + one.picture.key + ">" + one.to);
  }
  return result;
}

using Names = std::vector<std::string>;

TEST(SetDifference, EnteredLeftAndMoved) {
  const SupportSet before{"", {{"cat", {pic("a"), pic("b"), pic("c")}}, {"dog", {pic("d")}}}};
  const SupportSet after{"", {{"cat", {pic("a"), pic("e")}}, {"dog", {pic("d"), pic("b")}}}};
  const SetDifference found = difference(before, after);
  EXPECT_EQ(keys(found.entered), Names{">e>cat"});
  EXPECT_EQ(keys(found.left), Names{"cat>c>"});
  EXPECT_EQ(keys(found.moved), Names{"cat>b>dog"});
  EXPECT_TRUE(found.added.empty() && found.removed.empty() && found.renamed.empty());
  EXPECT_TRUE(difference(before, before).isEmpty());
}

TEST(SetDifference, ARenamedClassKeepsItsPictures) {
  const SupportSet before{"", {{"cat", {pic("a"), pic("b"), pic("c")}}, {"old", {}}}};
  const SupportSet after{"", {{"kitten", {pic("b"), pic("a")}}, {"new", {pic("c")}}}};
  const SetDifference found = difference(before, after);
  ASSERT_EQ(found.renamed.size(), 1u);
  EXPECT_EQ(found.renamed[0], std::pair(std::string("cat"), std::string("kitten")));
  EXPECT_EQ(found.added, Names{"new"});
  EXPECT_EQ(found.removed, Names{"old"}) << "a class without pictures is not known again";
  EXPECT_EQ(keys(found.moved), Names{"cat>c>new"});
  EXPECT_TRUE(found.entered.empty() && found.left.empty());
}

TEST(SetDifference, AClassThatIsSplitInHalvesIsNotRenamed) {
  const SupportSet before{"", {{"cat", {pic("a"), pic("b")}}}};
  const SupportSet after{"", {{"x", {pic("a")}}, {"y", {pic("b")}}}};
  const SetDifference found = difference(before, after);
  EXPECT_TRUE(found.renamed.empty());
  EXPECT_EQ(found.added, (Names{"x", "y"}));
  EXPECT_EQ(found.removed, Names{"cat"});
  EXPECT_EQ(found.moved.size(), 2u);
}

TEST(SetDifference, OrderAloneIsNone) {
  const SupportSet before{"", {{"cat", {pic("a"), pic("b")}}, {"dog", {}}}};
  const SupportSet after{"", {{"dog", {}}, {"cat", {pic("b"), pic("a")}}}};
  EXPECT_TRUE(difference(before, after).isEmpty());
}

}  // namespace
}  // namespace lix::support
