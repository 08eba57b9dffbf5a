#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "data/formats/byte_file.h"

namespace lix::data {

/// One entry of a tar file: where its bytes lie.
struct TarEntry {
  enum class Kind : std::uint8_t { File, Folder, Link, Other };
  std::string name;  ///< with the folders, as the archive says it, a leading "./" left out
  Kind kind = Kind::File;
  std::uint64_t offset = 0, size = 0;  ///< of the content; inside the file, which is checked
};

/// Walks the headers of a tar file by seeking; contents are not read. Knows ustar (POSIX.1-1988) with base-256 sizes,
/// pax records `path` and `size` (POSIX.1-2001), GNU long names, and V7; the end is a zero block or the end of the
/// file. Fails, with the byte, at a header that is damaged (its sum is checked) or speaks of bytes behind the file's
/// end: what came before holds.
class TarWalk {
 public:
  static Result<TarWalk> open(const std::filesystem::path& path);
  /// The next entry, nothing at the end.
  Result<std::optional<TarEntry>> next();
  /// The content of a small entry; refused where it has more than `most` bytes.
  Result<std::string> content(const TarEntry& entry, std::uint64_t most);
  const ByteFile& file() const { return file_; }

 private:
  TarWalk(ByteFile file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}
  struct Pending {  // what special entries say of the next one
    std::optional<std::string> name;
    std::optional<std::uint64_t> size;
    bool isSparse = false;
  };
  std::unexpected<Error> damaged(std::string_view why) const;
  Result<void> takeSpecial(char type, std::uint64_t size, Pending& pending);
  Result<void> takePax(const std::string& records, Pending& pending);

  ByteFile file_;
  std::filesystem::path path_;
  std::uint64_t at_ = 0;
};

/// Whether the first bytes of a file are a tar header.
bool looksLikeTar(std::string_view head);

}  // namespace lix::data
