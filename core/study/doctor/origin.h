#pragma once
#include <string>

#include "nn/checkpoint/import/source.h"
#include "nn/config.h"

namespace lix::study::doctor {

enum class Field { Width, Layers, Heads, Mlp, Activation, Epsilon, ImageSize, Patch, Vocabulary, Context, Embed, Eos, Pad };
enum class Tower { Vision, Text };

/// Where the loader found a value of a source: the field of its configuration, a default of the program whose layout it
/// is, a timm name, or the shape of a weight.
class Origin {
 public:
  explicit Origin(const nn::detail::Source& source);
  std::string of(Tower tower, Field field) const;
  /// The text of a field of the configuration's own top or model_cfg, "" where it has none ("timm_model_name" of vision_cfg).
  std::string timmName() const { return timm_; }

 private:
  bool has(const char* part, const std::string& key) const;

  const nn::detail::Source& source_;
  std::string file_;  ///< the configuration's name without its folder
  std::string timm_;
};

std::string activationName(nn::Activation activation);  ///< "gelu_pytorch_tanh (tanh GELU)"

}  // namespace lix::study::doctor
