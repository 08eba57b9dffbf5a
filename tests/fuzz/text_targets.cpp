// Files of tokenizers, and captions of anybody.
#include <array>

#include "fuzz/target.h"
#include "nn/text/tokenizer.h"

namespace lix::fuzz {
namespace {

constexpr int kContext = 16;

void encodes(const nn::Tokenizer& tokenizer, std::string_view caption) {
  const nn::TokenRow row = tokenizer.encode(caption, kContext);
  promise(row.ids.size() == std::size_t(kContext), "a row is as long as the context");
  promise(row.length >= 0 && row.length <= kContext, "tokens fit the context");
  for (const std::int32_t id : row.ids) {
    promise(id >= 0 && id < tokenizer.vocabularySize(), "ids are within the vocabulary");
  }
  promise(tokenizer.encode(caption, kContext).ids == row.ids, "the same caption has the same ids");
}

/// Reads a folder that holds this one file, and tokenizes with it where it can be read.
Outcome tokenizerFile(std::string_view name, std::string_view bytes) {
  const auto folder = scratch() / "tokenizer";
  std::filesystem::remove_all(folder);
  put("tokenizer/" + std::string(name), bytes);
  const auto tokenizer = nn::loadTokenizer(folder);
  if (!tokenizer) {
    promise(!tokenizer.error().message.empty(), "a refusal says why");
    return Outcome::Refused;
  }
  for (const std::string_view caption :
       {"", "a photo of a Cat, 2 dogs", "naïve 猫 \xf0\x9f\x90\x88 \xff\xfe", "</s><unk>"}) {
    encodes(**tokenizer, caption);
  }
  return Outcome::Read;
}

Outcome tokenizerJson(std::string_view bytes) { return tokenizerFile("tokenizer.json", bytes); }
Outcome spiece(std::string_view bytes) { return tokenizerFile("spiece.model", bytes); }
Outcome clipMerges(std::string_view bytes) { return tokenizerFile("bpe_vocab.txt.gz", bytes); }

/// Captions of anybody, cleaned and cut as SigLIP does and as OpenCLIP does.
Outcome caption(std::string_view bytes) {
  static const auto trained = nn::trainTokenizer(
      {"a red circle above a green square", "two small dogs run over the wet grass", "a photo of the number 7"}, 60);
  static const auto merges = nn::loadTokenizer(std::filesystem::path(LIX_FUZZ_CORPUS) / "clip_merges/small");
  promise(trained && merges, "there are vocabularies to read captions with");
  for (const auto& tokenizer : {*trained, *merges}) {
    encodes(*tokenizer, bytes);
    (void)tokenizer->pieces(bytes);
  }
  return Outcome::Read;
}

}  // namespace

std::span<const Target> textTargets() {
  static constexpr std::array<Target, 4> all{
      {{"tokenizer_json", tokenizerJson}, {"spiece", spiece}, {"clip_merges", clipMerges}, {"caption", caption}}};
  return all;
}

}  // namespace lix::fuzz
