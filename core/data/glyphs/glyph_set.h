#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/glyphs/glyph_font.h"

namespace lix::data {

enum class GlyphStyle {
  Colour,   ///< Noto Color Emoji
  Outline,  ///< Symbola: black on white, an older and smaller repertoire
};

enum class Variants { LeaveOut, Keep };  ///< of skin tone, gender and direction
enum class Flags { LeaveOut, Keep };     ///< the whole group "Flags"

struct GlyphOptions {
  GlyphStyle style = GlyphStyle::Colour;
  std::string language = "de";  ///< CLDR code of the second language of the captions; "" = English only
  Variants variants = Variants::LeaveOut;
  Flags flags = Flags::LeaveOut;
};

/// Where the Debian packages put their files; other places for tests.
struct GlyphFiles {
  std::filesystem::path colourFont = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";
  std::filesystem::path outlineFont = "/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf";
  std::filesystem::path emojiList = "/usr/share/unicode/emoji/emoji-test.txt";
  std::filesystem::path cldr = "/usr/share/unicode/cldr/common";
};

/// One emoji that the font can draw.
struct Glyph {
  std::string key;      ///< emojiKey
  std::string baseKey;  ///< emojiBaseKey: what the split goes by
  std::uint32_t glyph = 0;
  std::string group;
  std::string subgroup;
  /// All different, in this order, as far as CLDR has them:
  /// 1. the English short name, "fox";
  /// 2. the name and the English keywords that add a word to it, "fox, face" (at most kKeywords of them);
  /// 3. the short name in the second language, "Fuchs".
  std::vector<std::string> captions;
};

inline constexpr std::size_t kKeywords = 6;

/// The emoji of Unicode's list that one font draws as one glyph, in the order of the list.
struct GlyphSet {
  std::vector<Glyph> glyphs;
  GlyphFont font;
};

/// Opens the set. Missing files are one error that names the Debian packages to install.
Result<GlyphSet> openGlyphs(const GlyphOptions& options, const GlyphFiles& files = {});

}  // namespace lix::data
