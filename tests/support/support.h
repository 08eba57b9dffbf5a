#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace lix::test {

/// A new empty folder that is removed at the end of the scope.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The folder of real pictures and numeric references beside the project (LIX_SHARED, else ../shared), or nothing.
std::optional<std::filesystem::path> sharedFolder();

/// The committed fixtures of the project: tests/fixtures.
std::filesystem::path fixtures();

/// The message of a failed result, "" for a good one, to read in assertions.
template <class T>
std::string messageOf(const Result<T>& result) {
  return result ? std::string() : result.error().message;
}

}  // namespace lix::test

/// Skips the test with one clear line where the shared folder (or the named part of it) is absent.
#define LIX_SHARED_OR_SKIP(variable, part)                                                         \
  const auto variable##_root = lix::test::sharedFolder();                                          \
  if (!variable##_root || !std::filesystem::exists(*variable##_root / (part)))                     \
    GTEST_SKIP() << "no " << (part) << " beside the project (LIX_SHARED or ../shared): not tested"; \
  const std::filesystem::path variable = *variable##_root / (part)

/// ASSERT that a Result holds a value, showing its message otherwise.
#define LIX_ASSERT_OK(result) ASSERT_TRUE((result).has_value()) << lix::test::messageOf(result)
#define LIX_EXPECT_OK(result) EXPECT_TRUE((result).has_value()) << lix::test::messageOf(result)
