#include "nn/checkpoint/import/open_clip_names.h"

#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace lix::nn::detail {
namespace {
using Part = Taken::Part;
using Names = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kImageBlocks = "vision_model.encoder.layers.", kTextBlocks = "text_model.encoder.layers.";
constexpr auto kInBlock = std::to_array<Names>({{"layer_norm1.", "ln_1."},
                                                {"layer_norm2.", "ln_2."},
                                                {"mlp.fc1.", "mlp.c_fc."},
                                                {"mlp.fc2.", "mlp.c_proj."},
                                                {"self_attn.out_proj.", "attn.out_proj."}});
constexpr auto kInTimmBlock = std::to_array<Names>(
    {{"layer_norm1.", "norm1."}, {"layer_norm2.", "norm2."}, {"mlp.", "mlp."}, {"self_attn.out_proj.", "attn.proj."}});
constexpr auto kPacked = std::to_array<std::pair<std::string_view, Part>>(
    {{"self_attn.q_proj.", Part::First}, {"self_attn.k_proj.", Part::Second}, {"self_attn.v_proj.", Part::Third}});
constexpr auto kImage =
    std::to_array<Names>({{"vision_model.embeddings.class_embedding", "visual.class_embedding"},
                          {"vision_model.embeddings.patch_embedding.", "visual.conv1."},
                          {"vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"},
                          {"vision_model.pre_layrnorm.", "visual.ln_pre."},
                          {"vision_model.post_layernorm.", "visual.ln_post."}});
constexpr auto kTimmImage =
    std::to_array<Names>({{"vision_model.embeddings.patch_embedding.", "visual.trunk.patch_embed.proj."},
                          {"vision_model.embeddings.position_embedding.weight", "visual.trunk.pos_embed"},
                          {"vision_model.post_layernorm.", "visual.trunk.norm."},
                          {"vision_model.head.probe", "visual.trunk.attn_pool.latent"},
                          {"vision_model.head.attention.out_proj.", "visual.trunk.attn_pool.proj."},
                          {"vision_model.head.layernorm.", "visual.trunk.attn_pool.norm."},
                          {"vision_model.head.mlp.", "visual.trunk.attn_pool.mlp."}});
constexpr auto kText =
    std::to_array<Names>({{"text_model.embeddings.token_embedding.weight", "token_embedding.weight"},
                          {"text_model.embeddings.position_embedding.weight", "positional_embedding"},
                          {"text_model.final_layer_norm.", "ln_final."}});
constexpr auto kTextProjections = std::to_array<std::string_view>({"text_projection.", "text_model.head."});
constexpr auto kLlip = std::to_array<Names>({{"llip.k_proj", "k_proj"},
                                             {"llip.v_proj", "v_proj"},
                                             {"llip.q_proj", "q_proj"},
                                             {"llip.out_proj", "pred.out_proj"},
                                             {"llip.k_norm.", "K_norm."},
                                             {"llip.q_norm.", "Q_norm."},
                                             {"llip.v_norm.", "V_norm."}});

std::string renamed(std::string_view ours, std::span<const Names> table) {
  for (const auto& [from, to] : table) {
    if (ours.starts_with(from)) {
      return cat(to, ours.substr(from.size()));
    }
  }
  return {};
}

/// A parameter of a block, `ours` without the tower's and block's names; `block` is theirs.
Taken inBlock(std::string_view block, std::string_view ours, bool timm) {
  for (const auto& [from, part] : kPacked) {
    if (ours.starts_with(from)) {
      return {part, cat(block, timm ? "attn.qkv." : "attn.in_proj_", ours.substr(from.size())), {}};
    }
  }
  return {Part::Whole, cat(block, renamed(ours, timm ? std::span<const Names>(kInTimmBlock) : kInBlock)), {}};
}

/// A parameter "<tower>.layers.<i>.<rest>" of a tower whose blocks theirs begin with `blocks`.
Taken ofBlocks(std::string_view ours, std::string_view tower, const std::string& blocks, bool timm) {
  const auto dot = ours.find('.', tower.size());
  return inBlock(cat(blocks, ours.substr(tower.size(), dot + 1 - tower.size())), ours.substr(dot + 1), timm);
}

Taken nameOf(std::string_view ours, const OpenClipLayout& layout) {
  if (ours.starts_with(kImageBlocks)) {
    return ofBlocks(ours, kImageBlocks, layout.timm ? "visual.trunk.blocks." : "visual.transformer.resblocks.",
                    layout.timm);
  }
  if (ours.starts_with(kTextBlocks)) {
    return ofBlocks(ours, kTextBlocks, layout.text + "transformer.resblocks.", false);
  }
  for (const std::string_view projection : kTextProjections) {
    if (ours.starts_with(projection)) {
      return layout.linearProjection
                 ? Taken{Part::Whole, cat(layout.text, "text_projection.", ours.substr(projection.size())), {}}
                 : Taken{Part::Transposed, layout.text + "text_projection", {}};
    }
  }
  if (ours == "visual_projection.weight") {
    return {Part::Transposed, "visual.proj", {}};
  }
  if (ours.starts_with("vision_model.head.attention.in_proj_")) {
    const auto kind = ours.substr(ours.rfind('_') + 1);
    return {Part::Joined, cat("visual.trunk.attn_pool.q.", kind), cat("visual.trunk.attn_pool.kv.", kind)};
  }
  if (const auto image = renamed(ours, layout.timm ? std::span<const Names>(kTimmImage) : kImage); !image.empty()) {
    return {Part::Whole, image, {}};
  }
  if (const auto text = renamed(ours, kText); !text.empty()) {
    return {Part::Whole, layout.text + text, {}};
  }
  const auto mixing = renamed(ours, kLlip);
  return {Part::Whole, mixing.empty() ? std::string(ours) : mixing, {}};  // logit_scale and logit_bias
}

}  // namespace

NameTable openClipNames(const std::vector<ParameterSpec>& specs, const OpenClipLayout& layout) {
  NameTable names;
  for (const ParameterSpec& spec : specs) {
    names.emplace(spec.name, nameOf(spec.name, layout));
  }
  return names;
}

}  // namespace lix::nn::detail
