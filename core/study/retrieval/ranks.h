#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/progress.h"
#include "base/result.h"

/// Retrieval between pictures and captions, several captions a picture (facts of CLIP_benchmark: image to text a hit is
/// any caption of the picture among the first k, text to image the caption's own picture).
///
/// Ties count against the model: an item with the score of the right one, or up to `tie` below it, stands before it, so
/// that a model that gives every pair one score finds nothing. The margin is there because the same numbers come out
/// different in their last bits by where in a tile they are computed. A NaN stands before everything that is right.
namespace lix::study {

/// Captions picture by picture: those of picture i are [first(i), first(i + 1)).
class CaptionGroups {
 public:
  /// Fails where there are none, or where a picture has no caption (it could never be found).
  static Result<CaptionGroups> of(std::span<const std::size_t> captionsOfPicture);

  std::size_t images() const { return first_.size() - 1; }
  std::size_t captions() const { return imageOf_.size(); }
  std::size_t first(std::size_t image) const { return first_[image]; }
  std::size_t imageOf(std::size_t caption) const { return imageOf_[caption]; }

 private:
  std::vector<std::size_t> first_, imageOf_;
};

/// Pictures [firstImage, + images) against captions [firstCaption, + captions).
struct Tile {
  std::size_t firstImage = 0, images = 0, firstCaption = 0, captions = 0;
};
/// Writes the scores of a tile, a row a picture, higher = more alike.
using TileScores = std::function<void(const Tile& tile, std::span<float> scores)>;

struct RankSettings {
  std::size_t imageBlock = 128, captionBlock = 8192;  ///< of a tile; nothing larger is held
  float tie = 1e-6F;
};

/// Where the right answer of each query stands, 1 = first. 0: the query was not asked; kNotFound: it is not there.
struct Ranks {
  std::vector<std::uint32_t> images;    ///< of pictures: the best of their captions
  std::vector<std::uint32_t> captions;  ///< of captions: their picture
};
constexpr std::uint32_t kNotFound = UINT32_MAX;

/// Every pair scored once, and the right pairs a second time before (they are what is counted against).
Result<Ranks> rankAll(const CaptionGroups& groups, const TileScores& scores, const RankSettings& settings = {},
                      const Progress& progress = {});

/// The share of asked queries whose answer is among the first k; nothing where none was asked.
std::optional<double> recallAt(std::span<const std::uint32_t> ranks, std::uint32_t k);

}  // namespace lix::study
