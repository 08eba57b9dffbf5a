#pragma once
#include <string>
#include <utility>
#include <vector>

namespace lix::test {

/// A port of this machine that nobody listens at just now.
int freePort();

/// What a launcher would tell a process of this machine that is one of so many ranks; nothing of them to one alone.
std::vector<std::pair<std::string, std::string>> rankVariables(int rank, int ranks, int port);

}  // namespace lix::test
