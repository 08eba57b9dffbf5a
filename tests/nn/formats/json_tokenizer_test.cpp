// Tokenizers of tokenizer.json that are not CLIP's: Unigram (SigLIP in OpenCLIP) and byte pairs over characters (SigLIP 2).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/text/char_map.h"
#include "nn/text/cleaning.h"
#include "nn/text/pair_merges.h"
#include "nn/text/text_steps.h"
#include "nn/text/tokenizer_from_files.h"
#include "nn/text/tokenizer_json.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::messageOf;
using test::TemporaryFolder;
using Ids = std::vector<std::int32_t>;
using Words = std::vector<std::string>;

const json kAdded = json::parse(R"([{"id": 0, "content": "<pad>", "special": true}, {"id": 1, "content": "</s>"},
                                    {"id": 2, "content": "<unk>"}])");
const json kEnding = json::parse(R"({"type": "TemplateProcessing",
  "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
  "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}})");

/// A Unigram of few pieces; "▁" is written as "_" in the pieces' texts here.
json unigram() {
  json vocabulary = json::array({{"<pad>", 0.0}, {"</s>", 0.0}, {"<unk>", 0.0}});
  const std::pair<const char*, double> pieces[] = {{"_", -3},  {"a", -4},  {"b", -4},   {"c", -4},
                                                   {"ab", -5}, {"bc", -5}, {"_a", -6}, {"_red", -4}};
  for (const auto& [text, score] : pieces) {
    std::string piece = text;
    if (piece.starts_with('_')) {
      piece.replace(0, 1, "▁");
    }
    vocabulary.push_back({piece, score});
  }
  return {{"added_tokens", kAdded},
          {"normalizer", nullptr},
          {"pre_tokenizer", {{"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "always"}, {"split", true}}},
          {"post_processor", kEnding},
          {"model", {{"type", "Unigram"}, {"unk_id", 2}, {"vocab", vocabulary}}}};
}

/// Byte pairs over "▁", a, b, c and all bytes.
json bytePairs() {
  json vocabulary{{"<pad>", 0}, {"</s>", 1}, {"<unk>", 2}};
  const auto add = [&](const std::string& token) { vocabulary[token] = vocabulary.size(); };
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::string digits = hex(byte);
    std::string two = digits.substr(digits.size() - 2);
    std::ranges::transform(two, two.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    add(cat("<0x", two, ">"));
  }
  for (const char* token : {"▁", "a", "b", "c", "ab", "abc", "▁a"}) {
    add(token);
  }
  return {{"added_tokens", kAdded},
          {"normalizer", {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "▁"}}},
          {"pre_tokenizer",
           {{"type", "Split"}, {"pattern", {{"String", " "}}}, {"behavior", "MergedWithPrevious"}, {"invert", false}}},
          {"post_processor", kEnding},
          {"model",
           {{"type", "BPE"},
            {"unk_token", "<unk>"},
            {"byte_fallback", true},
            {"fuse_unk", true},
            {"vocab", vocabulary},
            {"merges", {"a b", "ab c", "▁ a"}}}}};
}

Result<std::shared_ptr<const Tokenizer>> made(const json& whole, const json& config = nullptr) {
  TokenizerFiles files{{"tokenizer.json", whole.dump()}};
  if (!config.is_null()) {
    files["tokenizer_config.json"] = config.dump();
  }
  return tokenizerFrom(files, "here");
}

Words piecesOf(const json& whole, std::string_view caption, const json& config = nullptr) {
  const auto tokenizer = made(whole, config);
  EXPECT_TRUE(tokenizer.has_value()) << messageOf(tokenizer);
  return tokenizer ? (*tokenizer)->pieces(caption) : Words();
}

TEST(JsonTokenizer, UnigramTakesTheBestPath) {
  EXPECT_EQ(piecesOf(unigram(), "red abc"), (Words{"▁red", "▁a", "bc"})) << "-11, the others -12";
  EXPECT_EQ(piecesOf(unigram(), "a  xyz b"), (Words{"▁a", "▁", "▁", "<unk>", "▁", "b"})) << "unknown ones are one token";
  EXPECT_EQ(piecesOf(unigram(), ""), Words());
  EXPECT_EQ(piecesOf(unigram(), "日本a語"), (Words{"▁", "<unk>", "a", "<unk>"}));
  EXPECT_EQ(piecesOf(unigram(), "a</s>a"), (Words{"▁a", "</s>", "▁a"})) << "tokens that the caption spells out";
}

TEST(JsonTokenizer, BytePairsMergeByRankAndFallBackToBytes) {
  EXPECT_EQ(piecesOf(bytePairs(), "abc a"), (Words{"abc", "▁a"}));
  EXPECT_EQ(piecesOf(bytePairs(), "ABC"), (Words{"abc"})) << "SigLIP 2 was trained on lower case";
  EXPECT_EQ(piecesOf(bytePairs(), "ABC", json{{"do_lower_case", false}}), (Words{"<0x41>", "<0x42>", "<0x43>"}));
  EXPECT_EQ(piecesOf(bytePairs(), "aé"), (Words{"a", "<0xC3>", "<0xA9>"}));
  EXPECT_EQ(piecesOf(bytePairs(), "\xff"), (Words{"<0xEF>", "<0xBF>", "<0xBD>"})) << "damaged bytes are U+FFFD";
  json unknowing = bytePairs();
  unknowing["model"]["byte_fallback"] = false;
  EXPECT_EQ(piecesOf(unknowing, "axxb"), (Words{"a", "<unk>", "b"}));
  unknowing["model"]["fuse_unk"] = false;
  EXPECT_EQ(piecesOf(unknowing, "axxb"), (Words{"a", "<unk>", "<unk>", "b"}));
}

TEST(JsonTokenizer, RowsEndAndAreFilledUp) {
  const auto tokenizer = made(unigram(), {{"pad_token", "</s>"}}).value();
  EXPECT_EQ(tokenizer->encode("red", 4).ids, (Ids{10, 1, 1, 1}));
  EXPECT_EQ(tokenizer->encode("red", 4).length, 2);
  EXPECT_EQ(tokenizer->encode("red red red", 4).ids, (Ids{10, 10, 10, 1}));
  EXPECT_FALSE(tokenizer->encode("red red red", 4).truncated);
  const TokenRow cut = tokenizer->encode("red red red red", 4);
  EXPECT_EQ(cut.ids, (Ids{10, 10, 10, 1}));
  EXPECT_TRUE(cut.truncated);
  EXPECT_EQ(tokenizer->encode("red", 1).ids, (Ids{1}));
  EXPECT_EQ(made(unigram()).value()->encode("red", 4).ids, (Ids{10, 1, 0, 0})) << "<pad> where nothing else is said";
  json padded = unigram();
  padded["padding"] = {{"pad_id", 2}};
  EXPECT_EQ(made(padded).value()->encode("", 3).ids, (Ids{1, 2, 2}));
  json around = unigram();
  around["post_processor"]["single"].insert(around["post_processor"]["single"].begin(),
                                            json{{"SpecialToken", {{"id", "</s>"}}}});
  EXPECT_EQ(made(around).value()->encode("red red", 3).ids, (Ids{1, 10, 1}));
  EXPECT_TRUE(made(around).value()->encode("red red", 3).truncated);
  EXPECT_EQ(made(around).value()->encode("red", 1).ids, (Ids{1}));
}

TEST(JsonTokenizer, AddedTokensTakeTheSpaceThatTheyAskFor) {
  json whole = unigram();
  whole["added_tokens"].push_back({{"id", 11}, {"content", "<x>"}, {"lstrip", true}, {"rstrip", true}});
  whole["added_tokens"].push_back({{"id", 12}, {"content", "<x>y"}});
  whole["added_tokens"].push_back({{"id", 13}, {"content", "Q"}, {"normalized", true}});
  whole["normalizer"] = {{"type", "Lowercase"}};
  EXPECT_EQ(piecesOf(whole, "a <x> \u3000a"), (Words{"▁a", "<x>", "▁a"}));
  EXPECT_EQ(piecesOf(whole, "a <x>y a"), (Words{"▁a", "▁", "<x>y", "▁a"})) << "the longest token counts";
  EXPECT_EQ(piecesOf(whole, "aqa"), (Words{"▁a", "Q", "▁a"})) << "looked for behind the normalizer";
}

TEST(JsonTokenizer, OpenClipsCleaningGoesFirst) {
  EXPECT_EQ(piecesOf(unigram(), "A_B, C! &lt;", {{"clean", "canonicalize"}}), (Words{"▁a", "▁", "b", "▁", "c"}));
  EXPECT_EQ(piecesOf(unigram(), "  a \n c", {{"clean", "whitespace"}}), (Words{"▁a", "▁", "c"}));
  EXPECT_EQ(piecesOf(unigram(), "A,", {{"clean", "lower"}}), (Words{"▁a", "<unk>"}));
  EXPECT_NE(messageOf(made(unigram(), {{"clean", "polish"}})).find("clean) that is not known: \"polish\""),
            std::string::npos);
}

/// A folder of OpenCLIP's tells the cleaning in its own configuration; what is saved of it tells it alone.
TEST(JsonTokenizer, CleaningGoesOnWithTheFiles) {
  const std::string caption = "A_b, &amp; “RED” c";
  for (const auto& [config, clean] : {std::pair(R"({"tokenizer_kwargs": {"clean": "canonicalize"}})", "canonicalize"),
                                      std::pair(R"({"hf_tokenizer_name": "x"})", "whitespace"), std::pair("{}", "lower")}) {
    TemporaryFolder folder, saved;
    LIX_ASSERT_OK(writeFile(folder / "tokenizer.json", unigram().dump()));
    const auto plain = loadTokenizer(folder.path());
    LIX_ASSERT_OK(plain);
    LIX_ASSERT_OK(writeFile(folder / "open_clip_config.json", cat(R"({"model_cfg": {"text_cfg": )", config, "}}")));
    const auto first = loadTokenizer(folder.path());
    LIX_ASSERT_OK(first);
    LIX_ASSERT_OK((*first)->save(saved.path(), 16));
    const auto second = loadTokenizer(saved.path());
    LIX_ASSERT_OK(second);
    EXPECT_NE((*first)->hash(), (*plain)->hash());
    EXPECT_EQ((*second)->hash(), (*first)->hash());
    EXPECT_EQ((*second)->pieces(caption), made(unigram(), {{"clean", clean}}).value()->pieces(caption)) << clean;
    EXPECT_NE((*second)->pieces(caption), (*plain)->pieces(caption)) << clean;
    LIX_ASSERT_OK(writeFile(folder / "config.json", "{}"));
    LIX_ASSERT_OK(writeFile(folder / "model.safetensors", ""));
    EXPECT_EQ(loadTokenizer(folder.path()).value()->hash(), (*plain)->hash()) << "transformers' weights, its rules";
  }
}

TEST(Cleaning, RulesOfOpenClip) {
  const std::string caption = " “Hot_Dog” &amp;amp; ﬁsh\u00a0\nCAFÉ! ";
  EXPECT_EQ(detail::cleaned(caption, detail::Cleaning::Whitespace), "\"Hot_Dog\" & fish CAFÉ!");
  EXPECT_EQ(detail::cleaned(caption, detail::Cleaning::Lower), "\"hot_dog\" & fish café!");
  EXPECT_EQ(detail::cleaned(caption, detail::Cleaning::Canonicalize), "hot dog fish café");
}

std::string through(const char* normalizer, std::string_view text) {
  const auto steps = detail::readNormalizer(json::parse(normalizer), "here");
  EXPECT_TRUE(steps.has_value()) << messageOf(steps);
  std::string out(text);
  for (const auto& step : steps ? *steps : std::vector<detail::TextStep>()) {
    out = step(out);
  }
  return out;
}

Words wordsOf(const char* splitter, std::string_view text, detail::Place place = detail::Place::Front) {
  const auto steps = detail::readPreTokenizer(json::parse(splitter), "here");
  EXPECT_TRUE(steps.has_value()) << messageOf(steps);
  return steps && steps->size() == 1 ? steps->front()(text, place) : Words();
}

TEST(TextSteps, NormalizersOfRealFiles) {
  EXPECT_EQ(through(R"({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "▁"})", "a  b c   d"), "a▁b c▁d");
  EXPECT_EQ(through(R"({"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "})", "a \u3000b\n"), "a b ");
  EXPECT_EQ(through(R"({"type": "Replace", "pattern": {"Regex": "[!-/:-@\\[-`{-~]"}, "content": ""})", "a.b_[é]"), "abé");
  EXPECT_EQ(through(R"({"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "NFKC"},
                        {"type": "Prepend", "prepend": "_"}]})", "Ａﬁ"), "_afi");
  EXPECT_EQ(through(R"({"type": "Strip", "strip_left": false, "strip_right": true})", " a \n"), " a");
  EXPECT_EQ(through(R"({"type": "NFD"})", "é"), "e\u0301");
  EXPECT_EQ(through("null", "a"), "a");
}

TEST(TextSteps, WordsOfRealFiles) {
  constexpr auto kFirst = R"({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true})";
  EXPECT_EQ(wordsOf(kFirst, "a  b"), (Words{"▁a", "▁", "▁b"}));
  EXPECT_EQ(wordsOf(kFirst, "a b", detail::Place::Later), (Words{"a", "▁b"}));
  EXPECT_EQ(wordsOf(R"({"type": "Metaspace", "replacement": "▁", "add_prefix_space": true, "split": false})", "a b"),
            (Words{"▁a▁b"}));
  EXPECT_EQ(wordsOf(R"({"type": "WhitespaceSplit"})", " a\tb "), (Words{"a", "b"}));
  constexpr auto kSplit = R"({"type": "Split", "pattern": {"String": "-"}, "behavior": ")";
  const auto split = [&](const char* how) { return wordsOf(cat(kSplit, how, "\"}").c_str(), "a-b--c"); };
  EXPECT_EQ(split("Removed"), (Words{"a", "b", "c"}));
  EXPECT_EQ(split("Isolated"), (Words{"a", "-", "b", "-", "-", "c"}));
  EXPECT_EQ(split("MergedWithPrevious"), (Words{"a-", "b-", "-", "c"}));
  EXPECT_EQ(split("MergedWithNext"), (Words{"a", "-b", "-", "-c"}));
}

/// Every merge is done, whatever the order of the ranks, and cycles of merges end.
TEST(PairMerges, EndInTheSameTokensAsOneAtATime) {
  Random random(5, 1);
  for (int round = 0; round < 200; ++round) {
    detail::PairMerges merges;
    std::map<std::pair<int, int>, std::pair<int, int>> table;  // what pair -> rank, made
    for (int rank = 0; rank < 12; ++rank) {
      const int left = static_cast<int>(random.below(6)), right = static_cast<int>(random.below(6));
      const int made = static_cast<int>(random.below(6));  // also one of the two
      merges.add(left, right, rank, made);
      table[{left, right}] = {rank, made};
    }
    std::vector<int> parts(random.below(40));
    std::ranges::generate(parts, [&] { return static_cast<int>(random.below(6)); });
    std::vector<int> plain = parts;
    for (;;) {
      int best = 1 << 30;
      std::size_t where = 0;
      for (std::size_t i = 0; i + 1 < plain.size(); ++i) {
        if (const auto found = table.find({plain[i], plain[i + 1]}); found != table.end() && found->second.first < best) {
          best = found->second.first;
          where = i;
        }
      }
      if (best == 1 << 30) {
        break;
      }
      plain[where] = table[{plain[where], plain[where + 1]}].second;
      plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(where) + 1);
    }
    merges.apply(parts);
    EXPECT_EQ(parts, plain);
  }
}

TEST(CharMap, DamagedOnesAreRefused) {
  const auto said = [](std::string_view text) { return messageOf(detail::CharMap::fromBase64(text, "here")); };
  EXPECT_NE(said("abc").find("not base64"), std::string::npos);
  EXPECT_NE(said("ab!d").find("not base64"), std::string::npos);
  EXPECT_NE(said("").find("damaged"), std::string::npos);
  EXPECT_NE(said("AAAA").find("damaged"), std::string::npos);
  EXPECT_NE(said("/////w==").find("damaged"), std::string::npos) << "a size of 4 GiB";
  EXPECT_NE(said("BAAAAAAAAIAA").find("damaged"), std::string::npos) << "a root that is a leaf";
  EXPECT_NE(said("BAAAAAD8//8A").find("damaged"), std::string::npos) << "a root that points outside";
}

TEST(JsonTokenizer, DamagedFilesAreRefused) {
  const auto refused = [](const json& change, const char* part, json whole = unigram()) {
    whole.merge_patch(change);
    const std::string said = messageOf(made(whole));
    EXPECT_NE(said.find(part), std::string::npos) << said;
    EXPECT_TRUE(said.ends_with(".") && said.starts_with("here/tokenizer.json")) << said;
  };
  const auto model = [](const char* key, const json& value) { return json{{"model", {{key, value}}}}; };
  refused(model("unk_id", 11), "unk_id");
  refused(model("unk_id", -1), "unk_id");
  refused(model("unk_id", "2"), "unk_id");
  refused(model("vocab", json::array()), "no list of pieces");
  refused(model("vocab", json::parse(R"([["a", 1, 2]])")), "piece 0");
  refused(model("vocab", json::parse(R"([["a", 1], ["", 1]])")), "piece 1");
  refused(model("vocab", json::parse(R"([["a", 1], ["a", 2]])")), "\"a\" twice");
  refused({{"added_tokens", {{{"content", "<x>"}, {"id", 4'000'000}}}}}, "entry 0 of added_tokens");
  refused({{"added_tokens", {{{"content", "<x>"}, {"id", 3}}}}}, "two tokens have the id 3");
  refused({{"added_tokens", {kAdded[0], kAdded[0]}}}, "entry 1 of added_tokens");
  refused({{"post_processor", {{"special_tokens", nullptr}}}}, "post_processor.single asks for the token \"</s>\"");
  refused({{"post_processor", {{"single", json::array()}}}}, "no place for the caption");
  refused(model("vocab", {{"a", 5000}}), "no usable id among", bytePairs());
  refused(model("vocab", {{"b", 0}}), "two tokens have the id 0", bytePairs());
  refused(model("merges", json::array({"a x"})), "tokens that it has not", bytePairs());
  refused(model("merges", json::array({"a b c"})), "merge 1 is not two tokens", bytePairs());
  refused(model("merges", json::parse(R"([["a", ""]])")), "merge 1 is not two tokens", bytePairs());
  refused(model("merges", 7), "no list of pairs", bytePairs());
  refused(model("unk_token", "<none>"), "unk_token", bytePairs());
  for (const std::string bytes : {"", "[]", "{", "{\"model\": \"\xff\"}", std::string(100'000, '[').c_str()}) {
    EXPECT_NE(messageOf(tokenizerFrom({{"tokenizer.json", bytes}}, "here")).find("not a JSON object"), std::string::npos);
  }
}

TEST(JsonTokenizer, WhatIsNotComputedIsNamed) {
  const auto refused = [](const json& change, const char* part, json whole = unigram()) {
    whole.merge_patch(change);
    const auto tokenizer = made(whole);
    ASSERT_FALSE(tokenizer.has_value()) << part;
    EXPECT_EQ(tokenizer.error().code, ErrorCode::Unsupported);
    EXPECT_NE(tokenizer.error().message.find(part), std::string::npos) << tokenizer.error().message;
  };
  refused({{"model", {{"type", "WordPiece"}}}}, "model.type is \"WordPiece\"");
  refused({{"model", nullptr}}, "model.type is missing");
  refused({{"normalizer", {{"type", "BertNormalizer"}}}}, "normalizer.type is \"BertNormalizer\"");
  refused({{"normalizer", {{"type", "Sequence"}, {"normalizers", {{{"type", "Lowercase"}}, {{"type", "Nmt"}}}}}}},
          "normalizer.normalizers[1].type is \"Nmt\"");
  refused({{"normalizer", {{"type", "Replace"}, {"pattern", {{"Regex", "(a|b)+"}}}}}}, "normalizer.pattern is \"(a|b)+\"");
  refused({{"pre_tokenizer", {{"type", "ByteLevel"}}}}, "pre_tokenizer.type is \"ByteLevel\"");
  refused({{"pre_tokenizer", {{"prepend_scheme", "sometimes"}}}}, "prepend_scheme");
  refused({{"post_processor", {{"type", "BertProcessing"}}}}, "post_processor.type");
  refused({{"added_tokens", {{{"content", "<x>"}, {"id", 11}, {"single_word", true}}}}}, "single_word");
  refused({{"model", {{"continuing_subword_prefix", "##"}}}}, "continuing_subword_prefix", bytePairs());
  refused({{"model", {{"ignore_merges", true}}}}, "ignore_merges", bytePairs());
  refused({{"model", {{"dropout", 0.1}}}}, "dropout", bytePairs());
  EXPECT_NE(messageOf(made(unigram(), {{"padding_side", "left"}})).find("padding_side"), std::string::npos);
  EXPECT_NE(messageOf(made(unigram(), {{"pad_token", "<none>"}})).find("pad_token \"<none>\""), std::string::npos);
}

/// The models of the reference, every caption, also those that need OpenCLIP's cleaning.
TEST(JsonTokenizer, FoldersOfTheReference) {
  for (const auto& [name, size] : {std::pair("parity/openclip_siglip", 1200), {"parity/hf_siglip2", 1281}}) {
    LIX_SHARED_OR_SKIP(folder, name);
    const auto tokenizer = loadTokenizer(folder);
    LIX_ASSERT_OK(tokenizer);
    EXPECT_EQ((*tokenizer)->vocabularySize(), size);
    const json reference = json::parse(*readFile(folder / "reference.json"));
    int cases = 0;
    for (const json& one : reference["tokenizer_cases"]) {
      const std::string text = one["text"];
      for (const std::size_t context : {one["ids"].size() + 2, reference["context_length"].get<std::size_t>()}) {
        Ids ids = one["ids"].get<Ids>();
        const bool cut = ids.size() > context;
        ids.resize(std::min(ids.size(), context));
        ids.back() = reference["eos_id"];
        ids.resize(context, reference["pad_id"]);
        const TokenRow row = (*tokenizer)->encode(text, static_cast<int>(context));
        EXPECT_EQ(row.ids, ids) << name << ": " << text;
        EXPECT_EQ(row.truncated, cut) << name << ": " << text;
      }
      ++cases;
    }
    EXPECT_GT(cases, 35);
  }
}

}  // namespace
}  // namespace lix::nn
