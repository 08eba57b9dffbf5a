#pragma once
#include <cstdint>
#include <vector>

#include "nn/features.h"
#include "nn/model.h"

namespace lix::nn {

/// Learned rows that take the place of tokens where a later block begins: before block i + 1 the tokens
/// [position, position + n) of every sequence become rows[i] [n, W]. No more rows than blocks less one. (MaPLe,
/// arXiv 2210.03117.)
struct DeepPrompts {
  std::int64_t position = 0;
  std::vector<at::Tensor> rows;
};

/// What an image tower is prompted with: `tokens` [n, W] stand behind the patch tokens, after the positions were added
/// and before the first LayerNorm; `deep` [n, W] each take their place before the blocks 1, 2, ...
struct ImagePrompts {
  at::Tensor tokens;
  std::vector<at::Tensor> deep;
};

/// Captions as token embeddings [N, L, W_t] without positions, from which encodeTexts() differs only in that it looks
/// them up. `ids` [N, L] say where a causal tower's caption ends; L as for encodeTexts(). Not of Towers::Heads.
TextFeatures encodeTextEmbeddings(const Model& model, const at::Tensor& embeddings, const at::Tensor& ids,
                                  const DeepPrompts& deep = {});

/// As encodeImages(), with prompts, which need not be there (`tokens` undefined). The head reads what it reads without
/// them: the class tokens, or the patch tokens that SigLIP's pooling attends to (ours: no paper prompts such a head).
/// Prompts act through the attention of the blocks only. Not of Towers::Heads.
at::Tensor encodePromptedImages(const Model& model, const at::Tensor& pixels, const ImagePrompts& prompts);

}  // namespace lix::nn
