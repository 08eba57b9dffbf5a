#include "data/dataset.h"

#include <array>
#include <set>

#include "data/pictures.h"
#include "data/source.h"

namespace lix::data {
namespace {

using test::messageOf;
using test::TemporaryFolder;

TEST(SplitOf, DividesAsStatedAndForGood) {
  std::array<int, 3> counts{};
  for (int i = 0; i < 20'000; ++i) {
    ++counts[std::size_t(splitOf("picture " + std::to_string(i)))];
  }
  EXPECT_NEAR(counts[0] / 20'000.0, 0.7, 0.015);
  EXPECT_NEAR(counts[1] / 20'000.0, 0.1, 0.01);
  EXPECT_NEAR(counts[2] / 20'000.0, 0.2, 0.015);
  int moved = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string key = std::to_string(i);
    EXPECT_EQ(splitOf(key, 7), splitOf(key, 7));
    moved += splitOf(key, 7) != splitOf(key, 8);
  }
  EXPECT_GT(moved, 300);  // 1 - (0.49 + 0.01 + 0.04) = 46 % change with the seed
}

TEST(SourceTable, HasUniqueCompleteRows) {
  std::set<std::string> ids;
  for (const Source* source : sources::table()) {
    EXPECT_TRUE(ids.insert(source->id).second) << source->id;
    EXPECT_FALSE(source->title.empty());
    EXPECT_FALSE(source->help.empty());
    EXPECT_NE(source->open, nullptr);
    std::set<std::string> keys;
    for (const Param& param : source->params) {
      EXPECT_TRUE(keys.insert(param.key).second) << source->id << " " << param.key;
      EXPECT_FALSE(param.help.empty()) << source->id << " " << param.key;
    }
  }
  EXPECT_TRUE(ids.contains("folder"));
  EXPECT_TRUE(ids.contains("table"));
}

TEST(Open, NamesTheKindsThereAre) {
  EXPECT_NE(messageOf(open({.kind = "tape", .path = {}}, "x")).find("folder"), std::string::npos);
}

TEST(Recognise, TellsFoldersTablesAndMistakesApart) {
  const TemporaryFolder folder;
  test::writePicture(folder / "classes/cat/a.png", 1);
  test::writeText(folder / "classes/notes.csv", "a,b\n");
  test::writePicture(folder / "photos/images/a.png", 1);
  test::writeText(folder / "photos/captions.tsv", "image\tcaption\na.png\tx\n");
  test::writePicture(folder / "two/a.png", 1);
  test::writeText(folder / "two/a.csv", "image,label\n");
  test::writeText(folder / "two/b.csv", "image,label\n");
  const auto classes = recognise((folder / "classes").string());
  LIX_ASSERT_OK(classes);
  EXPECT_EQ(classes->kind, "folder");
  const auto photos = recognise((folder / "photos").string());
  LIX_ASSERT_OK(photos);
  EXPECT_EQ(photos->kind, "table");
  LIX_EXPECT_OK(open(*photos, "photos"));
  EXPECT_NE(messageOf(recognise((folder / "two").string())).find("b.csv"), std::string::npos);
  const auto table = recognise((folder / "two/a.csv").string());
  LIX_ASSERT_OK(table);
  EXPECT_EQ(table->kind, "table");
  const std::string nothing = messageOf(recognise((folder / "two/a.png").string()));
  for (const char* sought : {"two/a.png", "a table", "one folder of pictures a class", "MNIST", "CIFAR"}) {
    EXPECT_NE(nothing.find(sought), std::string::npos) << sought << ": " << nothing;
  }
  test::writeText(folder / "texts/notes.md", "nothing");
  EXPECT_NE(messageOf(recognise((folder / "texts").string())).find("Looked for"), std::string::npos);
  EXPECT_NE(messageOf(recognise((folder / "nowhere").string())).find("built in"), std::string::npos);
}

TEST(Recognise, KnowsTheBuiltInNames) {
  for (const Source* source : sources::table()) {
    EXPECT_EQ(source->find != nullptr, !source->looksFor.empty()) << source->id;
    if (!source->find) {
      const auto spec = recognise(source->id);
      LIX_ASSERT_OK(spec);
      EXPECT_EQ(spec->kind, source->id);
      EXPECT_TRUE(spec->path.empty());
    }
  }
}

}  // namespace
}  // namespace lix::data
