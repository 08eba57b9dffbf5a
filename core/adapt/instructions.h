#pragma once

#include "base/clones.h"

/// Whether functions can be compiled for processors by name, as those are that have another body for each.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#define LIX_HAS_X86_TARGETS 1
#else
#define LIX_HAS_X86_TARGETS 0
#endif

namespace lix::adapt {

enum class Instructions { Plain, Avx2, Avx512 };

/// The widest of this processor: x86-64-v4 is Avx512, x86-64-v3 is Avx2.
inline Instructions instructions() {
#if LIX_HAS_X86_TARGETS
  if (__builtin_cpu_supports("x86-64-v4")) {
    return Instructions::Avx512;
  }
  return __builtin_cpu_supports("x86-64-v3") ? Instructions::Avx2 : Instructions::Plain;
#else
  return Instructions::Plain;
#endif
}

}  // namespace lix::adapt
