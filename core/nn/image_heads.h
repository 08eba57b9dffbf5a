#pragma once
#include "nn/features.h"
#include "nn/model.h"

namespace lix::nn {

/// What becomes of a CLIP tower's K class tokens h [B, K, W] (arXiv 2405.00740, the ladder of its ablation). Every
/// matrix is a token's own and multiplies from the right; nothing has a bias. Parameters:
///   Vector          visual_projection.weight [D, W] (K = 1)                            h_0 P'
///   Registers       llip.proj [K, W, D]; all exist, only the first is used             h_0 P_0
///   Average         llip.proj [K, W, D]                                                mean_k h_k P_k
///   LearnedAverage  llip.k_proj, llip.v_proj [T, W, D], llip.query [D], llip.out_proj [D, D]
///   Mixture         the same with llip.q_proj [W_text, D] instead of llip.query: the caption's query
/// with norms also llip.{k,q,v}_norm.{weight,bias} [D], LayerNorms before the split into M heads. T = K, or K + P where
/// the patch tokens are mixed too; class tokens come first.

/// The embeddings [B, D], un-normalised, of every head but Mixture, from what encodeTokens() gives.
at::Tensor imageVectors(const Model& model, const at::Tensor& tokens);

/// How the learned query weighs the tokens: [B, M, T], summing to one over T. LearnedAverage only.
at::Tensor learnedWeights(const Model& model, const at::Tensor& tokens);

/// LayerNorm of projected queries [.., D] where the model has norms, else themselves.
at::Tensor normedQuery(const Model& model, const at::Tensor& query);

}  // namespace lix::nn
