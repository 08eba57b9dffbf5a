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

const icu::Normalizer2* instanceOf(NormalForm form, UErrorCode& status) {
  switch (form) {
    case NormalForm::C:
      return icu::Normalizer2::getNFCInstance(status);
    case NormalForm::D:
      return icu::Normalizer2::getNFDInstance(status);
    case NormalForm::Kc:
      return icu::Normalizer2::getNFKCInstance(status);
    case NormalForm::Kd:
      return icu::Normalizer2::getNFKDInstance(status);
  }
  return nullptr;
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

std::u32string normalized(std::u32string_view text, NormalForm form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = instanceOf(form, status);
  LIX_REQUIRE(normalizer != nullptr && U_SUCCESS(status));  // the tables are part of the library
  const icu::UnicodeString result = normalizer->normalize(toIcu(text), status);
  LIX_REQUIRE(U_SUCCESS(status));
  return fromIcu(result);
}

std::u32string composed(std::u32string_view text) { return normalized(text, NormalForm::C); }

std::u32string compatible(char32_t character) {
  return normalized(std::u32string_view(&character, 1), NormalForm::Kc);
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
bool isAsciiPunctuation(char32_t c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

}  // namespace lix::nn::detail
