#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lix::nn::detail {

/// Whose rules cut a caption into words.
enum class ClipRules {
  OpenClip,     ///< of a caption that it has cleaned (cleaning.h)
  HuggingFace,  ///< normal form C, white space to blanks and lower case, between the marks
};

/// What the byte pairs work on: UTF-8 of a word, or one of the two marks that a caption spells out.
struct ClipWord {
  enum class Kind { Text, Start, End } kind = Kind::Text;
  std::string text;
};

/// Words of a caption by CLIP's pattern: contractions, runs of letters, single digits, runs of anything else.
/// `<start_of_text>` and `<end_of_text>` (OpenCLIP), `<|startoftext|>` and `<|endoftext|>` (Hugging Face) are marks.
std::vector<ClipWord> clipWords(std::string_view caption, ClipRules rules);

}  // namespace lix::nn::detail
