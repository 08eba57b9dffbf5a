#pragma once
#include <ATen/core/TensorBody.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/param.h"
#include "base/progress.h"
#include "base/result.h"
#include "study/eval/embed.h"

namespace lix::study::tuners {

/// Pictures as tuners read them. Which of the two is needed says Tuner::reads; the other may stay empty.
struct Pictures {
  std::size_t count = 0;
  at::Tensor features;  ///< of the frozen tower, one un-augmented pass: ImageFeatures::vectors, [n, D] or [n, K, W]
  /// The pixels [b, 3, S, S] of these rows, as toPixels() makes them.
  std::function<Result<at::Tensor>(std::span<const std::uint32_t> rows)> pixels;
};

struct LabelledPictures {
  Pictures pictures;
  std::vector<int> labels;  ///< [count], in 0..classes-1
};

/// What a tuner is fitted on.
struct Task {
  const Evaluator& evaluator;           ///< stays as it is, bit for bit; must outlive what was fitted
  std::vector<std::string> classNames;  ///< [C], as prompts say them; '_' is read as ' '
  LabelledPictures support;
  LabelledPictures validation = {};  ///< may be empty
  std::uint64_t seed = 0;
};

/// A tuned model: a classifier of pictures.
class Tuned {
 public:
  virtual ~Tuned() = default;
  /// Logits [n, C], fp32, higher = more likely: exp(logit_scale) (100 where the model has none) times the cosines.
  virtual Result<at::Tensor> logits(const Pictures& queries, const Progress& progress = {}) const = 0;
  /// The settings in force, with "n_ctx", "epochs" and "depth" as they came out, "shots" (mean pictures a class),
  /// "steps", and "loss_first" and "loss_last" (mean over the first and the last epoch), for the result row.
  virtual ParamValues settings() const = 0;
};

/// An adapter that learns through the towers, which an adapt::Adapter cannot see.
struct Tuner {
  enum class Reads { Features, Pixels };
  std::string id;  ///< "coop", "maple"
  std::string title;
  std::string citation;
  std::vector<Param> params;
  Reads reads = Reads::Features;
  /// Refuses what cannot be: one class, a class without support, a name that the context does not hold, features of
  /// another width, a parameter out of range, MLP heads instead of towers. ErrorCode::Cancelled when progress says so.
  Result<std::unique_ptr<Tuned>> (*fit)(const Task& task, const ParamValues& params, const Progress& progress);
};

/// All tuners, in the order of their files in learners/.
std::span<const Tuner* const> table();

/// The tuner of that id, or an error that lists the ids there are.
Result<const Tuner*> find(std::string_view id);

/// Samples of a dataset as pictures: features as given (rows = samples), pixels loaded on demand, fitted once and kept
/// as bytes up to 256 MiB. Evaluator and dataset must outlive them.
Pictures picturesOf(const Evaluator& evaluator, const data::Dataset& dataset, const ImageFeatures& features);

/// Some rows of pictures, sharing what was loaded.
Pictures subset(const Pictures& pictures, std::vector<std::uint32_t> rows);

}  // namespace lix::study::tuners
