#pragma once
#include <ATen/core/TensorBody.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

#include "nn/checkpoint/preprocess.h"
#include "nn/config.h"
#include "study/train/batches.h"
#include "study/train/settings.h"
#include "study/train/train_data.h"

namespace lix::study {

/// Where a run is in its data: the next batch is number `batch` of epoch `epoch`.
struct DataPosition {
  std::uint64_t epoch = 0;
  std::uint64_t batch = 0;
};

/// Which equal part of every batch is made here: that of one rank of several.
struct BatchShare {
  int rank = 0;
  int ranks = 1;
};

struct TrainBatch {
  at::Tensor pixels;  ///< [B, 3, S, S] float, augmented and normalised; for heads features [B, F]; B: of the share
  at::Tensor ids;     ///< [B, L] int64, cut to the longest caption where the towers allow it; for heads features [B, F_t]
  DataPosition next;  ///< where the run goes on after this batch
  std::vector<BatchItem> items;  ///< which pictures and captions the whole batch has, row by row
  double avoided = 0.0;          ///< PlannedBatch::avoided
};

/// Where a picture was cropped, in shares of the packed one, and whether it was mirrored.
struct DrawnPicture {
  double x = 0.0, y = 0.0, width = 1.0, height = 1.0;
  bool flipped = false;
};

/// A packed picture as the run sees it in an epoch, cropped and mirrored by its seed: [3, side, side] normalised, at `out`.
DrawnPicture drawPicture(const TrainData& data, const TrainSettings& settings, std::uint64_t epoch,
                         std::uint32_t sample, const nn::Preprocess& preprocess, int side, float* out);

/// How many batches wait at most: three hide the loader's work, but few enough to stay within 256 MiB of pixels, and one.
std::size_t batchesAhead(int batch, int side);

/// Makes batches ahead on a thread of its own. What comes is a pure function of (seed, position), whatever the timing.
class Loader {
 public:
  Loader(const TrainData& data, const TrainSettings& settings, const nn::ModelConfig& config,
         const nn::Preprocess& preprocess, DataPosition start, BatchShare share = {});
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  TrainBatch next();

 private:
  void run();
  TrainBatch make(const PlannedBatch& planned, std::uint64_t epoch) const;

  const TrainData& data_;
  const TrainSettings settings_;
  const nn::ModelConfig config_;
  const nn::Preprocess preprocess_;
  const std::vector<std::vector<std::uint64_t>> captionHashes_;
  const BatchShare share_;
  const std::size_t ahead_;  ///< batches that may wait
  DataPosition position_;
  std::deque<TrainBatch> ready_;
  bool stopping_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::jthread thread_;
};

/// Whether the data can fill a single batch; the error says how many distinct pairs there are.
Result<void> checkBatch(const TrainData& data, const TrainSettings& settings);

}  // namespace lix::study
