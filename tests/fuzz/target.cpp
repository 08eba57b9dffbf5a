#include "fuzz/target.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace lix::fuzz {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::error_code none;
    const fs::path memory = "/dev/shm";
    const fs::path root = fs::is_directory(memory, none) ? memory : fs::temp_directory_path();
    path = root / ("lix-fuzz-" + std::to_string(::getpid()));
    fs::create_directories(path);
  }
  ~Folder() {
    std::error_code none;
    fs::remove_all(path, none);
  }
  fs::path path;
};

}  // namespace

void promise(bool kept, const char* what) {
  if (!kept) {
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
  }
}

const fs::path& scratch() {
  static const Folder folder;
  return folder.path;
}

fs::path put(std::string_view name, std::string_view bytes) {
  const fs::path path = scratch() / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), std::streamsize(bytes.size()));
  return path;
}

}  // namespace lix::fuzz
