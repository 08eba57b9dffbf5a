#include "store/process_identity.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>

#include "base/text.h"

namespace lix::store {
namespace {

struct Stat {
  char state = '?';
  long long start = 0;
};

/// State and start time of a process of this machine; nothing where there is none.
std::optional<Stat> statOf(long long pid) {
  std::ifstream in(cat("/proc/", pid, "/stat"));
  const std::string line{std::istreambuf_iterator<char>(in), {}};
  const auto nameEnd = line.rfind(')');  // field 2 is the program's name, which may hold spaces and brackets itself
  if (nameEnd == std::string::npos || nameEnd + 2 >= line.size()) {
    return std::nullopt;
  }
  const auto fields = split(std::string_view(line).substr(nameEnd + 2), ' ');  // from field 3
  constexpr std::size_t kStart = 22 - 3;
  const auto start = fields.size() > kStart ? toInteger(fields[kStart]) : std::nullopt;
  return start ? std::optional(Stat{fields[0].empty() ? '?' : fields[0][0], *start}) : std::nullopt;
}

std::string hostName() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

ProcessIdentity ownProcess() {
  const auto stat = statOf(::getpid());
  return {hostName(), ::getpid(), stat ? stat->start : 0};
}

Liveness livenessOf(const ProcessIdentity& process) {
  if (process.pid <= 0 || process.host != hostName()) {
    return Liveness::Unknown;
  }
  const auto stat = statOf(process.pid);
  // A zombie has ended: only its parent has not asked for its exit code yet.
  const bool there = stat && stat->start == process.start && stat->state != 'Z' && stat->state != 'X';
  return there ? Liveness::Alive : Liveness::Gone;
}

}  // namespace lix::store
