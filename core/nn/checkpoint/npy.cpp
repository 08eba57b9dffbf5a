#include "nn/checkpoint/npy.h"

#include <bit>
#include <cstring>
#include <fstream>
#include <regex>

#include "base/text.h"
#include "nn/checkpoint/half.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kMagic{"\x93NUMPY", 6};
constexpr std::uint32_t kMostHeader = 4096;
constexpr std::int64_t kMostNumbers = 1LL << 36;

template <class... Parts>
std::unexpected<Error> bad(const fs::path& path, const Parts&... parts) {
  return fail(ErrorCode::BadInput, cat(path.string(), parts...));
}

struct Header {
  std::string text;
  std::uint64_t end = 0;  ///< where the numbers begin
};

Result<Header> readHeader(std::ifstream& in, const fs::path& path) {
  unsigned char start[12] = {};
  in.read(reinterpret_cast<char*>(start), 8);
  if (!in || std::memcmp(start, kMagic.data(), kMagic.size()) != 0) {
    return bad(path, " is no .npy file: it does not begin as NumPy writes them.");
  }
  const int sizeBytes = start[6] == 1 ? 2 : 4;
  in.read(reinterpret_cast<char*>(start + 8), sizeBytes);
  std::uint32_t size = 0;
  for (int i = sizeBytes - 1; i >= 0; --i) {
    size = size << 8 | start[8 + i];
  }
  if (!in || start[6] < 1 || start[6] > 3 || size > kMostHeader) {
    return bad(path, " is damaged, or of a newer .npy format than 3.0.");
  }
  Header header{std::string(size, ' '), std::uint64_t(8 + sizeBytes) + size};
  in.read(header.text.data(), std::streamsize(size));
  if (!in) {
    return bad(path, " ends within its header.");
  }
  return header;
}

/// The number at `bytes` of a type that the header names.
float number(const char* bytes, std::size_t size) {
  if (size == 2) {
    std::uint16_t half;
    std::memcpy(&half, bytes, 2);
    return fromHalf(half);
  }
  if (size == 4) {
    float value;
    std::memcpy(&value, bytes, 4);
    return value;
  }
  double value;
  std::memcpy(&value, bytes, 8);
  return static_cast<float>(value);
}

}  // namespace

Result<NpyMatrix> readNpyMatrix(const fs::path& path) {
  static_assert(std::endian::native == std::endian::little);
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return fail(ErrorCode::NotFound, cat(path.string(), " cannot be opened."));
  }
  LIX_TRY(const Header header, readHeader(in, path));
  static const std::regex kType("'descr': *'([^']*)'"), kOrder("'fortran_order': *(True|False)"),
      kShape("'shape': *\\( *([0-9]{1,12}), *([0-9]{1,9}) *,? *\\)");
  std::smatch type, order, shape;
  if (!std::regex_search(header.text, type, kType) || !std::regex_search(header.text, order, kOrder)) {
    return bad(path, " has a header that NumPy does not write.");
  }
  const std::string name = type[1];
  if ((name != "<f2" && name != "<f4" && name != "<f8") || order[1] == "True" ||
      !std::regex_search(header.text, shape, kShape)) {
    return bad(path, " should hold one matrix of float16, float32 or float64 in C order, one row a vector; make it so with "
                     "numpy.ascontiguousarray(x, dtype='float32').");
  }
  NpyMatrix matrix{std::stoll(shape[1]), std::stoll(shape[2]), {}};
  const std::size_t size = std::size_t(name[2] - '0');
  if (matrix.rows < 1 || matrix.columns < 1 || matrix.rows > kMostNumbers / matrix.columns) {
    return bad(path, " holds ", matrix.rows, " rows of ", matrix.columns, " numbers; at least one is needed.");
  }
  const auto count = std::uint64_t(matrix.rows) * std::uint64_t(matrix.columns);
  std::error_code failed;
  if (const auto bytes = fs::file_size(path, failed); failed || bytes != header.end + count * size) {
    return bad(path, " has ", bytes, " bytes where its header asks for ", header.end + count * size, "; it is cut or damaged.");
  }
  matrix.values.resize(count);
  std::vector<char> row(std::size_t(matrix.columns) * size);
  for (std::int64_t i = 0; i < matrix.rows; ++i) {
    if (!in.read(row.data(), std::streamsize(row.size()))) {
      return fail(ErrorCode::Io, cat(path.string(), " cannot be read to its end."));
    }
    for (std::int64_t k = 0; k < matrix.columns; ++k) {
      matrix.values[std::size_t(i * matrix.columns + k)] = number(row.data() + std::size_t(k) * size, size);
    }
  }
  return matrix;
}

}  // namespace lix::nn
