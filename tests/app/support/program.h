#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "support/process.h"

namespace lix::test {

/// The program under test with arguments, one thread, and nothing of the test's own OpenMP policy.
std::vector<std::string> lixp(const std::vector<std::string>& arguments);

/// The error lines (those that begin with "lixp: "), which must be the last of standard error.
std::vector<std::string> sentences(const Ran& ran);

/// Every file and folder below with its size, to compare before and after. Left out are
/// SQLite's lock and log files, and the cache, which may be written before a failure is known.
std::set<std::string> listing(const std::filesystem::path& folder);

/// Whether a mount namespace may be made here (root, or user namespaces).
bool mayMount();
/// A shell script run as root of its own mount namespace; `$LIXP` is the program under test.
Ran inOwnMounts(const std::string& script);

}  // namespace lix::test
