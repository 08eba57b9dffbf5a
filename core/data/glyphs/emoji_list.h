#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lix::data {

using CodePoints = std::vector<char32_t>;

/// One fully-qualified emoji of Unicode's list.
struct Emoji {
  CodePoints codePoints;
  std::string name;      ///< English short name, "fox"
  std::string group;     ///< as Unicode writes it, "Animals & Nature"
  std::string subgroup;  ///< readable, "animal mammal"

  bool operator==(const Emoji&) const = default;
};

/// The emoji of `emoji-test.txt` (UTS #51), in its order; components and forms that are not fully qualified are left
/// out. A line that cannot be read, or a file without any emoji, is an error that names the line.
Result<std::vector<Emoji>> parseEmojiList(std::string_view text, const std::filesystem::path& path);

/// Stable key of a sequence: upper-case hexadecimal code points joined by '-', "1F98A", "1F43B-200D-2744-FE0F".
std::string emojiKey(const CodePoints& codePoints);

/// Key of the picture that this one is a variant of, or its own: what the split hashes, so that a fox is never in
/// training and its twin in the test. Skin tones and the gender signs go to the first code point; sequences of a man or
/// a woman go to the person, couple or family that they are a form of; country and region flags stand for themselves.
std::string emojiBaseKey(const CodePoints& codePoints);

/// Whether the sequence is a skin-tone, gender or direction variant of another emoji of the list.
bool isVariant(const CodePoints& codePoints);

/// UTF-8 of the sequence without the presentation selector U+FE0F, as CLDR names it.
std::string emojiText(const CodePoints& codePoints);

}  // namespace lix::data
