#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/config.h"

namespace lix::nn {

struct ImportOptions {
  std::optional<double> tau;        ///< Llip's, which its files do not hold; none = as published for its size
  std::filesystem::path tokenizer;  ///< file or folder, "" = beside the weights
};

/// What was recognised and written.
struct Imported {
  std::string kind;               ///< "Llip"
  std::filesystem::path weights;  ///< the file that was read
  ModelConfig config;
  long long parameters = 0;
  std::string tokenizer;  ///< the files it came from and whose cleaning goes with them
  Preprocess preprocess;
  std::vector<std::string> notes;  ///< what was assumed, a sentence each
};

/// Reads a checkpoint as another program released it, a folder (model_config.json, model.safetensors, the tokenizer's
/// file) or a .safetensors file, and writes a checkpoint folder of ours to `out`, which must not exist or be empty. One
/// sentence where it is not whole or not of a known kind; then `out` is as it was.
Result<Imported> importCheckpoint(const std::filesystem::path& source, const std::filesystem::path& out,
                                  const ImportOptions& options = {});

}  // namespace lix::nn
