#include "study/retrieval/ranks.h"

#include <algorithm>
#include <limits>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::study {
namespace {

/// Whether a score does not stand below the right one by more than the tie; a NaN on either side does not.
inline bool before(float score, float limit) { return !(score < limit); }

/// The scores of all right pairs, a caption each.
std::vector<float> rightScores(const CaptionGroups& groups, const TileScores& scores) {
  constexpr std::size_t kImages = 16;  // few others are scored along: 16 pictures against their own captions
  std::vector<float> right(groups.captions()), tile;
  for (std::size_t image = 0; image < groups.images(); image += kImages) {
    const std::size_t end = std::min(image + kImages, groups.images());
    const Tile part{image, end - image, groups.first(image), groups.first(end) - groups.first(image)};
    tile.resize(part.images * part.captions);
    scores(part, tile);
    for (std::size_t caption = groups.first(image); caption < groups.first(end); ++caption) {
      right[caption] = tile[(groups.imageOf(caption) - image) * part.captions + caption - part.firstCaption];
    }
  }
  return right;
}

/// The greatest, NaNs passed over: a picture is as well off as its best caption.
float bestOf(std::span<const float> scores) {
  float best = -std::numeric_limits<float>::infinity();
  for (const float score : scores) {
    best = score > best ? score : best;
  }
  return best;
}

class Counter {
 public:
  Counter(const CaptionGroups& groups, std::vector<float> right, float tie)
      : groups_(groups), imageLimits_(groups.images()), captionLimits_(std::move(right)) {
    for (std::size_t image = 0; image < groups.images(); ++image) {
      const std::size_t first = groups.first(image), end = groups.first(image + 1);
      imageLimits_[image] = bestOf(std::span(captionLimits_).subspan(first, end - first)) - tie;
    }
    for (float& limit : captionLimits_) {
      limit -= tie;
    }
    ranks_ = {std::vector<std::uint32_t>(groups.images(), 1), std::vector<std::uint32_t>(groups.captions(), 1)};
  }

  void add(const Tile& tile, std::span<const float> scores) {
    const std::size_t end = tile.firstCaption + tile.captions;
    for (std::size_t i = 0; i < tile.images; ++i) {
      const std::size_t image = tile.firstImage + i;
      const std::span<const float> row = scores.subspan(i * tile.captions, tile.captions);
      const std::size_t own = std::clamp(groups_.first(image), tile.firstCaption, end);
      const std::size_t next = std::clamp(groups_.first(image + 1), tile.firstCaption, end);
      addRange(image, row, tile.firstCaption, tile.firstCaption, own);
      addRange(image, row, tile.firstCaption, next, end);
    }
  }

  Ranks take() { return std::move(ranks_); }

 private:
  /// Captions [begin, end) of other pictures; `row` begins at caption `first`.
  void addRange(std::size_t image, std::span<const float> row, std::size_t first, std::size_t begin, std::size_t end) {
    const float limit = imageLimits_[image];
    const float* const limits = captionLimits_.data();
    std::uint32_t* const ofCaptions = ranks_.captions.data();
    std::uint32_t count = 0;
    for (std::size_t caption = begin; caption < end; ++caption) {
      count += before(row[caption - first], limit);
      ofCaptions[caption] += before(row[caption - first], limits[caption]);
    }
    ranks_.images[image] += count;
  }

  const CaptionGroups& groups_;
  std::vector<float> imageLimits_, captionLimits_;
  Ranks ranks_;
};

}  // namespace

Result<CaptionGroups> CaptionGroups::of(std::span<const std::size_t> captionsOfPicture) {
  CaptionGroups groups;
  groups.first_.push_back(0);
  for (std::size_t image = 0; image < captionsOfPicture.size(); ++image) {
    if (captionsOfPicture[image] == 0) {
      return fail(ErrorCode::BadInput,
                  cat("Picture ", image + 1, " of ", captionsOfPicture.size(), " has no caption; leave it out."));
    }
    groups.imageOf_.insert(groups.imageOf_.end(), captionsOfPicture[image], image);
    groups.first_.push_back(groups.imageOf_.size());
  }
  if (groups.imageOf_.empty()) {
    return fail(ErrorCode::BadInput, "There are no pictures with captions to retrieve.");
  }
  if (groups.imageOf_.size() >= kNotFound) {
    return fail(ErrorCode::BadInput, "More than four thousand million captions cannot be ranked.");
  }
  return groups;
}

Result<Ranks> rankAll(const CaptionGroups& groups, const TileScores& scores, const RankSettings& settings,
                      const Progress& progress) {
  LIX_REQUIRE(settings.imageBlock > 0 && settings.captionBlock > 0 && settings.tie >= 0);
  Counter counter(groups, rightScores(groups, scores), settings.tie);
  std::vector<float> values;
  for (std::size_t image = 0; image < groups.images(); image += settings.imageBlock) {
    if (!report(progress, "Ranking", static_cast<long long>(image), static_cast<long long>(groups.images()))) {
      return fail(ErrorCode::Cancelled, "Ranking was cancelled.");
    }
    const std::size_t images = std::min(settings.imageBlock, groups.images() - image);
    for (std::size_t caption = 0; caption < groups.captions(); caption += settings.captionBlock) {
      const Tile tile{image, images, caption, std::min(settings.captionBlock, groups.captions() - caption)};
      values.resize(tile.images * tile.captions);
      scores(tile, values);
      counter.add(tile, values);
    }
  }
  return counter.take();
}

std::optional<double> recallAt(std::span<const std::uint32_t> ranks, std::uint32_t k) {
  std::size_t asked = 0, found = 0;
  for (const std::uint32_t rank : ranks) {
    asked += rank > 0;
    found += rank > 0 && rank <= k;
  }
  return asked == 0 ? std::nullopt : std::optional(double(found) / double(asked));
}

}  // namespace lix::study
