#include "study/doctor/anatomy.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "nn/checkpoint/tensor_bits.h"
#include "study/doctor/origin.h"

namespace lix::study::doctor {
namespace {
using nn::detail::Source;
using nn::detail::SourceKind;
using Variant = nn::TowerVariant;

constexpr std::size_t kMostNamed = 40;

std::string layoutName(SourceKind kind) {
  return kind == SourceKind::HuggingFace ? "transformers (and ours)" : kind == SourceKind::OpenClip ? "OpenCLIP" : "Llip release";
}

std::string bytesText(std::size_t bytes) { return cat((bytes + 500'000) / 1'000'000, " MB"); }

void describeTower(Section& section, const char* name, const nn::EncoderConfig& tower, Tower which, const Origin& origin) {
  const auto add = [&](const char* what, const std::string& value, Field field) {
    section.facts.push_back({cat(name, ": ", what), value, origin.of(which, field)});
  };
  add("width", std::to_string(tower.width), Field::Width);
  add("layers", std::to_string(tower.depth), Field::Layers);
  add("heads", std::to_string(tower.heads), Field::Heads);
  add("MLP width", std::to_string(tower.mlpWidth), Field::Mlp);
  add("activation", activationName(tower.activation), Field::Activation);
  add("LayerNorm epsilon", cat(tower.normEpsilon), Field::Epsilon);
}

std::string imagePoolText(const nn::ModelConfig& config) {
  if (config.variant.imagePool != Variant::ImagePool::Own) {
    return config.variant.imagePool == Variant::ImagePool::Mean ? "mean of the patches' tokens"
                                                                : "LayerNorm of the mean of the patches' tokens";
  }
  switch (config.head) {
    case nn::ImageHead::Registers:
      return cat("token 0 of ", config.classTokens);
    case nn::ImageHead::Average:
      return cat("mean of ", config.classTokens, " projected tokens");
    case nn::ImageHead::LearnedAverage:
      return cat(config.mixtureTokens(), " tokens mixed by a learned query");
    case nn::ImageHead::Mixture:
      return cat(config.mixtureTokens(), " tokens mixed by each caption, M = ", config.mixture->heads,
                 ", tau = ", config.mixture->tau);
    case nn::ImageHead::Vector:
      break;
  }
  return config.towers == nn::Towers::Siglip ? "attention pooling (a learned probe)" : "class token";
}

std::string textPoolText(const nn::ModelConfig& config) {
  switch (config.variant.textPool) {
    case Variant::TextPool::Last:
      return "last position";
    case Variant::TextPool::First:
      return "first position";
    case Variant::TextPool::Greatest:
      return "where the id is greatest";
    case Variant::TextPool::Own:
      break;
  }
  return config.towers == nn::Towers::Siglip ? "last position, padding or not"
         : config.eosId == 2                 ? "where the id is greatest (eos_token_id 2 of old files)"
                                             : cat("first end token (id ", config.eosId, ")");
}

void listNames(const std::vector<std::string>& names, const char* what, Section& section) {
  section.facts.push_back({what, std::to_string(names.size()), ""});
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) {
    section.facts.push_back({"", names[i], ""});
  }
  if (names.size() > kMostNamed) {
    section.facts.push_back({"", cat("and ", names.size() - kMostNamed, " more"), ""});
  }
}

std::string some(const std::vector<std::string>& names) {
  const std::vector<std::string> first(names.begin(), names.begin() + std::ptrdiff_t(std::min<std::size_t>(names.size(), 3)));
  return cat(join(first, ", "), names.size() > 3 ? cat(" and ", names.size() - 3, " more") : "");
}

}  // namespace

void describeSource(const Source& source, Report& report) {
  Section section{.title = "What it is", .facts = {}};
  section.facts.push_back({"layout", layoutName(source.kind), "names of the weights"});
  section.facts.push_back({"weights", source.weights.path().filename().string(), ""});
  section.facts.push_back({"configuration", source.config.empty() ? "none" : source.config.filename().string(), ""});
  std::map<std::string_view, std::size_t> types;
  std::size_t bytes = 0;
  for (const auto& [name, view] : source.weights.tensors()) {
    ++types[nn::name(view.type)];
    bytes += view.bytes.size();
  }
  std::string text = cat(source.weights.tensors().size(), " (");
  for (const auto& [type, count] : types) {
    text += cat(text.back() == '(' ? "" : ", ", count, " ", type);
  }
  section.facts.push_back({"tensors", cat(text, "), ", bytesText(bytes)), ""});
  report.sections.push_back(std::move(section));
}

void describeArchitecture(const Source& source, const nn::ModelConfig& config, Report& report) {
  const Origin origin(source);
  Section section{.title = "Architecture", .facts = {}};
  const bool siglip = config.towers == nn::Towers::Siglip;
  section.facts.push_back({"towers", siglip ? "SigLIP" : config.head == nn::ImageHead::Vector ? "CLIP" : "CLIP with Llip's tokens", ""});
  section.facts.push_back({"parameters", std::to_string(nn::parameterCount(nn::parameterSpecs(config))), "shapes"});
  section.facts.push_back({"embedding", cat(config.embedWidth, " numbers"), origin.of(Tower::Text, Field::Embed)});
  section.facts.push_back({"picture size", cat(config.imageSize, " pixels"), origin.of(Tower::Vision, Field::ImageSize)});
  section.facts.push_back({"patches", cat(config.patches(), " of ", config.patch, " pixels"), origin.of(Tower::Vision, Field::Patch)});
  describeTower(section, "image tower", config.vision, Tower::Vision, origin);
  section.facts.push_back({"image tower: pooling", imagePoolText(config), ""});
  if (!siglip) {
    section.facts.push_back({"image tower: class tokens", std::to_string(config.classTokens), ""});
  }
  section.facts.push_back({"context length", cat(config.contextLength, " tokens"), origin.of(Tower::Text, Field::Context)});
  section.facts.push_back({"vocabulary", cat(config.vocabulary, " ids"), origin.of(Tower::Text, Field::Vocabulary)});
  describeTower(section, "text tower", config.text, Tower::Text, origin);
  section.facts.push_back({"text tower: pooling", textPoolText(config), ""});
  section.facts.push_back({"text tower: attention mask", config.causalText() ? "causal" : "none: every token sees every token", ""});
  report.sections.push_back(std::move(section));
}

void describeWeights(const Source& source, const nn::detail::Plan& plan, Report& report) {
  const nn::detail::Mismatch found = nn::detail::compareWeights(source.weights, plan.specs, plan.names);
  const nn::detail::Damage damage = nn::detail::damageOf(source.weights);
  Section section{.title = "Weights against the configuration", .facts = {}};
  listNames(found.missing, "missing", section);
  listNames(found.other, "left over", section);
  listNames(found.wrong, "of another shape or type", section);
  listNames(damage.notFinite, "with NaN or infinite values", section);
  listNames(damage.zero, "all zero", section);
  report.sections.push_back(std::move(section));
  const auto find = [&](Weight weight, const std::vector<std::string>& names, const std::string& what) {
    if (!names.empty()) {
      report.findings.push_back({weight, Ground::Certain, cat(names.size(), names.size() == 1 ? " weight " : " weights ", what, ": ", some(names), ".")});
    }
  };
  find(Weight::Problem, found.missing, "of the configuration missing");
  find(Weight::Problem, found.wrong, "of another shape or type");
  // Transformers' layout leaves them out; the others refuse them.
  find(source.kind == SourceKind::HuggingFace ? Weight::Remark : Weight::Problem, found.other, "without a place in the model");
  find(Weight::Problem, damage.notFinite, "with NaN or infinite values");
  find(Weight::Remark, damage.zero, "with nothing but zeros");
}

}  // namespace lix::study::doctor
