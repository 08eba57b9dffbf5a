// The walker over tar headers: what Python's tarfile writes, and headers that lie.
#include "data/formats/tar.h"

#include <algorithm>

#include "data/formats/shard_list.h"
#include "data/tar_bytes.h"

namespace lix::data {
namespace {

using test::messageOf;
using test::padded;
using test::tarHeader;
using test::TemporaryFolder;
using test::writeText;

struct Walked {
  std::vector<TarEntry> entries;
  std::string error;
};

Walked walk(const std::filesystem::path& path) {
  auto tar = TarWalk::open(path);
  Walked walked;
  if (!tar) {
    walked.error = tar.error().message;
    return walked;
  }
  while (true) {
    const auto entry = tar->next();
    if (!entry) {
      walked.error = entry.error().message;
      return walked;
    }
    if (!*entry) {
      return walked;
    }
    walked.entries.push_back(**entry);
  }
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

TEST(Tar, ReadsWhatPythonWrites) {
  const std::string deep = repeated("a-folder-with-a-very-long-name/", 4) + "deep";
  const std::string deepest = repeated("another-folder-with-a-very-long-name/", 8) + "deepest";
  const std::vector<std::pair<std::string, std::vector<std::string>>> files{
      {"ustar.tar", {"000", "001", deep}}, {"gnu.tar", {"000", deep, deepest}}, {"pax.tar", {"000", "größe", deepest}}};
  for (const auto& [file, names] : files) {
    const auto path = test::fixtures() / "data" / file;
    const Walked walked = walk(path);
    EXPECT_EQ(walked.error, "") << file;
    ASSERT_EQ(walked.entries.size(), 8U) << file;
    EXPECT_EQ(walked.entries[0].kind, TarEntry::Kind::Folder);
    EXPECT_EQ(walked.entries[7].kind, TarEntry::Kind::Link);
    const std::string whole = readFile(path).value();
    for (std::size_t i = 0; i < 3; ++i) {
      const TarEntry &picture = walked.entries[1 + 2 * i], &text = walked.entries[2 + 2 * i];
      EXPECT_EQ(picture.name, names[i] + ".png") << file;
      EXPECT_EQ(text.name, names[i] + ".txt") << file;
      EXPECT_EQ(whole.substr(picture.offset, 4), "\x89PNG") << file;
      EXPECT_EQ(whole.substr(text.offset, text.size), "picture " + std::to_string(i) + ", größe") << file;
    }
  }
}

TEST(Tar, TakesBaseTwoHundredFiftySixSizesOldHeadersAndMissingEnds) {
  const TemporaryFolder folder;
  std::string size(12, '\0');
  size[0] = char(0x80);
  size[11] = 3;
  writeText(folder / "a.tar", tarHeader("a.txt", 0, '0', 124, size) + padded("abc") +
                                  tarHeader("b.txt", 2, '\0', 257, std::string(8, '\0')) + padded("de"));
  const Walked walked = walk(folder / "a.tar");
  EXPECT_EQ(walked.error, "");
  ASSERT_EQ(walked.entries.size(), 2U);
  EXPECT_EQ(walked.entries[0].size, 3U);
  EXPECT_EQ(walked.entries[1].offset, 3 * 512U);
  writeText(folder / "empty.tar", "");
  EXPECT_EQ(walk(folder / "empty.tar").entries.size(), 0U);
  writeText(folder / "pax.tar", tarHeader("x", 23, 'x') + padded("9 size=4\n14 path=zä.a\n") + tarHeader("short", 0) +
                                    padded("four") + std::string(1024, '\0'));
  const Walked pax = walk(folder / "pax.tar");
  ASSERT_EQ(pax.entries.size(), 1U) << pax.error;
  EXPECT_EQ(pax.entries[0].name, "zä.a");
  EXPECT_EQ(pax.entries[0].size, 4U);
}

TEST(TarBad, HeadersThatLieAreRefusedAtTheirByte) {
  const TemporaryFolder folder;
  const auto path = folder / "bad.tar";
  const std::string good = tarHeader("a.txt", 3) + padded("abc");
  const auto refusal = [&](const std::string& tail) {
    writeText(path, good + tail);
    const Walked walked = walk(path);
    EXPECT_EQ(walked.entries.size(), 1U) << "what comes before holds";
    return walked.error;
  };
  EXPECT_NE(refusal(tarHeader("b.txt", 1000) + padded("x")).find("claims 1000 bytes, the file has 512 more"),
            std::string::npos);
  EXPECT_NE(refusal(tarHeader("b.txt", 0, '0', 124, std::string("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12)))
                .find("claims"),
            std::string::npos);
  EXPECT_NE(refusal(tarHeader("b.txt", 0, '0', 124, std::string(12, '\xff'))).find("no header"), std::string::npos)
      << "a negative size";
  EXPECT_NE(refusal(tarHeader("b.txt", 0, '0', 124, "9x9")).find("no header"), std::string::npos);
  std::string bent = tarHeader("b.txt", 0);
  bent[3] = 'X';
  EXPECT_NE(refusal(bent).find("damaged at byte 1024: there is no header"), std::string::npos);
  EXPECT_NE(refusal("trailing").find("ends within a header"), std::string::npos);
  EXPECT_NE(refusal(std::string(512, '\x1f')).find("no header"), std::string::npos);
  EXPECT_NE(refusal(tarHeader("x", 2'000'000, 'x') + std::string(2'000'384, 'a')).find("more than 1048576"),
            std::string::npos);
  for (const char* records :
       {"99 path=a\n", "0 path=a\n", "-5 path=a\n", "path=a\n", "2 \n", "11 size=-40\n", "12 size=four\n"}) {
    EXPECT_NE(refusal(tarHeader("x", std::string(records).size(), 'x') + padded(records) + tarHeader("b.txt", 0))
                  .find("pax records"),
              std::string::npos)
        << records;
  }
  EXPECT_NE(walk(folder / "none.tar").error.find("none.tar"), std::string::npos);
  EXPECT_NE(walk(folder.path()).error.find("no regular file"), std::string::npos);
}

TEST(ShardList, ExpandsBracesAsShellsDo) {
  const auto names = [](const std::string& pattern) { return expandShards(pattern).value(); };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names("{00008..00011}.tar"), (Names{"00008.tar", "00009.tar", "00010.tar", "00011.tar"}));
  EXPECT_EQ(names("a{8..10}.tar"), (Names{"a8.tar", "a9.tar", "a10.tar"}));
  EXPECT_EQ(names("{x,y}-{0..1}.tar::z.tar"), (Names{"x-0.tar", "x-1.tar", "y-0.tar", "y-1.tar", "z.tar"}));
  EXPECT_TRUE(isShardPattern("/d/{00000..00012}.tar"));
  EXPECT_TRUE(isShardPattern("a.tar::b.tar"));
  EXPECT_FALSE(isShardPattern("/d/00000.tar"));
  EXPECT_EQ(absoluteShardPattern("/d/../e/{0..1}.tar::/f/a.tar").value(), "/e/{0..1}.tar::/f/a.tar");
}

TEST(ShardList, CountsAsPeopleDo) {
  std::vector<std::string> names{"test/10.tar", "test/2.tar", "test/a.tar", "test/02.tar", "1.tar", "test/9.tar"};
  std::ranges::sort(names, countsBefore);
  EXPECT_EQ(names, (std::vector<std::string>{"1.tar", "test/02.tar", "test/2.tar", "test/9.tar", "test/10.tar",
                                             "test/a.tar"}));
}

TEST(ShardListBad, RangesThatCannotBeAreRefusedBeforeTheyAreMade) {
  for (const char* pattern : {"{0..99999999999}.tar", "{5..1}.tar", "{a..c}.tar", "{0..5.tar", "{{0..1}}.tar",
                              "{-3..1}.tar", "{0..9999}{0..9999}.tar", "{99999999999999999999..1}.tar"}) {
    EXPECT_NE(messageOf(expandShards(pattern)).find("cannot be listed"), std::string::npos) << pattern;
  }
  for (const char* address : {"https://a.example/{0..1}.tar", "pipe:curl x/{0..1}.tar", "s3://bucket/a.tar"}) {
    EXPECT_TRUE(isShardPattern(address));
    EXPECT_NE(messageOf(absoluteShardPattern(address)).find("nothing is downloaded"), std::string::npos) << address;
  }
}

}  // namespace
}  // namespace lix::data
