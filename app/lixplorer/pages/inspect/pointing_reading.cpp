#include "pages/inspect/pointing_reading.h"

#include <algorithm>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "imaging/resize.h"

namespace lix::app {
namespace {

constexpr int kLargeSide = 1024;
constexpr std::size_t kMostLargeBytes = std::size_t(64) << 20;

figures::Bar percent(const study::Estimate& estimate) {
  return {100.0 * estimate.value, 100.0 * estimate.interval.low, 100.0 * estimate.interval.high};
}

}  // namespace

Result<std::vector<std::optional<KnownPart>>> knownParts(const CheckpointShelf& checkpoints,
                                                         const DatasetShelf& datasets, const ReadAnswer& answer,
                                                         std::size_t picture) {
  const std::vector<std::string>& captions = answer.question.captions;
  std::vector<std::optional<KnownPart>> known(captions.size());
  const data::PictureRef& ref = answer.question.pictures[picture].ref;
  const study::MapReading& map = answer.reading.pictures[picture].map;
  if (ref.isFile()) {
    return known;
  }
  LIX_TRY(const auto opened, datasets.open(ref.dataset));
  const auto found = opened->byKey.find(ref.key);
  if (found == opened->byKey.end() || !opened->set.pictures->mask(found->second, 0)) {
    return known;
  }
  LIX_TRY(const auto reader, checkpoints.open(answer.question.checkpoint));
  const std::vector<std::string>& own = opened->set.samples[found->second].captions;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    const auto same = std::ranges::find(own, trim(captions[i]));
    const auto mask = same == own.end()
                          ? std::nullopt
                          : opened->set.pictures->mask(found->second, std::size_t(same - own.begin()));
    if (mask) {
      KnownPart part{study::partRead(reader->evaluator(), *mask), {}};
      if (!map.values.empty()) {
        part.pointing = study::pointing(map, map.perCaption ? i : 0, part.mask);
      }
      known[i] = std::move(part);
    }
  }
  return known;
}

Result<std::shared_ptr<const imaging::Image>> largePicture(const CheckpointShelf& checkpoints, const ReadAnswer& answer,
                                                           std::size_t picture) {
  const imaging::Image& whole = *answer.question.pictures[picture].image;
  const auto& small = answer.shown[picture];
  if (whole.pixels.size() > kMostLargeBytes || std::max(small->width, small->height) >= std::max(whole.width, whole.height)) {
    return small;
  }
  LIX_TRY(const auto reader, checkpoints.open(answer.question.checkpoint));
  imaging::Image part = study::partRead(reader->evaluator(), whole);
  if (const int longer = std::max(part.width, part.height); longer > kLargeSide) {
    const auto scaled = [&](int length) { return std::max(1, int(std::int64_t(length) * kLargeSide / longer)); };
    part = imaging::resize(part, scaled(part.width), scaled(part.height), imaging::Filter::Bicubic);
  }
  return std::make_shared<const imaging::Image>(std::move(part));
}

Result<std::shared_ptr<const PointingAnswer>> pointOver(const CheckpointShelf& checkpoints,
                                                        const DatasetShelf& datasets, const PointingQuestion& question,
                                                        const Progress& progress) {
  LIX_TRY(const auto reader, checkpoints.open(question.checkpoint));
  LIX_TRY(const auto opened, datasets.open(question.dataset));
  std::vector<std::size_t> samples;
  for (std::size_t i = 0; i < opened->set.samples.size() && samples.size() < question.most; ++i) {
    if (opened->set.samples[i].split == data::Split::Test) {
      samples.push_back(i);
    }
  }
  if (samples.empty()) {
    return fail(ErrorCode::BadInput, cat("'", question.dataset, "' has no pictures in its test split."));
  }
  const study::InspectSettings settings = reader->facts().mixture ? question.settings : study::InspectSettings();
  LIX_TRY(study::PointingSet set, reader->point(opened->set, samples, settings, progress));
  const study::ReaderFacts& facts = reader->facts();
  return std::make_shared<const PointingAnswer>(PointingAnswer{
      question, facts.towerKey, facts.recipe.empty() ? facts.name : cat(facts.name, " (", facts.recipe, ")"), std::move(set)});
}

figures::BarsData pointingBars(const PointingAnswer& answer) {
  figures::BarsData data{
      .headings = {.title = "Pointing over the test split",
                   .subtitle = cat(answer.model, ", ", answer.question.dataset, ", ", answer.set.pictures,
                                   " pictures; 95 % intervals over pictures"),
                   .notes = cat("Hit: the map is highest at a patch with its centre in what the caption speaks of. Share: "
                                "of the map that lies in it. Chance: the part of the picture that it covers, which an "
                                "even map gives. ",
                                answer.set.explanation)},
      .xLabel = "percent",
      .series = {"hit", "share", "chance"},
      .rows = {}};
  for (const study::PointingKind& kind : answer.set.kinds) {
    data.rows.push_back({cat(kind.kind, " (", kind.captions, ")"),
                         {percent(kind.hit), percent(kind.share), {.value = 100.0 * kind.chance}}});
  }
  return data;
}

}  // namespace lix::app
