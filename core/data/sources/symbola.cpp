#include "data/sources/glyph_source.h"

namespace lix::data::sources {

const Source& symbola() {
  static const Source source{"symbola", "Symbola",
                             "The emoji that Symbola has as black outlines, with the captions, classes and splits of "
                             "the colour emoji: the same "
                             "things in a harder domain (a colour that a name mentions is not to be seen)",
                             glyphParams(), [](const DatasetSpec& spec, const std::string& name) {
                               return openGlyphSource(GlyphStyle::Outline, spec, name);
                             }};
  return source;
}

}  // namespace lix::data::sources
