#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "study/eval/embed.h"

namespace lix::study {

/// What a model takes by its shapes, with the base under MLP heads. A multiply-add is two operations; captions are
/// counted at the full context length.
struct StatedCost {
  std::int64_t parameters = 0;
  double imageFlops = 0.0;  ///< pixels to what meets the captions: a vector, or a Llip's keys and values
  double captionFlops = 0.0;
  double pairFlops = 0.0;  ///< of the composed operators: a cosine, of a Llip mixing and out_proj before it
};
StatedCost statedCost(const Evaluator& evaluator);

struct MeasureSettings {
  int batch = 32;
  int repeats = 5;
  std::vector<int> prompts;  ///< numbers of class prompts
};

/// Medians over repeats after a warm-up, in seconds, on this machine with `threads` threads.
struct MeasuredCost {
  int threads = 0;
  double imageSeconds = 0.0;    ///< one image of a batch: pixels to what meets the captions
  double captionSeconds = 0.0;  ///< one caption of a batch: token ids to vectors
  double pairSeconds = 0.0;     ///< one image with one caption, both encoded: of a batch with as many captions
  std::int64_t peakBytes = 0;   ///< the most held at once beside the weights: LibTorch's memory on the calling thread
  std::vector<std::pair<int, double>> promptSeconds;  ///< an image classified among so many encoded prompts
};
/// Made inputs, so that neither decoding nor tokenizing is in it. Cancelled by `progress`.
Result<MeasuredCost> measureCost(const Evaluator& evaluator, const MeasureSettings& settings,
                                 const Progress& progress = {});

}  // namespace lix::study
