#include "nn/text/tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/text/canonical.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using test::messageOf;
using test::TemporaryFolder;

std::vector<std::string> captions(std::size_t count) {
  const std::vector<std::string> colours = {"red", "green", "blue", "yellow", "striped"};
  const std::vector<std::string> things = {"square", "circle", "triangle", "boat", "bridge", "river"};
  const std::vector<std::string> places = {"above", "below", "left of", "right of", "next to"};
  Random random(7, 1);
  const auto one = [&](const std::vector<std::string>& of) { return of[random.below(of.size())]; };
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(
        cat("A ", one(colours), " ", one(things), " ", one(places), " a ", one(colours), " ", one(things), "."));
  }
  return out;
}

const std::shared_ptr<const Tokenizer>& trained() {
  static const auto tokenizer = trainTokenizer(captions(400), 200).value();
  return tokenizer;
}

void put(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

TEST(Canonical, FollowsTheRulesOfSiglip) {
  EXPECT_EQ(canonicalText("A Photo, of  TWO\tdogs!\n"), "a photo of two dogs");
  EXPECT_EQ(canonicalText("hot_dog under-score"), "hotdog underscore");
  EXPECT_EQ(canonicalText("ÀÉ Straße ПРИВЕТ ΣΑΣ"), "àé straße привет σασ");
  EXPECT_EQ(canonicalText("\u00a0a\u2028b\u3000"), "a b");
  EXPECT_EQ(canonicalText("İ Ǆ ẞ Ⴀ 𐐀"), "i\u0307 ǆ ß ⴀ 𐐨");
  EXPECT_EQ(canonicalText("“kept” …"), "“kept” …");
  EXPECT_EQ(canonicalText(""), "");
  EXPECT_EQ(canonicalText("!?;"), "");
}

TEST(Canonical, DamagedUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(canonicalText("a\xff"
                          "b"),
            "a\ufffdb");
  EXPECT_EQ(canonicalText("\xc3"), "\ufffd");
  EXPECT_EQ(canonicalText("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");  // a surrogate
  EXPECT_EQ(canonicalText("\xc0\xaf"), "\ufffd\ufffd");            // overlong
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_TRUE(isUtf8(canonicalText(cat("x", static_cast<char>(byte), "\xe2\x82")))) << byte;
  }
}

TEST(Canonical, SpecialTokensCutTheCaption) {
  const auto parts = canonicalParts("A</s> B <unk>C </S>", Case::Lower);
  ASSERT_EQ(parts.size(), 5u);
  EXPECT_EQ(parts[0].text, "▁a");
  EXPECT_TRUE(parts[1].special);
  EXPECT_EQ(parts[1].text, "</s>");
  EXPECT_EQ(parts[2].text, "b");
  EXPECT_EQ(parts[4].text, "c s");
}

TEST(Tokenizer, TrainedIdsAndPadding) {
  const auto& tokenizer = *trained();
  const auto row = tokenizer.encode("A red square", 16);
  ASSERT_EQ(row.ids.size(), 16u);
  EXPECT_FALSE(row.truncated);
  EXPECT_GT(row.length, 3);
  EXPECT_EQ(row.ids[static_cast<std::size_t>(row.length) - 1], 1);
  EXPECT_TRUE(std::all_of(row.ids.begin() + row.length, row.ids.end(), [](int id) { return id == 1; }));
  EXPECT_TRUE(std::all_of(row.ids.begin(), row.ids.begin() + row.length - 1,
                          [&](int id) { return id > 2 && id < tokenizer.vocabularySize(); }));
  EXPECT_EQ(row.ids, tokenizer.encode("  a RED, square!", 16).ids);
  EXPECT_EQ(join(tokenizer.pieces("A red square"), ""), "▁a▁red▁square");
  EXPECT_EQ(static_cast<int>(tokenizer.pieces("A red square").size()), row.length - 1);
  const auto unknown = tokenizer.encode("Ж", 4);
  EXPECT_EQ(unknown.length, 3);  // word mark, <unk>, </s>
  EXPECT_EQ(unknown.ids[1], 2);
}

TEST(Tokenizer, EmptyLongAndDamagedCaptions) {
  const auto& tokenizer = *trained();
  for (const auto* text : {"", "  ", "!!!", "\n"}) {
    const auto row = tokenizer.encode(text, 8);
    EXPECT_EQ(row.ids, std::vector<std::int32_t>(8, 1));
    EXPECT_EQ(row.length, 1);
    EXPECT_FALSE(row.truncated);
  }
  std::string text;
  while (text.size() < 100'000) {
    text += "red squares ";
  }
  for (const auto& caption : {text, std::string(100'000, 'x'), std::string(100'000, '\xff')}) {
    const auto row = tokenizer.encode(caption, 64);
    EXPECT_EQ(row.ids.size(), 64u);
    EXPECT_EQ(row.ids.back(), 1);
  }
  const auto row = tokenizer.encode(text, 64);
  EXPECT_TRUE(row.truncated);
  EXPECT_EQ(row.length, 64);
  EXPECT_EQ(tokenizer.encode("red", 1).ids, (std::vector<std::int32_t>{1}));
  EXPECT_TRUE(tokenizer.encode("red", 1).truncated);
  EXPECT_EQ(tokenizer.encode(std::string("red\0square", 10), 8).ids.size(), 8u);
}

TEST(Tokenizer, TrainingTwiceGivesTheSameBytes) {
  TemporaryFolder folder;
  const auto again = trainTokenizer(captions(400), 200);
  LIX_ASSERT_OK(again);
  EXPECT_EQ((*again)->hash(), trained()->hash());
  fs::create_directory(folder / "a");
  fs::create_directory(folder / "b");
  LIX_ASSERT_OK((*again)->save(folder / "a"));
  LIX_ASSERT_OK(trained()->save(folder / "b"));
  EXPECT_EQ(*readFile(folder / "a/spiece.model"), *readFile(folder / "b/spiece.model"));
  const auto other = trainTokenizer(captions(300), 200);
  LIX_ASSERT_OK(other);
  EXPECT_NE((*other)->hash(), trained()->hash());
}

TEST(Tokenizer, SavedAndLoadedIsTheSame) {
  TemporaryFolder folder;
  LIX_ASSERT_OK(trained()->save(folder.path(), 32));
  const auto loaded = loadTokenizer(folder.path());
  LIX_ASSERT_OK(loaded);
  EXPECT_EQ((*loaded)->hash(), trained()->hash());
  EXPECT_EQ((*loaded)->vocabularySize(), trained()->vocabularySize());
  for (const auto& caption : captions(20)) {
    EXPECT_EQ((*loaded)->encode(caption, 32).ids, trained()->encode(caption, 32).ids);
  }
  const auto config = nlohmann::json::parse(*readFile(folder / "tokenizer_config.json"));
  EXPECT_EQ(config["tokenizer_class"], "SiglipTokenizer");
  EXPECT_EQ(config["model_max_length"], 32);
  EXPECT_EQ(config["pad_token"], "</s>");
  EXPECT_EQ(config["added_tokens_decoder"]["1"]["content"], "</s>");
  EXPECT_EQ(config["added_tokens_decoder"]["2"]["content"], "<unk>");
}

TEST(Tokenizer, TheConfigurationCounts) {
  TemporaryFolder folder;
  LIX_ASSERT_OK(trained()->save(folder.path()));
  put(folder / "tokenizer_config.json", R"({"do_lower_case": false, "pad_token": {"content": "<pad>"}})");
  const auto loaded = loadTokenizer(folder.path());
  LIX_ASSERT_OK(loaded);
  EXPECT_NE((*loaded)->hash(), trained()->hash());
  EXPECT_EQ((*loaded)->encode("", 3).ids, (std::vector<std::int32_t>{1, 0, 0}));
  EXPECT_EQ((*loaded)->encode("A", 5).ids[1], 2) << "capitals were not in the training";
  put(folder / "tokenizer_config.json", "[1]");
  EXPECT_NE(messageOf(loadTokenizer(folder.path())).find("it is not a JSON object"),
            std::string::npos);
  put(folder / "tokenizer_config.json", R"({"pad_token": "<nothing>"})");
  EXPECT_NE(messageOf(loadTokenizer(folder.path())).find("no piece \"<nothing>\""), std::string::npos);
}

TEST(Tokenizer, SmallAndStrangeTrainingSets) {
  for (const auto& texts : std::vector<std::vector<std::string>>{{"a"},
                                                                 {"a", "a", "a"},
                                                                 {"red", "blue"},
                                                                 {"日本語"},
                                                                 {"x y"},
                                                                 {std::string(9000, 'a'), "b c"},
                                                                 {"\xff\xfe", "ab"}}) {
    const auto tokenizer = trainTokenizer(texts, 1000);
    LIX_ASSERT_OK(tokenizer);
    EXPECT_LE((*tokenizer)->vocabularySize(), 1000);
    EXPECT_EQ((*tokenizer)->encode("", 2).ids, (std::vector<std::int32_t>{1, 1}));
  }
  EXPECT_NE(messageOf(trainTokenizer({}, 1000)).find("none of the 0 captions"), std::string::npos);
  EXPECT_NE(messageOf(trainTokenizer({"", "!?"}, 1000)).find("none of the 2 captions"), std::string::npos);
  EXPECT_NE(messageOf(trainTokenizer({"a"}, 3)).find("too small"), std::string::npos);
}

TEST(Tokenizer, MoreCharactersThanPieces) {
  const auto character = [](int i) {
    return cat(static_cast<char>(0xE4 + i / 64), static_cast<char>(0xB8), static_cast<char>(0x80 + i % 64));
  };
  std::vector<std::string> texts;
  for (int i = 0; i < 300; ++i) {
    texts.push_back("the " + character(i));
  }
  const auto tokenizer = trainTokenizer(texts, 64);
  LIX_ASSERT_OK(tokenizer);
  EXPECT_LE((*tokenizer)->vocabularySize(), 64);
  EXPECT_EQ((*tokenizer)->pieces("the").front(), "▁the");
  // All are equally rare, so the first in code order stay.
  EXPECT_NE((*tokenizer)->encode(character(0), 8).ids[1], 2);
  EXPECT_EQ((*tokenizer)->encode(character(299), 8).ids[1], 2);
}

TEST(Tokenizer, FoldersWithoutOneSaySo) {
  TemporaryFolder folder;
  EXPECT_NE(messageOf(loadTokenizer(folder.path())).find("spiece.model and tokenizer.json are missing"), std::string::npos);
  EXPECT_NE(messageOf(loadTokenizer(folder / "none")).find("is not a folder"), std::string::npos);
  put(folder / "tokenizer.json", "{}");
  EXPECT_EQ(loadTokenizer(folder.path()).error().code, ErrorCode::Unsupported);
}

TEST(Tokenizer, DamagedModelsAreRefused) {
  TemporaryFolder folder;
  LIX_ASSERT_OK(trained()->save(folder.path()));
  const std::string model = *readFile(folder / "spiece.model");
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, model.size() / 2, model.size() - 1}) {
    put(folder / "spiece.model", model.substr(0, length));
    EXPECT_NE(messageOf(loadTokenizer(folder.path())).find("spiece.model"), std::string::npos) << length;
  }
  put(folder / "spiece.model", "this is a page that says 404 not found");
  EXPECT_FALSE(loadTokenizer(folder.path()));
  std::string broken = model;  // the unit array of the character map, overwritten in its middle
  std::fill(broken.begin() + static_cast<std::ptrdiff_t>(broken.size() / 2),
            broken.begin() + static_cast<std::ptrdiff_t>(broken.size() / 2 + 64), '\x7f');
  put(folder / "spiece.model", broken);
  EXPECT_NE(messageOf(loadTokenizer(folder.path())).find("character map"), std::string::npos);
}

TEST(Tokenizer, IdsOfTheReference) {
  LIX_SHARED_OR_SKIP(folder, "parity/hf_siglip");
  const auto tokenizer = loadTokenizer(folder);
  LIX_ASSERT_OK(tokenizer);
  EXPECT_EQ((*tokenizer)->vocabularySize(), 1200);
  const auto reference = nlohmann::json::parse(*readFile(folder / "reference.json"));
  const int context = reference["context_length"];
  int cases = 0;
  for (const auto& row : reference["tokenizer_cases"]) {
    auto ids = row["ids"].get<std::vector<std::int32_t>>();
    const auto text = row["text"].get<std::string>();
    const auto made = (*tokenizer)->encode(text, context);
    EXPECT_EQ(made.length, static_cast<int>(ids.size())) << text;
    ids.resize(static_cast<std::size_t>(context), 1);
    EXPECT_EQ(made.ids, ids) << text;
    ++cases;
  }
  EXPECT_GT(cases, 30);
}

}  // namespace
}  // namespace lix::nn
