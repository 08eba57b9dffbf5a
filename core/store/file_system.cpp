#include "store/file_system.h"

#include <stdlib.h>
#include <sys/statfs.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/file.h"
#include "base/text.h"

namespace lix::store {
namespace fs = std::filesystem;
namespace {

/// Sizes and times of both files: the same before and after a copy, it is of one moment.
std::array<std::pair<std::uintmax_t, fs::file_time_type>, 2> look(const fs::path& database, std::error_code& code) {
  const fs::path log = database.string() + "-wal";
  return {{{fs::file_size(database, code), fs::last_write_time(database, code)},
           {fs::file_size(log, code), fs::last_write_time(log, code)}}};
}

}  // namespace

FileSystem fileSystemOfMagic(unsigned long magic) {
  // statfs(2): NFS, SMB, CIFS, SMB2, NCP, AFS, OpenAFS, CODA, 9p, FUSE, Lustre, GPFS, Ceph, BeeGFS, GFS2, OCFS2
  constexpr std::array<unsigned long, 16> kShared = {
      0x6969,     0x517B,     0xFF534D42, 0xFE534D42, 0x564C,     0x5346414F, 0x6B414653, 0x73757245,
      0x01021997, 0x65735546, 0x0BD00BD0, 0x47504653, 0x00C36400, 0x19830326, 0x01161970, 0x7461636F};
  return std::find(kShared.begin(), kShared.end(), magic & 0xFFFFFFFFUL) != kShared.end() ? FileSystem::Network
                                                                                          : FileSystem::Local;
}

FileSystem fileSystemOf(const fs::path& folder) {
  struct statfs disk{};
  return ::statfs(folder.c_str(), &disk) == 0 ? fileSystemOfMagic(static_cast<unsigned long>(disk.f_type))
                                              : FileSystem::Local;
}

bool hasLog(const fs::path& database) {
  std::error_code code;
  const auto size = fs::file_size(database.string() + "-wal", code);
  return !code && size > 0;
}

bool isCutOff(std::span<const unsigned char, 100> header, const fs::path& database) {
  std::error_code code;
  const auto size = fs::file_size(database, code);
  if (code) {
    return false;
  }
  const auto number = [&](std::size_t at) {
    return std::uintmax_t{header[at]} << 24 | std::uintmax_t{header[at + 1]} << 16 |
           std::uintmax_t{header[at + 2]} << 8 | header[at + 3];
  };
  const std::uintmax_t stored = number(16) >> 16;
  const std::uintmax_t pageSize = stored == 1 ? 65536 : stored;
  const bool valid = number(24) == number(92);  // otherwise an old program wrote it last and left the count behind
  const bool cut = valid && std::memcmp(header.data(), "SQLite format 3", 16) == 0 && size < number(28) * pageSize;
  return cut && !hasLog(database) && !fs::exists(database.string() + "-journal", code);
}

Result<fs::path> copyWithLog(const fs::path& database) {
  std::error_code code;
  std::string name = (fs::temp_directory_path(code) / "lix-workspace-XXXXXX").string();
  if (code || ::mkdtemp(name.data()) == nullptr) {
    return fail(ErrorCode::Io, cat("Cannot make a temporary folder to copy ", database.string(),
                                   " into: ", std::strerror(errno), ". Set TMPDIR to a folder that you may write to."));
  }
  const fs::path folder = name;
  constexpr int kTries = 5;
  for (int attempt = 0; attempt < kTries && !code; ++attempt) {
    const auto before = look(database, code);
    for (const char* suffix : {"", "-wal"}) {
      if (!code) {
        fs::copy_file(database.string() + suffix, folder / (database.filename().string() + suffix),
                      fs::copy_options::overwrite_existing, code);
      }
    }
    if (!code && look(database, code) == before && !code) {
      fs::permissions(folder / database.filename(), fs::perms::owner_write, fs::perm_options::add, code);
      fs::permissions(folder / (database.filename().string() + "-wal"), fs::perms::owner_write, fs::perm_options::add,
                      code);
      return folder;
    }
  }
  lix::detail::removeQuietly(folder);
  return code ? fail(ErrorCode::Io, cat("Cannot copy ", database.string(), " into the temporary folder: ",
                                        code.message(), ". Free some space there, or set TMPDIR."))
              : fail(ErrorCode::Busy,
                     cat(database.string(),
                         " is being written to by somebody else, and you may not join in; try again later."));
}

std::string immutableUri(const fs::path& database) {
  std::string uri = "file:";
  for (const char c : database.string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || std::strchr("/._-", c) != nullptr);
    uri += plain ? std::string(1, c) : cat("%", hex(byte).substr(14));
  }
  return uri + "?immutable=1";
}

}  // namespace lix::store
