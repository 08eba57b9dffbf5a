#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::nn {

/// Which pair of towers: SigLIP's (HF `SiglipModel`), CLIP's (HF `CLIPModel`; Llip and its ladder stand on these), or
/// MLP heads on the frozen features of another model.
enum class Towers { Siglip, Clip, Heads };
/// What of an image meets the captions (arXiv 2405.00740, the ladder of its ablation): one vector for the first four, a
/// token set that each caption mixes for the last. K is the number of class tokens.
enum class ImageHead {
  Vector,          ///< SigLIP's pooled vector, or CLIP's class token after its projection
  Registers,       ///< token 0 of K after its own projection; the others only serve the tower
  Average,         ///< mean of the K tokens, each after its own projection
  LearnedAverage,  ///< mixing as Llip's, by one learned query that all images share
  Mixture,         ///< Llip: mixing by each caption's query
};
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

/// Llip's mixing (arXiv 2405.00740): cross-attention over the mixture tokens, by a caption's query or a learned one.
struct MixtureConfig {
  int heads = 8;       ///< M
  double tau = 5.0;    ///< divides the scores before the softmax; fixed, not learned
  bool norms = false;  ///< LayerNorm on K, Q and V after projection
  bool patches = false;  ///< the patch tokens are mixed too: P + K tokens instead of K
};

/// MLP heads (Towers::Heads) on the frozen features of another model.
struct HeadsConfig {
  int imageFeatures = 0;  ///< F
  int textFeatures = 0;   ///< F_t
  int hidden = 512;       ///< width between the linear layers
  int depth = 2;          ///< linear layers; 1 = a linear map
  std::string base;       ///< checkpoint folder that made the features, "" for a person's own file of them
  std::string baseHash;   ///< Checkpoint::weightsHash of it
};

/// What files of others vary within a pair of towers (OpenCLIP's settings); Own is what SigLIP's or CLIP's do.
struct TowerVariant {
  enum class ImagePool {
    Own,           ///< CLIP's class token, SigLIP's attention
    Mean,          ///< the mean of the patches' tokens after the last LayerNorm
    MeanThenNorm,  ///< the LayerNorm of their mean; CLIP only
  };
  /// Own: CLIP's end token, SigLIP's last position; Greatest: where the ids are greatest.
  enum class TextPool { Own, Last, First, Greatest };
  enum class TextMask { Own, None, Causal };
  enum class Bias { Own, With, Without };
  ImagePool imagePool = ImagePool::Own;
  TextPool textPool = TextPool::Own;
  TextMask textMask = TextMask::Own;
  Bias textBias = Bias::Own;  ///< of the text's projection, which SigLIP has and CLIP has not
  bool preNorm = true;        ///< a LayerNorm before CLIP's image blocks

  bool operator==(const TowerVariant&) const = default;
};

/// Everything that decides the shapes and the arithmetic of a model.
struct ModelConfig {
  Towers towers = Towers::Siglip;
  int imageSize = 0;
  int patch = 0;
  EncoderConfig vision;
  int classTokens = 0;  ///< K learned tokens before the patches: 0 for SigLIP, 1 for CLIP, K for Llip and its ladder
  ImageHead head = ImageHead::Vector;
  EncoderConfig text;
  int vocabulary = 0;
  int contextLength = 0;
  int eosId = 1;
  int padId = 1;
  int embedWidth = 0;  ///< D
  std::optional<MixtureConfig> mixture;  ///< of the heads LearnedAverage and Mixture
  std::optional<HeadsConfig> heads;      ///< of Towers::Heads, which has no picture size, patches or tokens of text
  TowerVariant variant;

  int gridSide() const { return patch > 0 ? imageSize / patch : 0; }
  int patches() const { return gridSide() * gridSide(); }
  /// Whether an image is a token set that each caption mixes for itself (Llip), instead of a vector.
  bool mixesByCaption() const { return head == ImageHead::Mixture; }
  /// Tokens that are mixed: K, or P + K.
  int mixtureTokens() const { return classTokens + (mixture && mixture->patches ? patches() : 0); }
  bool causalText() const {
    return variant.textMask == TowerVariant::TextMask::Own ? towers == Towers::Clip
                                                           : variant.textMask == TowerVariant::TextMask::Causal;
  }
  /// Whether captions may be cut to the batch's longest without changing a number: causal towers that pool at the end
  /// token.
  bool trimsCaptions() const {
    return towers == Towers::Clip && causalText() && variant.textPool != TowerVariant::TextPool::Last;
  }
  bool textProjectionHasBias() const {
    return variant.textBias == TowerVariant::Bias::Own ? towers == Towers::Siglip
                                                       : variant.textBias == TowerVariant::Bias::With;
  }
  /// One sentence about the first thing that cannot be, or success.
  Result<void> validate() const;
};

/// What a recipe and a person's options ask of a size preset; 0 takes the preset's number.
struct Architecture {
  Towers towers = Towers::Siglip;
  ImageHead head = ImageHead::Vector;
  int tokens = 0;        ///< K
  int mixtureHeads = 0;  ///< M
  double tau = 0.0;
  bool norms = false;    ///< also where the preset has none
  bool patches = false;  ///< MixtureConfig::patches
};

/// Names of the size presets, sorted.
std::vector<std::string> presets();
/// What a preset is called ("ViT-B/32 (224 px)") and where its sizes come from; "" for a name that is none.
std::string presetTitle(const std::string& preset);
std::string presetHelp(const std::string& preset);

/// A configuration from a size preset (models/<preset>.json). What cannot be (M that does not divide D) is one sentence.
Result<ModelConfig> presetConfig(const std::string& preset, const Architecture& architecture);

/// Reads and writes the Hugging Face `config.json` of CLIPModel, SiglipModel, our Llip (model_type "llip") or our heads
/// ("lix-heads"). Missing fields take the defaults of transformers. Towers with a variant, which transformers would
/// compute wrongly, are "lix-clip" or "lix-siglip" with "variant" under "lix". `recipe` and the `seed` of the training
/// are kept there as well.
Result<ModelConfig> configFromJson(const std::string& json, const std::string& source);
std::string configToJson(const ModelConfig& config, const std::string& recipe, std::optional<long long> seed = {});

}  // namespace lix::nn
