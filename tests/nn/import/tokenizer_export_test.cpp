// Tokenizers as transformers gets them: nothing but its own files may be needed for the same ids.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "nn/checkpoint/export/tokenizer_export.h"
#include "nn/text/tokenizer_from_files.h"
#include "support/support.h"

namespace lix::nn {
namespace {
using detail::transformersTokenizer;
using nlohmann::json;
using test::messageOf;
using Words = std::vector<std::string>;
constexpr const char* kConfig = "tokenizer_config.json";

json tiny() {
  return {{"added_tokens", {{{"id", 0}, {"content", "<pad>"}}, {{"id", 1}, {"content", "</s>"}}}},
          {"normalizer", {{"type", "NFC"}}},
          {"pre_tokenizer", {{"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "always"}, {"split", true}}},
          {"post_processor", json::parse(R"({"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}},
            {"SpecialToken": {"id": "</s>"}}], "special_tokens": {"</s>": {"id": "</s>", "ids": [1]}}})")},
          {"model",
           {{"type", "Unigram"},
            {"unk_id", 2},
            {"vocab", json::parse(R"([["<pad>", 0], ["</s>", 0], ["<unk>", 0], ["▁", -2], ["a", -3], ["A", -3], ["b", -3],
                                      ["_", -3], [",", -3], ["é", -3]])")}}}};
}

/// The tokenizer of the exported files, by what transformers knows of them.
std::shared_ptr<const Tokenizer> theirs(const TokenizerFiles& files, std::vector<std::string>& notes) {
  auto written = transformersTokenizer(files, 16, notes);
  EXPECT_TRUE(written.has_value()) << messageOf(written);
  json config = json::parse(written->at(kConfig));
  EXPECT_EQ(config["tokenizer_class"], "PreTrainedTokenizerFast");
  EXPECT_EQ(config["model_input_names"], json::array({"input_ids"}));
  EXPECT_EQ(config["model_max_length"], 16);
  config.erase("clean");
  config["do_lower_case"] = false;
  (*written)[kConfig] = config.dump();
  return tokenizerFrom(*written, "here").value();
}

TEST(TokenizerExport, CleaningBecomesStepsOfTheNormalizer) {
  const std::string caption = " A_b,  e\u0301 \n a";
  for (const auto& [clean, words] :
       {std::pair("canonicalize", Words{"▁", "a", "▁", "b", "▁", "é", "▁", "a"}),
        {"lower", Words{"▁", "a", "_", "b", ",", "▁", "é", "▁", "a"}},
        {"whitespace", Words{"▁", "A", "_", "b", ",", "▁", "é", "▁", "a"}}}) {
    const TokenizerFiles files{{"tokenizer.json", tiny().dump()}, {kConfig, json{{"clean", clean}}.dump()}};
    std::vector<std::string> notes;
    EXPECT_EQ(tokenizerFrom(files, "here").value()->pieces(caption), words);
    EXPECT_EQ(theirs(files, notes)->pieces(caption), words) << clean;
    EXPECT_EQ(notes.size(), 1u);
    EXPECT_EQ(detail::tokenizerUse(files).clean, clean);
  }
  std::vector<std::string> notes;
  const TokenizerFiles plain{{"tokenizer.json", tiny().dump()}};
  EXPECT_EQ(theirs(plain, notes)->encode(caption, 4).ids, tokenizerFrom(plain, "here").value()->encode(caption, 4).ids);
  EXPECT_TRUE(notes.empty());
  EXPECT_EQ(detail::tokenizerUse({{"spiece.model", ""}}).clean, "canonicalize");
  EXPECT_EQ(detail::tokenizerUse({{"bpe_x.txt.gz", ""}}).clean, "");
  EXPECT_EQ(detail::tokenizerUse({{"bpe_x.txt.gz", ""}}).kind, detail::TokenizerKind::OpenClipMerges);
}

TEST(TokenizerExport, FoldersOfTheReference) {
  for (const char* name : {"parity/openclip_siglip", "parity/hf_siglip2"}) {
    LIX_SHARED_OR_SKIP(folder, name);
    const auto files = readTokenizerFiles(folder);
    LIX_ASSERT_OK(files);
    std::vector<std::string> notes;
    const auto ours = tokenizerFrom(*files, "here").value(), exported = theirs(*files, notes);
    for (const json& one : json::parse(*readFile(folder / "reference.json"))["tokenizer_cases"]) {
      const std::string text = one["text"];
      // What transformers has no ftfy for, and marks that it takes for marks before OpenCLIP's cleaning would part them.
      if (!one.value("needs_ftfy", false) && (!text.starts_with("<pad>") || !files->at(kConfig).contains("clean"))) {
        EXPECT_EQ(exported->encode(text, 16).ids, ours->encode(text, 16).ids) << name << ": " << text;
      }
    }
  }
}

}  // namespace
}  // namespace lix::nn
