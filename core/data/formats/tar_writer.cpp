#include "data/formats/tar_writer.h"

#include <cstdio>
#include <cstring>
#include <string>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::data {
namespace {

constexpr std::size_t kBlock = 512, kLongestName = 100;
constexpr std::uint64_t kLargest = 1ULL << 33;

/// A number in octal with leading zeros, as wide as the field less its zero byte.
void putOctal(std::string& block, std::size_t at, std::size_t width, std::uint64_t value) {
  for (std::size_t i = width - 1; i-- > 0; value >>= 3) {
    block[at + i] = char('0' + (value & 7));
  }
}

std::string headerOf(std::string_view name, std::uint64_t size) {
  std::string block(kBlock, '\0');
  block.replace(0, name.size(), name);
  putOctal(block, 100, 8, 0644);
  putOctal(block, 108, 8, 0);  // owner
  putOctal(block, 116, 8, 0);  // group
  putOctal(block, 124, 12, size);
  putOctal(block, 136, 12, 0);  // time
  block.replace(148, 8, 8, ' ');
  block[156] = '0';
  block.replace(257, 8,
                std::string("ustar\0"
                            "00",
                            8));
  std::uint64_t sum = 0;
  for (const char c : block) {
    sum += static_cast<unsigned char>(c);
  }
  putOctal(block, 148, 7, sum);
  block[154] = '\0';
  return block;
}

}  // namespace

Result<TarWriter> TarWriter::create(const std::filesystem::path& path) {
  TarWriter writer(path, std::ofstream(path, std::ios::binary));
  LIX_CHECK(writer.state());
  return writer;
}

Result<void> TarWriter::state() {
  return out_ ? Result<void>()
              : fail(ErrorCode::Io, cat("Cannot write ", path_.string(), ": ", std::strerror(errno),
                                        ". Free some space, or choose "
                                        "another folder."));
}

Result<void> TarWriter::add(std::string_view name, std::string_view content) {
  LIX_REQUIRE(!name.empty() && name.size() <= kLongestName && content.size() < kLargest);
  const std::string padding((kBlock - content.size() % kBlock) % kBlock, '\0');
  out_ << headerOf(name, content.size()) << content << padding;
  return state();
}

Result<void> TarWriter::finish() {
  out_ << std::string(2 * kBlock, '\0');
  out_.close();
  return state();
}

}  // namespace lix::data
