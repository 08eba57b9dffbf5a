#pragma once
#include <cstdio>
#include <cstdlib>

/// A broken contract is a bug in this program, not a failure of its input: say where and stop.
#define LIX_REQUIRE(condition)                                                                            \
  do {                                                                                                    \
    if (!(condition)) {                                                                                   \
      std::fprintf(stderr, "contract broken at %s:%d: %s\n", __FILE__, __LINE__, #condition);             \
      std::abort();                                                                                       \
    }                                                                                                     \
  } while (false)
