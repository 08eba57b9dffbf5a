#pragma once
#include <string>
#include <string_view>

namespace lix::nn::detail {

/// UTF-8 to characters; what is damaged becomes U+FFFD.
std::u32string toCharacters(std::string_view utf8);
std::string toUtf8(std::u32string_view text);

/// Unicode's normal forms C, D, KC and KD.
enum class NormalForm { C, D, Kc, Kd };
std::u32string normalized(std::u32string_view text, NormalForm form);
/// Normal form C.
std::u32string composed(std::u32string_view text);
/// Normal form KC of one character.
std::u32string compatible(char32_t character);
/// Upper and lower case as Python's str: whole strings, no language, a final sigma where Unicode wants one.
std::u32string upperCase(std::u32string_view text);
std::u32string lowerCase(std::u32string_view text);
/// Lower case character by character, as Rust's char: a sigma stays a sigma wherever it stands.
std::u32string lowerEach(std::u32string_view text);
/// The simple case folding of one character.
char32_t folded(char32_t character);

bool isLetter(char32_t character);  ///< general category L
bool isNumber(char32_t character);  ///< general category N
bool isSpace(char32_t character);   ///< property White_Space, the \s of regular expressions
/// What Python's str.split() cuts at: White_Space and the separators U+001C to U+001F.
bool isPythonSpace(char32_t character);
/// Python's string.punctuation.
bool isAsciiPunctuation(char32_t character);

}  // namespace lix::nn::detail
