#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lix::nn {

/// A caption cut at the special tokens that it spells out ("</s>", "<unk>"), each part ready for SentencePiece.
struct CaptionPart {
  std::string text;  ///< canonical; for a special token the token itself
  bool special = false;
};

enum class Case { Lower, Keep };

/// The text that transformers' SiglipTokenizer gives to SentencePiece: lower case (special tokens excepted), ASCII
/// punctuation deleted, white space runs to one blank, ends stripped. Bytes that are not UTF-8 become U+FFFD.
std::vector<CaptionPart> canonicalParts(std::string_view caption, Case letters);

/// The same for one text without special tokens and without the word mark in front, as a tokenizer's training sees it.
std::string canonicalText(std::string_view text);

}  // namespace lix::nn
