#include "data/formats/byte_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> unreadable(const fs::path& path, std::string_view why) {
  return fail(ErrorCode::Io, cat("The file '", path.string(), "' cannot be read: ", why, "."));
}

struct GzipClose {
  void operator()(gzFile file) const { gzclose(file); }
};
using Gzip = std::unique_ptr<std::remove_pointer_t<gzFile>, GzipClose>;

/// Reads what comes out of a gzip (or plain) file, up to `most` bytes.
Result<std::string> inflated(const fs::path& path, std::uint64_t most) {
  const Gzip file(gzopen(path.c_str(), "rb"));
  if (!file) {
    return unreadable(path, std::strerror(errno));
  }
  constexpr std::size_t kStep = 1 << 20;
  std::string text;
  while (text.size() < most) {
    const std::size_t before = text.size();
    const std::size_t step = std::size_t(std::min<std::uint64_t>(kStep, most - before));
    text.resize(before + step);
    const int got = gzread(file.get(), text.data() + before, unsigned(step));
    text.resize(before + std::size_t(std::max(got, 0)));
    if (got < 0) {
      int code = 0;
      return unreadable(path, cat("its gzip data are damaged (", gzerror(file.get(), &code), ")"));
    }
    if (std::size_t(got) < step) {
      break;
    }
  }
  int code = Z_OK;
  gzerror(file.get(), &code);
  if (code == Z_BUF_ERROR) {
    return unreadable(path, "its gzip data are cut off");
  }
  return text;
}

Result<std::string> readPlainHead(const fs::path& path, std::size_t most) {
  LIX_TRY(const ByteFile file, ByteFile::open(path));
  std::string text(std::size_t(std::min<std::uint64_t>(file.size(), most)), '\0');
  LIX_CHECK(file.read(0, text.size(), text.data()));
  return text;
}

}  // namespace

Result<ByteFile> ByteFile::open(const fs::path& path) {
  ByteFile file;
  file.path_ = path;
  const auto state = fileState(path);
  if (!state) {
    return unreadable(path, state.error().message);
  }
  file.size_ = state->size;
  file.version_ = state->version;
  file.file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file.file_ < 0) {
    return unreadable(path, std::strerror(errno));
  }
  // Read-ahead would fetch the pictures between the places that are looked at.
  ::posix_fadvise(file.file_, 0, 0, POSIX_FADV_RANDOM);
  return file;
}

ByteFile::ByteFile(ByteFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      size_(other.size_),
      version_(other.version_),
      window_(std::move(other.window_)),
      windowAt_(other.windowAt_) {}

ByteFile::~ByteFile() {
  if (file_ >= 0) {
    ::close(file_);
  }
}

Result<void> ByteFile::read(std::uint64_t offset, std::size_t count, char* into) const {
  if (offset > size_ || count > size_ - offset) {
    return unreadable(path_, cat("it ends at byte ", size_, ", before the ", count, " bytes at ", offset));
  }
  for (std::size_t done = 0; done < count;) {
    const auto got = ::pread(file_, into + done, count - done, off_t(offset + done));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return unreadable(path_, got < 0 ? std::strerror(errno) : "it became shorter while it was read");
    }
    done += std::size_t(got);
  }
  return {};
}

Result<std::string_view> ByteFile::view(std::uint64_t offset, std::size_t count) {
  LIX_REQUIRE(count <= kWindow);
  if (offset < windowAt_ || offset + count > windowAt_ + window_.size()) {
    const std::uint64_t left = offset < size_ ? size_ - offset : 0;
    const std::size_t wanted = std::max(count, std::size_t(std::min<std::uint64_t>(left, kWindow)));
    window_.resize(wanted);
    windowAt_ = offset;
    if (auto done = read(offset, wanted, window_.data()); !done) {
      window_.clear();
      return std::unexpected(std::move(done).error());
    }
  }
  return std::string_view(window_).substr(std::size_t(offset - windowAt_), count);
}

Result<std::string> readPiece(const fs::path& path, std::uint64_t offset, std::size_t count) {
  LIX_TRY(const ByteFile file, ByteFile::open(path));
  if (offset > file.size() || count > file.size() - offset) {
    return unreadable(path, cat("it ends at byte ", file.size(), ", before the ", count, " bytes at ", offset));
  }
  std::string text(count, '\0');
  LIX_CHECK(file.read(offset, count, text.data()));
  return text;
}

Result<std::string> readHead(const fs::path& path, std::size_t most) { return inflated(path, most); }

Result<std::string> readUnpacked(const fs::path& path, std::uint64_t most) {
  LIX_TRY(const std::string magic, readPlainHead(path, 2));
  if (magic != "\x1f\x8b") {
    return readFile(path, most);
  }
  LIX_TRY(std::string text, inflated(path, most + 1));
  if (text.size() > most) {
    return fail(ErrorCode::BadInput,
                cat("The file '", path.string(), "' holds more than the ", most, " bytes that it may have."));
  }
  return text;
}

bool staysBelow(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\0') != std::string_view::npos ||
      name.find('\\') != std::string_view::npos) {
    return false;
  }
  const auto parts = split(name, '/');
  return std::ranges::find(parts, "..") == parts.end();
}

}  // namespace lix::data
