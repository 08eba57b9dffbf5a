#include "data/glyphs/glyph_dataset.h"

#include <algorithm>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::data {
namespace {

class GlyphPictures : public PictureSource {
 public:
  GlyphPictures(GlyphFont font, std::vector<std::uint32_t> glyphs, int size)
      : font_(std::move(font)), glyphs_(std::move(glyphs)), size_(size) {}
  Result<imaging::Image> load(std::size_t index) const override {
    LIX_REQUIRE(index < glyphs_.size());
    return font_.draw(glyphs_[index], size_);
  }

 private:
  GlyphFont font_;
  std::vector<std::uint32_t> glyphs_;
  int size_;
};

/// Class index of the name, which is added at its first appearance.
int classOf(LabelSet& set, const std::string& name) {
  const auto found = std::ranges::find(set.classes, name);
  if (found != set.classes.end()) {
    return int(found - set.classes.begin());
  }
  set.classes.push_back(name);
  return int(set.classes.size()) - 1;
}

}  // namespace

Result<Dataset> glyphDataset(const std::string& name, const GlyphOptions& options, int size,
                             const std::function<Split(std::string_view baseKey)>& splitOf, const GlyphFiles& files) {
  LIX_TRY(GlyphSet set, openGlyphs(options, files));
  Dataset dataset{.name = name, .labelSets = {{"group", {}}, {"subgroup", {}}}};
  std::vector<std::uint32_t> glyphs;
  const std::uint64_t version = hash64(cat(set.font.fingerprint(), " ", size));
  for (Glyph& glyph : set.glyphs) {
    dataset.samples.push_back(
        {.key = std::move(glyph.key),
         .captions = std::move(glyph.captions),
         .labels = {classOf(dataset.labelSets[0], glyph.group), classOf(dataset.labelSets[1], glyph.subgroup)},
         .split = splitOf(glyph.baseKey),
         .version = version});
    glyphs.push_back(glyph.glyph);
  }
  dataset.pictures = std::make_shared<GlyphPictures>(std::move(set.font), std::move(glyphs), size);
  return dataset;
}

}  // namespace lix::data
