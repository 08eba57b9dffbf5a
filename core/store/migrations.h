#pragma once
#include <span>

namespace lix::store {

/// The SQL of each migration: the n-th (from 0) brings a database from version n to n + 1.
std::span<const char* const> migrations();

}  // namespace lix::store
