#include "support/ranks.h"

#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#include <cstdlib>

namespace lix::test {

int freePort() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  ::close(listener);
  return ntohs(address.sin_port);
}

std::vector<std::pair<std::string, std::string>> rankVariables(int rank, int ranks, int port) {
  std::vector<std::pair<std::string, std::string>> variables{{"OMP_NUM_THREADS", "1"}, {"GLOO_SOCKET_IFNAME", "lo"}};
  if (ranks > 1) {
    const std::string number = std::to_string(rank), size = std::to_string(ranks);
    variables.insert(variables.end(), {{"RANK", number},
                                       {"LOCAL_RANK", number},
                                       {"WORLD_SIZE", size},
                                       {"LOCAL_WORLD_SIZE", size},
                                       {"MASTER_ADDR", "127.0.0.1"},
                                       {"MASTER_PORT", std::to_string(port)}});
  }
  return variables;
}

}  // namespace lix::test
