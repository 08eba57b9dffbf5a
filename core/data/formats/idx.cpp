#include "data/formats/idx.h"

#include "base/text.h"
#include "data/file_pictures.h"
#include "data/formats/byte_file.h"

namespace lix::data {
namespace {

constexpr std::uint64_t kMostUnpacked = 2ULL << 30;
constexpr std::uint64_t kMostClaimed = 1ULL << 40;
constexpr std::size_t kMostDimensions = 4;
constexpr std::size_t kLongestHeader = 4 + 4 * kMostDimensions;

std::uint32_t big32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

std::unexpected<Error> refused(const std::filesystem::path& path, std::string_view why) {
  return fail(ErrorCode::BadInput, cat("The IDX file '", path.string(), "' cannot be read: ", why, "."));
}

}  // namespace

std::uint64_t IdxHeader::elements() const {
  std::uint64_t product = 1;
  for (const std::uint32_t size : shape) {
    product *= size;
  }
  return product;
}

std::size_t IdxHeader::bytesEach() const {
  switch (type) {
    case Type::U8:
    case Type::I8:
      return 1;
    case Type::I16:
      return 2;
    case Type::I32:
    case Type::F32:
      return 4;
    case Type::F64:
      return 8;
  }
  return 0;
}

Result<IdxHeader> idxHeader(std::string_view bytes) {
  if (bytes.size() < 4 || bytes[0] != 0 || bytes[1] != 0) {
    return fail(ErrorCode::BadInput, "it does not begin with two zero bytes");
  }
  IdxHeader header{.type = IdxHeader::Type(bytes[2]), .shape = {}};
  const auto dimensions = static_cast<unsigned char>(bytes[3]);
  if (header.bytesEach() == 0) {
    return fail(ErrorCode::BadInput, cat("it names the unknown type ", int(static_cast<unsigned char>(bytes[2]))));
  }
  if (dimensions == 0 || dimensions > kMostDimensions) {
    return fail(ErrorCode::BadInput,
                cat("it claims ", int(dimensions), " dimensions; 1 to ", kMostDimensions, " are read"));
  }
  if (bytes.size() < 4 + 4U * dimensions) {
    return fail(ErrorCode::BadInput, "it ends within its header");
  }
  std::uint64_t total = header.bytesEach();
  for (std::size_t i = 0; i < dimensions; ++i) {
    header.shape.push_back(big32(bytes, 4 + 4 * i));
    if (header.shape.back() == 0 || total > kMostClaimed / header.shape.back()) {
      return fail(ErrorCode::BadInput, cat("its dimension ", i + 1, " is ", header.shape.back(), ", which cannot be"));
    }
    total *= header.shape.back();
  }
  return header;
}

Result<IdxFile> IdxFile::open(const std::filesystem::path& path) {
  IdxFile file;
  file.path_ = path;
  LIX_TRY(const ByteFile plain, ByteFile::open(path));
  file.version_ = plain.version();
  LIX_TRY(const std::string head, readHead(path, kLongestHeader));
  const auto header = idxHeader(head);
  if (!header) {
    return refused(path, header.error().message);
  }
  file.header_ = *header;
  const std::uint64_t claimed = header->elements() * header->bytesEach() + header->dataAt();
  char magic[2] = {};
  LIX_CHECK(plain.read(0, 2, magic));
  std::uint64_t there = plain.size();
  if (magic[0] == '\x1f' && magic[1] == '\x8b') {
    if (claimed > kMostUnpacked) {
      return refused(path, cat("it claims ", claimed, " bytes, more than the ", kMostUnpacked,
                               " that are unpacked in memory; unpack it with gunzip"));
    }
    LIX_TRY(file.unpacked_, readUnpacked(path, claimed));
    there = file.unpacked_.size();
    file.unpacked_.erase(0, std::min(header->dataAt(), file.unpacked_.size()));
  }
  if (there != claimed) {
    return refused(path, cat("its header claims ", claimed, " bytes, and it has ", there));
  }
  return file;
}

Result<std::string> IdxFile::elements(std::uint64_t first, std::size_t count) const {
  const std::uint64_t offset = first * header_.bytesEach();
  const std::size_t bytes = count * header_.bytesEach();
  if (!unpacked_.empty()) {
    if (offset > unpacked_.size() || bytes > unpacked_.size() - offset) {
      return refused(path_, cat("it has no element ", first + count));
    }
    return unpacked_.substr(std::size_t(offset), bytes);
  }
  return readPiece(path_, header_.dataAt() + offset, bytes);
}

}  // namespace lix::data
