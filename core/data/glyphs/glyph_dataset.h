#pragma once
#include <functional>

#include "data/dataset.h"
#include "data/glyphs/glyph_set.h"

namespace lix::data {

/// The glyphs as a dataset: key and captions of Glyph, the label sets "group" and "subgroup", and a split by base key,
/// so that variants of one emoji, and the same emoji of the other font, lie in the same split. Pictures are drawn when
/// they are asked for, `size` pixels square.
Result<Dataset> glyphDataset(const std::string& name, const GlyphOptions& options, int size,
                             const std::function<Split(std::string_view baseKey)>& splitOf,
                             const GlyphFiles& files = {});

}  // namespace lix::data
