// A dataset embedded part by part.
#include <sys/inotify.h>
#include <unistd.h>

#include "reader_support.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;
using lix::test::messageOf;
using namespace testing_support;

class ReaderParts : public EveryModel {};

/// How often files of a folder were opened since the last look.
class Opens {
 public:
  explicit Opens(const fs::path& folder) : handle_(::inotify_init1(IN_NONBLOCK)) {
    // Closings are asked for too: equal events in a row would be told as one.
    EXPECT_GE(::inotify_add_watch(handle_, folder.c_str(), IN_OPEN | IN_CLOSE | IN_ONLYDIR), 0);
  }
  ~Opens() { ::close(handle_); }
  int count() {
    alignas(inotify_event) std::array<char, 16384> bytes{};
    int opens = 0;
    for (ssize_t read = 0; (read = ::read(handle_, bytes.data(), bytes.size())) > 0;) {
      for (ssize_t at = 0; at < read;) {
        const auto* event = reinterpret_cast<const inotify_event*>(bytes.data() + at);
        opens += (event->mask & IN_OPEN) != 0 && (event->mask & IN_ISDIR) == 0 ? 1 : 0;
        at += ssize_t(sizeof(inotify_event) + event->len);
      }
    }
    return opens;
  }

 private:
  int handle_;
};

TEST_P(ReaderParts, PartsAreThoseOfTheWholeAndOpenTheCacheOnce) {
  const lix::test::TemporaryFolder cache;
  const std::vector<std::size_t> samples{5, 3, 0, 2, 1};
  const auto whole = reader_->embed(dataset(), samples, cache.path());
  LIX_ASSERT_OK(whole);
  fs::path shards;
  for (const auto& entry : fs::recursive_directory_iterator(cache.path())) {
    shards = entry.is_regular_file() && entry.path().parent_path() != cache.path() ? entry.path().parent_path() : shards;
  }
  ASSERT_FALSE(shards.empty());
  Opens opens(shards);
  int opened = 0;
  std::vector<std::size_t> items, sizes;
  std::vector<float> rows;
  std::vector<std::string> skipped;
  std::vector<long long> told;
  const auto take = [&](const Features& part) -> Result<void> {
    opened += opens.count();
    sizes.push_back(part.size());
    items.insert(items.end(), part.items.begin(), part.items.end());
    const Vectors vectors = reader_->unitVectors(part);
    rows.insert(rows.end(), vectors.values.begin(), vectors.values.end());
    for (const auto& one : part.skipped) {
      skipped.push_back(one.key);
    }
    return {};
  };
  const Progress progress = [&](std::string_view, long long done, long long total) {
    EXPECT_EQ(total, 5);
    told.push_back(done);
    return true;
  };
  LIX_ASSERT_OK(reader_->embedInParts(dataset(), samples, 1, cache.path(), take, progress));
  EXPECT_EQ(items, whole->items);
  const std::vector<float> all = reader_->unitVectors(*whole).values;
  ASSERT_EQ(rows.size(), all.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(rows[i], all[i], 1e-6F) << i;  // sums over other blocks
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 0, 1, 1, 1})) << "one cannot be read";
  EXPECT_EQ(skipped, std::vector<std::string>{"square 3"});
  EXPECT_EQ(told, (std::vector<long long>{0, 1, 2, 3, 4}));
  EXPECT_EQ(opened + opens.count(), 1) << "all of it is known, in one file";
  // What is refused, or stopped, ends it.
  int taken = 0;
  const auto refuse = [&](const Features&) -> Result<void> { return ++taken == 2 ? fail(ErrorCode::BadInput, "Enough.") : Result<void>(); };
  EXPECT_EQ(messageOf(reader_->embedInParts(dataset(), samples, 2, std::nullopt, refuse)), "Enough.");
  EXPECT_EQ(taken, 2);
  const auto stopped = reader_->embedInParts(dataset(), samples, 2, std::nullopt, take, [](auto, auto done, auto) { return done < 2; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

INSTANTIATE_TEST_SUITE_P(Models, ReaderParts, testing::Values("siglip-tiny-emoji", "llip16-tiny-emoji"));

}  // namespace
}  // namespace lix::study
