#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"

namespace lix::app {

/// What people said of one caption for one picture.
struct Judgement {
  std::size_t sample = 0;  ///< of the dataset
  std::string caption;
  std::vector<double> scores;  ///< one a person, or one column each
};

/// A table of pictures, captions and scores matched with a dataset; what has no partner is counted.
struct ScoreTable {
  std::vector<Judgement> judgements;
  std::size_t withoutPicture = 0, withoutCaption = 0;
};

/// Reads rows of picture, caption and one or more numbers, with or without a header, separated by tabs, commas or
/// semicolons: Flickr8k's ExpertAnnotations.txt is one. A picture is named by its key in the dataset or the file name
/// at the key's end; a caption is a text, or PICTURE#n for caption n of a picture, from 0. Fails with the line where a
/// score is no number, or where no row meets the dataset.
Result<ScoreTable> readScores(const std::filesystem::path& file, const data::Dataset& dataset);

}  // namespace lix::app
