#include "data/glyphs/emoji_list.h"

#include "support/support.h"

namespace lix::data {
namespace {

constexpr const char* kList =
    "# group: Animals & Nature\n"
    "# subgroup: animal-mammal\n"
    "1F98A      ; fully-qualified     # 🦊 E3.0 fox\n"
    "1F43B 200D 2744 FE0F ; fully-qualified # 🐻 E13.0 polar bear\n"
    "1F43B 200D 2744 ; minimally-qualified # 🐻 E13.0 polar bear\n"
    "# group: Component\n"
    "# subgroup: skin-tone\n"
    "1F3FB ; component # 🏻 E1.0 light skin tone\n";

TEST(EmojiList, ReadsFullyQualifiedRowsWithGroupAndReadableSubgroup) {
  const auto list = parseEmojiList(kList, "list.txt");
  LIX_ASSERT_OK(list);
  ASSERT_EQ(list->size(), 2u);
  EXPECT_EQ(list->at(0), (Emoji{{0x1F98A}, "fox", "Animals & Nature", "animal mammal"}));
  EXPECT_EQ(list->at(1).name, "polar bear");
  EXPECT_EQ(list->at(1).codePoints, (CodePoints{0x1F43B, 0x200D, 0x2744, 0xFE0F}));
}

TEST(EmojiList, NamesTheLineThatCannotBeRead) {
  const auto list = parseEmojiList("\n1F98G ; fully-qualified # x E3.0 fox\n", "list.txt");
  ASSERT_FALSE(list);
  EXPECT_NE(list.error().message.find("Line 2"), std::string::npos) << list.error().message;
  EXPECT_NE(list.error().message.find("list.txt"), std::string::npos);
  EXPECT_FALSE(parseEmojiList("1F98A ; fully-qualified # x E3.0\n", "list.txt"));     // no name
  EXPECT_FALSE(parseEmojiList("110000 ; fully-qualified # x E3.0 a\n", "list.txt"));  // beyond Unicode
}

TEST(EmojiList, RefusesAListWithoutEmoji) {
  const auto list = parseEmojiList("# only a comment\n", "list.txt");
  ASSERT_FALSE(list);
  EXPECT_NE(list.error().message.find("unicode-data"), std::string::npos);
}

TEST(EmojiList, WritesKeys) {
  EXPECT_EQ(emojiKey({0x1F98A}), "1F98A");
  EXPECT_EQ(emojiKey({0x23, 0xFE0F, 0x20E3}), "0023-FE0F-20E3");
}

TEST(EmojiList, BaseKeysKeepVariantsTogether) {
  EXPECT_EQ(emojiBaseKey({0x1F98A}), "1F98A");
  EXPECT_EQ(emojiBaseKey({0x1F44D, 0x1F3FD}), "1F44D");                          // thumbs up, medium skin
  EXPECT_EQ(emojiBaseKey({0x1F3C3, 0x1F3FE, 0x200D, 0x2640, 0xFE0F}), "1F3C3");  // woman running
  EXPECT_EQ(emojiBaseKey({0x1F469, 0x200D, 0x1F680}), "1F9D1");                  // woman astronaut
  EXPECT_EQ(emojiBaseKey({0x1F9D1, 0x200D, 0x1F680}), "1F9D1");                  // astronaut
  EXPECT_EQ(emojiBaseKey({0x1F468, 0x200D, 0x2764, 0xFE0F, 0x200D, 0x1F468}), "1F491");
  EXPECT_EQ(emojiBaseKey({0x1F469, 0x200D, 0x2764, 0xFE0F, 0x200D, 0x1F48B, 0x200D, 0x1F468}), "1F48F");
  EXPECT_EQ(emojiBaseKey({0x1F468, 0x200D, 0x1F469, 0x200D, 0x1F466}), "1F46A");  // family
  EXPECT_EQ(emojiBaseKey({0x1F9D1, 0x200D, 0x1F91D, 0x200D, 0x1F9D1}), "1F46B");  // people holding hands
  EXPECT_EQ(emojiBaseKey({0x1F91D, 0x1F3FB}), "1F91D");                           // handshake
}

TEST(EmojiList, EveryFlagIsItsOwnBase) {
  EXPECT_EQ(emojiBaseKey({0x1F1E9, 0x1F1EA}), "1F1E9-1F1EA");
  EXPECT_NE(emojiBaseKey({0x1F3F4, 0xE0067, 0xE007F}), emojiBaseKey({0x1F3F4}));
}

TEST(EmojiList, KnowsVariants) {
  EXPECT_TRUE(isVariant({0x1F44D, 0x1F3FD}));
  EXPECT_TRUE(isVariant({0x1F3C3, 0x200D, 0x2642, 0xFE0F}));
  EXPECT_TRUE(isVariant({0x1F468, 0x200D, 0x1F680}));
  EXPECT_TRUE(isVariant({0x1F6B6, 0x200D, 0x27A1, 0xFE0F}));
  EXPECT_FALSE(isVariant({0x1F9D1, 0x200D, 0x1F680}));
  EXPECT_FALSE(isVariant({0x1F43B, 0x200D, 0x2744, 0xFE0F}));
  EXPECT_FALSE(isVariant({0x27A1, 0xFE0F}));  // an arrow alone turns nothing
  EXPECT_FALSE(isVariant({0x2640, 0xFE0F}));  // nor is a sign alone a variant
}

TEST(EmojiList, WritesUtf8WithoutTheSelector) {
  EXPECT_EQ(emojiText({0x23, 0xFE0F, 0x20E3}), "#\xE2\x83\xA3");
  EXPECT_EQ(emojiText({0xA9, 0xFE0F}), "\xC2\xA9");
  EXPECT_EQ(emojiText({0x1F98A}), "\xF0\x9F\xA6\x8A");
}

}  // namespace
}  // namespace lix::data
