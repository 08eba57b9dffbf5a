#include "support/support.h"

#include <stdlib.h>

#include <cstdlib>

namespace lix::test {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "lix-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    std::abort();
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::optional<fs::path> sharedFolder() {
  if (const char* named = std::getenv("LIX_SHARED"); named != nullptr && *named != '\0') {
    return fs::exists(named) ? std::optional(fs::path(named)) : std::nullopt;
  }
  const fs::path beside = fs::path(LIX_SOURCE_DIR).parent_path() / "shared";
  return fs::exists(beside) ? std::optional(beside) : std::nullopt;
}

fs::path fixtures() { return fs::path(LIX_SOURCE_DIR) / "tests" / "fixtures"; }

}  // namespace lix::test
