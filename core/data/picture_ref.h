#pragma once
#include <compare>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace lix::data {

/// Names one picture: a sample of a dataset (dataset and key), or a file of a person's own (an absolute path).
struct PictureRef {
  std::string dataset;  ///< empty for a file
  std::string key;
  std::filesystem::path file;  ///< empty for a sample

  static PictureRef sample(std::string dataset, std::string key) { return {std::move(dataset), std::move(key), {}}; }
  static PictureRef ofFile(std::filesystem::path file) { return {{}, {}, std::move(file)}; }
  bool isFile() const { return !file.empty(); }
  auto operator<=>(const PictureRef&) const = default;
};

/// As databases and drags keep it: "file:/path" or "sample:DATASET\nKEY" (names hold no line breaks), and back.
std::string toText(const PictureRef& picture);
Result<PictureRef> pictureRefFromText(const std::string& text);
/// For people: the file's name, or "DATASET/KEY".
std::string shortName(const PictureRef& picture);

}  // namespace lix::data
