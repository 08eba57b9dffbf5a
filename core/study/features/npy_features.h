#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"

namespace lix::study {

/// Row-major vectors, not owned.
struct RowsView {
  std::span<const float> values;
  std::size_t rows = 0, columns = 0;
};

/// The bytes of a .npy file (format 1.0) that holds the rows as little-endian float32 in C order.
std::string npyBytes(const RowsView& rows);

/// Writes NAME.npy with the vectors of samples, NAME.csv beside it, a line a vector (name, split, label, caption), and, where
/// `captions` has rows, NAME.captions.npy with the vectors of the captions in the table: what openOwnVectors reads
/// (study/eval/own_vectors.h). A sample has one line, so of several captions the first stands there. Each file is whole or
/// absent; NAME.npy comes last.
Result<void> writeNpyFeatures(const std::filesystem::path& out, const data::Dataset& dataset,
                              const std::vector<std::size_t>& samples, const RowsView& images, const RowsView& captions);

}  // namespace lix::study
