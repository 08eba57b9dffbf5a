#include "base/text.h"

#include "base/csv.h"

#include <gtest/gtest.h>

namespace lix {
namespace {

TEST(Text, SplitsTrimsAndJoins) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), std::vector<std::string>{""});
  EXPECT_EQ(trim(" \t x y\n"), "x y");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
}

TEST(Text, KnowsUtf8) {
  EXPECT_TRUE(isUtf8("Köln 🦊"));
  EXPECT_FALSE(isUtf8("K\xF6ln"));              // Latin-1
  EXPECT_FALSE(isUtf8("\xC0\xAF"));             // overlong
  EXPECT_FALSE(isUtf8("\xE0\x80\xAF"));         // overlong
  EXPECT_FALSE(isUtf8("\xED\xA0\x80"));         // surrogate
  EXPECT_FALSE(isUtf8("\xF4\x90\x80\x80"));     // above U+10FFFF
  EXPECT_FALSE(isUtf8("\xE2\x82"));             // cut off
}

TEST(Text, ReadsWholeNumbersOnly) {
  EXPECT_EQ(toInteger("-12"), -12);
  EXPECT_EQ(toInteger("12x"), std::nullopt);
  EXPECT_EQ(toInteger(""), std::nullopt);
  EXPECT_EQ(toReal("1e-3"), 1e-3);
  EXPECT_EQ(toReal("1e-3 "), std::nullopt);
}

TEST(Text, CsvFieldsAreQuotedWhereTheyMustBe) {
  EXPECT_EQ(csvField("food and drink"), "food and drink");
  EXPECT_EQ(csvField(""), "");
  EXPECT_EQ(csvField("a, \"b\""), "\"a, \"\"b\"\"\"");
  for (const char* broken : {"a\nb", "a\rb", "a,b"}) {
    EXPECT_EQ(csvField(broken), std::string("\"") + broken + "\"");
  }
}

TEST(Text, HashesAsFnv1a) {
  EXPECT_EQ(hash64(""), 0xcbf29ce484222325ULL);   // the published offset basis
  EXPECT_EQ(hash64("a"), 0xaf63dc4c8601ec8cULL);  // published test vector
  EXPECT_EQ(hex(0xabcULL), "0000000000000abc");
}

}  // namespace
}  // namespace lix
