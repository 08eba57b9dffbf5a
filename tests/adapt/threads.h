#pragma once
#include <cstdlib>
#include <string>

namespace lix::test {

/// How many threads are asked for from now on, as a person does it: by OMP_NUM_THREADS.
struct Threads {
  static void set(const std::string& value) { setenv("OMP_NUM_THREADS", value.c_str(), 1); }
  static void set(int count) { set(std::to_string(count)); }
};

}  // namespace lix::test
