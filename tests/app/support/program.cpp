#include "app/support/program.h"

#include <unistd.h>

#include <sstream>

namespace lix::test {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> ownMounts(const std::string& script) {
  return {"unshare", ::geteuid() == 0 ? "-m" : "-rm", "sh", "-c", script};
}

}  // namespace

std::vector<std::string> lixp(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{LIX_LIXP};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

std::vector<std::string> sentences(const Ran& ran) {
  std::vector<std::string> found;
  std::istringstream lines(ran.err);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("lixp: ")) {
      found.push_back(line.substr(6));
    } else if (!found.empty()) {
      found.push_back("(after the sentence) " + line);
    }
  }
  return found;
}

std::set<std::string> listing(const fs::path& folder) {
  std::set<std::string> all;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool cached = entry.path().string().find("/cache") != std::string::npos;
    if (!cached && !name.ends_with("-wal") && !name.ends_with("-shm") && !name.ends_with("-journal")) {
      const bool file = entry.is_regular_file() && !name.ends_with(".sqlite");
      all.insert(entry.path().lexically_relative(folder).string() +
                 (file ? " " + std::to_string(entry.file_size()) : ""));
    }
  }
  return all;
}

bool mayMount() {
  static const bool may =
      ran(ownMounts("d=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs \"$d\" && umount \"$d\"; r=$?; "
                    "rmdir \"$d\"; exit $r"))
          .code == 0;
  return may;
}

Ran inOwnMounts(const std::string& script) { return ran(ownMounts("LIXP='" LIX_LIXP "'\n" + script)); }

}  // namespace lix::test
