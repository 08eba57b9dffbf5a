#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "pages/inspect/context_compare.h"
#include "pages/inspect/context_list.h"
#include "pages/inspect/inspect_reading.h"
#include "study/reader/reader.h"

namespace lix::app {

class CheckpointShelf;
class DatasetShelf;

inline constexpr int kMostContext = 512;
inline constexpr double kLeastTau = 0.001, kMostTau = 10.0;

/// The pictures of a context as one model embeds them.
struct ContextBase {
  std::filesystem::path checkpoint;
  std::string towerKey;
  std::string name;  ///< "128 pictures of emoji, test split"
  std::vector<data::PictureRef> pictures;
  std::vector<std::string> labels;        ///< what is said of each
  std::vector<PictureLabels> labelSets;   ///< of a support set its classes first
  study::ContextSet set;
  std::vector<data::Skipped> skipped;
};

/// Embeds them, with the feature cache for samples of datasets; takes seconds to minutes, so as a task.
Result<std::shared_ptr<const ContextBase>> embedContext(
    const CheckpointShelf& checkpoints, const DatasetShelf& datasets, const std::filesystem::path& checkpoint,
    const ContextChoice& choice, const std::optional<std::filesystem::path>& cache, const Progress& progress);

/// The image vector of one picture under one model: kept while a slider moves.
struct QueryVector {
  std::string towerKey;
  std::uint64_t hash = 0;
  std::vector<float> values;
};

/// Captions under one model, kept likewise.
struct CaptionVectors {
  std::string weightsHash;
  std::vector<std::string> captions;
  study::Vectors vectors;
};

struct ContextQuestion {
  std::shared_ptr<const ContextBase> base;
  LoadedPicture picture;
  std::optional<double> tau;         ///< none: the checkpoint's, or where it has none quarterTau()
  std::optional<double> neighbours;  ///< instead of tau: the tau that gives so many effective neighbours
  std::vector<std::string> captions;        ///< to be compared with the picture, with and without its context
  std::shared_ptr<const QueryVector> query;  ///< of an answer before, or null
  std::shared_ptr<const CaptionVectors> captionVectors;
};

/// How much of what is attended has the picture's class, under one label set.
struct LabelPurity {
  std::string set;
  std::string own;                             ///< the picture's class, "" where it is not known
  std::optional<study::AttendedPurity> purity;  ///< none without a class
};

struct ContextAnswer {
  ContextQuestion question;
  study::ContextTau tau;
  std::optional<double> learned;  ///< tau_ctx of the checkpoint
  bool quarter = false;           ///< tau was found by quarterTau()
  study::ContextReading reading;
  std::vector<LabelPurity> purities;  ///< one a label set of the base
  std::vector<CaptionCosines> captions;
  std::shared_ptr<const imaging::Image> shown;  ///< the query as the model reads it
  std::string model;
};

/// On the interactive lane, as is what follows.
Result<std::shared_ptr<const ContextAnswer>> readContextOf(const CheckpointShelf& checkpoints,
                                                           const DatasetShelf& datasets, ContextQuestion question,
                                                           PreparedPictures& prepared);

inline constexpr int kTopCompared = 10;

/// One picture and context under two checkpoints, the second at as many effective neighbours as the first has.
struct ContextPair {
  std::shared_ptr<const ContextAnswer> first, second;  ///< second: null without one, or where it has no answer
  std::string problem;                                 ///< why it has none
  ContextOverlap overlap;                              ///< of the top kTopCompared
};
/// Fails where the first has no answer.
Result<ContextPair> readContexts(const CheckpointShelf& checkpoints, const DatasetShelf& datasets,
                                 ContextQuestion first, std::optional<ContextQuestion> second,
                                 PreparedPictures& prepared);

/// The tau_ctx at which the effective neighbours are a quarter of the pictures that are not masked; the nearer end of
/// [kLeastTau, kMostTau] where there is none.
Result<double> quarterTau(const QueryVector& query, const study::ContextSet& set);

}  // namespace lix::app
