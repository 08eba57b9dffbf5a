#include "data/formats/shard_pictures.h"

#include <span>

#include "base/contracts.h"
#include "base/text.h"
#include "data/formats/byte_file.h"
#include "imaging/decode.h"
#include "imaging/image_header.h"

namespace lix::data {
namespace {

std::span<const std::byte> view(const std::string& bytes) {
  return std::as_bytes(std::span(bytes.data(), bytes.size()));
}

const char* extensionOf(imaging::Format format) {
  switch (format) {
    case imaging::Format::Jpeg:
      return ".jpg";
    case imaging::Format::Png:
      return ".png";
    case imaging::Format::Bmp:
      return ".bmp";
    case imaging::Format::WebP:
      return ".webp";
    case imaging::Format::Tiff:
      return ".tif";
    case imaging::Format::Pnm:
      return ".ppm";
  }
  return "";
}

}  // namespace

std::string ShardPictures::nameOf(std::size_t index) const {
  const ShardPicture& picture = pictures_[index];
  return cat(shards_[picture.shard].filename().string(), ", byte ", picture.offset);
}

Result<std::string> ShardPictures::bytes(std::size_t index) const {
  LIX_REQUIRE(index < pictures_.size());
  const ShardPicture& picture = pictures_[index];
  return readPiece(shards_[picture.shard], picture.offset, picture.size);
}

Result<imaging::Image> ShardPictures::load(std::size_t index) const {
  LIX_TRY(const std::string bytes, this->bytes(index));
  return imaging::decode(view(bytes), nameOf(index));
}

Result<imaging::Image> ShardPictures::loadSmall(std::size_t index, int side) const {
  LIX_TRY(const std::string bytes, this->bytes(index));
  return imaging::decodeSmall(view(bytes), nameOf(index), side);
}

Result<std::optional<StoredPicture>> ShardPictures::stored(std::size_t index) const {
  LIX_TRY(std::string bytes, this->bytes(index));
  LIX_TRY(const imaging::ImageHeader header, imaging::readHeader(view(bytes), nameOf(index)));
  return StoredPicture{std::move(bytes), extensionOf(header.format)};
}

}  // namespace lix::data
