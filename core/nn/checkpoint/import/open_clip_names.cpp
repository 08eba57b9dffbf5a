#include "nn/checkpoint/import/open_clip_names.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace lix::nn::detail {
namespace {
using Part = Taken::Part;
using Names = std::pair<std::string_view, std::string_view>;

constexpr auto kTowers = std::to_array<Names>({{"vision_model.encoder.layers.", "visual.transformer.resblocks."},
                                               {"text_model.encoder.layers.", "transformer.resblocks."}});
constexpr auto kInBlock = std::to_array<Names>({{"layer_norm1.", "ln_1."},
                                                {"layer_norm2.", "ln_2."},
                                                {"mlp.fc1.", "mlp.c_fc."},
                                                {"mlp.fc2.", "mlp.c_proj."},
                                                {"self_attn.out_proj.", "attn.out_proj."}});
constexpr auto kPacked = std::to_array<std::pair<std::string_view, Part>>({{"self_attn.q_proj.", Part::First},
                                                                           {"self_attn.k_proj.", Part::Second},
                                                                           {"self_attn.v_proj.", Part::Third}});
constexpr auto kOutside =
    std::to_array<Names>({{"vision_model.embeddings.class_embedding", "visual.class_embedding"},
                          {"vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"},
                          {"vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"},
                          {"vision_model.pre_layrnorm.", "visual.ln_pre."},
                          {"vision_model.post_layernorm.", "visual.ln_post."},
                          {"text_model.embeddings.token_embedding.weight", "token_embedding.weight"},
                          {"text_model.embeddings.position_embedding.weight", "positional_embedding"},
                          {"text_model.final_layer_norm.", "ln_final."},
                          {"llip.k_proj", "k_proj"},
                          {"llip.v_proj", "v_proj"},
                          {"llip.q_proj", "q_proj"},
                          {"llip.out_proj", "pred.out_proj"},
                          {"llip.k_norm.", "K_norm."},
                          {"llip.q_norm.", "Q_norm."},
                          {"llip.v_norm.", "V_norm."}});

/// The name of `ours` within a block, without the block's own.
Taken inBlock(std::string_view block, std::string_view ours) {
  for (const auto& [from, part] : kPacked) {
    if (ours.starts_with(from)) {
      return {part, cat(block, "attn.in_proj_", ours.substr(from.size()))};
    }
  }
  for (const auto& [from, to] : kInBlock) {
    if (ours.starts_with(from)) {
      return {Part::Whole, cat(block, to, ours.substr(from.size()))};
    }
  }
  return {Part::Whole, cat(block, ours)};
}

Taken nameOf(std::string_view ours) {
  if (ours == "text_projection.weight") {
    return {Part::Transposed, "text_projection"};
  }
  for (const auto& [from, to] : kTowers) {
    if (ours.starts_with(from)) {
      const auto dot = ours.find('.', from.size());
      return inBlock(cat(to, ours.substr(from.size(), dot + 1 - from.size())), ours.substr(dot + 1));
    }
  }
  for (const auto& [from, to] : kOutside) {
    if (ours.starts_with(from)) {
      return {Part::Whole, cat(to, ours.substr(from.size()))};
    }
  }
  return {Part::Whole, std::string(ours)};  // logit_scale and logit_bias
}

}  // namespace

std::map<std::string, Taken> openClipNames(const std::vector<ParameterSpec>& specs) {
  std::map<std::string, Taken> names;
  for (const ParameterSpec& spec : specs) {
    names.emplace(spec.name, nameOf(spec.name));
  }
  return names;
}

}  // namespace lix::nn::detail
