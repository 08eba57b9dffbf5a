#pragma once

/// Marks a plain function that is compiled for several instruction sets, of which the loader picks one. Sanitizers run
/// before the loader's choice would be made safely, and other processors have other names: both get the plain code.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LIX_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LIX_CLONES
#endif

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
