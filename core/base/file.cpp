#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>

#include "base/text.h"

namespace lix {
namespace fs = std::filesystem;
namespace {

std::unexpected<Error> ioError(std::string_view what, const fs::path& path, int code) {
  const char* remedy = code == ENOSPC                                     ? " Free some space and try again."
                       : code == EACCES || code == EROFS || code == EPERM ? " Choose a folder that you may write to."
                                                                          : "";
  return fail(ErrorCode::Io, cat(what, " ", path.string(), ": ", std::strerror(code), ".", remedy));
}

Result<void> writeAndSync(const fs::path& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) {
    return ioError("Cannot write", path, errno);
  }
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      const int code = errno;
      ::close(file);
      ::unlink(path.c_str());
      return ioError("Cannot write", path, code);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  const int synced = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  if (synced != 0) {
    ::unlink(path.c_str());
    return ioError("Cannot write", path, synced);
  }
  return {};
}

void syncPath(const fs::path& path) {
  if (const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC); file >= 0) {
    ::fsync(file);
    ::close(file);
  }
}

fs::path absolutePath(const fs::path& path) {
  std::error_code ignored;
  auto absolute = fs::absolute(path, ignored).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

}  // namespace

Result<std::string> readFile(const fs::path& path, std::uintmax_t limit) {
  std::error_code code;
  if (fs::is_directory(path, code)) {
    return fail(ErrorCode::BadInput, cat(path.string(), " is a folder, a file was expected."));
  }
  const auto size = fs::file_size(path, code);
  if (code) {
    return fail(code == std::errc::no_such_file_or_directory ? ErrorCode::NotFound : ErrorCode::Io,
                cat("Cannot read ", path.string(), ": ", code.message(), "."));
  }
  if (size > limit) {
    return fail(ErrorCode::BadInput,
                cat(path.string(), " has ", size, " bytes, more than the ", limit, " that such a file may have."));
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes(size, '\0');
  if (!in.read(bytes.data(), static_cast<std::streamsize>(size))) {
    return fail(ErrorCode::Io,
                cat("Cannot read ", path.string(), " to its end; check the disk and your access rights."));
  }
  return bytes;
}

Result<void> writeFile(const fs::path& path, std::string_view bytes) {
  const fs::path target = absolutePath(path);
  const fs::path temporary = target.parent_path() / cat(".", target.filename().string(), ".", ::getpid(), ".part");
  LIX_CHECK(writeAndSync(temporary, bytes));
  if (::rename(temporary.c_str(), target.c_str()) != 0) {
    const int code = errno;
    ::unlink(temporary.c_str());
    return ioError("Cannot write", target, code);
  }
  syncPath(target.parent_path());
  return {};
}

namespace detail {

Result<fs::path> makeTemporaryFolder(const fs::path& beside) {
  const fs::path target = absolutePath(beside);
  std::error_code code;
  fs::create_directories(target.parent_path(), code);
  if (code) {
    return ioError("Cannot make the folder", target.parent_path(), code.value());
  }
  const fs::path temporary = target.parent_path() / cat(".", target.filename().string(), ".", ::getpid(), ".part");
  fs::remove_all(temporary, code);
  if (!fs::create_directory(temporary, code)) {
    return ioError("Cannot make the folder", temporary, code.value());
  }
  return temporary;
}

Result<void> swapIn(const fs::path& temporary, const fs::path& path) {
  for (const auto& entry : fs::recursive_directory_iterator(temporary)) {
    syncPath(entry.path());
  }
  syncPath(temporary);
  const fs::path target = absolutePath(path);
  std::error_code ignored;
  const bool exchange = fs::exists(target, ignored);
  const unsigned flags = exchange ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, target.c_str(), flags) != 0) {
    return ioError("Cannot put in place", target, errno);
  }
  syncPath(target.parent_path());
  if (exchange) {
    removeQuietly(temporary);
  }
  return {};
}

void removeQuietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace detail
}  // namespace lix
