#include "nn/text/unicode.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/contracts.h"

namespace lix::nn::detail {
namespace {

icu::UnicodeString toIcu(std::u32string_view text) {
  return icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                       static_cast<std::int32_t>(text.size()));
}

std::u32string fromIcu(const icu::UnicodeString& text) {
  std::u32string out;
  out.reserve(static_cast<std::size_t>(text.length()));
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    out += static_cast<char32_t>(text.char32At(i));
  }
  return out;
}

std::u32string normalized(const icu::Normalizer2* (*form)(UErrorCode&), std::u32string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form(status);
  LIX_REQUIRE(U_SUCCESS(status));  // the tables are part of the library
  const icu::UnicodeString result = normalizer->normalize(toIcu(text), status);
  LIX_REQUIRE(U_SUCCESS(status));
  return fromIcu(result);
}

UChar32 icuCharacter(char32_t character) { return static_cast<UChar32>(character); }

}  // namespace

std::u32string toCharacters(std::string_view utf8) {
  return fromIcu(
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size()))));
}

std::string toUtf8(std::u32string_view text) {
  std::string out;
  toIcu(text).toUTF8String(out);
  return out;
}

std::u32string composed(std::u32string_view text) { return normalized(&icu::Normalizer2::getNFCInstance, text); }

std::u32string compatible(char32_t character) {
  return normalized(&icu::Normalizer2::getNFKCInstance, std::u32string_view(&character, 1));
}

std::u32string upperCase(std::u32string_view text) { return fromIcu(toIcu(text).toUpper(icu::Locale::getRoot())); }

std::u32string lowerCase(std::u32string_view text) { return fromIcu(toIcu(text).toLower(icu::Locale::getRoot())); }

std::u32string lowerEach(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t character : text) {
    if (character == 0x130) {  // the one character whose lower case is two
      out += U"i\u0307";
    } else {
      out += static_cast<char32_t>(u_tolower(icuCharacter(character)));
    }
  }
  return out;
}

char32_t folded(char32_t character) {
  return static_cast<char32_t>(u_foldCase(icuCharacter(character), U_FOLD_CASE_DEFAULT));
}

bool isLetter(char32_t character) { return (U_GET_GC_MASK(icuCharacter(character)) & U_GC_L_MASK) != 0; }
bool isNumber(char32_t character) { return (U_GET_GC_MASK(icuCharacter(character)) & U_GC_N_MASK) != 0; }
bool isSpace(char32_t character) { return u_isUWhiteSpace(icuCharacter(character)); }
bool isPythonSpace(char32_t character) { return isSpace(character) || (character >= 0x1C && character <= 0x1F); }

}  // namespace lix::nn::detail
