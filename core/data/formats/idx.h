#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::data {

/// The numbers of an IDX file (MNIST's format): two zero bytes, a type, the number of dimensions, each as u32, then the
/// data, row-major, all big endian. Source: http://yann.lecun.com/exdb/mnist.
struct IdxHeader {
  enum class Type : std::uint8_t { U8 = 0x08, I8 = 0x09, I16 = 0x0b, I32 = 0x0c, F32 = 0x0d, F64 = 0x0e };
  Type type = Type::U8;
  std::vector<std::uint32_t> shape;
  std::uint64_t elements() const;  ///< their product
  std::size_t bytesEach() const;
  std::size_t dataAt() const { return 4 + 4 * shape.size(); }
};

/// The header at the start of these bytes; fails, with a reason alone, where there is none, or where it claims more
/// than 2^40 bytes or more than 4 dimensions.
Result<IdxHeader> idxHeader(std::string_view bytes);

/// A file in this format, its header checked against what there is: a plain file by its size before anything is taken,
/// gzip by what comes out of it, which must end where the header says and have at most 2 GiB.
class IdxFile {
 public:
  static Result<IdxFile> open(const std::filesystem::path& path);
  const IdxHeader& header() const { return header_; }
  std::uint64_t version() const { return version_; }  ///< as FileState::version
  /// `count` elements from element `first` on, as bytes; read from the file, or from memory where it was gzip.
  Result<std::string> elements(std::uint64_t first, std::size_t count) const;

 private:
  std::filesystem::path path_;
  IdxHeader header_;
  std::uint64_t version_ = 0;
  std::string unpacked_;  // the data; empty for a plain file
};

}  // namespace lix::data
