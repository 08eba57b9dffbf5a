#include "study/train/process_memory.h"

#include <unistd.h>

#include <fstream>

namespace lix::study {

std::map<std::string, double> memorySeries(const std::filesystem::path& root) {
  std::ifstream file(root / "proc/self/statm");
  long long all = 0, resident = 0;  // pages
  if (!(file >> all >> resident) || resident <= 0) {
    return {};
  }
  return {{"memory.process", static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e9}};
}

}  // namespace lix::study
