// Units and sources of the settings (docs/papers.md says more).
#include <algorithm>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/text.h"
#include "study/train/params.h"

namespace lix::study {
namespace {

constexpr std::string_view kOurs = "a choice of ours";
constexpr std::string_view kLixp = "LIxP, arXiv 2411.15099";
constexpr std::string_view kLlip = "Llip, arXiv 2405.00740";

struct Note {
  std::string_view key, unit, source;
};

constexpr Note kNotes[] = {
    {"steps", "steps", kOurs},
    {"batch", "pictures", kOurs},
    {"learning_rate", "", "a choice of ours; after a checkpoint a tenth of it"},
    {"seed", "", kOurs},
    {"warmup", "share of the steps", kOurs},
    {"weight_decay", "", "AdamW, arXiv 1711.05101; the value is ours"},
    {"clip", "gradient norm", kOurs},
    {"scalar_multiplier", "times the learning rate", kOurs},
    {"min_crop", "share of the area", "random resized crop as in torchvision; the value is ours"},
    {"flip", "", "a choice of ours: captions may say left and right"},
    {"threads", "threads", "this machine"},
    {"checkpoint_every", "steps", kOurs},
    {"keep_every", "steps", kOurs},
    {"half_weights", "", kOurs},
    {"micro_batch", "pictures", "gradient caching, arXiv 2101.06983"},
    {"most_skipped", "steps", kOurs},
    {"towers", "", "the recipe"},
    {"tokens", "tokens", kLlip},
    {"mixture_heads", "heads", kLlip},
    {"tau", "", "the release of Llip, arXiv 2405.00740"},
    {"mixture_norms", "", "the release of Llip, arXiv 2405.00740"},
    {"patch_tokens", "", "Llip, arXiv 2405.00740, figure 7"},
    {"hidden", "numbers", kOurs},
    {"head_depth", "layers", kOurs},
    {"embed_width", "numbers", kOurs},
    {"alpha", "share of the loss", kLixp},
    {"neighbours_at_start", "share of the batch", "open in LIxP, arXiv 2411.15099; 0.9 is ours"},
    {"tau_context", "", "open in LIxP, arXiv 2411.15099"},
    {"unmasked", "", "an ablation of LIxP, arXiv 2411.15099"},
    {"uniform_context", "", "a placebo of ours"},
    {"detached_values", "", "an ablation of LIxP, arXiv 2411.15099"},
    {"raw_context", "", "open in LIxP, arXiv 2411.15099"},
    {"shared_scale", "", "an ablation of LIxP, arXiv 2411.15099"},
    {"shared_bias", "", "open in LIxP, arXiv 2411.15099"},
    {"lock_image", "", kOurs},
    {"lock_text", "", kOurs},
    {"lock_blocks", "blocks", kOurs},
    {"ema", "share that stays", kOurs},
    {"canary", "", kOurs},
    {"canary_every", "steps", kOurs},
    {"canary_shots", "pictures a class", kOurs},
    {"canary_best", "", kOurs},
    {"canary_stops", "", "a choice of ours: paired, 95 % interval"}};

const Note* noteOf(const std::string& key) {
  const auto found = std::ranges::find(kNotes, key, &Note::key);
  return found == std::end(kNotes) ? nullptr : found;
}

}  // namespace

std::string unitOf(const std::string& key) {
  const Note* note = noteOf(key);
  return note ? std::string(note->unit) : "";
}

std::string sourceOf(const std::string& key) {
  const Note* note = noteOf(key);
  return note ? std::string(note->source) : "";
}

std::string helpOf(const Param& param) {
  const std::string unit = unitOf(param.key), source = sourceOf(param.key);
  return cat(param.help, unit.empty() ? "" : cat(" Unit: ", unit, "."), source.empty() ? "" : cat(" Source: ", source, "."));
}

std::string rangeOf(const Param& param) {
  const auto text = [](const ParamValue& value) {
    return std::visit(
        [](const auto& one) -> std::string {
          using T = std::remove_cvref_t<decltype(one)>;
          if constexpr (std::is_same_v<T, bool>) {
            return one ? "on" : "off";
          } else if constexpr (std::is_same_v<T, std::string>) {
            return one.empty() ? "none" : one;
          } else {
            return cat(one);
          }
        },
        value);
  };
  const bool number = std::holds_alternative<long long>(param.value) || std::holds_alternative<double>(param.value);
  if (!number || param.min >= param.max) {
    return cat("Default: ", text(param.value), ".");
  }
  const bool whole = std::holds_alternative<long long>(param.value);
  const auto bound = [&](double value) {
    return whole ? text(static_cast<long long>(value)) : text(value);
  };
  return cat(bound(param.min), " to ", bound(param.max), ", default ", text(param.value), ".");
}

}  // namespace lix::study
