#pragma once
#include <ATen/core/TensorBody.h>

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"

namespace lix::study {

/// Vectors that a person made elsewhere: a model and a dataset in one, without towers or pictures. Two forms:
///
/// NAME.safetensors with image_features [n, D] and, where they are wanted,
///   text_features [rows, D] of captions, caption_of [rows] (study/train/feature_data.h), captions [..] U8, a line each
///   labels [n] I32 or I64 (-1 = none) with classes [..] U8, a line each; class_features [C, D], their text vectors
///   split [n], names [..], picture_hash [n] as there; left out, every vector is of the test split
///   metadata: "name", "logit_scale" (100 where it is not said; refused where it is no number above 0)
/// NAME.npy, [n, D], with a table NAME.csv or NAME.tsv beside it, a line a vector with a header: label, split, name,
///   caption, each where it is wanted; NAME.captions.npy, [n, D], holds the vectors of the table's captions, and
///   NAME.classes.npy, [C, D], those of the classes in the order in which labels first appear in the table. Without
///   NAME.captions.npy the captions are passed over.
/// Names are unique; equal captions have equal vectors.
struct OwnVectors {
  data::Dataset dataset;  ///< without pictures: loading one says so
  at::Tensor images;      ///< [n, D]
  at::Tensor captions;    ///< [rows, D]; not defined where there are none
  at::Tensor classTexts;  ///< [C, D]; not defined where there are none
  std::unordered_map<std::string, std::int64_t> captionRow;  ///< of each caption's text
  std::vector<std::uint64_t> hashes;                         ///< [n]
  double logitScale = 100.0;
  std::string hash;  ///< of all that the file says, in place of a weights' hash

  /// Vectors of captions of the dataset, in that order.
  at::Tensor rowsOf(const std::vector<std::string>& texts) const;
};

/// Whether a path names such a file rather than a checkpoint's folder.
bool isVectorFile(const std::filesystem::path& path);

Result<OwnVectors> openOwnVectors(const std::filesystem::path& path);

}  // namespace lix::study
