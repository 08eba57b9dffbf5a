#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace lix {

/// Bytes that this process could still take before the system pushes back: MemAvailable of /proc/meminfo, or less where a
/// control group (version 2 or 1) that holds the process has a limit: limit - in use + file pages that can be dropped.
/// Nothing where the system does not tell. `root` is where "proc" and "sys" lie.
std::optional<long long> freeMemory(const std::filesystem::path& root = "/");

/// "812 bytes", "3.4 MiB", "1.2 GiB".
std::string bytesText(double bytes);

}  // namespace lix
