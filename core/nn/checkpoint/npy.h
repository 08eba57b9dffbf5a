#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::nn {

/// A matrix of a NumPy file.
struct NpyMatrix {
  std::int64_t rows = 0, columns = 0;
  std::vector<float> values;  ///< row-major
};

/// Reads a .npy file (format 1.0 to 3.0) that holds one matrix of little-endian float16, float32 or float64 in C order.
/// Its size is checked against the header before memory is taken; anything else is refused with what to do.
Result<NpyMatrix> readNpyMatrix(const std::filesystem::path& path);

}  // namespace lix::nn
