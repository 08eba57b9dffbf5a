// Karpathy's splits, COCO captions and Flickr text: what is read, where the pictures are found, what is refused.
#include "data/bytes.h"
#include "data/dataset.h"

namespace lix::data {
namespace {

using test::messageOf;
using test::TemporaryFolder;
using test::writePicture;
using test::writeText;
using Captions = std::vector<std::string>;

Result<Dataset> openAt(const std::filesystem::path& path, const std::string& kind, const std::string& options = "{}") {
  LIX_TRY(DatasetSpec spec, recognise(path.string()));
  EXPECT_EQ(spec.kind, kind);
  spec.options = options;
  return open(spec, "captioned");
}

std::string reasons(const Dataset& dataset) {
  std::string all;
  for (const Skipped& one : dataset.skipped) {
    all += one.key + ": " + one.reason + "\n";
  }
  return all;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr const char* kKarpathy = R"({"images": [
 {"sentids": [0, 1], "imgid": 0, "sentences": [
   {"tokens": ["a", "black", "dog"], "raw": "A black dog .", "imgid": 0, "sentid": 0}, {"raw": " A black dog .", "sentid": 1}],
  "split": "restval", "filename": "a.png"},
 {"filepath": "val2014", "sentences": [{"tokens": ["two", "cats"]}], "split": "val", "filename": "b.png", "cocoid": 7},
 {"sentences": [{"raw": "gone"}], "split": "test", "filename": "none.png"},
 {"sentences": [{"raw": "x"}], "split": "exam", "filename": "c.png"},
 {"sentences": [], "split": "test", "filename": "d.png"}], "dataset": "flickr8k"})";

TEST(Karpathy, ReadsCaptionsAndSplitsAndFindsPicturesBesideAndAbove) {
  const TemporaryFolder folder;
  writeText(folder / "caption_datasets/dataset_flickr8k.json", kKarpathy);
  writePicture(folder / "Flicker8k_Dataset/a.png", 1);
  writePicture(folder / "Flicker8k_Dataset/c.png", 3);
  writePicture(folder / "Flicker8k_Dataset/d.png", 3);
  writePicture(folder / "val2014/b.png", 2);
  const auto dataset = openAt(folder / "caption_datasets/dataset_flickr8k.json", "karpathy");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 2U) << reasons(*dataset);
  EXPECT_EQ(dataset->samples[0].key, "a.png");
  EXPECT_EQ(dataset->samples[0].split, Split::Train);
  EXPECT_EQ(dataset->samples[0].captions, (Captions{"A black dog .", "A black dog ."})) << "equal ones are counted too";
  EXPECT_EQ(dataset->samples[1].key, "val2014/b.png");
  EXPECT_EQ(dataset->samples[1].split, Split::Validation);
  EXPECT_EQ(dataset->samples[1].captions, Captions{"two cats"});
  EXPECT_EQ(dataset->pictures->load(1).value(), test::patches(2));
  EXPECT_NE(dataset->samples[0].version, 0U);
  const std::string why = reasons(*dataset);
  EXPECT_TRUE(has(why, "none.png: There is no such picture")) << why;
  EXPECT_TRUE(has(why, "unknown split 'exam'")) << why;
  EXPECT_TRUE(has(why, "d.png: The picture has no caption")) << why;
}

TEST(Karpathy, AFolderWithOneSplitFileIsMeantAndImagesMayLieElsewhere) {
  const TemporaryFolder folder;
  writeText(folder / "set/dataset.json", kKarpathy);
  writePicture(folder / "far/away/pictures/a.png", 1);
  const auto lost = openAt(folder / "set", "karpathy");
  EXPECT_TRUE(has(messageOf(lost), "set images to the folder")) << messageOf(lost);
  const auto found = openAt(folder / "set", "karpathy", R"({"images": "../far/away/pictures"})");
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->samples.size(), 1U);
  writeText(folder / "set/dataset_coco.json", kKarpathy);
  EXPECT_TRUE(has(messageOf(recognise((folder / "set").string())), "dataset_coco.json (karpathy)"));
}

TEST(KarpathyBad, DamageAndPathTricksAreRefused) {
  const TemporaryFolder folder;
  writePicture(folder / "secret.png", 1);
  const auto path = folder / "set/dataset.json";
  const auto read = [&](const std::string& text) {
    writeText(path, text);
    return messageOf(open({.kind = "karpathy", .path = path.string()}, "x"));
  };
  const auto naming = [](const std::string& name) {
    return R"({"images": [{"filename": ")" + name + R"(", "sentences": [{"raw": "a"}]}]})";
  };
  for (const char* trick :
       {"../secret.png", "/etc/passwd", "a/../../secret.png", "..", "a\\\\b.png", "a\\u0000.png", "a\\n.png"}) {
    EXPECT_TRUE(has(read(naming(trick)), "leads out of the folder")) << trick << ": " << read(naming(trick));
  }
  EXPECT_TRUE(has(read(std::string(kKarpathy).substr(0, 300)), "at byte 301"));
  EXPECT_TRUE(has(read("[1, 2]"), "holds no JSON object"));
  EXPECT_TRUE(has(read("{\"images\": 3}"), "no list 'images'"));
  EXPECT_TRUE(has(read("{\"images\": [1, \"a\", [2], null]}"), "no list 'images'"));
  EXPECT_TRUE(has(read("{\"images\": [{}]}"), "names no file"));
  EXPECT_TRUE(has(read("{\"images\": [{\"filename\": 3, \"sentences\": 4}]}"), "names no file"));
  EXPECT_TRUE(
      has(read("{\"images\": [{\"filename\": \"a.png\", \"sentences\": [3, {\"raw\": 4}]}]}"), "caption is empty"));
  EXPECT_TRUE(has(read("{\"images\": [{\"filename\": \"a\xff.png\"}]}"), "cannot be read on at byte"));
  EXPECT_TRUE(has(read(std::string(200'000, '[')), "cannot be read on"));
  EXPECT_TRUE(has(read(""), "cannot be read on"));
  EXPECT_TRUE(has(read("{\"images\": 1e999}"), "too large"));
}

constexpr const char* kCoco = R"({"info": {"year": 2014}, "licenses": [{"id": 1}],
 "images": [{"id": 9, "file_name": "i9.png", "height": 24, "width": 24}, {"id": 3, "file_name": "i3.png"}, {"id": 3, "file_name": "twice.png"}],
 "annotations": [{"image_id": 9, "id": 1, "caption": "late"}, {"image_id": 3, "id": 2, "caption": "second"},
                 {"image_id": 9, "id": 3, "caption": "early"}, {"image_id": 4, "id": 5, "caption": "whose?"}]})";

TEST(Coco, ReadsIdsAscendingAndCaptionsInTheirOrder) {
  const TemporaryFolder folder;
  writeText(folder / "coco/annotations/captions_val2014.json", kCoco);
  writeText(folder / "coco/annotations/captions_train2014.json",
            R"({"annotations": [{"image_id": 1, "caption": "first"}], "images": [{"id": 1, "file_name": "i1.png"}]})");
  writeText(folder / "coco/annotations/instances_val2014.json", R"({"images": [], "annotations": []})");
  writePicture(folder / "coco/val2014/i9.png", 9);
  writePicture(folder / "coco/val2014/i3.png", 3);
  writePicture(folder / "coco/train2014/i1.png", 1);
  const auto dataset = openAt(folder / "coco", "coco");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 3U) << reasons(*dataset);
  EXPECT_EQ(dataset->samples[0].key, "i1.png");
  EXPECT_EQ(dataset->samples[0].split, Split::Train);
  EXPECT_EQ(dataset->samples[1].key, "i3.png");
  EXPECT_EQ(dataset->samples[1].split, Split::Validation);
  EXPECT_EQ(dataset->samples[2].captions, (Captions{"late", "early"}));
  EXPECT_EQ(dataset->pictures->load(2).value(), test::patches(9));
  EXPECT_TRUE(has(reasons(*dataset), "picture 4: There are 1 captions"));
  EXPECT_TRUE(has(reasons(*dataset), "twice.png: Another picture has its id 3"));
  LIX_EXPECT_OK(openAt(folder / "coco/annotations/captions_val2014.json", "coco"));
}

TEST(CocoBad, BoxesDamageAndPathTricksAreRefused) {
  const TemporaryFolder folder;
  const auto path = folder / "captions_val.json";
  const auto read = [&](const std::string& text) {
    writeText(path, text);
    return messageOf(open({.kind = "coco", .path = path.string()}, "x"));
  };
  EXPECT_TRUE(has(
      read(R"({"images": [{"id": 1, "file_name": "a.png"}], "annotations": [{"image_id": 1, "bbox": [1, 2, 3, 4]}]})"),
      "holds no captions (1 other annotations)"));
  EXPECT_TRUE(has(read(R"({"annotations": []})"), "no list 'images'"));
  EXPECT_TRUE(has(read(R"({"images": [{"id": "1", "file_name": "a.png"}, {"id": 2}], "annotations": []})"),
                  "no list 'images'"));
  EXPECT_TRUE(
      has(read(R"({"images": [{"id": 1, "file_name": "../a.png"}], "annotations": [{"image_id": 1, "caption": "x"}]})"),
          "leads out of the folder"));
  EXPECT_TRUE(has(read(std::string(kCoco).substr(0, 200)), "at byte"));
  EXPECT_TRUE(has(messageOf(open({.kind = "coco", .path = (folder / "none.json").string()}, "x")), "none.json"));
}

TEST(CaptionList, ReadsFlickrTokensWithTheirSplits) {
  const TemporaryFolder folder;
  writeText(folder / "Flickr8k.token.txt",
            "a.png#0\tA dog, running .\r\na.png#1\tAnother .\nb.png#0\tA cat .\nb.png.1#0\tx\n");
  writeText(folder / "Flickr_8k.testImages.txt", "b.png\r\n");
  writeText(folder / "Flickr_8k.trainImages.txt", "a.png\n");
  writePicture(folder / "Images/a.png", 1);
  writePicture(folder / "Images/b.png", 2);
  const auto dataset = openAt(folder.path(), "caption_list");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 2U) << reasons(*dataset);
  EXPECT_EQ(dataset->samples[0].captions, (Captions{"A dog, running .", "Another ."}));
  EXPECT_EQ(dataset->samples[0].split, Split::Train);
  EXPECT_EQ(dataset->samples[1].split, Split::Test);
  EXPECT_EQ(dataset->pictures->load(1).value(), test::patches(2));
  EXPECT_TRUE(has(reasons(*dataset), "line 4"));
}

TEST(CaptionList, ReadsCommaListsThatAreNoTables) {
  const TemporaryFolder folder;
  writePicture(folder / "a.png", 1);
  writePicture(folder / "b,c.png", 2);
  writeText(folder / "list.txt", "image,caption\na.png,A dog, brown\nb,c.png,Two \"small\" cats\n");
  const auto dataset = openAt(folder / "list.txt", "caption_list");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 2U) << reasons(*dataset);
  EXPECT_EQ(dataset->samples[0].captions, Captions{"A dog, brown"});
  EXPECT_EQ(dataset->samples[1].key, "b,c.png");
  EXPECT_EQ(dataset->samples[1].captions, Captions{"Two \"small\" cats"});
  writeText(folder / "bare.txt",
            "\xef\xbb\xbf"
            "a.png\tno header\n");
  EXPECT_EQ(openAt(folder / "bare.txt", "caption_list").value().samples[0].captions, Captions{"no header"});
  // With a header and quotes, or without commas, it is a table.
  writeText(folder / "table.txt", "image,caption\na.png,\"A dog, brown\"\n\"b,c.png\",cats\n");
  EXPECT_EQ(openAt(folder / "table.txt", "table").value().samples.size(), 2U);
  writeText(folder / "tabs.txt", "image\tcaption\na.png\tA dog\n");
  LIX_EXPECT_OK(openAt(folder / "tabs.txt", "table"));
}

TEST(CaptionListBad, CaptionsAloneBytesAndPathTricksAreRefused) {
  const TemporaryFolder folder;
  writePicture(folder / "a.png", 1);
  const auto read = [&](const std::string& text, const std::string& options = "{}") {
    writeText(folder / "in/list.txt", text);
    return messageOf(
        open({.kind = "caption_list", .path = (folder / "in/list.txt").string(), .options = options}, "x"));
  };
  EXPECT_TRUE(has(read("a dog\na cat\n"), "names no picture"));
  EXPECT_TRUE(has(read(""), "names no picture"));
  EXPECT_TRUE(has(read("../a.png#0\tx\n"), "leads out of the folder") ||
              has(read("../a.png#0\tx\n"), "names no picture"));
  EXPECT_TRUE(has(read("../a.png#0\tx\na.png\t\xff\xfe\n"), "leads out of the folder"));
  EXPECT_TRUE(has(read("a.png\t\xff\xfe\n"), "not UTF-8"));
  EXPECT_TRUE(has(read("a.png\tlong caption\n", R"({"max_caption": 4})"), "more than the limit of 4"));
}

}  // namespace
}  // namespace lix::data
