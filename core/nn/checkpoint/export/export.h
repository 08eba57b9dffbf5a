#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace lix::nn {

/// Whose layout is written: Hugging Face's (`AutoModel`, `AutoTokenizer` and `AutoProcessor` of transformers load it
/// with nothing else), OpenCLIP's (`open_clip.create_model("local-dir:...")`), or the Llip release's.
enum class ExportFormat { HuggingFace, OpenClip, Llip };

/// "hf", "open_clip", "llip".
std::string_view nameOf(ExportFormat format);
std::optional<ExportFormat> exportFormatNamed(std::string_view name);

/// What the card (README.md) says beyond what the checkpoint itself knows.
struct ModelCard {
  std::string name;                                           ///< of the model, for its title
  std::string dataset;                                        ///< that it was trained on, "" where not known
  std::vector<std::pair<std::string, std::string>> training;  ///< settings: "steps", "2000"
  struct Measured {
    std::string what, dataset, metric, value;
  };
  std::vector<Measured> measured;
};

/// What was written.
struct Exported {
  std::filesystem::path folder;
  std::vector<std::string> files;  ///< names, sorted
  std::vector<std::string> notes;  ///< what the layout cannot say, a sentence each
};

/// Writes a checkpoint (anything that loadCheckpoint() opens) to the folder `out`, which must not exist or be empty,
/// whole or not at all. What a layout has no place for is refused with the format that has: a Llip in transformers,
/// SigLIP sizes that timm has no name for in OpenCLIP, anything but a Llip in the Llip's.
Result<Exported> exportCheckpoint(const std::filesystem::path& checkpoint, const std::filesystem::path& out,
                                  ExportFormat format, const ModelCard& card = {});

}  // namespace lix::nn
