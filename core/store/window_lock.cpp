#include "store/window_lock.h"

#include <fcntl.h>
#include <unistd.h>
#include <sys/file.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "store/process_identity.h"

namespace lix::store {
namespace {

/// "host number" of the window that holds the file, as far as it was written; the text is for people only.
std::string holder(int file) {
  std::array<char, 300> text{};
  const auto length = ::pread(file, text.data(), text.size(), 0);
  const auto words = split(trim(std::string_view(text.data(), length > 0 ? std::size_t(length) : 0)), ' ');
  const bool told = words.size() == 2 && !words[0].empty() && toInteger(words[1]) && isUtf8(words[0]);
  return told ? cat(" (process ", words[1], " on ", words[0], ")") : "";
}

void writeHolder(int file) {
  const ProcessIdentity own = ownProcess();
  const std::string text = cat(own.host, ' ', own.pid, '\n');
  // The lock holds without it; the text only tells people whom to look for.
  if (::ftruncate(file, 0) == 0) {
    [[maybe_unused]] const auto written = ::pwrite(file, text.data(), text.size(), 0);
  }
}

/// The file stays, since another window may be about to lock it.
void release(int file) {
  if (file >= 0) {
    ::close(file);  // and with it the lock
  }
}

}  // namespace

Result<WindowLock> WindowLock::take(const std::filesystem::path& workspace) {
  const std::filesystem::path path = workspace / ".window-lock";
  // Not inherited: the trainings that a window starts outlive it.
  WindowLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock.file_ < 0) {
    return fail(ErrorCode::Io, cat("Cannot make ", path.string(), ": ", std::strerror(errno),
                                   ". Open the workspace for reading only, or change its access rights."));
  }
  int done = 0;
  while ((done = ::flock(lock.file_, LOCK_EX | LOCK_NB)) != 0 && errno == EINTR) {
  }
  if (done != 0 && errno == EWOULDBLOCK) {
    return fail(ErrorCode::Busy, cat("Another window has the workspace ", workspace.string(), " open",
                                     holder(lock.file_), ". Close it, or open the workspace for reading only."));
  }
  if (done != 0) {
    return fail(ErrorCode::Io, cat("Cannot lock ", path.string(), ": ", std::strerror(errno),
                                   ". Open the workspace for reading only, or move it to a local disk."));
  }
  writeHolder(lock.file_);
  return lock;
}

WindowLock::WindowLock(WindowLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

WindowLock& WindowLock::operator=(WindowLock&& other) noexcept {
  release(std::exchange(file_, std::exchange(other.file_, -1)));
  return *this;
}

WindowLock::~WindowLock() { release(file_); }

}  // namespace lix::store
