#pragma once
#include <filesystem>

#include "base/result.h"

namespace lix::store {

/// Says that a window has the workspace open for editing: flock on `.window-lock` in its folder, which ends with the
/// process however it ends. Held by one window; lixp and training runs do not need it.
class WindowLock {
 public:
  /// ErrorCode::Busy where another window holds it (the sentence names host and process, as far as the file tells), Io
  /// where the file cannot be made.
  static Result<WindowLock> take(const std::filesystem::path& workspace);
  WindowLock(WindowLock&& other) noexcept;
  WindowLock& operator=(WindowLock&& other) noexcept;
  ~WindowLock();

 private:
  explicit WindowLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace lix::store
