#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/preprocess.h"
#include "study/train/settings.h"
#include "study/train/train_data.h"

namespace lix::study {

/// A picture and its caption as a step of a run gets them.
struct SeenPicture {
  std::string key;
  std::vector<std::uint8_t> pixels;  ///< RGB [side, side, 3]: what the network gets, with its normalisation undone
  double x = 0.0, y = 0.0, width = 1.0, height = 1.0;  ///< the crop, in shares of the packed picture
  bool flipped = false;
  std::string caption;
  std::vector<std::string> read;  ///< its pieces that the text tower reads
  std::vector<std::string> cut;   ///< and those behind them, which it does not
};

/// The first pictures of the batch of a step, and what becomes of all captions of the data.
struct SeenBatch {
  int step = 0;
  int side = 0;
  int contextLength = 0;
  std::size_t captions = 0, truncated = 0;
  std::vector<SeenPicture> pictures;
};

/// Turns a caption into its pieces, as nn::Tokenizer::pieces does.
using PiecesOf = std::function<std::vector<std::string>(std::string_view)>;

/// What a run with these settings would see at `step` (from 1): the same order, captions, crops and mirroring, drawn by
/// its seed through drawPicture (loader.h). `side`: pixels of the model's pictures. Refuses features, data that fills no
/// batch, and steps beyond the run.
Result<SeenBatch> seenAt(const TrainData& data, const TrainSettings& settings, const nn::Preprocess& preprocess,
                         int side, const PiecesOf& piecesOf, int step, std::size_t most);

}  // namespace lix::study
