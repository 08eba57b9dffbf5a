#include "base/memory.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "support/support.h"

namespace lix {
namespace {
namespace fs = std::filesystem;

/// A machine's files as text below a folder.
class Machine : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    LIX_ASSERT_OK(writeFile(folder_ / path, text));
  }
  std::optional<long long> free() const { return freeMemory(folder_.path()); }

  test::TemporaryFolder folder_;
};

TEST_F(Machine, WithoutAGroupItIsWhatTheSystemSays) {
  EXPECT_FALSE(free());
  put("proc/meminfo", "MemTotal: 4000 kB\nMemFree: 10 kB\nMemAvailable: 3000 kB\n");
  EXPECT_EQ(free(), 3000 * 1024);
  put("proc/self/cgroup", "nonsense\n0::/a/b\n");
  EXPECT_EQ(free(), 3000 * 1024);
}

TEST_F(Machine, AGroupOrOneAroundItLeavesLess) {
  put("proc/meminfo", "MemAvailable: 3000 kB\n");
  put("proc/self/cgroup", "0::/outer/inner\n");
  put("sys/fs/cgroup/outer/inner/memory.max", "max\n");
  put("sys/fs/cgroup/outer/inner/memory.current", "1000\n");
  EXPECT_EQ(free(), 3000 * 1024);
  put("sys/fs/cgroup/outer/memory.max", "500000\n");
  put("sys/fs/cgroup/outer/memory.current", "200000\n");
  EXPECT_EQ(free(), 300000);
  put("sys/fs/cgroup/outer/memory.stat", "anon 5\ninactive_file 50000\n");
  EXPECT_EQ(free(), 350000);
  put("sys/fs/cgroup/outer/memory.current", "900000\n");
  EXPECT_EQ(free(), 0);
}

TEST_F(Machine, TheFirstVersionsLimitsCountToo) {
  put("proc/meminfo", "MemAvailable: 3000 kB\n");
  put("proc/self/cgroup", "4:memory:/of/the/host\n0::/\n");
  put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  put("sys/fs/cgroup/memory/memory.usage_in_bytes", "77\n");
  EXPECT_EQ(free(), 3000 * 1024);
  put("sys/fs/cgroup/memory/memory.limit_in_bytes", "100077\n");
  EXPECT_EQ(free(), 100000);
}

TEST(FreeMemory, ThisMachineHasSome) {
  ASSERT_TRUE(freeMemory());
  EXPECT_GT(*freeMemory(), 0);
}

TEST(BytesText, HasTheUnitThatFits) {
  EXPECT_EQ(bytesText(12), "12 bytes");
  EXPECT_EQ(bytesText(1536), "1.5 KiB");
  EXPECT_EQ(bytesText(200.0 * 1024 * 1024), "200 MiB");
  EXPECT_EQ(bytesText(6.4 * 1024 * 1024 * 1024), "6.4 GiB");
}

}  // namespace
}  // namespace lix
