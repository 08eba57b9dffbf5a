// Files of every format with bytes changed, cut off, doubled and put in at random: each is read or refused, and nothing
// else.
#include <fstream>

#include "base/random.h"
#include "data/bytes.h"
#include "data/dataset.h"
#include "data/tar_bytes.h"

namespace lix::data {
namespace {

using test::TemporaryFolder;

constexpr int kRounds = 250;

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary)
      << bytes;  // without the sync of writeFile, which would take the most of the time
}

std::string mutated(std::string bytes, Random& random) {
  const int changes = 1 + int(random.below(6));
  for (int i = 0; i < changes && !bytes.empty(); ++i) {
    const auto at = std::size_t(random.below(std::uint32_t(bytes.size())));
    constexpr char kTelling[] = {'\0', '\xff', '\x7f', '\x80', '"', '{', '[', '9', '\n', '/'};
    switch (random.below(6)) {
      case 0:
        bytes[at] = char(random.below(256));
        break;
      case 1:
        bytes[at] = kTelling[random.below(sizeof kTelling)];
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.insert(at, bytes.substr(at, random.below(64)));
        break;
      case 4:
        bytes.erase(at, random.below(64));
        break;
      default:
        bytes.insert(at, 1 + random.below(8), kTelling[random.below(sizeof kTelling)]);
    }
  }
  return bytes;
}

/// Reads the dataset at `path` over and over while the bytes of `file` change.
void survives(const std::string& kind, const std::filesystem::path& path, const std::filesystem::path& file,
              std::uint64_t seed) {
  const std::string good = readFile(file).value();
  const auto first = open({.kind = kind, .path = path.string()}, "good");
  LIX_ASSERT_OK(first);
  LIX_ASSERT_OK(first->pictures->load(0));
  int refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    Random random(seed, 7, std::uint64_t(round));
    write(file, mutated(good, random));
    (void)recognise(path.string());
    const auto dataset = open({.kind = kind, .path = path.string()}, "bent");
    if (!dataset) {
      ++refused;
      EXPECT_FALSE(dataset.error().message.empty());
      continue;
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(dataset->samples.size(), 4); ++i) {
      (void)dataset->pictures->load(i);
      EXPECT_FALSE(dataset->samples[i].key.empty());
    }
  }
  EXPECT_LT(refused, kRounds) << "some changes do no harm";
}

TEST(Mutation, IdxPlainAndGzip) {
  const TemporaryFolder folder;
  const std::string pictures = test::idxBytes(8, {6, 4, 4}, std::string(96, 'p'));
  write(folder / "plain/train-images-idx3-ubyte", pictures);
  write(folder / "plain/train-labels-idx1-ubyte", test::idxBytes(8, {6}, {0, 1, 2, 0, 1, 2}));
  survives("idx", folder / "plain", folder / "plain/train-images-idx3-ubyte", 1);
  test::writeGzip(folder / "gz/train-images-idx3-ubyte.gz", pictures);
  survives("idx", folder / "gz", folder / "gz/train-images-idx3-ubyte.gz", 2);
}

TEST(Mutation, Cifar) {
  const TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 3; ++i) {
    bytes += char(i) + std::string(3072, char(40 * i));
  }
  write(folder / "test_batch.bin", bytes);
  survives("cifar", folder.path(), folder / "test_batch.bin", 3);
}

TEST(Mutation, JsonAndLists) {
  const TemporaryFolder folder;
  test::writePicture(folder / "a.png", 1);
  test::writePicture(folder / "b.png", 2);
  write(folder / "k/dataset.json",
        R"({"images": [{"filename": "a.png", "split": "train", "sentences": [{"raw": "one"}, {"tokens": ["t", "w"]}]},
    {"filename": "b.png", "split": "val", "sentences": [{"raw": "three"}]}], "dataset": "x"})");
  survives("karpathy", folder / "k/dataset.json", folder / "k/dataset.json", 4);
  write(folder / "c/captions_val.json",
        R"({"info": {}, "images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}],
    "annotations": [{"image_id": 1, "caption": "one"}, {"image_id": 2, "caption": "two"}]})");
  survives("coco", folder / "c/captions_val.json", folder / "c/captions_val.json", 5);
  write(folder / "l/list.txt", "a.png#0\tA dog, running .\na.png#1\tAnother .\nb.png,A cat\n");
  survives("caption_list", folder / "l/list.txt", folder / "l/list.txt", 6);
  write(folder / "table.csv", "path,caption,label\na.png,\"one, two\",x\nb.png,three,y\n");
  survives("table", folder / "table.csv", folder / "table.csv", 7);
  write(folder / "s/a.txt", "A caption.\nde.utf8=Ein Text.\n");
  test::writePicture(folder / "s/a.png", 1);
  test::writePicture(folder / "s/b.png", 1);
  write(folder / "s/b.txt", "Another one.");
  survives("side_captions", folder / "s", folder / "s/a.txt", 8);
}

TEST(Mutation, Shards) {
  const TemporaryFolder folder;
  for (const char* name : {"ustar.tar", "gnu.tar", "pax.tar"}) {
    write(folder / name, readFile(test::fixtures() / "data" / name).value());
    survives("shards", folder / name, folder / name, 9);
  }
  // Headers whose sums are right, so that what lies behind them is met.
  const std::string good = test::tarOf({{"0.png", test::pngOf(1)}, {"0.txt", "a"}, {"0.cls", "1"}});
  for (int round = 0; round < kRounds; ++round) {
    Random random(10, 7, std::uint64_t(round));
    std::string field(1 + random.below(12), '\0');
    for (char& c : field) {
      c = char(random.below(256));
    }
    const std::size_t places[] = {0, 124, 156, 257, 345};
    const std::string name = random.below(2) ? "9.txt" : "9.png";
    write(folder / "sum.tar",
          test::tarHeader(name, random.below(2000), "0xgLKS127"[random.below(9)], places[random.below(5)], field) +
              test::padded(mutated("30 path=something\n12 size=3\n", random)) + good);
    const auto dataset = open({.kind = "shards", .path = (folder / "sum.tar").string()}, "bent");
    EXPECT_TRUE(dataset || !dataset.error().message.empty());
  }
}

}  // namespace
}  // namespace lix::data
