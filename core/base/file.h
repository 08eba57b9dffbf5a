#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/result.h"

namespace lix {

/// The whole file as text; refuses more than `limit` bytes before any memory is taken.
Result<std::string> readFile(const std::filesystem::path& path, std::uintmax_t limit = 1ULL << 30);

/// Writes a file so that it is either whole or absent: temporary file beside it, fsync, rename.
Result<void> writeFile(const std::filesystem::path& path, std::string_view bytes);

/// Builds a folder beside `path` by `fill(temporary)`, syncs it, and swaps it in at once (renameat2 RENAME_EXCHANGE where one
/// exists already, whose old content is then removed). On any error nothing at `path` has changed.
template <class Fill>
Result<void> replaceFolder(const std::filesystem::path& path, Fill&& fill);

namespace detail {
Result<std::filesystem::path> makeTemporaryFolder(const std::filesystem::path& beside);
Result<void> swapIn(const std::filesystem::path& temporary, const std::filesystem::path& path);
void removeQuietly(const std::filesystem::path& path);
}  // namespace detail

template <class Fill>
Result<void> replaceFolder(const std::filesystem::path& path, Fill&& fill) {
  LIX_TRY(const auto temporary, detail::makeTemporaryFolder(path));
  Result<void> done = fill(temporary);
  if (done) {
    done = detail::swapIn(temporary, path);
  }
  if (!done) {
    detail::removeQuietly(temporary);
  }
  return done;
}

}  // namespace lix
