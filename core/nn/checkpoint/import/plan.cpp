#include "nn/checkpoint/import/plan.h"

#include <algorithm>

#include "base/text.h"
#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/import/llip.h"
#include "nn/checkpoint/import/open_clip_config.h"
#include "nn/checkpoint/import/open_clip_names.h"
#include "nn/checkpoint/tensor_bits.h"

namespace lix::nn::detail {
namespace {

/// Our own names, which are transformers'.
Result<Plan> planHuggingFace(const Source& source) {
  Plan plan;
  if (source.config.empty()) {
    return fail(ErrorCode::NotFound, cat(source.weights.path().string(),
                                         " needs the config.json that belongs to it beside it; copy it there."));
  }
  LIX_TRY(plan.config, configFromJson(source.configText, source.config.string()));
  plan.specs = parameterSpecs(plan.config);
  for (const char* scalar : {"logit_scale", "logit_bias"}) {
    if (source.weights.has(scalar)) {
      plan.specs.push_back({scalar, {}, {}});
    }
  }
  for (const auto& [name, view] : source.weights.tensors()) {
    if (name.starts_with("lixp.")) {  // what a recipe of ours keeps beside the towers
      plan.specs.push_back({name, view.shape, {}});
    }
  }
  for (const ParameterSpec& spec : plan.specs) {
    plan.names[spec.name] = {.name = spec.name, .second = {}};
  }
  return plan;
}

}  // namespace

Result<Plan> planOf(Source& source) {
  switch (source.kind) {
    case SourceKind::HuggingFace:
      return planHuggingFace(source);
    case SourceKind::OpenClip: {
      LIX_TRY(OpenClipModel model, openClipModel(source, {}));
      const auto specs = openClipSpecs(model.config, source.weights);
      return Plan{model.config, specs, openClipNames(specs, model.layout), std::move(model.notes)};
    }
    case SourceKind::Llip: {
      Plan plan;
      LIX_TRY(plan.config, llipConfig(source, {}, plan.notes));
      plan.specs = llipSpecs(plan.config);
      plan.names = openClipNames(plan.specs);
      return plan;
    }
  }
  return planHuggingFace(source);
}

Damage damageOf(const SourceWeights& weights) {
  Damage damage;
  for (const auto& [name, view] : weights.tensors()) {
    if (!isFloating(view.type)) {
      continue;
    }
    if (!allFinite(view)) {
      damage.notFinite.push_back(name);
    } else if (view.shape.size() >= 2 && !view.bytes.empty() &&
               std::ranges::all_of(view.bytes, [](std::byte byte) { return byte == std::byte(0); })) {
      damage.zero.push_back(name);
    }
  }
  return damage;
}

}  // namespace lix::nn::detail
