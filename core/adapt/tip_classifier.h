#pragma once
#include "adapt/adapter.h"
#include "adapt/key_cache.h"

namespace lix::adapt {

/// Tip-Adapter with given settings: logits = Z + alpha * exp(-beta (1 - F S')) onehot, Z = logitScale * F W'.
/// Zhang et al., Tip-Adapter: Training-free Adaption of CLIP for Few-shot Classification, 2022.
class TipClassifier final : public Classifier {
 public:
  TipClassifier(const Task& task, float alpha, float beta, ParamValues settings);

  std::vector<float> logits(Matrix queries) const override;
  ParamValues settings() const override { return settings_; }

 private:
  KeyCache cache_;
  PackedRows text_;  ///< [C, D]
  float logitScale_;
  float alpha_;
  float beta_;
  ParamValues settings_;
};

/// The citation shared by the fixed and the searched adapter.
inline constexpr const char* kTipCitation =
    "Zhang et al., Tip-Adapter: Training-free Adaption of CLIP for Few-shot Classification, 2022";

}  // namespace lix::adapt
