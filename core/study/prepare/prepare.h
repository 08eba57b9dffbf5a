#pragma once
#include <filesystem>
#include <memory>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"
#include "nn/config.h"
#include "nn/text/tokenizer.h"
#include "study/pack/pack_writer.h"
#include "study/train/train_data.h"

namespace lix::study {

/// What a model needs of its training pictures and captions.
struct PrepareSettings {
  int imageSize = 64;      ///< of the model; pictures are packed at 9/8 of it, so that random crops lose no sharpness
  PackFit fit = PackFit::Squash;
  int contextLength = 32;
  int vocabulary = 1350;   ///< of the tokenizer that is trained where none is given
};

/// As that model needs them: SigLIP's towers see squashed pictures, CLIP's and Llip's cropped ones.
PrepareSettings prepareSettingsFor(const nn::ModelConfig& config);

/// Makes a dataset ready for training: packs its pictures (once: under `packs`, named by the dataset's fingerprint), trains a
/// tokenizer on the training captions or takes the one given, and encodes every caption.
Result<TrainData> prepareTrainData(const data::Dataset& dataset, const PrepareSettings& settings,
                                   const std::shared_ptr<const nn::Tokenizer>& tokenizer, const std::filesystem::path& packs,
                                   const Progress& progress = {});

/// Writes the token rows and tokenizer beside a pack, so that it can be trained from without this dataset.
Result<void> writeTokens(const TrainData& data, const std::filesystem::path& packFolder);

}  // namespace lix::study
