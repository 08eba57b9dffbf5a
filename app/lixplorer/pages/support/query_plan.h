#pragma once
#include <string>
#include <vector>

#include "pages/support/picture_features.h"
#include "support/support_set.h"

namespace lix::app {

inline constexpr std::size_t kMostQueries = 2000;  ///< unless another number is chosen
inline constexpr std::size_t kQueryLimit = 10000;

/// Class names are matched without regard to case (of ASCII letters), '_' and spaces around them.
std::string foldedName(const std::string& name);

/// What a person chose to measure on; empty: chosen by the support set.
struct QueryChoice {
  std::string dataset;
  std::string labelSet;
  data::Split split = data::Split::Test;
  std::size_t most = kMostQueries;  ///< up to kQueryLimit
  bool operator==(const QueryChoice&) const = default;
};

/// Pictures that a support set is to be measured on.
struct QueryPlan {
  std::string dataset, labelSet;
  data::Split split = data::Split::Test;
  std::vector<std::string> labelSets;   ///< all of the dataset
  std::vector<std::string> labels;      ///< the classes of labelSet
  std::vector<std::string> classNames;  ///< one a picture
  std::vector<data::PictureRef> pictures;
  std::size_t available = 0;  ///< pictures of those classes in the split
  std::size_t matched = 0;    ///< classes of the set that are classes of the label set
  std::size_t classes = 0;    ///< of the set
};

/// The dataset that most pictures of the set are samples of, "" where all are files.
std::string mainDataset(const support::SupportSet& set);
/// Of a dataset's label sets (it has some) the one that most of the names are classes of, the first where none is.
std::size_t bestLabelSet(const data::Dataset& dataset, const support::SupportSet& set);
/// At most `choice.most` pictures, drawn evenly over the matched classes and over each class's pictures. Of label sets, where
/// none is chosen, the one that most class names are found in. Opens the dataset: not on the window's thread.
Result<QueryPlan> planQueries(const DatasetShelf& datasets, const support::SupportSet& set, const QueryChoice& choice);

/// A plan's pictures that met the image tower. `classNames` says the class of each embedded one.
struct QueryPictures {
  QueryPlan plan;
  std::string weightsHash;
  EmbeddedPictures embedded;
  std::vector<std::string> classNames;
};
Result<QueryPictures> embedQueries(const study::Reader& reader, const DatasetShelf& datasets, const QueryPlan& plan,
                                   const std::optional<std::filesystem::path>& cache, const Progress& progress = {});

}  // namespace lix::app
