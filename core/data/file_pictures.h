#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "data/dataset.h"

namespace lix::data {

/// Paths below one folder, one after the other in one text: a million std::filesystem::path take half a gigabyte.
class PathList {
 public:
  /// Paths that are added are taken from that folder on (absolute ones as they are).
  explicit PathList(std::filesystem::path folder = {}) : folder_(std::move(folder)) {}
  void add(std::string_view path);
  std::size_t size() const { return ends_.size(); }
  std::filesystem::path operator[](std::size_t index) const;

 private:
  std::filesystem::path folder_;
  std::string texts_;
  std::vector<std::uint64_t> ends_;
};

/// Pictures that lie in files, decoded upright (imaging/decode.h) when they are asked for.
class FilePictures : public PictureSource {
 public:
  explicit FilePictures(PathList paths) : paths_(std::move(paths)) {}
  explicit FilePictures(const std::vector<std::filesystem::path>& paths);
  Result<imaging::Image> load(std::size_t index) const override;
  Result<imaging::Image> loadSmall(std::size_t index, int side) const override;
  std::filesystem::path file(std::size_t index) const override { return paths_[index]; }
  Result<std::optional<StoredPicture>> stored(std::size_t index) const override;

 private:
  PathList paths_;
};

/// A file's size, and a number that changes when the file does (of size and time, Sample::version).
struct FileState {
  std::uintmax_t size = 0;
  std::uint64_t version = 0;
};
/// One stat; the error is the reason alone ("No such file or directory"), for the caller's sentence.
Result<FileState> fileState(const std::filesystem::path& path);

/// Whether the file name ends like a picture (.jpg .jpeg .png .ppm .bmp .pgm .tif .tiff .webp in any case).
bool hasPictureExtension(const std::filesystem::path& path);

/// Whether it ends like a video (.avi .mp4 .mov .mkv .webm .mpg .mpeg .m4v), of which pictures can be made.
bool hasVideoExtension(const std::filesystem::path& path);

/// The split that a folder or a cell of that name means (train, training, restval; val, valid, validation, dev; test,
/// testing; in any case), or nothing.
std::optional<Split> splitNamed(std::string_view name);

/// A class name as prompts say it: '_' replaced by ' '.
std::string spoken(std::string name);

/// Lower case of ASCII letters.
std::string lowered(std::string_view text);

}  // namespace lix::data
