// What is known of a checkpoint once its parts are open.
#include <cmath>

#include "base/text.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/ops/tensor.h"
#include "study/doctor/anatomy.h"
#include "study/doctor/origin.h"

namespace lix::study::doctor {
namespace {
namespace fs = std::filesystem;
using nn::detail::Source;
using nn::detail::SourceKind;

fs::path folderOf(const Source& source) {
  return source.weights.path().has_parent_path() ? source.weights.path().parent_path() : fs::path(".");
}

std::string firstThere(const fs::path& folder, std::initializer_list<const char*> names, const char* otherwise) {
  std::error_code ignored;
  for (const char* name : names) {
    if (fs::exists(folder / name, ignored)) {
      return name;
    }
  }
  return otherwise;
}

std::string preprocessFile(const Source& source) {
  const bool open = source.weights.path().filename().string().starts_with("open_clip");
  return open ? firstThere(folderOf(source), {"open_clip_config.json"}, "OpenCLIP's default for the size")
              : firstThere(folderOf(source),
                           {"preprocessor_config.json", "processor_config.json", "open_clip_config.json", "model_config.json"},
                           "OpenCLIP's default for the size");
}

/// Of OpenCLIP's configurations, which often say nothing of pictures, whether they do.
std::string saidBy(const Source& source, const std::string& file) {
  const bool open = file == "open_clip_config.json" || file == "model_config.json";
  return open && source.configText.find("preprocess_cfg") == std::string::npos ? cat("default of OpenCLIP; ", file, " does not say") : file;
}

std::string fitText(const nn::Preprocess& how) {
  using Fit = nn::Preprocess::Fit;
  const std::string side = how.resizedTo > 0 ? cat(" to ", how.resizedTo) : "";
  if (how.fit == Fit::Squash) {
    return "both sides resized on their own (squashed)";
  }
  if (how.fit == Fit::LongestEdgePad) {
    return cat("longer side resized, the rest filled with grey ", how.fill);
  }
  return cat("shorter side resized", side, ", middle cropped (",
             how.centre == nn::Preprocess::Centre::HalfEven ? "halves to even, as OpenCLIP" : "halves truncated, as transformers", ")");
}

std::string filterName(nn::Preprocess::Filter filter) {
  constexpr const char* kNames[] = {"bilinear", "bicubic", "nearest", "lanczos", "box", "hamming"};
  return kNames[static_cast<std::size_t>(filter)];
}

std::string kernelText(nn::Preprocess::Kernel kernel) {
  switch (kernel) {
    case nn::Preprocess::Kernel::Pillow13:
      return "Pillow 13: vertical first where the height shrinks by more than twice as much as the width";
    case nn::Preprocess::Kernel::Pillow12:
      return "Pillow up to 12: horizontal pass first";
    case nn::Preprocess::Kernel::Torchvision:
      return "torchvision, 8 bits";
  }
  return {};
}

std::string triple(const std::array<float, 3>& values) { return cat(values[0], " ", values[1], " ", values[2]); }

/// The tokenizer's files and whose rules they stand for.
std::pair<std::string, std::string> tokenizerKind(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / "spiece.model", ignored)) {
    return {"SentencePiece", "spiece.model"};
  }
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    if (const std::string name = at->path().filename().string(); nn::isMergesName(name)) {
      return {"CLIP's byte pairs, cleaned as OpenCLIP does", name};
    }
  }
  return fs::exists(folder / "vocab.json", ignored) ? std::pair<std::string, std::string>{"CLIP's byte pairs, cleaned as transformers does", "vocab.json, merges.txt"}
                                                    : std::pair<std::string, std::string>{"as tokenizer.json describes it", "tokenizer.json"};
}

}  // namespace

void describeScores(const nn::Model& model, Report& report) {
  Section section{.title = "Scores", .facts = {}};
  const auto number = [&](const char* name) -> std::optional<double> {
    const auto found = model.parameters.find(name);
    return found == model.parameters.end() ? std::nullopt : std::optional(found->second.item<double>());
  };
  const auto scale = number("logit_scale"), bias = number("logit_bias");
  if (scale) {
    section.facts.push_back({"logit_scale", cat(*scale), "weights"});
    section.facts.push_back({"exp(logit_scale)", cat(std::exp(*scale)), "logit = exp(logit_scale) x cosine + logit_bias"});
  } else {
    report.findings.push_back({Weight::Remark, Ground::Certain, "The weights have no logit_scale: cosines can be ranked, but no logits or probabilities be given."});
  }
  section.facts.push_back({"logit_bias", bias ? cat(*bias) : "none", "weights"});
  if (scale && *scale > 6.0) {
    report.findings.push_back({Weight::Remark, Ground::Indication,
                               cat("logit_scale is ", *scale, ", larger than any published one (ln 100 = 4.6 for CLIP, ln 117 = 4.8 for SigLIP): the factor itself may "
                                   "have been stored instead of its logarithm.")});
  }
  if (model.config.towers == nn::Towers::Siglip && !bias) {
    report.findings.push_back({Weight::Remark, Ground::Indication,
                               "A SigLIP without logit_bias: ranks are right, but probabilities by a sigmoid are far too high."});
  }
  report.sections.push_back(std::move(section));
}

void describePictures(const Source& source, const nn::Preprocess& preprocess, const nn::ModelConfig& config, Report& report) {
  Section section{.title = "Pictures", .facts = {}};
  const std::string file = saidBy(source, preprocessFile(source));
  section.facts.push_back({"size", cat(preprocess.size, " pixels"), file});
  section.facts.push_back({"fit", fitText(preprocess), file});
  section.facts.push_back({"filter", filterName(preprocess.filter), file});
  section.facts.push_back({"pixels and pass order", kernelText(preprocess.kernel), file});
  section.facts.push_back({"factor before mean and deviation", cat(preprocess.rescale), file});
  section.facts.push_back({"mean", triple(preprocess.mean), file});
  section.facts.push_back({"standard deviation", triple(preprocess.deviation), file});
  section.facts.push_back({"colour", "RGB; transparency composited over white; grey replicated", ""});
  if (preprocess.size != config.imageSize) {
    report.findings.push_back({Weight::Problem, Ground::Certain, cat("Pictures are made ", preprocess.size, " pixels large, the tower reads ", config.imageSize, ".")});
  }
  report.sections.push_back(std::move(section));
}

void describeCaptions(const Source& source, const nn::Tokenizer& tokenizer, const nn::ModelConfig& config, Report& report) {
  Section section{.title = "Captions", .facts = {}};
  const auto [kind, files] = tokenizerKind(folderOf(source));
  const auto ids = [&](const char* caption) { return tokenizer.encode(caption, config.contextLength); };
  const nn::TokenRow row = ids("a cat");
  const bool padded = row.length < config.contextLength, clip = config.towers == nn::Towers::Clip;
  section.facts.push_back({"tokenizer", kind, files});
  section.facts.push_back({"vocabulary", cat(tokenizer.vocabularySize(), " pieces for ", config.vocabulary, " ids"), files});
  section.facts.push_back({"capital letters", ids("A CAT").ids == row.ids ? "made lower case" : "kept", "tried"});
  section.facts.push_back({"punctuation", ids("a, cat!").ids == row.ids ? "deleted" : "kept", "tried"});
  if (clip && row.length > 0) {
    section.facts.push_back({"start token", cat("id ", row.ids[0]), "tried"});
  }
  if (row.length > 0) {
    section.facts.push_back({"end token", cat("id ", row.ids[std::size_t(row.length) - 1]), "tried"});
  }
  if (padded) {
    section.facts.push_back({"padding", cat("id ", row.ids.back(), " up to ", config.contextLength), "tried"});
  }
  section.facts.push_back({"truncation", cat("after ", config.contextLength, " tokens, the end token kept"), ""});
  section.facts.push_back({"\"A photo of a cat.\"", join(tokenizer.pieces("A photo of a cat."), " | "), "tried"});
  if (tokenizer.vocabularySize() < config.vocabulary) {
    report.findings.push_back({Weight::Note, Ground::Certain,
                               cat("The tokenizer has ", tokenizer.vocabularySize(), " pieces, the table of tokens ", config.vocabulary,
                                   " rows; the rest is never used, which is common.")});
  }
  if (!clip && ids("A CAT").ids != row.ids) {
    report.findings.push_back({Weight::Remark, Ground::Indication,
                               "The tokenizer keeps capital letters; published SigLIP checkpoints were trained on lower-cased captions."});
  }
  if (clip && row.length > 0 && row.ids[std::size_t(row.length) - 1] != config.eosId && config.eosId != 2) {
    report.findings.push_back({Weight::Remark, Ground::Certain,
                               cat("The tokenizer ends captions with id ", row.ids[std::size_t(row.length) - 1], ", the text tower looks for id ",
                                   config.eosId, ": it will read the first position of every caption.")});
  }
  report.sections.push_back(std::move(section));
}

}  // namespace lix::study::doctor
