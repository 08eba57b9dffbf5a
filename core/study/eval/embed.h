#pragma once
#include <ATen/core/TensorBody.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/dataset.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/features.h"
#include "nn/text/tokenizer.h"

namespace lix::study {

class FeatureCache;
struct OwnVectors;

/// A checkpoint with everything that evaluation needs.
struct Evaluator {
  nn::Checkpoint checkpoint;
  nn::Preprocess preprocess;
  std::shared_ptr<const nn::Tokenizer> tokenizer;
  std::shared_ptr<const Evaluator> base = {};  ///< of MLP heads (study/eval/base.h): what makes the features that they read

  std::shared_ptr<const OwnVectors> own = {};  ///< vectors from a file, instead of towers (study/eval/own_vectors.h)

  bool isMixture() const { return checkpoint.model.config.mixesByCaption(); }
};

Result<Evaluator> openEvaluator(const std::filesystem::path& checkpoint);

/// The same, or for a file of a person's own vectors an evaluator without towers, of which embedPictures, unitVectors,
/// embedCaptions (for captions of the file) and cosines are all that can be asked.
Result<Evaluator> openModel(const std::filesystem::path& checkpointOrVectors);

/// Refuses an evaluator without towers where pictures or new captions are to be read; `what` begins the sentence.
Result<void> needTowers(const Evaluator& evaluator, const std::string& what);

/// One picture as S x S pixels, resized bit for bit as Pillow does; one of that size stays as it is.
imaging::Image fitted(const imaging::Image& picture, const nn::Preprocess& preprocess);
/// One picture as the image tower reads it, [3, S, S]: fitted, scaled and normalised.
at::Tensor toPixels(const imaging::Image& picture, const nn::Preprocess& preprocess);

/// Pictures through the image tower without augmentation.
struct ImageFeatures {
  at::Tensor vectors;                 ///< [n, D] as the tower gives them, or for a Llip the tokens [n, K, W]
  std::vector<std::size_t> samples;   ///< index in the dataset of each row
  std::vector<std::uint64_t> hashes;  ///< content of each picture
  std::vector<data::Skipped> skipped;
};

/// Encodes the given samples of a dataset; what cannot be decoded is skipped with its reason. With a cache folder,
/// pictures that met the same weights and transform before are not encoded again (their features are then rounded to
/// fp16: all features are, so that numbers do not depend on what was cached).
Result<ImageFeatures> embedPictures(const Evaluator& evaluator, const data::Dataset& dataset,
                                    const std::vector<std::size_t>& samples,
                                    const std::optional<std::filesystem::path>& cache, const Progress& progress = {});

/// The part of a cache folder that holds what this evaluator's towers (of heads: their base's) made of pictures; null without
/// a folder, and where it cannot be opened, which costs time and not the result.
std::shared_ptr<FeatureCache> openFeatureCache(const Evaluator& evaluator, const std::optional<std::filesystem::path>& folder);

/// embedPictures for who embeds in parts, with one openFeatureCache() for all of them (null for none): opening it costs a
/// moment for every picture that it knows. Of pictures that cannot be read at all no rows come back, and no failure.
Result<ImageFeatures> embedPart(const Evaluator& evaluator, const data::Dataset& dataset,
                                const std::vector<std::size_t>& samples, FeatureCache* cache, const Progress& progress = {});

/// The same for pictures that were fitted already, in their order (`samples` and `hashes` stay empty).
ImageFeatures embedSquares(const Evaluator& evaluator, const std::vector<const imaging::Image*>& squares);

/// Takes out of `query` the pictures whose content stands in `pool` too; returns how many those were.
std::size_t dropShared(ImageFeatures& query, const ImageFeatures& pool);

/// Takes out of `pool` the pictures whose content stood in it before, so that no draw holds a picture twice; returns
/// how many those were.
std::size_t dropRepeated(ImageFeatures& pool);

/// Unit vectors [n, D] for adapters: the embedding, or the uniform mixture ("pooled") of a Llip.
at::Tensor unitVectors(const Evaluator& evaluator, const ImageFeatures& features);

/// Captions through the text tower, in blocks.
nn::TextFeatures embedCaptions(const Evaluator& evaluator, const std::vector<std::string>& captions);

}  // namespace lix::study
