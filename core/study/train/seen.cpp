#include "study/train/seen.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "study/train/loader.h"

namespace lix::study {
namespace {

/// The batch of a step, and its epoch.
struct Found {
  PlannedBatch batch;
  std::uint64_t epoch = 0;
};

Result<Found> batchOf(const TrainData& data, const TrainSettings& settings, int step) {
  const auto hashes = data.captionHashes();
  std::size_t before = 0;
  for (std::uint64_t epoch = 0;; ++epoch) {
    BatchPlan plan = planEpoch(data.pack, hashes, settings.batch, settings.seed, epoch);
    const std::size_t wanted = static_cast<std::size_t>(step) - 1;
    if (wanted < before + plan.size()) {
      return Found{std::move(plan[wanted - before]), epoch};
    }
    before += plan.size();
    if (before == 0) {
      LIX_CHECK(checkBatch(data, settings));  // the first epoch may be a poor one
    }
  }
}

/// 8-bit RGB, interleaved, of normalised planes.
std::vector<std::uint8_t> shown(const std::vector<float>& planes, const nn::Preprocess& preprocess) {
  const std::size_t area = planes.size() / 3;
  std::vector<std::uint8_t> pixels(planes.size());
  for (std::size_t at = 0; at < area; ++at) {
    for (std::size_t c = 0; c < 3; ++c) {
      const float value = planes[c * area + at] * preprocess.deviation[c] + preprocess.mean[c];
      pixels[at * 3 + c] = static_cast<std::uint8_t>(std::lround(std::clamp(255.0F * value, 0.0F, 255.0F)));
    }
  }
  return pixels;
}

/// Marks of start and end that a token row holds besides the pieces: one or two, by the first caption that is read whole.
std::size_t marksOf(const TrainData& data, const PiecesOf& piecesOf) {
  constexpr std::size_t kMostLooked = 1000;
  const auto& samples = data.pack.samples();
  for (std::size_t i = 0; i < std::min(samples.size(), kMostLooked); ++i) {
    for (std::size_t c = 0; c < samples[i].captions.size(); ++c) {
      const auto length = static_cast<std::size_t>(data.lengths[data.firstRow[i] + c]);
      const std::size_t pieces = piecesOf(samples[i].captions[c]).size();
      if (length < static_cast<std::size_t>(data.contextLength) && length >= pieces) {
        return length - pieces;
      }
    }
  }
  return 1;
}

void splitPieces(std::vector<std::string> pieces, std::size_t room, SeenPicture& picture) {
  const auto end = pieces.begin() + static_cast<std::ptrdiff_t>(std::min(room, pieces.size()));
  picture.read.assign(std::make_move_iterator(pieces.begin()), std::make_move_iterator(end));
  picture.cut.assign(std::make_move_iterator(end), std::make_move_iterator(pieces.end()));
}

}  // namespace

Result<SeenBatch> seenAt(const TrainData& data, const TrainSettings& settings, const nn::Preprocess& preprocess,
                         int side, const PiecesOf& piecesOf, int step, std::size_t most) {
  if (data.features) {
    return fail(ErrorCode::Unsupported, "Heads learn on features of pictures, so there are no pictures to be seen.");
  }
  if (step < 1 || step > settings.steps) {
    return fail(ErrorCode::BadInput, cat("The run has no step ", step, "; it takes steps 1 to ", settings.steps, "."));
  }
  LIX_TRY(const Found found, batchOf(data, settings, step));
  SeenBatch seen{.step = step, .side = side, .contextLength = data.contextLength, .captions = data.lengths.size(),
                 .truncated = data.truncated, .pictures = {}};
  const std::size_t marks = marksOf(data, piecesOf);
  std::vector<float> planes(std::size_t{3} * std::size_t(side) * std::size_t(side));
  for (const BatchItem& item : found.batch.items) {
    if (seen.pictures.size() == most) {
      break;
    }
    const PackedSample& sample = data.pack.samples()[item.sample];
    const DrawnPicture drawn = drawPicture(data, settings, found.epoch, item.sample, preprocess, side, planes.data());
    SeenPicture& picture = seen.pictures.emplace_back();
    picture.key = sample.key;
    picture.pixels = shown(planes, preprocess);
    std::tie(picture.x, picture.y, picture.width, picture.height, picture.flipped) =
        std::tie(drawn.x, drawn.y, drawn.width, drawn.height, drawn.flipped);
    picture.caption = sample.captions[item.caption];
    const auto length = static_cast<std::size_t>(data.lengths[data.firstRow[item.sample] + item.caption]);
    // A row that is not full was not cut, whatever marks it holds.
    const bool full = length >= static_cast<std::size_t>(data.contextLength);
    auto pieces = piecesOf(picture.caption);
    const std::size_t room = full ? length - std::min(marks, length) : pieces.size();
    splitPieces(std::move(pieces), room, picture);
  }
  return seen;
}

}  // namespace lix::study
