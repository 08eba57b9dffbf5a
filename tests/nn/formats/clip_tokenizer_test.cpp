#include "nn/text/clip_tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/text/fix_text.h"
#include "nn/text/html_unescape.h"
#include "nn/text/mojibake.h"
#include "nn/text/unicode.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::messageOf;
using test::TemporaryFolder;
using Ids = std::vector<std::int32_t>;

fs::path tiny() { return test::fixtures() / "nn/clip_bpe"; }

void put(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

void copyTo(const fs::path& folder, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    fs::copy_file(tiny() / name, folder / name);
  }
}

/// A list of merges as loadTokenizer() reads it.
Result<detail::ClipFiles> mergesOf(const fs::path& file) {
  const std::string name = file.filename().string();
  return detail::clipFromMerges(name, {{name, *readFile(file)}}, file.parent_path().string());
}

std::string unescaped(std::string_view text) {
  return detail::toUtf8(detail::htmlUnescape(detail::toCharacters(text)));
}

std::string repaired(std::string_view text) { return detail::toUtf8(detail::fixText(detail::toCharacters(text))); }

/// The rows that a tokenizer makes of a list of cases.
void checkCases(const Tokenizer& tokenizer, const json& cases, const char* key, int context, int pad) {
  int checked = 0;
  for (const json& one : cases) {
    const auto text = one.at("text").get<std::string>();
    auto ids = one.at(key).get<Ids>();
    ids.resize(static_cast<std::size_t>(context), pad);
    EXPECT_EQ(tokenizer.encode(text, context).ids, ids) << key << ": " << text;
    ++checked;
  }
  EXPECT_GT(checked, 4);
}

TEST(ClipTokenizer, IdsOfOpenClip) {
  const auto tokenizer = loadTokenizer(tiny() / "bpe_tiny.txt.gz");
  LIX_ASSERT_OK(tokenizer);
  EXPECT_EQ((*tokenizer)->vocabularySize(), 584);
  const json reference = json::parse(*readFile(tiny() / "cases.json"));
  checkCases(**tokenizer, reference["cases"], "openclip", reference["context_length"], 0);
}

TEST(ClipTokenizer, IdsOfHuggingFace) {
  TemporaryFolder folder;
  copyTo(folder.path(), {"vocab.json", "merges.txt"});
  const auto tokenizer = loadTokenizer(folder.path());
  LIX_ASSERT_OK(tokenizer);
  const json reference = json::parse(*readFile(tiny() / "cases.json"));
  checkCases(**tokenizer, reference["cases"], "huggingface", reference["context_length"], 583);
  put(folder / "tokenizer_config.json", R"({"pad_token": {"content": "!"}})");
  EXPECT_EQ(loadTokenizer(folder.path()).value()->encode("", 3).ids, (Ids{582, 583, 0}));
  put(folder / "tokenizer_config.json", R"({"pad_token": "<pad>"})");
  EXPECT_NE(messageOf(loadTokenizer(folder.path())).find("pad_token \"<pad>\""), std::string::npos);
}

/// One file that holds vocabulary and merges, in its old and its new spelling.
TEST(ClipTokenizer, TokenizerJsonGivesTheSameIds) {
  const json vocabulary = json::parse(*readFile(tiny() / "vocab.json"));
  auto lines = split(*readFile(tiny() / "merges.txt"), '\n');
  const json reference = json::parse(*readFile(tiny() / "cases.json"));
  for (const bool pairs : {false, true}) {
    json merges = json::array();
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
      merges.push_back(pairs ? json(split(lines[i], ' ')) : json(lines[i]));
    }
    TemporaryFolder folder;
    const json model{{"type", "BPE"}, {"end_of_word_suffix", "</w>"}, {"vocab", vocabulary}, {"merges", merges}};
    put(folder / "tokenizer.json", json{{"model", model}}.dump());
    const auto tokenizer = loadTokenizer(folder.path());
    LIX_ASSERT_OK(tokenizer);
    checkCases(**tokenizer, reference["cases"], "huggingface", reference["context_length"], 583);
  }
}

TEST(ClipTokenizer, LongCaptionsKeepTheirEnd) {
  const auto tokenizer = loadTokenizer(tiny() / "bpe_tiny.txt.gz").value();
  const auto fits = tokenizer->encode("red red", 4);
  EXPECT_EQ(fits.length, 4);
  EXPECT_FALSE(fits.truncated);
  EXPECT_EQ(fits.ids.front(), 582);
  EXPECT_EQ(fits.ids.back(), 583);
  const auto cut = tokenizer->encode("red red red", 4);
  EXPECT_EQ(cut.ids, fits.ids);
  EXPECT_TRUE(cut.truncated);
  EXPECT_EQ(tokenizer->encode("red", 1).ids, (Ids{583}));
  EXPECT_EQ(tokenizer->encode("", 2).ids, (Ids{582, 583}));
  EXPECT_FALSE(tokenizer->encode("", 2).truncated);
  for (const auto& caption : {std::string(50'000, 'x'), std::string(50'000, '\xff'), std::string(50'000, '&')}) {
    EXPECT_EQ(tokenizer->encode(caption, 8).ids.back(), 583);
  }
  EXPECT_EQ(tokenizer->encode(std::string("red\0red", 7), 8).ids, tokenizer->encode("redred", 8).ids) << "ftfy drops control characters";
}

TEST(ClipTokenizer, PiecesAreReadable) {
  const auto tokenizer = loadTokenizer(tiny() / "bpe_tiny.txt.gz").value();
  EXPECT_EQ(join(tokenizer->pieces("A red café!"), " "), "a</w> red</w> café</w> !</w>");
  EXPECT_EQ(join(tokenizer->pieces("ж <end_of_text>"), " "), "Ð ¶</w> <end_of_text>") << "bytes as the file has them";
}

/// Whatever bytes a word has, its tokens spell them, and only the last one ends it.
TEST(ClipBpe, BytesComeBack) {
  const auto files = mergesOf(tiny() / "bpe_tiny.txt.gz");
  LIX_ASSERT_OK(files);
  Random random(3, 1);
  const std::string likely = "theredsquarebluecircle'\xc3\xa9\xc3\xaf";
  for (int round = 0; round < 2000; ++round) {
    std::string word(1 + random.below(24), '\0');
    for (char& byte : word) {
      byte = round % 2 == 0 ? likely[random.below(likely.size())] : static_cast<char>(random.below(256));
    }
    Ids ids;
    files->bpe.append(word, ids);
    std::string back;
    for (const auto id : ids) {
      back += files->bpe.bytes(id);
      EXPECT_EQ(files->bpe.endsWord(id), back.size() == word.size());
    }
    EXPECT_EQ(back, word);
  }
  Ids none;
  files->bpe.append("", none);
  EXPECT_TRUE(none.empty());
}

TEST(Html, ReferencesOfHtml5) {
  EXPECT_EQ(unescaped("&amp;&AMP&lt &eacute; &Afr; &NotEqualTilde;"), "&&< é 𝔄 ≂̸");
  EXPECT_EQ(unescaped("&notit; &notin; &ampx &x; & &;"), "¬it; ∉ &x &x; & &;");
  EXPECT_EQ(unescaped("&#65;&#x42;&#X43 &#150;&#0;&#xD800;&#99999999999999999999;"), "ABC –���");
  EXPECT_EQ(unescaped("[&#1;&#127;&#xfffe;&#xfdd0;]"), "[]");
  EXPECT_EQ(unescaped("&#; &#x; &#xg;"), "&#; &#x; &#xg;");
  EXPECT_EQ(unescaped(""), "");
}

TEST(FixText, RepairsWhatFtfyDoes) {
  EXPECT_EQ(repaired("&lt;b&gt; &EACUTE; &amp &#59; &#12x;"), "<b> É &amp &#59; &#12x;");
  EXPECT_EQ(repaired("<b> &eacute;"), "<b> &eacute;") << "looks like HTML, so it stays";
  EXPECT_EQ(repaired("&eacute;\n<b>\n&eacute;"), "é\n<b>\n&eacute;");
  EXPECT_EQ(repaired("\u0091q\u0092 \u0085 ﬁ ŉ Ǆ ﬅ"), "'q' … fi 'n DŽ ſt");
  EXPECT_EQ(repaired("ＦＵＬＬ　ｶﾞ ①"), "FULL ガ ①");
  EXPECT_EQ(repaired("“a” ‘b’ ‚c„"), "\"a\" 'b' 'c\"");
  EXPECT_EQ(repaired("a\r\nb\rc\u2028d"), "a\nb\nc\nd");
  EXPECT_EQ(repaired("\x1b[1;31mred\x1b[m\x07 \x1b[2!\ufeff"), "red [2!");
  EXPECT_EQ(repaired("e\u0301 \u212b"), "é Å");
  EXPECT_EQ(repaired("schÃ¶n â€œsmartâ€\u009d, l&#x2019;Ã©tÃ©"), "schön \"smart\", l'été") << "of a wrong encoding";
}

TEST(Mojibake, IsReadAnewWhereNeighboursAreUnlikely) {
  const auto anew = [](std::string_view text) { return detail::toUtf8(detail::readAnew(detail::toCharacters(text))); };
  EXPECT_EQ(anew("schÃ¶n"), "schön");
  EXPECT_EQ(anew("â€œquotesâ€\u009d"), "“quotes”");
  EXPECT_EQ(anew("Ã\u0083Â¶"), "ö") << "twice";
  EXPECT_EQ(anew("voilÃ  le travail"), "voilà le travail") << "a byte A0 that became a blank";
  EXPECT_EQ(anew("â€œlostâ€\ufffd"), "“lost\ufffd") << "a byte that is gone";
  for (const char* good : {"schön", "ÀÉÎ Ünïcödé", "12 € – 5 £", "naïve café", "日本語", "«¿Qué?»", "Ã", "😀", ""}) {
    EXPECT_EQ(anew(good), good);
  }
}

TEST(ClipTokenizer, SavedAndLoadedIsTheSame) {
  TemporaryFolder open, hugging, again;
  copyTo(open.path(), {"bpe_tiny.txt.gz"});
  copyTo(hugging.path(), {"vocab.json", "merges.txt"});
  const auto first = loadTokenizer(open.path()).value(), second = loadTokenizer(hugging.path()).value();
  EXPECT_NE(first->hash(), second->hash());
  for (const auto& tokenizer : {first, second}) {
    const fs::path folder = again / hex(tokenizer->hash());
    fs::create_directory(folder);
    LIX_ASSERT_OK(tokenizer->save(folder, 77));
    const auto loaded = loadTokenizer(folder);
    LIX_ASSERT_OK(loaded);
    EXPECT_EQ((*loaded)->hash(), tokenizer->hash());
    EXPECT_EQ((*loaded)->encode("“A” café", 16).ids, tokenizer->encode("“A” café", 16).ids);
  }
  EXPECT_NE(first->encode("“A”", 16).ids, second->encode("“A”", 16).ids) << "the cleaning belongs to the files";
}

TEST(ClipTokenizer, DamagedFilesAreRefused) {
  TemporaryFolder folder;
  const std::string packed = *readFile(tiny() / "bpe_tiny.txt.gz");
  const auto refused = [&](const std::string& name, const std::string& bytes, const std::string& part) {
    put(folder / name, bytes);
    const std::string message = messageOf(loadTokenizer(folder.path()));
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_TRUE(message.ends_with(".")) << message;
  };
  for (const std::size_t length : {std::size_t{0}, std::size_t{5}, packed.size() / 2, packed.size() - 1}) {
    refused("bpe_x.txt.gz", packed.substr(0, length), "cannot be decompressed");
  }
  refused("bpe_x.txt.gz", "a page that says 404", "cannot be decompressed");
  EXPECT_NE(messageOf(detail::gunzip(packed, 100, "it")).find("longer than"), std::string::npos);
  EXPECT_EQ(detail::gunzip(packed + packed, 1 << 20, "it")->size(), 2 * detail::gunzip(packed, 1 << 20, "it")->size());
  put(folder / "bpe_y.txt.gz", packed);
  refused("bpe_x.txt.gz", packed, "several CLIP vocabularies");
  fs::remove(folder / "bpe_x.txt.gz");
  fs::remove(folder / "bpe_y.txt.gz");

  const std::string vocabulary = *readFile(tiny() / "vocab.json"), merges = *readFile(tiny() / "merges.txt");
  put(folder / "merges.txt", merges);
  refused("vocab.json", vocabulary.substr(0, 300), "not a JSON object");
  refused("vocab.json", R"({"a": "b"})", "no usable id");
  refused("vocab.json", R"({"a": 16000000})", "no usable id among 1");
  refused("vocab.json", R"({"a": 1, "b": 1})", "two tokens have the id 1");
  refused("vocab.json", R"({"!": 0})", "no token for the byte");
  put(folder / "vocab.json", vocabulary);
  refused("merges.txt", "#version: 0.2\nr e d\n", "line 2 is not two tokens");
  refused("merges.txt", "#version: 0.2\nx yz\n", "speaks of tokens that it has not");
  fs::remove(folder / "merges.txt");
  refused("vocab.json", vocabulary, "there is only vocab.json");
  refused("tokenizer.json", R"({"model": {"type": "BPE"}})", "no vocabulary");
  refused("tokenizer.json", R"({"model": {"type": "BPE", "end_of_word_suffix": "</w>", "merges": []},
      "normalizer": {"type": "BertNormalizer"}})", "its normalizer is not CLIP's");
}

TEST(ClipTokenizer, WholeVocabularyOfTheReference) {
  LIX_SHARED_OR_SKIP(folder, "parity/tokenizer_clip_full");
  const auto tokenizer = loadTokenizer(folder);
  LIX_ASSERT_OK(tokenizer);
  EXPECT_EQ((*tokenizer)->vocabularySize(), 49408);
  json reference = json::parse(*readFile(folder / "reference.json"));
  checkCases(**tokenizer, reference["cases"], "openclip", 77, 0);

  // The same vocabulary as Hugging Face's files write it.
  const auto files = mergesOf(folder / "bpe_simple_vocab_16e6.txt.gz");
  LIX_ASSERT_OK(files);
  json vocabulary;
  for (int id = 0; id < files->bpe.size() - 2; ++id) {
    if (!files->bpe.text(id).empty()) {
      vocabulary[files->bpe.text(id)] = id;
    }
  }
  vocabulary["<|startoftext|>"] = reference["sot"];
  vocabulary["<|endoftext|>"] = reference["eot"];
  auto lines = split(*detail::gunzip(files->bytes.begin()->second, 1 << 26, "it"), '\n');
  lines.resize(1 + 48894);
  lines[0] = "#version: 0.2";
  TemporaryFolder hugging;
  put(hugging / "vocab.json", vocabulary.dump());
  put(hugging / "merges.txt", join(lines, "\n"));
  const auto theirs = loadTokenizer(hugging.path());
  LIX_ASSERT_OK(theirs);
  checkCases(**theirs, reference["cases"], "hf", 77, reference["pad_hf"]);
}

/// What the models of the reference come with; their lists are neither cut nor, OpenCLIP's, between marks.
TEST(ClipTokenizer, FoldersOfTheReference) {
  for (const auto& [name, pad] : {std::pair{"parity/openclip_clip", 0}, {"parity/hf_clip", 1513}}) {
    LIX_SHARED_OR_SKIP(folder, name);
    const auto tokenizer = loadTokenizer(folder);
    LIX_ASSERT_OK(tokenizer);
    const json reference = json::parse(*readFile(folder / "reference.json"));
    const std::size_t context = reference["context_length"];
    json cases = json::array();
    for (json one : reference["tokenizer_cases"]) {
      auto ids = one["ids"].get<Ids>();
      if (pad == 0) {
        ids.insert(ids.begin(), 1512);
        ids.push_back(1513);
      }
      ids.resize(std::min(ids.size(), context));
      ids.back() = 1513;
      one["ids"] = ids;
      cases.push_back(one);
    }
    checkCases(**tokenizer, cases, "ids", static_cast<int>(context), pad);
  }
}

}  // namespace
}  // namespace lix::nn
