#pragma once
#include <array>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace lix::nn {

/// How a picture becomes the image tower's input (preprocessor_config.json).
struct Preprocess {
  enum class Fit { Squash, ShortestEdgeCrop };
  enum class Filter { Bilinear, Bicubic };
  /// Where a centre crop begins when half of what is left over is no whole pixel: Hugging Face truncates, OpenCLIP
  /// rounds to even.
  enum class Centre { Truncate, HalfEven };
  int size = 224;
  Fit fit = Fit::Squash;
  Filter filter = Filter::Bicubic;
  std::array<float, 3> mean{0.5f, 0.5f, 0.5f};
  std::array<float, 3> deviation{0.5f, 0.5f, 0.5f};
  Centre centre = Centre::Truncate;  ///< kept in the file under "lix", since its format has no field for it

  /// Names this transform in cache keys and result rows.
  std::string key() const;
};

/// What our own checkpoints of a family use: SigLIP squash and 0.5, CLIP shortest edge + centre crop and OpenAI's
/// statistics.
Preprocess siglipPreprocess(int size);
Preprocess clipPreprocess(int size);

/// Reads a preprocessor_config.json, or a processor_config.json, which holds one; refuses what it cannot do exactly.
Result<Preprocess> huggingFacePreprocess(const std::filesystem::path& file);
/// How pictures are prepared for the checkpoint of a folder, by what lies there: preprocessor_config.json,
/// processor_config.json, open_clip_config.json or model_config.json; for weights alone as OpenCLIP does for their size.
Result<Preprocess> loadPreprocess(const std::filesystem::path& folder);
Result<void> savePreprocess(const Preprocess& preprocess, const std::filesystem::path& folder);

}  // namespace lix::nn
