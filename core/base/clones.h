#pragma once

/// LIX_CLONES marks a plain function that GCC compiles for several instruction sets, of which the loader picks one.
/// Sanitizers begin before that choice can be made, and other compilers and processors have other names: there the mark
/// means nothing.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LIX_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LIX_CLONES
#endif
