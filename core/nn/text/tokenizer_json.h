#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "nn/text/text_steps.h"
#include "nn/text/word_models.h"

namespace lix::nn::detail {

/// A token of `added_tokens`, found in captions before anything else.
struct AddedToken {
  std::string text;
  int id = 0;
  bool takesLeft = false;   ///< also the white space before it (lstrip)
  bool takesRight = false;  ///< and behind it (rstrip)
  bool normalized = false;  ///< looked for in what the normalizer leaves
};

/// A tokenizer.json of Unigram or of byte pairs over characters (SigLIP, Gemma), as its fields say.
struct TokenizerJson {
  enum class Kind { Unigram, BytePairs } kind = Kind::Unigram;
  std::vector<AddedToken> added;
  std::vector<TextStep> normalizer;
  std::vector<SplitStep> preTokenizer;
  WordModel model;
  std::vector<std::string> texts;  ///< by id, "" where no token has it
  std::vector<int> before, after;  ///< ids that the post-processor puts around a caption
  int padId = -1;                  ///< of `padding`, -1 where it says nothing
};

/// Reads one from the text of the file; `origin` names it. What is not computed here is refused with the field's name.
Result<TokenizerJson> parseTokenizerJson(std::string_view bytes, std::string_view origin);
Result<TokenizerJson> tokenizerFromJson(const nlohmann::json& whole, std::string_view origin);

/// The JSON object of a tokenizer's file. Levels below the 16th are left out, so that brackets take no memory.
Result<nlohmann::json> parseObject(std::string_view bytes, std::string_view origin);
/// The vocabulary (text -> id) and `added_tokens`' ids, checked: no id twice, none far beyond the number of tokens.
Result<std::vector<std::string>> textsById(const Vocabulary& vocabulary, std::string_view origin);
Result<Vocabulary> vocabularyOf(const nlohmann::json& vocabulary, std::string_view origin);
/// Merges: "a b" in old files, ["a", "b"] in new ones.
Result<std::vector<Merge>> mergesOf(const nlohmann::json& list, std::string_view origin);

}  // namespace lix::nn::detail
