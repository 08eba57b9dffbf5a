#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.h"
#include "data/glyphs/emoji_list.h"
#include "imaging/image.h"

namespace lix::data {

/// One font file, asked for the single glyph of an emoji sequence and for its picture. All members may be called from
/// several threads: each drawing takes a FreeType face of its own from a pool over the same bytes.
class GlyphFont {
 public:
  /// Fails for a file that is no font, or that is neither a colour bitmap font nor an outline font.
  static Result<GlyphFont> open(const std::filesystem::path& path);

  GlyphFont(GlyphFont&&) noexcept;
  GlyphFont& operator=(GlyphFont&&) noexcept;
  ~GlyphFont();

  /// The glyph that HarfBuzz shapes the whole sequence into; nothing when the font has no such picture: it gives
  /// .notdef, several glyphs, an empty one, or for a joined sequence only the picture of its first part.
  std::optional<std::uint32_t> glyphOf(const CodePoints& codePoints) const;

  /// Hash of the file's bytes: another font draws other pictures.
  std::uint64_t fingerprint() const;

  /// The glyph on white in the middle of a square of `size` pixels. A colour bitmap (premultiplied BGRA) is scaled with
  /// its whole strike; an outline is drawn black, its bounding box filling 92 % of the square, less where it is smaller
  /// than most, so that small squares differ from large ones. An empty outline is an error.
  Result<imaging::Image> draw(std::uint32_t glyph, int size) const;

 private:
  struct State;
  explicit GlyphFont(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lix::data
