#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"

namespace lix::data {

/// What is seen of a path at first sight, so that sources can tell whether it is theirs: names and first bytes, no
/// contents.
class Glance {
 public:
  /// Fails where a folder cannot be listed. Hidden entries (.git, .DS_Store, __MACOSX) are left out.
  static Result<Glance> at(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  bool isFolder() const { return isFolder_; }
  /// Names in the folder, sorted by bytes; none for a file.
  const std::vector<std::string>& files() const { return files_; }
  const std::vector<std::string>& folders() const { return folders_; }
  bool hasFile(std::string_view name) const;
  bool hasFolder(std::string_view name) const;
  /// Of a file its extension in lower case, with the dot.
  std::string extension() const;
  /// The first bytes of the file, 64 KiB at most and unpacked where it is gzip; "" where it cannot be read.
  std::string head() const;

 private:
  std::filesystem::path path_;
  bool isFolder_ = false;
  std::vector<std::string> files_, folders_;
};

/// What a source makes of a glance. A sure one is asked before those that would take anything (a folder of pictures).
struct Finding {
  DatasetSpec spec;
  bool sure = true;
};
using Findings = std::vector<Finding>;

/// Whether a file of that name may be a dataset by itself (tables, lists, shards, JSON, IDX, CIFAR); tells by the name
/// alone.
bool mayBeDataset(const std::filesystem::path& file);

/// Whether the first line of a side text says something, and is not a row of numbers as the boxes of detectors are.
bool saysCaption(std::string_view text);

}  // namespace lix::data
