#include "data/glyphs/glyph_set.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "data/glyphs/annotations.h"

namespace lix::data {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kLargestList = 16u << 20;

Result<void> checkInstalled(const GlyphOptions& options, const GlyphFiles& files) {
  const bool colour = options.style == GlyphStyle::Colour;
  const std::array<std::pair<fs::path, const char*>, 3> needed{{
      {colour ? files.colourFont : files.outlineFont, colour ? "fonts-noto-color-emoji" : "fonts-symbola"},
      {files.emojiList, "unicode-data"},
      {files.cldr / "annotations" / "en.xml", "unicode-cldr-core"},
  }};
  std::vector<std::string> missing;
  std::vector<std::string> packages;
  for (const auto& [path, package] : needed) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      missing.push_back(path.string());
      packages.emplace_back(package);
    }
  }
  if (!missing.empty()) {
    return fail(ErrorCode::NotFound, cat(missing.size() == 1 ? "The file " : "The files ", join(missing, ", "),
                                         missing.size() == 1 ? " is" : " are",
                                         " missing; install with: sudo apt-get install ", join(packages, " ")));
  }
  return {};
}

std::set<std::string> wordsOf(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0) {
      word += char(std::tolower(static_cast<unsigned char>(c)));
    } else if (!word.empty()) {
      words.insert(std::exchange(word, {}));
    }
  }
  if (!word.empty()) {
    words.insert(word);
  }
  return words;
}

/// "fox, face": the keywords that say something the name (or a keyword before) does not.
std::string withKeywords(const std::string& name, const std::vector<std::string>& keywords) {
  std::vector<std::string> parts{name};
  std::set<std::string> said = wordsOf(name);
  for (const std::string& keyword : keywords) {
    const std::set<std::string> words = wordsOf(keyword);
    if (parts.size() <= kKeywords && !std::ranges::includes(said, words)) {
      parts.push_back(keyword);
      said.insert(words.begin(), words.end());
    }
  }
  return join(parts, ", ");
}

void addCaption(std::vector<std::string>& captions, const std::string& caption) {
  if (!caption.empty() && std::ranges::find(captions, caption) == captions.end()) {
    captions.push_back(caption);
  }
}

const Annotation& of(const Annotations& annotations, const std::string& text) {
  static const Annotation none;
  const auto found = annotations.find(text);
  return found == annotations.end() ? none : found->second;
}

/// What is said of the emoji: English, and the second language where one is wanted.
struct Names {
  Annotations english;
  Annotations second;
};

Result<Names> readNames(const fs::path& cldr, const std::string& language) {
  Names names;
  LIX_TRY(names.english, readAnnotations(cldr, "en"));
  if (!language.empty()) {
    LIX_TRY(names.second, readAnnotations(cldr, language));
  }
  return names;
}

std::vector<std::string> captionsOf(const Emoji& emoji, const Names& names) {
  const std::string text = emojiText(emoji.codePoints);
  const Annotation& said = of(names.english, text);
  // CLDR and Unicode's list agree where both name an emoji; the newest ones are only in the list.
  const std::string& name = said.name.empty() ? emoji.name : said.name;
  std::vector<std::string> captions;
  addCaption(captions, name);
  addCaption(captions, withKeywords(name, said.keywords));
  addCaption(captions, of(names.second, text).name);
  return captions;
}

bool isWanted(const Emoji& emoji, const GlyphOptions& options) {
  return (options.flags == Flags::Keep || emoji.group != "Flags") &&
         (options.variants == Variants::Keep || !isVariant(emoji.codePoints));
}

}  // namespace

Result<GlyphSet> openGlyphs(const GlyphOptions& options, const GlyphFiles& files) {
  LIX_CHECK(checkInstalled(options, files));
  LIX_TRY(const Names names, readNames(files.cldr, options.language));
  LIX_TRY(const std::string text, readFile(files.emojiList, kLargestList));
  LIX_TRY(const std::vector<Emoji> list, parseEmojiList(text, files.emojiList));
  LIX_TRY(GlyphFont font, GlyphFont::open(options.style == GlyphStyle::Colour ? files.colourFont : files.outlineFont));
  std::vector<Glyph> glyphs;
  for (const Emoji& emoji : list) {
    if (!isWanted(emoji, options)) {
      continue;
    }
    if (const auto glyph = font.glyphOf(emoji.codePoints)) {
      glyphs.push_back({emojiKey(emoji.codePoints), emojiBaseKey(emoji.codePoints), *glyph, emoji.group, emoji.subgroup,
                        captionsOf(emoji, names)});
    }
  }
  if (glyphs.empty()) {
    return fail(ErrorCode::BadInput, "The font draws none of the emoji of Unicode's list; install its package again.");
  }
  return GlyphSet{std::move(glyphs), std::move(font)};
}

}  // namespace lix::data
