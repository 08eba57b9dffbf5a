#include "study/doctor/mistakes.h"

#include <ATen/core/grad_mode.h>

#include <functional>

#include "base/text.h"
#include "nn/ops/tensor.h"
#include "study/doctor/bench.h"
#include "study/doctor/caption_mistakes.h"
#include "study/doctor/origin.h"
#include "study/doctor/picture_mistakes.h"

namespace lix::study::doctor {
namespace {
using nn::Activation;
using Variant = nn::TowerVariant;

constexpr std::int64_t kLargeModel = 250'000'000;  // parameters, from where on half of the pictures must do
constexpr std::size_t kFewPictures = 4;

/// A mistake and how it is made; `reason` where this checkpoint cannot be mistaken so.
struct Plan {
  std::string id, name;
  Touch touch = Touch::Both;
  std::string reason;
  std::function<Answer()> make;
};

class Clinic {
 public:
  Clinic(const Evaluator& evaluator, std::filesystem::path folder, std::vector<Specimen> specimens)
      : evaluator_(evaluator),
        folder_(std::move(folder)),
        input_(inputOf(evaluator, std::move(specimens))),
        right_(answer(evaluator, input_.pixels, input_.ids)) {}

  const Input& input() const { return input_; }
  const Answer& right() const { return right_; }
  std::vector<Plan> plans() const;

 private:
  const nn::ModelConfig& config() const { return evaluator_.checkpoint.model.config; }
  bool siglip() const { return config().towers == nn::Towers::Siglip; }
  /// The same weights under another configuration.
  Plan changed(const char* id, std::string name, Touch touch, const std::function<void(nn::ModelConfig&)>& change) const;
  Plan withPixels(const char* id, std::string name, std::function<at::Tensor()> pixels) const;
  Plan withIds(const char* id, std::string name, at::Tensor ids) const;
  static Plan without(const char* id, std::string name, std::string reason) {
    return {.id = id, .name = std::move(name), .reason = std::move(reason), .make = {}};
  }

  void addArithmetic(std::vector<Plan>& all) const;
  void addPictures(std::vector<Plan>& all) const;
  void addCaptions(std::vector<Plan>& all) const;
  void addScores(std::vector<Plan>& all) const;

  const Evaluator& evaluator_;
  std::filesystem::path folder_;
  Input input_;
  Answer right_;
};

Plan Clinic::changed(const char* id, std::string name, Touch touch, const std::function<void(nn::ModelConfig&)>& change) const {
  return {.id = id, .name = std::move(name), .touch = touch, .reason = {}, .make = [this, touch, change] {
            Evaluator wrong = evaluator_;
            change(wrong.checkpoint.model.config);
            return answerAnew(wrong, input_.pixels, input_.ids, touch, right_);
          }};
}

Plan Clinic::withPixels(const char* id, std::string name, std::function<at::Tensor()> pixels) const {
  return {.id = id, .name = std::move(name), .touch = Touch::Pictures, .reason = {}, .make = [this, pixels = std::move(pixels)] {
            return answerAnew(evaluator_, pixels(), input_.ids, Touch::Pictures, right_);
          }};
}

Plan Clinic::withIds(const char* id, std::string name, at::Tensor ids) const {
  return {.id = id, .name = std::move(name), .touch = Touch::Captions, .reason = {}, .make = [this, ids = std::move(ids)] {
            return answerAnew(evaluator_, input_.pixels, ids, Touch::Captions, right_);
          }};
}

std::vector<Plan> Clinic::plans() const {
  std::vector<Plan> all;
  addArithmetic(all);
  addPictures(all);
  addCaptions(all);
  addScores(all);
  return all;
}

void Clinic::addArithmetic(std::vector<Plan>& all) const {
  const Activation own = config().vision.activation;
  const auto activation = [](Activation other) {
    return [other](nn::ModelConfig& c) { c.vision.activation = c.text.activation = other; };
  };
  const bool quick = own == Activation::QuickGelu, tanh = own == Activation::GeluTanh;
  all.push_back(changed("activation_family", quick ? "erf GELU in place of QuickGELU" : "QuickGELU in place of GELU", Touch::Both,
                        activation(quick ? Activation::GeluErf : Activation::QuickGelu)));
  all.push_back(quick ? without("gelu_form", "tanh and erf GELU exchanged", "the activation is QuickGELU")
                      : changed("gelu_form", tanh ? "erf GELU in place of tanh GELU" : "tanh GELU in place of erf GELU", Touch::Both,
                                activation(tanh ? Activation::GeluErf : Activation::GeluTanh)));
  const double epsilon = config().vision.normEpsilon > 3e-6 ? 1e-6 : 1e-5;
  all.push_back(changed("epsilon", cat("LayerNorm epsilon ", epsilon, " in place of ", config().vision.normEpsilon), Touch::Both,
                        [epsilon](nn::ModelConfig& c) { c.vision.normEpsilon = c.text.normEpsilon = epsilon; }));
}

void Clinic::addPictures(std::vector<Plan>& all) const {
  for (const PictureMistake& one : pictureMistakes(evaluator_.preprocess)) {
    if (const auto possible = nn::checkPreprocess(one.preprocess, ""); !possible) {
      all.push_back(without(one.id, one.name, "that kernel has no such filter"));
      continue;
    }
    all.push_back(withPixels(one.id, one.name, [this, preprocess = one.preprocess] { return pixelsOf(input_.pictures, preprocess); }));
  }
  all.push_back(withPixels("bgr", "blue and red exchanged (BGR)", [this] {
    return pixelsOf(exchanged(input_.pictures), evaluator_.preprocess);
  }));
  if (config().head != nn::ImageHead::Vector) {
    all.push_back(without("image_pooling", "mean of the patches in place of the head's tokens", "the head mixes several tokens"));
  } else if (config().variant.imagePool == Variant::ImagePool::Own) {
    all.push_back(changed("image_pooling", siglip() ? "mean of the patches in place of attention pooling" : "mean of the patches in place of the class token",
                          Touch::Pictures, [](nn::ModelConfig& c) { c.variant.imagePool = Variant::ImagePool::Mean; }));
  } else if (!siglip()) {
    all.push_back(changed("image_pooling", "class token in place of the mean of the patches", Touch::Pictures,
                          [](nn::ModelConfig& c) { c.variant.imagePool = Variant::ImagePool::Own; }));
  } else {
    all.push_back(without("image_pooling", "attention pooling in place of the mean of the patches", "there is no pooling head"));
  }
}

void Clinic::addCaptions(std::vector<Plan>& all) const {
  if (siglip()) {
    all.push_back({.id = "padding_mask", .name = "attention mask over the padding", .touch = Touch::Captions, .reason = {}, .make = [this] {
                     Answer wrong = right_;
                     wrong.texts = maskedTexts(evaluator_.checkpoint.model, input_.ids, input_.lengths);
                     score(evaluator_, wrong);
                     return wrong;
                   }});
  }
  const bool causal = config().causalText();
  all.push_back(changed("causal_mask", causal ? "no causal mask" : "causal mask in the text tower", Touch::Captions, [causal](nn::ModelConfig& c) {
    c.variant.textMask = causal ? Variant::TextMask::None : Variant::TextMask::Causal;
  }));
  all.push_back(changed("text_pooling", siglip() ? "first position pooled in place of the last" : "last position pooled in place of the end token",
                        Touch::Captions, [this](nn::ModelConfig& c) {
                          c.variant.textPool = siglip() ? Variant::TextPool::First : Variant::TextPool::Last;
                        }));
  const PaddingMistake padding = paddingMistake(input_.ids, input_.lengths, config());
  all.push_back(padding.reason.empty() ? withIds("padding_id", padding.name, padding.ids)
                                       : without("padding_id", padding.name, padding.reason));
  auto typed = uncleanedIds(folder_, input_.captions, config().contextLength);
  const std::string name = "captions not lower-cased";
  if (!typed) {
    all.push_back(without("lower_case", name, typed.error().message));
  } else if (typed->equal(input_.ids)) {
    all.push_back(without("lower_case", name, "the tokenizer keeps capital letters anyway"));
  } else {
    all.push_back(withIds("lower_case", name, *typed));
  }
}

void Clinic::addScores(std::vector<Plan>& all) const {
  const nn::Parameters& parameters = evaluator_.checkpoint.model.parameters;
  const auto scalar = [&](const char* name) { return parameters.contains(name) ? parameters.at(name).item<double>() : 0.0; };
  const double scale = scalar("logit_scale"), bias = scalar("logit_bias");
  const auto logits = [this](const char* id, const char* name, std::function<at::Tensor()> wrong) {
    return Plan{.id = id, .name = name, .touch = Touch::Logits, .reason = {}, .make = [this, wrong = std::move(wrong)] {
                  Answer made = right_;
                  made.logits = wrong();
                  return made;
                }};
  };
  all.push_back(bias == 0.0 ? without("missing_bias", "logit_bias left out", "the model has none")
                            : logits("missing_bias", "logit_bias left out", [this, bias] { return right_.logits - bias; }));
  all.push_back(parameters.contains("logit_scale")
                    ? logits("raw_scale", "logit_scale used without exp", [this, scale, bias] { return right_.cosines * scale + bias; })
                    : without("raw_scale", "logit_scale used without exp", "the model has none"));
  if (config().mixesByCaption()) {
    const double tau = config().mixture->tau == 1.0 ? 5.0 : 1.0;
    all.push_back(changed("tau", cat("tau ", tau, " in place of ", config().mixture->tau), Touch::Logits,
                          [tau](nn::ModelConfig& c) { c.mixture->tau = tau; }));
  }
}

void describePairs(const Clinic& clinic, Report& report) {
  const auto& captions = clinic.input().captions;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    const std::size_t next = (i + 1) % captions.size();
    const auto cosine = [&](std::size_t j) { return clinic.right().cosines[std::int64_t(i)][std::int64_t(j)].item<double>(); };
    report.pairs.push_back({captions[i], captions[next], cosine(i), cosine(next)});
  }
  const int right = pairsRight(clinic.right()), all = int(captions.size());
  report.findings.push_back(
      {Weight::Note, Ground::Indication,
       cat(right, " of ", all, " drawn pictures have a higher score for the true caption than for the false one; ",
           right == all       ? "pictures and captions seem to be read together."
           : right * 4 > all * 3 ? "more than chance."
                              : "no more than chance, as weights give that were not trained, or not on such pictures; of trained ones "
                                "on photographs more is to be expected.")});
}

}  // namespace

Result<void> makeMistakes(const Evaluator& evaluator, const std::filesystem::path& folder, Report& report, const Progress& progress) {
  const at::NoGradGuard noGrad;
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  std::vector<Specimen> known = specimens(config.imageSize);
  if (nn::parameterCount(nn::parameterSpecs(config)) > kLargeModel) {
    known.resize(kFewPictures);
  }
  const auto cancelled = [] { return fail(ErrorCode::Cancelled, "Examining the checkpoint was cancelled."); };
  if (!lix::report(progress, "Reading known pairs", 0, 1)) {
    return cancelled();
  }
  const Clinic clinic(evaluator, folder, std::move(known));
  describePairs(clinic, report);
  const std::vector<Plan> plans = clinic.plans();
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (!lix::report(progress, "Making mistakes on purpose", (long long)(i), (long long)(plans.size()))) {
      return cancelled();
    }
    Mistake mistake{.id = plans[i].id, .name = plans[i].name, .reason = plans[i].reason};
    if (mistake.reason.empty()) {
      measure(clinic.right(), plans[i].make(), plans[i].touch, mistake);
    }
    report.mistakes.push_back(std::move(mistake));
  }
  return {};
}

}  // namespace lix::study::doctor
