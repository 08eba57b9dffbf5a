#pragma once
#include <filesystem>
#include <map>
#include <string>

namespace lix::study {

/// What the process that trains holds now, as series of its run: "memory.process", the memory in use in GB (10^9 bytes)
/// by /proc/self/statm. Empty where the system does not tell. `root` is where "proc" lies.
std::map<std::string, double> memorySeries(const std::filesystem::path& root = "/");

}  // namespace lix::study
