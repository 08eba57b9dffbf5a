// Shards as WebDataset, img2dataset and CLIP_benchmark write them: samples, captions, labels, splits, and what is left
// out.
#include "data/check.h"
#include "data/dataset.h"
#include "data/own_templates.h"
#include "data/tar_bytes.h"

namespace lix::data {
namespace {

using test::Members;
using test::messageOf;
using test::pngOf;
using test::tarHeader;
using test::tarOf;
using test::TemporaryFolder;
using test::writeText;
using Captions = std::vector<std::string>;

Result<Dataset> openAt(const std::string& path, const std::string& options = "{}") {
  LIX_TRY(DatasetSpec spec, recognise(path));
  EXPECT_EQ(spec.kind, "shards");
  spec.options = options;
  return open(spec, "sharded");
}

Result<Dataset> openAt(const std::filesystem::path& path, const std::string& options = "{}") {
  return openAt(path.string(), options);
}

std::string reasons(const Dataset& dataset) {
  std::string all;
  for (const Skipped& one : dataset.skipped) {
    all += one.key + ": " + one.reason + "\n";
  }
  return all;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// One sample as img2dataset writes it.
void add(Members& members, const std::string& key, std::uint64_t seed, const std::string& caption) {
  members.insert(members.end(),
                 {{key + ".png", pngOf(seed)},
                  {key + ".json", R"({"caption": "in json )" + caption + R"(", "url": "x", "width": 24})"},
                  {key + ".txt", caption}});
}

TEST(Shards, ReadsAFolderAsImg2datasetWritesIt) {
  const TemporaryFolder folder;
  Members first, second;
  add(first, "000000000", 1, "a dog");
  add(first, "000000001", 2, "two\nlines");
  add(second, "000010000", 3, "größe ");
  writeText(folder / "laion/00000.tar", tarOf(first));
  writeText(folder / "laion/00001.tar", tarOf(second));
  writeText(folder / "laion/00000_stats.json", "{}");
  writeText(folder / "laion/00000.parquet", "PAR1");
  const auto dataset = openAt(folder / "laion");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 3U) << reasons(*dataset);
  EXPECT_TRUE(dataset->skipped.empty()) << reasons(*dataset);
  EXPECT_EQ(dataset->samples[0].key, "00000/000000000");
  EXPECT_EQ(dataset->samples[1].captions, Captions{"two\nlines"});
  EXPECT_EQ(dataset->samples[2].captions, Captions{"größe"});
  EXPECT_TRUE(dataset->labelSets.empty());
  EXPECT_NE(dataset->samples[0].version, dataset->samples[1].version);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(dataset->pictures->load(i).value(), test::patches(i + 1));
    EXPECT_EQ(dataset->pictures->loadSmall(i, 16).value(), test::patches(i + 1)) << "a PNG is not reduced";
    EXPECT_TRUE(dataset->pictures->file(i).empty());
    const auto stored = dataset->pictures->stored(i).value();
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->bytes, pngOf(i + 1));
    EXPECT_EQ(stored->extension, ".png");
  }
  // The same by a pattern, from a single file, and with the captions of the JSON.
  const auto braces = openAt((folder / "laion/{00000..00002}.tar").string());
  LIX_ASSERT_OK(braces);
  EXPECT_EQ(braces->samples.size(), 3U);
  EXPECT_EQ(braces->samples[2].key, "00001/000010000");
  EXPECT_TRUE(has(reasons(*braces), "00002.tar: There is no such shard"));
  const auto one = openAt(folder / "laion/00001.tar", R"({"caption_key": "json:caption"})");
  LIX_ASSERT_OK(one);
  EXPECT_EQ(one->samples[0].captions, Captions{"in json größe"});
  const auto checked = checkPictures(*dataset);
  LIX_ASSERT_OK(checked);
  EXPECT_EQ(subset(*dataset, {2}).pictures->stored(0).value()->bytes, pngOf(3));
}

TEST(Shards, ReadsAShardNamedFromItsOwnFolder) {
  const TemporaryFolder folder;
  Members members;
  add(members, "0", 1, "a dog");
  writeText(folder / "sets/pets/one.tar", tarOf(members));
  writeText(folder / "sets/dataset_type.txt", "multilabel");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder / "sets/pets");
  const auto refused = openAt(std::string("one.tar")), sameByFolder = openAt(std::string("."));
  std::filesystem::remove(folder / "sets/dataset_type.txt");
  const auto read = openAt(std::string("one.tar"));
  std::filesystem::current_path(before);
  EXPECT_TRUE(has(messageOf(refused), "multilabel")) << "what is beside the folder is seen from within it";
  EXPECT_TRUE(has(messageOf(sameByFolder), "multilabel"));
  LIX_ASSERT_OK(read);
  EXPECT_EQ(read->samples[0].key, "one/0");
}

TEST(Shards, ReadsClassificationAsClipBenchmarkLaysItOut) {
  const TemporaryFolder folder;
  for (const std::string split : {"train", "test"}) {
    writeText(folder / ("wds/" + split + "/nshards.txt"), "2\n");
    for (const std::string shard : {"0", "1"}) {
      writeText(folder / ("wds/" + split + "/" + shard + ".tar"),
                tarOf({{"s0000000.cls", shard == "0" ? "2" : " 0\n"}, {"s0000000.png", pngOf(shard == "0" ? 1 : 2)}}));
    }
  }
  writeText(folder / "wds/classnames.txt", "red_fox\nwolf\nbear\n");
  writeText(folder / "wds/dataset_type.txt", "classification");
  const auto dataset = openAt(folder / "wds");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 4U) << reasons(*dataset);
  EXPECT_TRUE(dataset->skipped.empty()) << reasons(*dataset);
  EXPECT_EQ(dataset->labelSets[0].classes, (Captions{"red fox", "wolf", "bear"}));
  EXPECT_EQ(dataset->samples[0].key, "test/0/s0000000");
  EXPECT_EQ(dataset->samples[0].labels, std::vector<int>{2});
  EXPECT_EQ(dataset->samples[0].captions, Captions{"bear"});
  EXPECT_EQ(dataset->samples[0].split, Split::Test);
  EXPECT_EQ(dataset->samples[3].split, Split::Train);
  EXPECT_EQ(dataset->pictures->load(3).value(), test::patches(2));
  // A part of it knows the names too, and its split by the folder's name.
  const auto test = openAt(folder / "wds/test");
  LIX_ASSERT_OK(test);
  EXPECT_EQ(test->samples[1].captions, Captions{"red fox"});
  EXPECT_EQ(test->samples[1].split, Split::Test);
  std::filesystem::remove(folder / "wds/train/1.tar");
  EXPECT_TRUE(has(reasons(openAt(folder / "wds").value()), "It speaks of 2 shards, and there are 1"));
  writeText(folder / "wds/classnames.txt", "only\n");
  EXPECT_TRUE(has(messageOf(openAt(folder / "wds")), "names 1 classes"));
  writeText(folder / "wds/dataset_type.txt", "multilabel\n");
  EXPECT_TRUE(has(messageOf(openAt(folder / "wds")), "several labels a picture"));
}

TEST(Shards, TemplatesOfTheDatasetAreFound) {
  const TemporaryFolder folder;
  const auto file = folder / "set/wds/zeroshot_classification_templates.txt";
  for (const std::string path :
       {"set/wds", "set/wds/", "set/wds/test", "set/wds/test/{0..1}.tar", "set/wds/test/0.tar::x/1.tar"}) {
    writeText(folder / "set/wds/test/0.tar", "");
    const DatasetSpec spec{.kind = "shards", .path = (folder / path).string()};
    std::filesystem::remove(file);
    EXPECT_FALSE(ownTemplates(spec)) << path;
    writeText(file, "a photo of {c}.\n");
    ASSERT_TRUE(ownTemplates(spec)) << path;
    EXPECT_EQ(*ownTemplates(spec),
              std::filesystem::path(folder.path() / "set/wds/zeroshot_classification_templates.txt"))
        << path;
  }
  EXPECT_FALSE(ownTemplates({.kind = "folder", .path = (folder / "set/wds").string()}));
}

TEST(Shards, RetrievalSetsHaveACaptionALine) {
  const TemporaryFolder folder;
  writeText(folder / "wds/test/0.tar", tarOf({{"s0.png", pngOf(1)}, {"s0.txt", "one\ntwo\n\nthree\n"}}));
  writeText(folder / "wds/dataset_type.txt", "retrieval\n");
  EXPECT_EQ(openAt(folder / "wds").value().samples[0].captions, (Captions{"one", "two", "three"}));
  std::filesystem::remove(folder / "wds/dataset_type.txt");
  EXPECT_EQ(openAt(folder / "wds").value().samples[0].captions, Captions{"one\ntwo\n\nthree"});
  EXPECT_EQ(openAt(folder / "wds", R"({"caption_lines": true})").value().samples[0].captions.size(), 3U);
}

TEST(Shards, GroupsMembersAsWebDatasetDoes) {
  const TemporaryFolder folder;
  writeText(folder / "a.tar", tarOf({{"d.x/000.seg.png", "mask"},
                                     {"d.x/000.PNG", pngOf(1)},
                                     {"d.x/000.TXT", "upper"},
                                     {"d.x/000.png", pngOf(2)},
                                     {"d.x/000.txt", "comes again"},  // the extension repeats
                                     {"README", "x"},
                                     {"._junk.png", "x"},
                                     {"001.jpeg", pngOf(3)},
                                     {"001.webp", "second picture"},
                                     {"001.txt", "by content"}}));
  const auto dataset = openAt(folder / "a.tar");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 2U) << reasons(*dataset);
  EXPECT_EQ(dataset->samples[0].key, "a/d.x/000");
  EXPECT_EQ(dataset->samples[0].captions, Captions{"upper"});
  EXPECT_EQ(dataset->pictures->load(0).value(), test::patches(1));
  EXPECT_EQ(dataset->pictures->load(1).value(), test::patches(3)) << "decoded by content, whatever the extension";
  EXPECT_TRUE(has(reasons(*dataset), "comes again in the same shard"));
  const auto masks = openAt(folder / "a.tar", R"({"image_keys": "seg.png; webp"})");
  LIX_ASSERT_OK(masks);
  EXPECT_EQ(masks->samples.size(), 2U);
  EXPECT_TRUE(has(messageOf(masks->pictures->load(0)), "a.tar, byte 512"));
}

TEST(ShardsBad, WhatHasNoPictureOrNoWordsIsCounted) {
  const TemporaryFolder folder;
  Members members;
  for (int i = 0; i < 3; ++i) {
    members.push_back({"failed" + std::to_string(i) + ".json", "{}"});
  }
  members.insert(members.end(), {{"silent.png", pngOf(1)},
                                 {"empty.png", pngOf(1)},
                                 {"empty.txt", " \n"},
                                 {"void.png", ""},
                                 {"void.txt", "x"},
                                 {"bytes.png", pngOf(1)},
                                 {"bytes.txt", "\xff\xfe"},
                                 {"odd.png", pngOf(1)},
                                 {"odd.cls", "cat"},
                                 {"minus.png", pngOf(1)},
                                 {"minus.cls", "-1"},
                                 {"huge.png", pngOf(1)},
                                 {"huge.cls", "99999999999"},
                                 {"good.png", pngOf(1)},
                                 {"good.txt", "good"}});
  writeText(folder / "a.tar", tarOf(members));
  const auto dataset = openAt(folder / "a.tar");
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(dataset->samples.size(), 1U);
  const std::string why = reasons(*dataset);
  EXPECT_TRUE(has(why, "3 entries are left out; the first, 'failed0', has no picture (jpg, png, jpeg, webp)")) << why;
  EXPECT_TRUE(has(why, "'silent', has neither a caption (txt) nor a class number (cls)")) << why;
  EXPECT_TRUE(has(why, "'void.png' is an empty picture")) << why;
  EXPECT_TRUE(has(why, "'bytes.txt' holds a caption that is not UTF-8")) << why;
  EXPECT_TRUE(has(why, "'odd.cls', is no class number")) << why;
  writeText(folder / "none.tar", tarOf({{"a.png", pngOf(1)}}));
  EXPECT_TRUE(has(messageOf(openAt(folder / "none.tar")), "holds no usable picture"));
}

TEST(ShardsBad, PathTricksAndLinksAreRefused) {
  const TemporaryFolder folder;
  std::string bytes;
  for (const char* name : {"../evil.png", "/etc/evil.png", "a/../../evil.png", "a\\b.png", "a\nb.png", "\xff.png"}) {
    bytes += tarHeader(name, 3) + test::padded("abc");
  }
  bytes += tarHeader("link.png", 0, '2', 157, "/etc/passwd") + tarHeader("hard.png", 0, '1', 157, "../secret.png") +
           tarHeader("device.png", 0, '3');
  writeText(folder / "a.tar", bytes + tarOf({{"good.png", pngOf(1)}, {"good.txt", "good"}}));
  const auto dataset = openAt(folder / "a.tar");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 1U);
  EXPECT_EQ(dataset->samples[0].key, "a/good");
  const std::string why = reasons(*dataset);
  EXPECT_TRUE(has(why, "6 entries are left out; the first, '../evil.png', has a name that leads out of the shard"))
      << why;
  EXPECT_TRUE(has(why, "3 entries are left out; the first, 'link.png', is a link or a device")) << why;
}

TEST(ShardsBad, DamagedPackedAndChangedShardsSaySo) {
  const TemporaryFolder folder;
  Members members;
  add(members, "0", 1, "first");
  add(members, "1", 2, "second");
  const std::string whole = tarOf(members);
  writeText(folder / "set/a.tar", whole.substr(0, whole.size() - 1024 - 512 - 300));
  writeText(folder / "set/b.tar", "no tar at all, but a text that is long enough " + std::string(600, 'x'));
  const auto dataset = openAt(folder / "set");
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(dataset->samples.size(), 1U);
  EXPECT_TRUE(has(reasons(*dataset), "a: The shard 'a.tar' is damaged at byte")) << reasons(*dataset);
  EXPECT_TRUE(has(reasons(*dataset), "What comes before it is used")) << reasons(*dataset);
  EXPECT_TRUE(has(reasons(*dataset), "b: The shard 'b.tar' is damaged at byte 0: there is no header"))
      << reasons(*dataset);
  writeText(folder / "set/a.tar", "short");
  EXPECT_TRUE(has(messageOf(dataset->pictures->load(0)), "it ends at byte 5")) << "no memory is taken for what is gone";
  std::filesystem::remove(folder / "set/a.tar");
  EXPECT_TRUE(has(messageOf(dataset->pictures->load(0)), "a.tar"));
  EXPECT_TRUE(has(messageOf(recognise((folder / "set/b.tar").string())), "Looked for"));
}

}  // namespace
}  // namespace lix::data
