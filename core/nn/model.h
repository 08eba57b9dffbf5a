#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "nn/config.h"
#include "nn/parameters.h"

namespace lix::nn {

/// Two towers: a configuration and its parameters (fp32 unless cast). The recipe's scalars (logit_scale, ...) live
/// beside the towers' parameters under their documented keys. Copying shares the tensors.
struct Model {
  ModelConfig config;
  Parameters parameters;
  std::shared_ptr<const Model> base;  ///< Heads only: with it pixels and ids come in, without it features
};

/// A model with freshly drawn towers and no scalars yet.
Result<Model> makeModel(const ModelConfig& config, std::uint64_t seed);

/// The image tower: pixels [B, 3, S, S] (normalised) -> [B, D] un-normalised embeddings; for a Llip the mixture tokens
/// [B, K, W] (with patch tokens [B, K + P, W]) after the last LayerNorm, before projection. Heads without a base take
/// features [B, F]. `attention` as in encode(): one [B, T, T] a block.
at::Tensor encodeImages(const Model& model, const at::Tensor& pixels, std::vector<at::Tensor>* attention = nullptr);

/// The tokens that the head of a CLIP tower reads, as above for a Llip, whatever the head; imageVectors() of
/// nn/image_heads.h makes the embeddings of the other heads from them.
at::Tensor encodeTokens(const Model& model, const at::Tensor& pixels, std::vector<at::Tensor>* attention = nullptr);

/// What the text tower gives for captions.
struct TextFeatures;

/// Captions as token ids [N, L] (int64, padded to the context length; causal towers accept any shorter L that holds
/// every end token), for heads without a base features [N, F_t]: embeddings [N, D] un-normalised, and for a
/// Llip the mixing queries [N, M, D/M].
TextFeatures encodeTexts(const Model& model, const at::Tensor& ids);

/// Llip (arXiv 2405.00740): a token set as keys and values [B, M, K, D/M] of the mixing attention.
struct MixtureFeatures;
MixtureFeatures projectTokens(const Model& model, const at::Tensor& tokens);

/// One vector a Llip image, for adapters and neighbours: norm(mean over tokens of V out_proj), the uniform mixture [B,
/// D].
at::Tensor pooledEmbedding(const Model& model, const at::Tensor& tokens);

}  // namespace lix::nn
