#include "data/file_pictures.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "imaging/decode.h"

namespace lix::data {

void PathList::add(std::string_view path) {
  texts_ += path;
  ends_.push_back(texts_.size());
}

std::filesystem::path PathList::operator[](std::size_t index) const {
  LIX_REQUIRE(index < ends_.size());
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return folder_ / std::string_view(texts_).substr(begin, ends_[index] - begin);
}

FilePictures::FilePictures(const std::vector<std::filesystem::path>& paths) {
  for (const auto& path : paths) {
    paths_.add(path.native());
  }
}

Result<imaging::Image> FilePictures::loadSmall(std::size_t index, int side) const {
  LIX_REQUIRE(index < paths_.size());
  return imaging::decodeFileSmall(paths_[index], side);
}

Result<imaging::Image> FilePictures::load(std::size_t index) const {
  LIX_REQUIRE(index < paths_.size());
  return imaging::decodeFile(paths_[index]);
}

Result<std::optional<StoredPicture>> FilePictures::stored(std::size_t index) const {
  LIX_REQUIRE(index < paths_.size());
  const std::filesystem::path path = paths_[index];
  LIX_TRY(std::string bytes, readFile(path, imaging::DecodeLimits{}.maxBytes));
  return StoredPicture{std::move(bytes), lowered(path.extension().string())};
}

Result<FileState> fileState(const std::filesystem::path& path) {
  struct ::stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, std::strerror(errno));
  }
  if (!S_ISREG(about.st_mode)) {
    return fail(ErrorCode::BadInput, "it is no regular file");
  }
  const auto size = std::uintmax_t(about.st_size);
  return FileState{size, hash64(cat(size, " ", about.st_mtim.tv_sec, " ", about.st_mtim.tv_nsec))};
}

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  }
  return result;
}

bool hasPictureExtension(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 9> kExtensions{".jpg", ".jpeg", ".png", ".ppm", ".bmp",
                                                        ".pgm", ".tif",  ".tiff", ".webp"};
  return std::find(kExtensions.begin(), kExtensions.end(), lowered(path.extension().string())) != kExtensions.end();
}

bool hasVideoExtension(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 8> kExtensions{".avi", ".mp4",  ".mov", ".mkv",
                                                        ".webm", ".mpg", ".mpeg", ".m4v"};
  return std::find(kExtensions.begin(), kExtensions.end(), lowered(path.extension().string())) != kExtensions.end();
}

std::optional<Split> splitNamed(std::string_view name) {
  const std::string key = lowered(name);
  if (key == "train" || key == "training" || key == "restval") {
    return Split::Train;
  }
  if (key == "val" || key == "valid" || key == "validation" || key == "dev") {
    return Split::Validation;
  }
  return key == "test" || key == "testing" ? std::optional(Split::Test) : std::nullopt;
}

std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace lix::data
