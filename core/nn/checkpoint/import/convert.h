#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nn/checkpoint/import/source.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"

namespace lix::nn::detail {

/// What a person decides of a source, where its files leave it open or another size is wanted.
struct ConvertOptions {
  std::optional<double> tau;             ///< Llip's, which its files do not hold; none = as published for its size
  std::optional<Activation> activation;  ///< of an OpenCLIP file without a configuration
  int imageSize = 0;                     ///< resizes the image tower's table of positions; 0 = the source's
  int contextLength = 0;                 ///< the text tower's
};

/// A source as one of our models.
struct Converted {
  Model model;
  std::optional<Preprocess> preprocess;  ///< nothing for Hugging Face's, who keep it in a file of its own
  std::string kind;                      ///< "SigLIP in Hugging Face's layout", for people
  std::vector<std::string> notes;        ///< what was assumed or left out, a sentence each
};

/// A checkpoint of any kind that is known. One sentence where it is not whole or asks for what is not computed here.
Result<Converted> convert(Source source, const ConvertOptions& options = {});

Result<Converted> convertHuggingFace(Source source, const ConvertOptions& options);
Result<Converted> convertOpenClip(Source source, const ConvertOptions& options);
Result<Converted> convertLlip(Source source, const ConvertOptions& options);

/// How OpenCLIP prepares pictures, from open_clip_config.json or a model's settings alone, which say less; for pictures
/// of `imageSize`.
Result<Preprocess> openClipPreprocess(const std::string& config, const std::string& source, int imageSize);

}  // namespace lix::nn::detail
