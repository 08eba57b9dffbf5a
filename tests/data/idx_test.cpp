// IDX files (MNIST, Fashion-MNIST), plain and gzip, and what is refused of them.
#include "data/formats/idx.h"

#include "data/bytes.h"
#include "data/dataset.h"

namespace lix::data {
namespace {

using test::big32;
using test::idxBytes;
using test::messageOf;
using test::TemporaryFolder;
using test::writeGzip;
using test::writeText;

/// `count` pictures of 2 x 3, picture i filled with 10 i, 10 i + 1, ...
std::string pictures(int count) {
  std::string data;
  for (int i = 0; i < count; ++i) {
    for (int k = 0; k < 6; ++k) {
      data += char(10 * i + k);
    }
  }
  return idxBytes(8, {std::uint32_t(count), 2, 3}, data);
}

Result<Dataset> openAt(const std::filesystem::path& path, const std::string& options = "{}") {
  LIX_TRY(DatasetSpec spec, recognise(path.string()));
  spec.options = options;
  return open(spec, "digits");
}

void expectPicture(const Dataset& dataset, std::size_t index, int first) {
  const auto image = dataset.pictures->load(index);
  LIX_ASSERT_OK(image);
  EXPECT_EQ(image->width, 3);
  EXPECT_EQ(image->height, 2);
  for (int k = 0; k < 18; ++k) {
    EXPECT_EQ(image->pixels[std::size_t(k)], first + k / 3);
  }
}

TEST(Idx, ReadsAFolderLikeMnistPlainAndGzip) {
  const TemporaryFolder folder;
  writeGzip(folder / "mnist/train-images-idx3-ubyte.gz", pictures(5));
  writeGzip(folder / "mnist/train-labels-idx1-ubyte.gz", idxBytes(8, {5}, {3, 0, 1, 2, 3}));
  writeText(folder / "mnist/t10k-images-idx3-ubyte", pictures(2));
  writeText(folder / "mnist/t10k-labels-idx1-ubyte", idxBytes(8, {2}, {1, 2}));
  const auto spec = recognise((folder / "mnist").string());
  LIX_ASSERT_OK(spec);
  EXPECT_EQ(spec->kind, "idx");
  const auto dataset = open(*spec, "digits");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 7U);
  EXPECT_EQ(dataset->samples[0].key, "t10k/0");
  EXPECT_EQ(dataset->samples[0].split, Split::Test);
  EXPECT_EQ(dataset->samples[6].key, "train/4");
  EXPECT_EQ(dataset->samples[6].split, Split::Train);
  EXPECT_EQ(dataset->labelSets[0].classes, (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(dataset->samples[6].labels, std::vector<int>{3});
  EXPECT_EQ(dataset->samples[6].captions, std::vector<std::string>{"3"});
  expectPicture(*dataset, 1, 10);
  expectPicture(*dataset, 6, 40);
  EXPECT_FALSE(dataset->pictures->stored(0).value().has_value());
}

TEST(Idx, NamesFashionAndTakesClassNamesOfAFile) {
  const TemporaryFolder folder;
  writeGzip(folder / "fashion-mnist/t10k-images-idx3-ubyte.gz", pictures(2));
  writeGzip(folder / "fashion-mnist/t10k-labels-idx1-ubyte.gz", idxBytes(8, {2}, {9, 1}));
  const auto fashion = openAt(folder / "fashion-mnist");
  LIX_ASSERT_OK(fashion);
  EXPECT_EQ(fashion->samples[0].captions, std::vector<std::string>{"Ankle boot"});
  EXPECT_EQ(fashion->labelSets[0].classes.size(), 10U);
  writeText(folder / "fashion-mnist/classnames.txt", "a_b\nc\nd\ne\nf\ng\nh\ni\nj\nlast one\n\n");
  const auto named = openAt(folder / "fashion-mnist", R"({"captions_from_classes": false})");
  LIX_ASSERT_OK(named);
  EXPECT_EQ(named->labelSets[0].classes[0], "a b");
  EXPECT_EQ(named->labelSets[0].classes[9], "last one");
  EXPECT_TRUE(named->samples[0].captions.empty());
  writeText(folder / "fashion-mnist/classnames.txt", "only\ntwo\n");
  EXPECT_NE(messageOf(openAt(folder / "fashion-mnist")).find("names 2 classes"), std::string::npos);
}

TEST(Idx, OneFileIsReadWithItsLabelsAndALabelFileMeansItsFolder) {
  const TemporaryFolder folder;
  writeText(folder / "train-images-idx3-ubyte", pictures(3));
  writeText(folder / "train-labels-idx1-ubyte", idxBytes(0x0c, {3}, big32(2) + big32(0) + big32(1)));
  writeText(folder / "t10k-images-idx3-ubyte", pictures(1));
  const auto one = openAt(folder / "train-images-idx3-ubyte");
  LIX_ASSERT_OK(one);
  ASSERT_EQ(one->samples.size(), 3U);
  EXPECT_EQ(one->samples[0].labels, std::vector<int>{2});
  const auto all = openAt(folder / "train-labels-idx1-ubyte");
  LIX_ASSERT_OK(all);
  ASSERT_EQ(all->samples.size(), 4U);
  EXPECT_EQ(all->samples[0].labels, std::vector<int>{-1}) << "t10k has no labels";
}

TEST(IdxBad, HeadersThatLieAreRefusedBeforeMemoryIsTaken) {
  const TemporaryFolder folder;
  const auto path = folder / "train-images-idx3-ubyte";
  const auto refusal = [&](const std::string& bytes) {
    writeText(path, bytes);
    return messageOf(open({.kind = "idx", .path = path.string()}, "digits"));
  };
  EXPECT_NE(refusal(idxBytes(8, {0xffffffff, 8, 8}, "abc")).find("claims"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(8, {0xffffffff, 0xffffffff, 0xffffffff}, "")).find("cannot be"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(8, {2, 0, 3}, "")).find("dimension 2 is 0"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(7, {1, 1, 1}, "a")).find("unknown type 7"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(8, {1, 1, 1, 1, 1}, "a")).find("5 dimensions"), std::string::npos);
  EXPECT_NE(refusal(pictures(3).substr(0, 20)).find("claims 34 bytes, and it has 20"), std::string::npos);
  EXPECT_NE(refusal(pictures(3) + "x").find("it has 35"), std::string::npos);
  EXPECT_NE(refusal(pictures(3).substr(0, 10)).find("within its header"), std::string::npos);
  EXPECT_NE(refusal("").find("two zero bytes"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(0x0d, {1, 1, 1}, "abcd")).find("no grey pictures"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(8, {4}, "abcd")).find("holds no IDX file of pictures"), std::string::npos);
}

TEST(IdxBad, GzipThatIsCutOffDamagedOrLongerIsRefused) {
  const TemporaryFolder folder;
  const auto path = folder / "train-images-idx3-ubyte.gz";
  const auto refusal = [&] { return messageOf(open({.kind = "idx", .path = path.string()}, "digits")); };
  std::string noise;
  for (int i = 0; i < 6000; ++i) {
    noise += char(test::patches(std::uint64_t(i) / 500).pixels[std::size_t(i) % 500]);
  }
  writeGzip(path, idxBytes(8, {1000, 2, 3}, noise));
  LIX_EXPECT_OK(open({.kind = "idx", .path = path.string()}, "digits"));
  const std::string whole = readFile(path).value();
  writeText(path, whole.substr(0, whole.size() / 2));
  EXPECT_NE(refusal().find("cut off"), std::string::npos) << refusal();
  std::string bent = whole;
  bent[bent.size() - 6] = char(bent[bent.size() - 6] ^ 1);  // of the checksum at its end
  writeText(path, bent);
  EXPECT_NE(refusal().find("damaged"), std::string::npos) << refusal();
  writeGzip(path, idxBytes(8, {10, 2, 3}, noise));
  EXPECT_NE(refusal().find("more than the 76 bytes"), std::string::npos) << refusal();
  writeGzip(path, idxBytes(8, {0xffffffff, 2, 3}, noise));
  EXPECT_NE(refusal().find("gunzip"), std::string::npos) << refusal();
}

TEST(IdxBad, LabelsThatDoNotBelongAreRefused) {
  const TemporaryFolder folder;
  writeText(folder / "train-images-idx3-ubyte", pictures(3));
  const auto refusal = [&](const std::string& labels) {
    writeText(folder / "train-labels-idx1-ubyte", labels);
    return messageOf(openAt(folder.path()));
  };
  EXPECT_NE(refusal(idxBytes(8, {2}, "ab")).find("do not belong together"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(0x0d, {3}, std::string(12, 'a'))).find("no whole numbers"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(9, {3}, {1, -1, 0})).find("label -1"), std::string::npos);
  EXPECT_NE(refusal(idxBytes(0x0c, {3}, big32(0x7fffffff) + big32(0) + big32(0))).find("label 2147483647"),
            std::string::npos);
}

}  // namespace
}  // namespace lix::data
