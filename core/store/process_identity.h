#pragma once
#include <string>

namespace lix::store {

/// One process among all that ever ran: process numbers are used again, so the start time belongs to it.
struct ProcessIdentity {
  std::string host;     ///< host name
  long long pid = 0;    ///< 0: no process
  long long start = 0;  ///< clock ticks from boot to the start of the process: field 22 of /proc/<pid>/stat

  bool operator==(const ProcessIdentity&) const = default;
};

ProcessIdentity ownProcess();

enum class Liveness {
  Alive,
  Gone,    ///< of this host, and ended (also when its parent has not collected it yet)
  Unknown  ///< of another host, or no process was named
};
Liveness livenessOf(const ProcessIdentity& process);

}  // namespace lix::store
