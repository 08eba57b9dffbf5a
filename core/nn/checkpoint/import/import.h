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
  std::optional<double> tau;             ///< Llip's, which its files do not hold; none = as published for its size
  std::filesystem::path tokenizer;       ///< file or folder, "" = beside the weights
  std::optional<Activation> activation;  ///< of an OpenCLIP file that lies without its configuration
  std::optional<Preprocess::Kernel> kernel;  ///< that resizes pictures; none = as the source's files ask
  int imageSize = 0;      ///< pictures of another size, by resizing the table of positions; 0 = the source's
  int contextLength = 0;  ///< captions of another length; 0 = the source's
};

/// What was recognised and written.
struct Imported {
  std::string kind;               ///< "Llip", "SigLIP in OpenCLIP's layout"
  std::filesystem::path weights;  ///< the (first) file that was read
  ModelConfig config;
  long long parameters = 0;
  std::string tokenizer;  ///< the files it came from and whose cleaning goes with them
  Preprocess preprocess;
  std::vector<std::string> notes;  ///< what was assumed, a sentence each
};

/// Reads a checkpoint as transformers, OpenCLIP or the Llip release keep it, a folder or its file of weights, and
/// writes a checkpoint folder of ours to `out`, which must not exist or be empty. One sentence where it is not whole or
/// not of a known kind; then `out` is as it was. loadCheckpoint() opens the same sources without copying them.
Result<Imported> importCheckpoint(const std::filesystem::path& source, const std::filesystem::path& out,
                                  const ImportOptions& options = {});

}  // namespace lix::nn
