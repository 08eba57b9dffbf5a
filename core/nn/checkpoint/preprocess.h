#pragma once
#include <array>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace lix::nn {

/// How a picture becomes the image tower's input (preprocessor_config.json, open_clip_config.json).
struct Preprocess {
  /// Both sides resized on their own; the shorter one resized and the middle cut out; the longer one resized and the rest
  /// filled.
  enum class Fit { Squash, ShortestEdgeCrop, LongestEdgePad };
  enum class Filter { Bilinear, Bicubic, Nearest, Lanczos, Box, Hamming };
  /// Where a centre crop begins when half of what is left over is no whole pixel: Hugging Face truncates, OpenCLIP
  /// rounds to even.
  enum class Centre { Truncate, HalfEven };
  /// Whose arithmetic resizes: Pillow's (13 and later, or the order of passes of before), or torchvision's of uint8
  /// tensors, as transformers' fast processors use it.
  enum class Kernel { Pillow13, Pillow12, Torchvision };
  int size = 224;     ///< side of what comes out, in pixels
  int resizedTo = 0;  ///< side before the crop where it is another; 0 = size
  int fill = 0;       ///< LongestEdgePad: grey of the rest, 0..255
  Fit fit = Fit::Squash;
  Filter filter = Filter::Bicubic;
  Kernel kernel = Kernel::Pillow13;
  double rescale = 1.0 / 255.0;  ///< comes before mean and deviation
  std::array<float, 3> mean{0.5f, 0.5f, 0.5f};
  std::array<float, 3> deviation{0.5f, 0.5f, 0.5f};
  Centre centre = Centre::Truncate;

  /// Names this transform in cache keys and result rows.
  std::string key() const;
};

/// The names that files and options use: "pillow" (13 and later), "pillow-12", "torchvision".
std::string_view nameOf(Preprocess::Kernel kernel);
/// The kernel of a name; a sentence with the names that there are.
Result<Preprocess::Kernel> kernelNamed(std::string_view name);

/// What our own checkpoints of a family use: SigLIP squash and 0.5, CLIP shortest edge + centre crop and OpenAI's
/// statistics.
Preprocess siglipPreprocess(int size);
Preprocess clipPreprocess(int size);

/// Refuses settings that no kernel can do: a filter that torchvision has not, sides and greys out of range. `source`
/// begins the sentence.
Result<void> checkPreprocess(const Preprocess& preprocess, const std::string& source);

/// Reads a preprocessor_config.json, or a processor_config.json, which holds one; refuses what it cannot do exactly. A
/// processor whose type ends with "Fast" asks for torchvision's kernel, every other for Pillow's; "kernel" and
/// "centre_crop" of the file's object "lix" decide before that.
Result<Preprocess> huggingFacePreprocess(const std::filesystem::path& file);
/// How pictures are prepared for the checkpoint of a folder, by what lies there: preprocessor_config.json,
/// processor_config.json, open_clip_config.json or model_config.json; for weights alone as OpenCLIP does for their size.
Result<Preprocess> loadPreprocess(const std::filesystem::path& folder);
/// Writes preprocessor_config.json. What transformers has no field for stands in its object "lix".
Result<void> savePreprocess(const Preprocess& preprocess, const std::filesystem::path& folder);

}  // namespace lix::nn
