#pragma once
#include <ATen/core/TensorBody.h>

#include "nn/ops/mixture_scores.h"
#include "study/eval/embed.h"
#include "study/retrieval/shortlist.h"

namespace lix::study {

/// Cosines of a model's pictures and captions in tiles and lists, for ranking: nothing of size n x N is made. What
/// `exact`, `cheap` and `listed` return refers to this object, and one thread may use them at a time.
class PairScores {
 public:
  /// `images` [n, D], or the tokens [n, K, W] of a Llip; captions as embedCaptions gives them.
  PairScores(const Evaluator& evaluator, const at::Tensor& images, const nn::TextFeatures& captions);

  std::size_t images() const { return std::size_t(images_.size(0)); }
  std::size_t captions() const { return std::size_t(texts_.size(0)); }

  /// The cosine, for a Llip of the picture mixed for the caption.
  TileScores exact();
  /// The cosine of one vector a picture: for a Llip that of the uniform mixture ("pooled").
  TileScores cheap();
  /// As exact(), for lists of captions.
  ListScores listed();

 private:
  const nn::MixtureFeatures& projected(std::size_t first, std::size_t count);
  void exactTile(const Tile& tile, std::span<float> scores);
  void listScores(std::size_t first, std::span<const std::vector<std::int64_t>> lists,
                  std::span<std::vector<float>> scores);

  const Evaluator& evaluator_;
  at::Tensor images_;             // as given
  at::Tensor vectors_;            // [n, D] unit: the picture's, or the pooled ones; made when first asked for
  at::Tensor texts_;              // [N, D] unit
  nn::MixtureCaptions captions_;  // of a Llip
  nn::MixtureForm form_ = nn::MixtureForm::Auto;  // one for all scores: two forms differ in their last digits
  nn::MixtureFeatures block_;     // keys and values of the pictures that were asked for last
  std::size_t blockFirst_ = 0, blockCount_ = 0;
};

}  // namespace lix::study
