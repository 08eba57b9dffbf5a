#include "base/memory.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <string>

#include "base/text.h"

namespace lix {
namespace {
namespace fs = std::filesystem;

/// The number after `key` in a file of "key number" lines; meminfo's keys end in a colon and count KiB.
std::optional<long long> field(const fs::path& file, const std::string& key) {
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    if (word == key) {
      long long value = 0;
      return in >> value ? std::optional(value) : std::nullopt;
    }
  }
  return {};
}

/// A file that holds one number; "max" is none.
std::optional<long long> number(const fs::path& file) {
  std::ifstream in(file);
  long long value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

constexpr long long kUnlimited = 1LL << 60;  // version 1 says so by a number close to the largest

struct Names {
  const char *limit, *used, *droppable;
};
constexpr Names kVersion2{"memory.max", "memory.current", "inactive_file"};
constexpr Names kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};

/// The least that the group at `group` below `top`, or one that it lies in, leaves.
std::optional<long long> leftBy(const fs::path& top, fs::path group, const Names& names) {
  std::optional<long long> least;
  while (true) {
    const fs::path folder = group.empty() ? top : top / group;
    const auto limit = number(folder / names.limit), used = number(folder / names.used);
    if (limit && used && *limit < kUnlimited) {
      const long long left = std::max(0LL, *limit - *used + field(folder / "memory.stat", names.droppable).value_or(0));
      least = std::min(least.value_or(left), left);
    }
    if (group.empty()) {
      return least;
    }
    group = group.parent_path();
  }
}

}  // namespace

std::optional<long long> freeMemory(const fs::path& root) {
  std::optional<long long> least = field(root / "proc/meminfo", "MemAvailable:");
  if (least) {
    *least *= 1024;
  }
  // "0::/path" (version 2) or "4:memory:/path" (version 1); inside a container the path may be the host's, and the
  // limits then lie at the top.
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const auto parts = split(line, ':');
    if (parts.size() < 3) {
      continue;
    }
    const bool second = parts[0] == "0" && parts[1].empty();
    if (!second && parts[1] != "memory") {
      continue;
    }
    const fs::path top = root / (second ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
    const auto left = leftBy(top, fs::path(parts[2]).relative_path(), second ? kVersion2 : kVersion1);
    if (left) {
      least = std::min(least.value_or(*left), *left);
    }
  }
  return least;
}

std::string bytesText(double bytes) {
  constexpr std::array kUnits{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1023.5 && unit + 1 < kUnits.size(); ++unit) {
    bytes /= 1024.0;
  }
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), unit > 0 && bytes < 99.95 ? "%.1f %s" : "%.0f %s", bytes, kUnits[unit]);
  return text.data();
}

}  // namespace lix
