#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "pages/inspect/inspect_reading.h"
#include "study/reader/reader.h"

namespace lix::app {

class CheckpointShelf;
class DatasetShelf;

inline constexpr int kMostContext = 512;
inline constexpr double kLeastTau = 0.001, kMostTau = 10.0;

/// Which pictures a context is made of.
struct ContextChoice {
  enum class Source { Dataset, Support, Page };
  Source source = Source::Dataset;
  std::string name;                        ///< of the dataset or support set
  data::Split split = data::Split::Test;   ///< of a dataset
  int most = 128;                          ///< as the training batch; others are left out at random
  std::vector<data::PictureRef> pictures;  ///< of the page or support set; of a dataset: those to take first
  std::vector<std::string> labels;         ///< of `pictures` where the source has them (classes), or empty
  bool operator==(const ContextChoice&) const = default;
};

/// The pictures of a context as one model embeds them.
struct ContextBase {
  std::filesystem::path checkpoint;
  std::string weightsHash;
  std::string name;  ///< "128 pictures of emoji, test split"
  std::vector<data::PictureRef> pictures;
  std::vector<std::string> labels;
  study::ContextSet set;
  std::vector<data::Skipped> skipped;
};

/// Embeds them, with the feature cache for samples of datasets; takes seconds to minutes, so as a task.
Result<std::shared_ptr<const ContextBase>> embedContext(
    const CheckpointShelf& checkpoints, const DatasetShelf& datasets, const std::filesystem::path& checkpoint,
    const ContextChoice& choice, const std::optional<std::filesystem::path>& cache, const Progress& progress);

/// The image vector of one picture under one model: kept while a slider moves.
struct QueryVector {
  std::string weightsHash;
  std::uint64_t hash = 0;
  std::vector<float> values;
};

struct ContextQuestion {
  std::shared_ptr<const ContextBase> base;
  LoadedPicture picture;
  std::optional<double> tau;                 ///< none: the checkpoint's, or where it has none quarterTau()
  std::shared_ptr<const QueryVector> query;  ///< of an answer before, or null
};

struct ContextAnswer {
  ContextQuestion question;
  study::ContextTau tau;
  std::optional<double> learned;  ///< tau_ctx of the checkpoint
  bool quarter = false;           ///< tau was found by quarterTau()
  study::ContextReading reading;
  std::shared_ptr<const imaging::Image> shown;  ///< the query as the model reads it
  std::string model;
};

/// On the interactive lane.
Result<std::shared_ptr<const ContextAnswer>> readContextOf(const CheckpointShelf& checkpoints, ContextQuestion question,
                                                           PreparedPictures& prepared);

/// The tau_ctx at which the effective neighbours are a quarter of the pictures that are not masked, by bisection of
/// log tau in [kLeastTau, kMostTau]; the nearer end where there is none.
Result<double> quarterTau(const QueryVector& query, const study::ContextSet& set);

}  // namespace lix::app
