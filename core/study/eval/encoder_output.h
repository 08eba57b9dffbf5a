#pragma once
#include <ATen/core/TensorBody.h>

#include <functional>
#include <string_view>

#include "study/eval/embed.h"

namespace lix::study {

/// Which vectors of pictures are looked at.
enum class VectorsFrom {
  Encoder,  ///< the image tower's output: every token that the head reads (Llip, its ladder, CLIP), or SigLIP's one
            ///< vector
  Pooled,   ///< unit embeddings, of a Llip the uniform mixture: what adapters and neighbours see
  Mixed,    ///< Llip only: the unit vector of each picture mixed by its own first caption
};
std::string_view nameOf(VectorsFrom from);  ///< "encoder", "pooled", "mixed"
Result<VectorsFrom> vectorsFromNamed(std::string_view name);

/// The image tower's output for pixels [B, 3, S, S] before any projection, as rows [B T, W]: the T tokens of each
/// picture that its head reads are laid behind one another (arXiv 2405.00740, figure 5). SigLIP's towers give one row a
/// picture; MLP heads give what they make of their base's vector.
at::Tensor encoderOutput(const Evaluator& evaluator, const at::Tensor& pixels);

/// Tokens [B, T, W] of a Llip as captions mix them.
struct MixedTokens {
  at::Tensor weights;  ///< [B, N, M, T], sum to one over T
  at::Tensor vectors;  ///< [B, N, D], unit
};
MixedTokens mixForAll(const Evaluator& evaluator, const at::Tensor& tokens, const nn::TextFeatures& captions);
/// The same of picture i with caption i alone: unit vectors [B, D].
at::Tensor mixForOwn(const Evaluator& evaluator, const at::Tensor& tokens, const nn::TextFeatures& captions);

/// Captions as unit vectors [n, D].
at::Tensor unitCaptions(const Evaluator& evaluator, const std::vector<std::string>& captions);

/// What was visited: samples in their order, and those that could not be read.
struct Visited {
  std::vector<std::size_t> samples;
  std::vector<data::Skipped> skipped;
};
/// Told one block after another: contiguous rows [r, D], all of the block's pictures.
using VisitRows = std::function<Result<void>(const at::Tensor& rows)>;

/// Vectors of the given samples, a block of pictures in memory at a time. The encoder's output is computed in full; the
/// other two go through the cache as embedPictures does, rounded to fp16. Mixed needs a Llip and samples with captions.
Result<Visited> visitVectors(const Evaluator& evaluator, const data::Dataset& dataset,
                             const std::vector<std::size_t>& samples, VectorsFrom from,
                             const std::optional<std::filesystem::path>& cache, const Progress& progress,
                             const VisitRows& visit);

}  // namespace lix::study
