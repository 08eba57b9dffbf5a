#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"

namespace lix::nn {

/// A zip as torch.save writes one: entries that are stored, not compressed, below one folder. Checked when opened:
/// names without a way out of the archive and without repetition, sizes that together do not exceed the file's, at most
/// 200,000 entries. libzip reads it and compares checksums.
class ZipArchive {
 public:
  static Result<ZipArchive> open(const std::filesystem::path& path);

  /// Sizes by name, without the folder that all names begin with.
  const std::map<std::string, std::uint64_t>& sizes() const { return sizes_; }
  bool has(const std::string& name) const { return sizes_.contains(name); }
  /// Fills `into`, which has the entry's size. The entry must exist.
  Result<void> read(const std::string& name, std::byte* into) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::shared_ptr<void> archive_;
  std::map<std::string, std::uint64_t> sizes_;
  std::map<std::string, std::uint64_t> places_;
};

}  // namespace lix::nn
