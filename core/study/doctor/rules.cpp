#include "study/doctor/rules.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "study/doctor/origin.h"

namespace lix::study::doctor {
namespace {
using nn::detail::SourceKind;

void unusual(Report& report, const std::string& text) {
  report.findings.push_back({Weight::Remark, Ground::Indication, text});
}

void compareActivation(const nn::detail::Source& source, const nn::ModelConfig& config, Report& report) {
  const bool siglip = config.towers == nn::Towers::Siglip;
  if (config.vision.activation != config.text.activation && source.kind != SourceKind::OpenClip) {
    unusual(report, cat("The image tower has ", activationName(config.vision.activation), ", the text tower ",
                        activationName(config.text.activation), "; published checkpoints have one for both."));
    return;
  }
  const nn::Activation activation = config.vision.activation;
  if (siglip && source.kind == SourceKind::HuggingFace && activation != nn::Activation::GeluTanh) {
    unusual(report, cat("The activation is ", activationName(activation), "; published SigLIP checkpoints in this layout "
                        "have gelu_pytorch_tanh. Compare hidden_act in ", source.config.filename().string(), " with where the checkpoint came from."));
  } else if (siglip && activation == nn::Activation::QuickGelu) {
    unusual(report, "The activation is QuickGELU, which no published SigLIP has.");
  } else if (!siglip && activation == nn::Activation::GeluTanh) {
    unusual(report, "The activation is tanh GELU, which no published CLIP or Llip has (quick_gelu, or gelu of LAION's).");
  } else if (!siglip && activation == nn::Activation::GeluErf && source.kind == SourceKind::HuggingFace) {
    report.findings.push_back({Weight::Note, Ground::Indication,
                               "The activation is gelu (erf), as LAION's checkpoints have it; weights of OpenAI need "
                               "hidden_act quick_gelu."});
  }
}

void compareEpsilon(const nn::ModelConfig& config, Report& report) {
  const double usual = config.towers == nn::Towers::Siglip ? 1e-6 : 1e-5;
  for (const auto& [name, tower] : {std::pair("image", &config.vision), std::pair("text", &config.text)}) {
    if (std::abs(tower->normEpsilon / usual - 1.0) > 1e-3) {
      unusual(report, cat("The ", name, " tower's LayerNorm epsilon is ", tower->normEpsilon, "; published checkpoints of its family have ",
                          usual, "."));
    }
  }
}

void comparePictures(const nn::ModelConfig& config, const nn::Preprocess& preprocess, Report& report) {
  const bool siglip = config.towers == nn::Towers::Siglip;
  const nn::Preprocess usual = siglip ? nn::siglipPreprocess(preprocess.size) : nn::clipPreprocess(preprocess.size);
  const auto far = [](const std::array<float, 3>& a, const std::array<float, 3>& b) {
    return !std::ranges::equal(a, b, [](float x, float y) { return std::abs(x - y) < 1e-4f; });
  };
  if (far(preprocess.mean, usual.mean) || far(preprocess.deviation, usual.deviation)) {
    unusual(report, cat("Pictures are normalised with mean ", preprocess.mean[0], " ", preprocess.mean[1], " ", preprocess.mean[2],
                        "; published ", siglip ? "SigLIP" : "CLIP", " checkpoints have ", usual.mean[0], " ", usual.mean[1], " ",
                        usual.mean[2], siglip ? "" : ", some of LAION's and SigLIP's 0.5", "."));
  }
  if (preprocess.fit != usual.fit) {
    unusual(report, siglip ? std::string("Pictures are not squashed to a square, as published SigLIP checkpoints want them.")
                           : std::string("Pictures are not cropped after resizing the shorter side, as published CLIP checkpoints want them."));
  }
}

}  // namespace

void compareWithFamily(const nn::detail::Source& source, const nn::ModelConfig& config, const nn::Preprocess& preprocess,
                       Report& report) {
  compareActivation(source, config, report);
  compareEpsilon(config, report);
  comparePictures(config, preprocess, report);
}

}  // namespace lix::study::doctor
