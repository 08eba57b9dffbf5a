#include "data/glyphs/glyph_font.h"

#include <ft2build.h>
#include <hb.h>
#include FT_FREETYPE_H
#include FT_BBOX_H
#include FT_OUTLINE_H

#include <algorithm>
#include <mutex>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "imaging/resize.h"

namespace lix::data {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kLargestFont = 256u << 20;
constexpr double kFilled = 0.92;    ///< of the square by an outline's longer side, about what Noto's drawings fill
constexpr double kFullSized = 0.8;  ///< of the em, from which an outline fills the square

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* thing) const {
    destroy(thing);
  }
};

/// A FreeType library with one face: neither may be shared between threads.
class Face {
 public:
  Face() = default;
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;
  ~Face() {
    if (face_ != nullptr) {
      FT_Done_Face(face_);
    }
    if (library_ != nullptr) {
      FT_Done_FreeType(library_);
    }
  }
  /// The bytes must outlive the face.
  bool open(const std::string& bytes) {
    return FT_Init_FreeType(&library_) == 0 &&
           FT_New_Memory_Face(library_, reinterpret_cast<const FT_Byte*>(bytes.data()), FT_Long(bytes.size()), 0,
                              &face_) == 0;
  }
  FT_Face operator->() const { return face_; }
  FT_Face get() const { return face_; }
  FT_Library library() const { return library_; }

 private:
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
};

enum class Kind { ColourBitmaps, Outlines };

imaging::Image white(int size) { return {size, size, std::vector<std::uint8_t>(std::size_t(size) * size * 3, 255)}; }

/// The strike's bitmap over white, centred in a square of its longer side.
imaging::Image overWhite(const FT_Bitmap& bitmap) {
  const int width = int(bitmap.width);
  const int height = int(bitmap.rows);
  imaging::Image square = white(std::max(width, height));
  const int left = (square.width - width) / 2;
  const int top = (square.height - height) / 2;
  for (int y = 0; y < height; ++y) {
    const unsigned char* bgra = bitmap.buffer + std::ptrdiff_t(y) * bitmap.pitch;
    std::uint8_t* rgb = square.row(top + y) + std::size_t(left) * 3;
    for (int x = 0; x < width; ++x, bgra += 4, rgb += 3) {
      const int beneath = 255 - bgra[3];
      for (int c = 0; c < 3; ++c) {
        rgb[c] = std::uint8_t(std::min(255, bgra[2 - c] + beneath));
      }
    }
  }
  return square;
}

bool hasBitmap(const Face& face, std::uint32_t glyph) {
  return FT_Select_Size(face.get(), 0) == 0 &&
         FT_Load_Glyph(face.get(), glyph, FT_LOAD_COLOR | FT_LOAD_BITMAP_METRICS_ONLY) == 0 &&
         face->glyph->format == FT_GLYPH_FORMAT_BITMAP && face->glyph->bitmap.width > 0 && face->glyph->bitmap.rows > 0;
}

bool hasOutline(const Face& face, std::uint32_t glyph) {
  return FT_Load_Glyph(face.get(), glyph, FT_LOAD_NO_SCALE) == 0 && face->glyph->format == FT_GLYPH_FORMAT_OUTLINE &&
         face->glyph->outline.n_points > 0;
}

std::optional<imaging::Image> drawBitmap(const Face& face, std::uint32_t glyph, int size) {
  if (FT_Select_Size(face.get(), 0) != 0 || FT_Load_Glyph(face.get(), glyph, FT_LOAD_COLOR) != 0) {
    return std::nullopt;
  }
  const FT_Bitmap& bitmap = face->glyph->bitmap;
  if (bitmap.pixel_mode != FT_PIXEL_MODE_BGRA || bitmap.width == 0 || bitmap.rows == 0) {
    return std::nullopt;
  }
  return imaging::resize(overWhite(bitmap), size, size, imaging::Filter::Bicubic);
}

std::optional<imaging::Image> drawOutline(const Face& face, std::uint32_t glyph, int size) {
  if (FT_Load_Glyph(face.get(), glyph, FT_LOAD_NO_SCALE) != 0 || face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) {
    return std::nullopt;
  }
  FT_Outline& outline = face->glyph->outline;
  FT_BBox box;
  FT_Outline_Get_BBox(&outline, &box);
  const FT_Pos longer = std::max(box.xMax - box.xMin, box.yMax - box.yMin);
  if (longer <= 0) {
    return std::nullopt;
  }
  // Without scaling the outline is in font units; FreeType's rasteriser wants 1/64 pixels, the matrix 16.16 fixed
  // point.
  const double whole = std::max(double(longer), kFullSized * face->units_per_EM);
  const double scale = kFilled * size * 64.0 / whole;
  const FT_Matrix matrix{FT_Fixed(scale * 65536.0), 0, 0, FT_Fixed(scale * 65536.0)};
  FT_Outline_Translate(&outline, -(box.xMin + box.xMax) / 2, -(box.yMin + box.yMax) / 2);
  FT_Outline_Transform(&outline, &matrix);
  FT_Outline_Translate(&outline, size * 32, size * 32);
  std::vector<unsigned char> ink(std::size_t(size) * size, 0);
  FT_Bitmap bitmap{};
  bitmap.rows = unsigned(size);
  bitmap.width = unsigned(size);
  bitmap.pitch = size;
  bitmap.buffer = ink.data();
  bitmap.num_grays = 256;
  bitmap.pixel_mode = FT_PIXEL_MODE_GRAY;
  if (FT_Outline_Get_Bitmap(face.library(), &outline, &bitmap) != 0) {
    return std::nullopt;
  }
  imaging::Image picture = white(size);
  for (std::size_t i = 0; i < ink.size(); ++i) {
    std::fill_n(picture.pixels.begin() + std::ptrdiff_t(i) * 3, 3, std::uint8_t(255 - ink[i]));
  }
  return picture;
}

}  // namespace

struct GlyphFont::State {
  fs::path path;
  std::string bytes;
  Kind kind = Kind::Outlines;
  std::unique_ptr<hb_font_t, Destroy<hb_font_destroy>> shaper;
  std::mutex mutex;
  std::vector<std::unique_ptr<Face>> idle;

  std::unique_ptr<Face> take() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        auto face = std::move(idle.back());
        idle.pop_back();
        return face;
      }
    }
    auto face = std::make_unique<Face>();
    return face->open(bytes) ? std::move(face) : nullptr;
  }
  void give(std::unique_ptr<Face> face) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(face));
  }
  std::vector<std::uint32_t> shape(const CodePoints& codePoints) const;
};

std::vector<std::uint32_t> GlyphFont::State::shape(const CodePoints& codePoints) const {
  const std::unique_ptr<hb_buffer_t, Destroy<hb_buffer_destroy>> buffer(hb_buffer_create());
  const std::vector<std::uint32_t> text(codePoints.begin(), codePoints.end());
  hb_buffer_add_utf32(buffer.get(), text.data(), int(text.size()), 0, int(text.size()));
  // U+FE0F that the font does not ask for must not count as a second glyph.
  hb_buffer_set_flags(buffer.get(), HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES);
  hb_buffer_guess_segment_properties(buffer.get());
  hb_shape(shaper.get(), buffer.get(), nullptr, 0);
  unsigned count = 0;
  const hb_glyph_info_t* info = hb_buffer_get_glyph_infos(buffer.get(), &count);
  std::vector<std::uint32_t> glyphs;
  std::transform(info, info + count, std::back_inserter(glyphs), [](const auto& one) { return one.codepoint; });
  return glyphs;
}

GlyphFont::GlyphFont(std::unique_ptr<State> state) : state_(std::move(state)) {}
GlyphFont::GlyphFont(GlyphFont&&) noexcept = default;
GlyphFont& GlyphFont::operator=(GlyphFont&&) noexcept = default;
GlyphFont::~GlyphFont() = default;

Result<GlyphFont> GlyphFont::open(const fs::path& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  LIX_TRY(state->bytes, readFile(path, kLargestFont));
  auto face = std::make_unique<Face>();
  if (!face->open(state->bytes)) {
    return fail(ErrorCode::BadInput,
                cat(path.string(), " is not a font that FreeType can read; install its package again."));
  }
  if (FT_HAS_COLOR(face->operator->()) && face->get()->num_fixed_sizes > 0) {
    state->kind = Kind::ColourBitmaps;
  } else if (!FT_IS_SCALABLE(face->get())) {
    return fail(ErrorCode::Unsupported,
                cat(path.string(), " has neither colour bitmaps nor outlines, so it cannot be drawn."));
  }
  state->give(std::move(face));
  const std::unique_ptr<hb_blob_t, Destroy<hb_blob_destroy>> blob(
      hb_blob_create(state->bytes.data(), unsigned(state->bytes.size()), HB_MEMORY_MODE_READONLY, nullptr, nullptr));
  const std::unique_ptr<hb_face_t, Destroy<hb_face_destroy>> shapes(hb_face_create(blob.get(), 0));
  state->shaper.reset(hb_font_create(shapes.get()));
  return GlyphFont(std::move(state));
}

std::uint64_t GlyphFont::fingerprint() const { return hash64(state_->bytes); }

std::optional<std::uint32_t> GlyphFont::glyphOf(const CodePoints& codePoints) const {
  const std::vector<std::uint32_t> glyphs = state_->shape(codePoints);
  if (glyphs.size() != 1 || glyphs.front() == 0) {
    return std::nullopt;
  }
  // Tags are ignorable: an unknown region's flag would pass as the black flag that it begins with.
  const bool joined = std::ranges::count_if(codePoints, [](char32_t c) { return c != 0xFE0F; }) > 1;
  if (joined && state_->shape({codePoints.front()}) == glyphs) {
    return std::nullopt;
  }
  auto face = state_->take();
  if (face == nullptr) {
    return std::nullopt;
  }
  const bool drawn =
      state_->kind == Kind::ColourBitmaps ? hasBitmap(*face, glyphs.front()) : hasOutline(*face, glyphs.front());
  state_->give(std::move(face));
  return drawn ? std::optional(glyphs.front()) : std::nullopt;
}

Result<imaging::Image> GlyphFont::draw(std::uint32_t glyph, int size) const {
  auto face = state_->take();
  if (face == nullptr) {
    return fail(ErrorCode::NoMemory,
                cat("FreeType could not open ", state_->path.string(), " once more; close other programs."));
  }
  auto picture = state_->kind == Kind::ColourBitmaps ? drawBitmap(*face, glyph, size) : drawOutline(*face, glyph, size);
  state_->give(std::move(face));
  if (!picture) {
    return fail(ErrorCode::BadInput, cat("Glyph ", glyph, " of ", state_->path.string(), " has no picture."));
  }
  return std::move(*picture);
}

}  // namespace lix::data
