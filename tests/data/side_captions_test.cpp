// Pictures with texts beside them, as img2dataset's files and Tux Paint's stamps.
#include <algorithm>

#include "data/dataset.h"
#include "data/pictures.h"
#include "data/recognise.h"

namespace lix::data {
namespace {

using test::messageOf;
using test::TemporaryFolder;
using test::writePicture;
using test::writeText;

Result<Dataset> openAt(const std::filesystem::path& path) {
  LIX_TRY(const DatasetSpec spec, recognise(path.string()));
  EXPECT_EQ(spec.kind, "side_captions");
  return open(spec, "stamps");
}

std::string reasonOf(const Dataset& dataset, const std::string& key) {
  const auto found = std::ranges::find(dataset.skipped, key, &Skipped::key);
  return found == dataset.skipped.end() ? "" : found->reason;
}

TEST(SideCaptions, ReadsStampsWhoseFurtherLinesAreTranslations) {
  const TemporaryFolder folder;
  writePicture(folder / "stamps/animals/birds/owl.png", 1);
  writeText(folder / "stamps/animals/birds/owl.txt", "An owl.\r\nde.utf8=Eine Eule.\nfr.utf8=Un hibou.\n");
  writePicture(folder / "stamps/natural_forces/fire.png", 2);
  writeText(folder / "stamps/natural_forces/fire.txt",
            "\xef\xbb\xbf"
            "A fire.");
  writeText(folder / "stamps/animals/ant.svg", "<svg/>");
  writeText(folder / "stamps/animals/ant.txt", "An ant.");
  writePicture(folder / "stamps/animals/cat.png", 3);
  writePicture(folder / "stamps/animals/dog.png", 4);
  writeText(folder / "stamps/animals/dog.txt", "de.utf8=Ein Hund.\n");
  const auto dataset = openAt(folder / "stamps");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 2U);
  EXPECT_EQ(dataset->samples[0].key, "animals/birds/owl.png");
  EXPECT_EQ(dataset->samples[0].captions, std::vector<std::string>{"An owl."});
  EXPECT_EQ(dataset->samples[1].captions, std::vector<std::string>{"A fire."});
  EXPECT_EQ(dataset->labelSets[0].name, "folder");
  EXPECT_EQ(dataset->labelSets[0].classes, (std::vector<std::string>{"animals", "natural forces"}));
  EXPECT_EQ(dataset->pictures->load(1).value(), test::patches(2));
  EXPECT_NE(reasonOf(*dataset, "animals/ant.svg").find("SVG"), std::string::npos);
  EXPECT_NE(reasonOf(*dataset, "animals/cat.png").find("no text beside it"), std::string::npos);
  EXPECT_NE(reasonOf(*dataset, "animals/dog.png").find("caption is empty"), std::string::npos);
}

TEST(SideCaptions, TakesFoldersOfFilesAndSplits) {
  const TemporaryFolder folder;
  for (const char* key : {"00000/000000000", "00001/000010000"}) {
    writePicture(folder / ("files/" + std::string(key) + ".png"), 1);
    writeText(folder / ("files/" + std::string(key) + ".txt"), "a caption");
    writeText(folder / ("files/" + std::string(key) + ".json"), "{}");
  }
  const auto files = openAt(folder / "files");
  LIX_ASSERT_OK(files);
  EXPECT_EQ(files->samples.size(), 2U);
  EXPECT_TRUE(files->labelSets.empty()) << "numbers of shards are no classes";
  for (const char* key : {"train/a", "test/b"}) {
    writePicture(folder / ("splits/" + std::string(key) + ".png"), 1);
    writeText(folder / ("splits/" + std::string(key) + ".txt"), "a caption");
  }
  const auto splits = openAt(folder / "splits");
  LIX_ASSERT_OK(splits);
  EXPECT_EQ(splits->samples[0].split, Split::Test);
  EXPECT_EQ(splits->samples[1].split, Split::Train);
}

TEST(SideCaptionsBad, BoxesAreNoCaptionsAndLoopsEnd) {
  EXPECT_TRUE(saysCaption("A dog\n0 0 1 1"));
  EXPECT_FALSE(saysCaption("0 0.51 0.4 0.25 0.1\n"));
  EXPECT_FALSE(saysCaption(" \nlate"));
  EXPECT_FALSE(saysCaption("\xff\xfe"));
  const TemporaryFolder folder;
  writePicture(folder / "yolo/a.png", 1);
  writeText(folder / "yolo/a.txt", "0 0.51 0.4 0.25 0.1\n");
  EXPECT_EQ(recognise((folder / "yolo").string()).value().kind, "folder");
  writePicture(folder / "loop/a.png", 1);
  writeText(folder / "loop/a.txt", "a caption");
  std::filesystem::create_directory_symlink(folder / "loop", folder / "loop/again");
  LIX_EXPECT_OK(openAt(folder / "loop"));
  writeText(folder / "bad/a.txt", "\xff\xfe caption");
  writePicture(folder / "bad/a.png", 1);
  EXPECT_NE(messageOf(open({.kind = "side_captions", .path = (folder / "bad").string()}, "x")).find("not UTF-8"),
            std::string::npos);
  EXPECT_NE(messageOf(open({.kind = "side_captions", .path = (folder / "none").string()}, "x")).find("no folder"),
            std::string::npos);
}

}  // namespace
}  // namespace lix::data
