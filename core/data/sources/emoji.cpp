#include "data/sources/glyph_source.h"

namespace lix::data::sources {

const Source& emoji() {
  static const Source source{
      "emoji", "Emoji",
      "The colour emoji of Noto with their English names and keywords, their names in a second language, and Unicode's "
      "groups and subgroups as classes",
      glyphParams(),
      [](const DatasetSpec& spec, const std::string& name) { return openGlyphSource(GlyphStyle::Colour, spec, name); }};
  return source;
}

}  // namespace lix::data::sources
