#include "support/support_set.h"

#include "support/support.h"

namespace lix::support {
namespace {
using data::PictureRef;
using lix::test::messageOf;

PictureRef picture(const std::string& key) { return PictureRef::sample("emoji", key); }
std::vector<PictureRef> pictures(const std::vector<std::string>& keys) {
  std::vector<PictureRef> all;
  for (const auto& key : keys) {
    all.push_back(picture(key));
  }
  return all;
}

/// cat: a b c; dog: d e; bird: nothing.
SupportSet animals() {
  return {"animals", {{"cat", pictures({"a", "b", "c"})}, {"dog", pictures({"d", "e"})}, {"bird", {}}}};
}

std::vector<std::string> names(const SupportSet& set) {
  std::vector<std::string> all;
  for (const auto& one : set.classes) {
    all.push_back(one.name);
  }
  return all;
}

TEST(SupportSet, CountsAndFindsPictures) {
  const SupportSet set = animals();
  EXPECT_EQ(set.size(), 5u);
  EXPECT_EQ(set.classOf(picture("a")), 0u);
  EXPECT_EQ(set.classOf(picture("e")), 1u);
  EXPECT_EQ(set.classOf(picture("z")), std::nullopt);
  EXPECT_EQ(set.classOf(PictureRef::ofFile("/a")), std::nullopt);
  EXPECT_EQ(SupportSet{}.size(), 0u);
}

TEST(SupportSet, ANewClassComesLast) {
  const SupportSet before = animals();
  const auto after = withClass(before, "Größe 大");
  LIX_ASSERT_OK(after);
  EXPECT_EQ(names(*after), (std::vector<std::string>{"cat", "dog", "bird", "Größe 大"}));
  EXPECT_EQ(before, animals()) << "an edit gives a new value";
}

TEST(SupportSet, BadNamesOfClassesAreRefused) {
  for (const char* name : {"", "  ", "cat", "two\nlines", "two\rlines", "\xff"}) {
    EXPECT_FALSE(withClass(animals(), name)) << name;
    EXPECT_FALSE(withClassRenamed(animals(), 1, name)) << name;
  }
  EXPECT_NE(messageOf(withClass(animals(), "dog")).find("'dog' already"), std::string::npos);
  EXPECT_TRUE(withClass(animals(), "Cat")) << "names differ in their case";
}

TEST(SupportSet, RenamesAClassAlsoToItsOwnName) {
  const auto renamed = withClassRenamed(animals(), 1, "hound");
  LIX_ASSERT_OK(renamed);
  EXPECT_EQ(names(*renamed), (std::vector<std::string>{"cat", "hound", "bird"}));
  EXPECT_EQ(renamed->classes[1].pictures, animals().classes[1].pictures);
  EXPECT_EQ(withClassRenamed(animals(), 1, "dog").value(), animals());
}

TEST(SupportSet, RemovesAndMovesClasses) {
  EXPECT_EQ(names(withoutClass(animals(), 0).value()), (std::vector<std::string>{"dog", "bird"}));
  EXPECT_EQ(names(withClassMoved(animals(), 0, 2).value()), (std::vector<std::string>{"dog", "bird", "cat"}));
  EXPECT_EQ(names(withClassMoved(animals(), 2, 0).value()), (std::vector<std::string>{"bird", "cat", "dog"}));
  EXPECT_EQ(names(withClassMoved(animals(), 0, 1).value()), (std::vector<std::string>{"dog", "cat", "bird"}));
  EXPECT_EQ(withClassMoved(animals(), 1, 1).value(), animals());
  EXPECT_EQ(withClassMoved(animals(), 0, 2)->classes[2].pictures, animals().classes[0].pictures);
}

TEST(SupportSet, ClassesThatAreNotThereAreRefused) {
  for (const auto& result :
       {withClassRenamed(animals(), 3, "x"), withoutClass(animals(), 3), withClassMoved(animals(), 3, 0),
        withClassMoved(animals(), 0, 3), withPictures(animals(), pictures({"a"}), 3), withoutClass({}, 0)}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::NotFound);
  }
}

TEST(SupportSet, PicturesComeLastInTheirOrderAndAreMovedFromElsewhere) {
  const auto after = withPictures(animals(), pictures({"z", "d", "a", "y"}), 0);
  LIX_ASSERT_OK(after);
  EXPECT_EQ(after->classes[0].pictures, pictures({"b", "c", "z", "d", "a", "y"}));
  EXPECT_EQ(after->classes[1].pictures, pictures({"e"}));
  LIX_EXPECT_OK(check(*after));
}

TEST(SupportSet, APictureNamedTwiceIsAddedOnce) {
  const auto after = withPictures(animals(), pictures({"z", "z", "e", "e"}), 2);
  LIX_ASSERT_OK(after);
  EXPECT_EQ(after->classes[2].pictures, pictures({"z", "e"}));
  EXPECT_EQ(withPictures(animals(), {}, 1).value(), animals());
}

TEST(SupportSet, TakesPicturesOutWhereverTheyStand) {
  const SupportSet after = withoutPictures(animals(), pictures({"b", "e", "nowhere"}));
  EXPECT_EQ(after.classes[0].pictures, pictures({"a", "c"}));
  EXPECT_EQ(after.classes[1].pictures, pictures({"d"}));
  EXPECT_EQ(after.classes.size(), 3u) << "classes stay";
}

TEST(SupportSet, CheckNamesWhatBreaksTheRules) {
  LIX_EXPECT_OK(check(animals()));
  LIX_EXPECT_OK(check({}));
  SupportSet twice = animals();
  twice.classes[2].name = "cat";
  EXPECT_NE(messageOf(check(twice)).find("called 'cat'"), std::string::npos);
  SupportSet nameless = animals();
  nameless.classes[0].name = "";
  EXPECT_FALSE(check(nameless));
  SupportSet repeated = animals();
  repeated.classes[2].pictures = pictures({"a"});
  EXPECT_NE(messageOf(check(repeated)).find("emoji/a in class 'bird'"), std::string::npos)
      << messageOf(check(repeated));
  SupportSet within = animals();
  within.classes[1].pictures = pictures({"d", "d"});
  EXPECT_FALSE(check(within));
}

}  // namespace
}  // namespace lix::support
