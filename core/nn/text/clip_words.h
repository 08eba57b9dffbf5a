#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lix::nn::detail {

/// Whose rules a CLIP tokenizer follows before its byte pairs.
enum class Cleaning {
  OpenClip,     ///< ftfy's repairs, HTML references, white space to blanks, lower case
  HuggingFace,  ///< normal form C, white space to blanks, lower case
};

/// What the byte pairs work on: UTF-8 of a word, or one of the two marks that a caption spells out.
struct ClipWord {
  enum class Kind { Text, Start, End } kind = Kind::Text;
  std::string text;
};

/// The caption as OpenCLIP's clean function ("lower") leaves it.
std::string openClipCleaned(std::string_view caption);

/// Words of a caption by CLIP's pattern: contractions, runs of letters, single digits, runs of anything else.
/// `<start_of_text>` and `<end_of_text>` (OpenCLIP), `<|startoftext|>` and `<|endoftext|>` (Hugging Face) are marks.
std::vector<ClipWord> clipWords(std::string_view caption, Cleaning cleaning);

}  // namespace lix::nn::detail
