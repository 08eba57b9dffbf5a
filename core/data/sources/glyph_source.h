#pragma once
#include "data/glyphs/glyph_dataset.h"
#include "data/options.h"
#include "data/source.h"

namespace lix::data::sources {

/// The options that the glyph sources share.
inline const std::vector<Param>& glyphParams() {
  static const std::vector<Param> params{
      {.key = "size", .title = "Picture size", .value = 128LL, .min = 16, .max = 1024, .help = "Pixels of each side"},
      {.key = "language",
       .title = "Second language",
       .value = std::string("de"),
       .help = "CLDR code of the language of the last caption, such as de or pt_PT; empty for English only"},
      {.key = "variants",
       .title = "Skin-tone and gender variants",
       .value = false,
       .help = "Keep them, in the split of the emoji that they are variants of"},
      {.key = "flags", .title = "Flags", .value = false, .help = "Keep the group Flags"},
  };
  return params;
}

inline Result<Dataset> openGlyphSource(GlyphStyle style, const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, glyphParams()));
  const GlyphOptions wanted{.style = style,
                            .language = options.text("language"),
                            .variants = options.flag("variants") ? Variants::Keep : Variants::LeaveOut,
                            .flags = options.flag("flags") ? Flags::Keep : Flags::LeaveOut};
  return glyphDataset(name, wanted, int(options.integer("size")), [](std::string_view key) { return splitOf(key); });
}

}  // namespace lix::data::sources
