// libFuzzer's entry for one target, which the build names by LIX_FUZZ_TARGET.
#include <cstddef>
#include <cstdint>

#include "fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const lix::fuzz::Target* const target = [] {
    for (const auto& group : {lix::fuzz::weightTargets(), lix::fuzz::textTargets(), lix::fuzz::dataTargets()}) {
      for (const lix::fuzz::Target& one : group) {
        if (one.name == LIX_FUZZ_TARGET) {
          return &one;
        }
      }
    }
    return static_cast<const lix::fuzz::Target*>(nullptr);
  }();
  lix::fuzz::promise(target != nullptr, "the build names a target that exists");
  target->run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
