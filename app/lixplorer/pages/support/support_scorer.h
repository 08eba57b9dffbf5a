#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "pages/support/picture_features.h"
#include "pages/support/query_plan.h"
#include "study/support/support_score.h"
#include "support/support_set.h"

namespace lix::app {

/// A support set and queries as adapters take them, for whoever asks more of them than a score. Classes are those of
/// the set, in its order. Never changes once made.
struct ScoredTask {
  std::size_t width = 0;
  std::vector<data::PictureRef> pictures;  ///< one a support row
  std::vector<float> support, text;
  std::vector<int> labels;  ///< one a support row
  std::vector<std::uint64_t> hashes;  ///< of the support pictures' content
  std::vector<std::string> names;
  float logitScale = 100.f;
  std::shared_ptr<const QueryPictures> queries;  ///< null: none
  std::vector<int> queryLabels;  ///< one a picture of theirs; -1: of no class of the set, or it stands in the set

  /// Views this.
  study::SupportTask task() const;
  bool operator==(const ScoredTask&) const = default;
};

/// How every adapter does with a support set as it stands.
struct SupportScores {
  std::vector<study::AdapterScore> adapters;  ///< those that take long may be waiting
  std::vector<data::Skipped> unreadable;  ///< support pictures that were left out, and why
  std::size_t queries = 0;                ///< query pictures in all, after those below were left out
  std::size_t leftOut = 0;                ///< query pictures whose content stands in the support set
  std::shared_ptr<const ScoredTask> task;  ///< what was scored; query rows of predictions are its pictures
};

/// What is predicted for one picture.
struct Prediction {
  data::PictureRef picture;
  std::string best, second;  ///< class names
  float margin = 0.f;        ///< in the adapter's own unit; 0 where there is one class
};
struct Predictions {
  std::vector<Prediction> rows;  ///< in the order of the pictures
  std::string adapterTitle;
  std::string refusal;  ///< why there are none, in one sentence
};

struct SetFeatures;  // pages/support/set_features.h

/// Pictures that are read where they are asked about; more of them are read as a task first (SupportScorer::prepare).
inline constexpr std::size_t kMostAtOnce = 24;

/// Scores support sets with features kept in memory, so that a changed set costs only its new pictures. The features of
/// one checkpoint are kept at a time. Pictures that could not be read are left out until their files change or
/// retryUnreadable(). May be used from several threads; never from the window's.
class SupportScorer {
 public:
  explicit SupportScorer(const DatasetShelf& datasets) : datasets_(datasets) {}

  /// How many pictures of the set have to meet the image tower first.
  std::size_t missing(const study::Reader& reader, const support::SupportSet& set);
  /// What could not be read is missing again.
  void retryUnreadable();
  /// Embeds what is missing.
  Result<void> prepare(const study::Reader& reader, const support::SupportSet& set,
                       const std::optional<std::filesystem::path>& cache, const Progress& progress = {});
  // Those below refuse while more than kMostAtOnce pictures are missing, and what was overtaken by another checkpoint
  // fails with Cancelled.

  /// By the quick adapters; the others wait. Null queries: no accuracy.
  Result<SupportScores> score(const study::Reader& reader, const support::SupportSet& set,
                              std::shared_ptr<const QueryPictures> queries,
                              const study::AdapterSettings& settings = {});
  Result<Predictions> predict(const study::Reader& reader, const support::SupportSet& set,
                              const EmbeddedPictures& pictures, const std::string& adapter,
                              const study::AdapterSettings& settings = {}, std::stop_token stop = {});
  /// The set as numbers: what else looks at it.
  Result<SetFeatures> features(const study::Reader& reader, const support::SupportSet& set);

 private:
  struct Row {
    std::uint64_t version = 0;  ///< of the file when it was read
    std::uint64_t hash = 0;
    std::vector<float> vector;
  };
  struct Unreadable {
    std::uint64_t version = 0;  ///< of the file when that was tried
    data::Skipped why;
  };
  struct Pictures;
  struct Basis;
  Pictures missingOf(const study::Reader& reader, const Pictures& all);
  Result<void> keep(const study::Reader& reader, const Pictures& asked, const EmbeddedPictures& embedded);
  Result<void> readTexts(const study::Reader& reader, const support::SupportSet& set);
  Result<Basis> basis(const study::Reader& reader, const support::SupportSet& set);
  Result<Basis> gathered(const study::Reader& reader, const support::SupportSet& set, const Pictures& all);

  const DatasetShelf& datasets_;
  std::mutex mutex_;
  std::string weights_;  // of the checkpoint that the features are of
  std::map<data::PictureRef, Row> rows_;
  std::map<data::PictureRef, Unreadable> unreadable_;
  std::map<std::string, std::vector<float>> texts_;
};

}  // namespace lix::app
