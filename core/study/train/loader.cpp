#include "study/train/loader.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "data/augment.h"
#include "study/train/feature_data.h"

namespace lix::study {
namespace {

constexpr std::uint64_t kStreamAugment = 0x6175676d;
constexpr std::size_t kMostAhead = 3;
constexpr std::size_t kMostBytes = std::size_t{256} << 20;

}  // namespace

/// A batch is large where gradients are cached, and the three that hide the loader's work would then be most of the run.
std::size_t batchesAhead(int batch, int side) {
  const std::size_t bytes = sizeof(float) * 3 * static_cast<std::size_t>(batch) * static_cast<std::size_t>(side) *
                            static_cast<std::size_t>(side);
  return std::clamp<std::size_t>(kMostBytes / std::max<std::size_t>(bytes, 1), 1, kMostAhead);
}

DrawnPicture drawPicture(const TrainData& data, const TrainSettings& settings, std::uint64_t epoch,
                         std::uint32_t sample, const nn::Preprocess& preprocess, int side, float* out) {
  Random random(settings.seed, kStreamAugment, epoch, sample);
  const int size = data.pack.pictureSize();
  const data::CropBox box =
      settings.minCrop < 1.0 ? data::drawCrop(random, size, settings.minCrop) : data::centreCrop(size);
  const bool flip = settings.flip && random.below(2) == 1;
  data::augment(data.pack.picture(sample), size, box, flip, out, side, preprocess.mean.data(),
                preprocess.deviation.data());
  return {box.x / size, box.y / size, box.width / size, box.height / size, flip};
}

Loader::Loader(const TrainData& data, const TrainSettings& settings, const nn::ModelConfig& config,
               const nn::Preprocess& preprocess, DataPosition start, BatchShare share)
    : data_(data),
      settings_(settings),
      config_(config),
      preprocess_(preprocess),
      captionHashes_(data.captionHashes()),
      share_(share),
      ahead_(batchesAhead(settings.batch / share.ranks, config.imageSize)),
      position_(start),
      thread_([this] { run(); }) {}

Loader::~Loader() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

TrainBatch Loader::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !ready_.empty(); });
  TrainBatch batch = std::move(ready_.front());
  ready_.pop_front();
  changed_.notify_all();
  return batch;
}

void Loader::run() {
  BatchPlan plan = planEpoch(data_.pack, captionHashes_, settings_.batch, settings_.seed, position_.epoch);
  while (true) {
    while (position_.batch >= plan.size()) {
      position_ = {position_.epoch + 1, 0};
      plan = planEpoch(data_.pack, captionHashes_, settings_.batch, settings_.seed, position_.epoch);
    }
    {
      std::unique_lock lock(mutex_);  // room first: a batch that is made and waits for it takes memory too
      changed_.wait(lock, [&] { return stopping_ || ready_.size() < ahead_; });
      if (stopping_) {
        return;
      }
    }
    TrainBatch batch = make(plan[position_.batch], position_.epoch);
    ++position_.batch;
    batch.next = position_;
    const std::scoped_lock lock(mutex_);
    ready_.push_back(std::move(batch));
    changed_.notify_all();
  }
}

TrainBatch Loader::make(const PlannedBatch& planned, std::uint64_t epoch) const {
  const std::size_t rows = planned.items.size() / static_cast<std::size_t>(share_.ranks);
  const auto first = planned.items.begin() + static_cast<std::ptrdiff_t>(rows) * share_.rank;
  const std::vector<BatchItem> items(first, first + static_cast<std::ptrdiff_t>(rows));
  if (data_.features) {
    FeatureBatch features = featureBatch(data_, items);
    return {std::move(features.images), std::move(features.texts), {}, planned.items, planned.avoided};
  }
  const std::int64_t count = static_cast<std::int64_t>(items.size());
  const std::int64_t side = config_.imageSize;
  int length = config_.contextLength;
  if (config_.trimsCaptions()) {
    length = 1;
    for (const BatchItem& item : items) {
      length = std::max(length, data_.lengths[data_.firstRow[item.sample] + item.caption]);
    }
  }
  TrainBatch batch{at::empty({count, 3, side, side}, at::kFloat), at::empty({count, length}, at::kLong), {},
                   planned.items, planned.avoided};
  float* pixels = batch.pixels.data_ptr<float>();
  std::int64_t* ids = batch.ids.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const BatchItem& item = items[i];
    drawPicture(data_, settings_, epoch, item.sample, preprocess_, int(side),
                pixels + std::int64_t(i) * 3 * side * side);
    const std::size_t row = data_.firstRow[item.sample] + item.caption;
    std::copy_n(data_.ids.begin() + static_cast<std::ptrdiff_t>(row * std::size_t(data_.contextLength)), length,
                ids + std::int64_t(i) * length);
  }
  return batch;
}

Result<void> checkBatch(const TrainData& data, const TrainSettings& settings) {
  const auto hashes = data.captionHashes();
  for (std::uint64_t epoch = 0; epoch < 4;
       ++epoch) {  // which captions are drawn differs, so one poor epoch is no proof
    if (!planEpoch(data.pack, hashes, settings.batch, settings.seed, epoch).empty()) {
      return {};
    }
  }
  std::size_t usable = 0;
  std::set<std::uint64_t> captions;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (data.pack.samples()[i].split == 0) {
      usable += !hashes[i].empty();
      captions.insert(hashes[i].begin(), hashes[i].end());
    }
  }
  return fail(ErrorCode::BadInput, cat("'", data.pack.name(), "' has ", usable,
                                       " training pictures with captions, too few distinct pairs for one batch of ",
                                       settings.batch, ": they have ", captions.size(),
                                       " different captions, and equal ones never meet in a batch (class names: at "
                                       "most one picture a class); give a smaller --batch or more data."));
}

}  // namespace lix::study
