// The inputs that fuzzing found worth keeping (tests/fuzz/corpus), read once each: a crash ends this program.
#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/file.h"
#include "fuzz/target.h"
#include "support/support.h"

namespace lix::fuzz {

static void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

namespace {

namespace fs = std::filesystem;

std::vector<Target> everyTarget() {
  std::vector<Target> all;
  for (const auto& group : {weightTargets(), textTargets(), dataTargets()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

class Replay : public testing::TestWithParam<Target> {};

TEST_P(Replay, ReadsOrRefusesTheWholeCorpus) {
  std::size_t read = 0, refused = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(LIX_FUZZ_CORPUS) / GetParam().name)) {
    SCOPED_TRACE(entry.path().filename().string());
    const auto bytes = readFile(entry.path());
    LIX_ASSERT_OK(bytes);
    ++(GetParam().run(*bytes) == Outcome::Read ? read : refused);
  }
  EXPECT_GE(read, 1u) << "a corpus holds something good";
  EXPECT_GE(read + refused, 5u);
}

INSTANTIATE_TEST_SUITE_P(Corpus, Replay, testing::ValuesIn(everyTarget()),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Corpus, EveryFolderHasItsTarget) {
  const std::vector<Target> all = everyTarget();
  for (const auto& entry : fs::directory_iterator(LIX_FUZZ_CORPUS)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(std::ranges::any_of(all, [&](const Target& one) { return one.name == name; })) << name;
  }
}

}  // namespace
}  // namespace lix::fuzz
