// The binary versions of CIFAR-10 and CIFAR-100, and what is refused of them.
#include "data/bytes.h"
#include "data/dataset.h"

namespace lix::data {
namespace {

using test::messageOf;
using test::TemporaryFolder;
using test::writeText;

/// A picture's planes: red = seed, green = its place in the row, blue = its row.
std::string planes(int seed) {
  std::string red(1024, char(seed)), green, blue;
  for (int i = 0; i < 1024; ++i) {
    green += char(i % 32);
    blue += char(i / 32);
  }
  return red + green + blue;
}

std::string ten(std::initializer_list<int> labels) {
  std::string bytes;
  for (const int label : labels) {
    bytes += char(label) + planes(100 + label);
  }
  return bytes;
}

Result<Dataset> openAt(const std::filesystem::path& path) {
  LIX_TRY(const DatasetSpec spec, recognise(path.string()));
  EXPECT_EQ(spec.kind, "cifar");
  return open(spec, "cifar");
}

TEST(Cifar, ReadsTheTenClasses) {
  const TemporaryFolder folder;
  writeText(folder / "data_batch_1.bin", ten({3, 9}));
  writeText(folder / "data_batch_2.bin", ten({0}));
  writeText(folder / "test_batch.bin", ten({7}));
  const auto dataset = openAt(folder.path());
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 4U);
  EXPECT_EQ(dataset->samples[1].key, "data_batch_1/1");
  EXPECT_EQ(dataset->samples[1].split, Split::Train);
  EXPECT_EQ(dataset->samples[3].split, Split::Test);
  EXPECT_EQ(dataset->samples[1].captions, std::vector<std::string>{"truck"});
  EXPECT_EQ(dataset->labelSets[0].classes.size(), 10U);
  const auto image = dataset->pictures->load(2);
  LIX_ASSERT_OK(image);
  ASSERT_EQ(image->width, 32);
  ASSERT_EQ(image->height, 32);
  const std::uint8_t* pixel = image->row(5) + 3 * 17;
  EXPECT_EQ(pixel[0], 100);
  EXPECT_EQ(pixel[1], 17);
  EXPECT_EQ(pixel[2], 5);
  writeText(folder / "batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nlast\n\n");
  EXPECT_EQ(openAt(folder / "data_batch_1.bin").value().samples[1].captions, std::vector<std::string>{"last"});
}

TEST(Cifar, ReadsTheHundredWithTheirSuperclasses) {
  const TemporaryFolder folder;
  writeText(folder / "train.bin", std::string{19, 99} + planes(1));
  writeText(folder / "test.bin", std::string{2, 50} + planes(2));
  const auto dataset = openAt(folder.path());
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 2U);
  EXPECT_EQ(dataset->labelSets[0].name, "class");
  EXPECT_EQ(dataset->samples[1].labels, (std::vector<int>{99, 19})) << "test.bin comes first by its name";
  EXPECT_EQ(dataset->labelSets[0].classes[99], "99") << "without the file of names";
  EXPECT_EQ(dataset->pictures->load(1).value().pixels[0], 1);
  std::string names;
  for (int i = 0; i < 100; ++i) {
    names += "fine_" + std::to_string(i) + "\n";
  }
  writeText(folder / "fine_label_names.txt", names);
  EXPECT_EQ(openAt(folder.path()).value().samples[1].captions, std::vector<std::string>{"fine 99"});
}

TEST(CifarBad, CutOffForeignAndPickledFilesAreRefused) {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& name, const std::string& bytes) {
    writeText(folder / name, bytes);
    return messageOf(open({.kind = "cifar", .path = (folder / name).string()}, "cifar"));
  };
  EXPECT_NE(refusal("data_batch_1.bin", ten({1}).substr(1)).find("no multiple of the 3073"), std::string::npos);
  EXPECT_NE(refusal("train.bin", ten({1})).find("no multiple of the 3074"), std::string::npos);
  EXPECT_NE(refusal("test_batch.bin", "").find("0 bytes"), std::string::npos);
  EXPECT_NE(refusal("test_batch.bin", ten({10})).find("label 10"), std::string::npos);
  EXPECT_NE(refusal("train.bin", std::string{20, 0} + planes(0)).find("label 20"), std::string::npos);
  EXPECT_NE(refusal("other.bin", ten({1})).find("rename"), std::string::npos);
  writeText(folder / "data_batch_1.bin", ten({1}));
  writeText(folder / "train.bin", std::string{1, 1} + planes(0));
  EXPECT_NE(messageOf(open({.kind = "cifar", .path = folder.path().string()}, "x")).find("folders of their own"),
            std::string::npos);
  writeText(folder / "python/data_batch_1", "\x80\x02}q");
  writeText(folder / "python/batches.meta", "\x80\x02}q");
  EXPECT_NE(messageOf(recognise((folder / "python").string())).find("binary version"), std::string::npos);
}

}  // namespace
}  // namespace lix::data
