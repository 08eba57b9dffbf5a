#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lix::data {

/// A file that is read piece by piece where a caller points, never as a whole. One thread at a time.
class ByteFile {
 public:
  /// Fails where the file cannot be opened or is no regular file.
  static Result<ByteFile> open(const std::filesystem::path& path);
  ByteFile(ByteFile&& other) noexcept;
  ByteFile& operator=(ByteFile&&) = delete;
  ~ByteFile();

  std::uint64_t size() const { return size_; }
  std::uint64_t version() const { return version_; }  ///< as FileState::version
  /// Reads `count` bytes from `offset` on into `into`; fails, before anything is read, where the file ends before.
  Result<void> read(std::uint64_t offset, std::size_t count, char* into) const;
  /// A view of `count` bytes, 4 KiB at most, out of a window of that size that moves as it must; valid until the next
  /// call.
  Result<std::string_view> view(std::uint64_t offset, std::size_t count);

  static constexpr std::size_t kWindow = 4096;

 private:
  ByteFile() = default;
  std::filesystem::path path_;
  int file_ = -1;
  std::uint64_t size_ = 0, version_ = 0;
  std::string window_;
  std::uint64_t windowAt_ = 0;
};

/// `count` bytes of a file from `offset` on; memory is taken only where the file is that long.
Result<std::string> readPiece(const std::filesystem::path& path, std::uint64_t offset, std::size_t count);

/// The first `most` bytes of a file, unpacked where it is gzip.
Result<std::string> readHead(const std::filesystem::path& path, std::size_t most);

/// A whole file, unpacked where it is gzip; refused, before the memory is taken, where it holds more than `most` bytes.
/// Of gzip as much is taken as comes, up to that.
Result<std::string> readUnpacked(const std::filesystem::path& path, std::uint64_t most);

/// Whether a name out of an archive or an index leads below the folder that it is meant for: no absolute path, no "..",
/// no zero byte, no backslash.
bool staysBelow(std::string_view name);

}  // namespace lix::data
