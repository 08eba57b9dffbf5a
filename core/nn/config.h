#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace lix::nn {

/// Which pair of towers: SigLIP's (facts of HF `SiglipModel`) or CLIP's (HF `CLIPModel`; Llip stands on these).
enum class Towers { Siglip, Clip };
enum class Activation { GeluTanh, GeluErf, QuickGelu };

/// A pre-norm transformer encoder.
struct EncoderConfig {
  int width = 0;
  int depth = 0;
  int heads = 0;
  int mlpWidth = 0;
  Activation activation = Activation::GeluTanh;
  double normEpsilon = 1e-6;
};

/// Llip's mixing (arXiv 2405.00740): text-conditioned cross-attention over the K mixture tokens.
struct MixtureConfig {
  int heads = 8;       ///< M
  double tau = 5.0;    ///< divides the scores before the softmax; fixed, not learned
  bool norms = false;  ///< LayerNorm on K, Q and V after projection
};

/// Everything that decides the shapes and the arithmetic of a model.
struct ModelConfig {
  Towers towers = Towers::Siglip;
  int imageSize = 0;
  int patch = 0;
  EncoderConfig vision;
  int classTokens = 0;  ///< K learned tokens before the patches: 0 for SigLIP, 1 for CLIP, K for Llip
  EncoderConfig text;
  int vocabulary = 0;
  int contextLength = 0;
  int eosId = 1;
  int padId = 1;
  int embedWidth = 0;  ///< D
  std::optional<MixtureConfig> mixture;

  int gridSide() const { return imageSize / patch; }
  int patches() const { return gridSide() * gridSide(); }
  /// Whether captions may be cut to the batch's longest without changing a number: causal towers only.
  bool trimsCaptions() const { return towers == Towers::Clip; }
  /// One sentence about the first thing that cannot be, or success.
  Result<void> validate() const;
};

/// Builds a configuration for `towers` from a size preset (models/<preset>.json); K > 0 makes it a Llip.
Result<ModelConfig> presetConfig(const std::string& preset, Towers towers, bool mixture);

/// Reads and writes the Hugging Face `config.json` of CLIPModel, SiglipModel or our Llip (model_type "llip"). Missing
/// fields take the defaults of transformers. `recipe` and the `seed` of the
/// training are kept beside the model under "lix".
Result<ModelConfig> configFromJson(const std::string& json, const std::string& source);
std::string configToJson(const ModelConfig& config, const std::string& recipe, std::optional<long long> seed = {});

}  // namespace lix::nn
