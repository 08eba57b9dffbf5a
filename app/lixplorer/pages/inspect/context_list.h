#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"
#include "data/picture_ref.h"
#include "study/reader/reader.h"

namespace lix::app {

class DatasetShelf;

/// Which pictures a context, or a search, is made of.
struct ContextChoice {
  enum class Source { Dataset, Support, Page, Selection };
  Source source = Source::Dataset;
  std::string name;                        ///< of the dataset or support set
  data::Split split = data::Split::Test;   ///< of a dataset
  int most = 128;                          ///< as the training batch; others are left out at random
  std::vector<data::PictureRef> pictures;  ///< of the page, selection or support set; of a dataset: those to take first
  std::vector<std::string> labels;         ///< of `pictures` where the source has them (classes), or empty
  bool operator==(const ContextChoice&) const = default;
};

/// The pictures that a choice stands for.
struct ContextList {
  std::vector<data::PictureRef> pictures;
  std::vector<std::string> labels;  ///< one each: class, caption, or short name
  std::string name;                 ///< " of emoji, test split"
  std::size_t leftOut = 0;          ///< more than the choice takes
};
/// Opens the dataset where it is not, so not on the window's thread.
Result<ContextList> listOf(const DatasetShelf& datasets, const ContextChoice& choice);

/// Pictures that met the image tower.
struct EmbeddedList {
  study::Features features;
  std::vector<std::size_t> rows;       ///< position in the list of each row
  std::vector<data::Skipped> skipped;  ///< what cannot be read, and why
};
/// Samples of datasets by the feature cache, files decoded now; takes seconds to minutes.
Result<EmbeddedList> embedList(const study::Reader& reader, const DatasetShelf& datasets,
                               std::span<const data::PictureRef> pictures,
                               const std::optional<std::filesystem::path>& cache, const Progress& progress);

/// The classes of pictures under one label set, "" where a picture's is not known.
struct PictureLabels {
  std::string set;
  std::vector<std::string> classes;
};
/// Every label set of the datasets that the pictures are samples of; sets of one name are one.
std::vector<PictureLabels> labelsOf(const DatasetShelf& datasets, std::span<const data::PictureRef> pictures);

}  // namespace lix::app
