#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "base/result.h"

namespace lix::data {

/// Writes a tar file (ustar) member by member, without times and owners, so that the same members make the same bytes.
class TarWriter {
 public:
  static Result<TarWriter> create(const std::filesystem::path& path);
  /// Names of at most 100 bytes and contents of less than 8 GiB, which is what the format says without extensions.
  Result<void> add(std::string_view name, std::string_view content);
  /// Writes the end; to be called once.
  Result<void> finish();

 private:
  TarWriter(std::filesystem::path path, std::ofstream out) : path_(std::move(path)), out_(std::move(out)) {}
  Result<void> state();
  std::filesystem::path path_;
  std::ofstream out_;
};

}  // namespace lix::data
