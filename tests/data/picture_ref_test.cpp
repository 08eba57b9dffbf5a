#include "data/picture_ref.h"

#include <set>

#include "support/support.h"

namespace lix::data {
namespace {
using lix::test::messageOf;

void expectSame(const PictureRef& picture) {
  const auto back = pictureRefFromText(toText(picture));
  LIX_ASSERT_OK(back);
  EXPECT_EQ(*back, picture) << toText(picture);
}

TEST(PictureRef, IsWrittenAsDocumented) {
  EXPECT_EQ(toText(PictureRef::ofFile("/a/b.png")), "file:/a/b.png");
  EXPECT_EQ(toText(PictureRef::sample("emoji", "1f600")), "sample:emoji\n1f600");
}

TEST(PictureRef, ComesBackWithOddNames) {
  for (const char* name : {"cat", "two words", " spaces ", "größe", "猫", "👩‍👩‍👧", "a:b", "file:/x",
                           "sample:y", "50%", "a\tb", "a\\b", "\"'`", "../up", "\xff\xfe not utf-8", "."}) {
    expectSame(PictureRef::sample(name, "key"));
    expectSame(PictureRef::sample("set", name));
    expectSame(PictureRef::sample("set", std::string("folder/") + name));
    expectSame(PictureRef::ofFile(std::filesystem::path("/photos") / name));
    expectSame(PictureRef::ofFile(std::filesystem::path("/photos") / name / "b.jpg"));
  }
  expectSame(PictureRef::ofFile("/a\nb.png"));  // an odd, but possible, name of a file
}

TEST(PictureRef, LineBreaksInNamesOfSamplesAreRefused) {
  for (const auto& picture : {PictureRef::sample("a\nb", "c"), PictureRef::sample("a", "b\nc"),
                              PictureRef::sample("a", "b\n"), PictureRef::sample("\n", "b")}) {
    const auto back = pictureRefFromText(toText(picture));
    ASSERT_FALSE(back);
    EXPECT_NE(messageOf(back).find("line break"), std::string::npos) << messageOf(back);
  }
}

TEST(PictureRef, WhatNamesNoPictureIsRefused) {
  for (const char* text : {"", "file:", "file:relative.png", "file:./a", "File:/a", "sample:", "sample:a", "sample:a\n",
                           "sample:\nb", "/a/b.png", "http://a/b.png"}) {
    const auto back = pictureRefFromText(text);
    ASSERT_FALSE(back) << text;
    EXPECT_EQ(back.error().code, ErrorCode::BadInput);
  }
  EXPECT_FALSE(pictureRefFromText(std::string("file:/a\0b", 9)));
}

TEST(PictureRef, FilesAndSamplesDiffer) {
  const std::set<PictureRef> all{PictureRef::ofFile("/a"), PictureRef::ofFile("/b"), PictureRef::sample("a", "b"),
                                 PictureRef::sample("b", "a"), PictureRef::ofFile("/a")};
  EXPECT_EQ(all.size(), 4u);
}

TEST(PictureRef, HasAShortName) {
  EXPECT_EQ(shortName(PictureRef::ofFile("/home/me/Größe 1.png")), "Größe 1.png");
  EXPECT_EQ(shortName(PictureRef::sample("emoji", "1f600")), "emoji/1f600");
  EXPECT_EQ(shortName(PictureRef::ofFile("/")), "/");
}

}  // namespace
}  // namespace lix::data
