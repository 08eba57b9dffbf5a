#include <array>

#include "data/csv.h"
#include "data/dataset.h"
#include "data/pictures.h"
#include "data/source.h"

namespace lix::data {
namespace {

using test::messageOf;
using test::TemporaryFolder;
using test::writePicture;
using test::writeText;
using Texts = std::vector<std::string>;

/// A folder with a.png, b.png and images/c.png and one table.
class Table : public ::testing::Test {
 protected:
  void SetUp() override {
    writePicture(folder_ / "a.png", 1);
    writePicture(folder_ / "b.png", 2);
    writePicture(folder_ / "images/c.png", 3);
  }

  Result<Dataset> read(std::string_view text, const std::string& options = "{}",
                       const std::string& name = "table.csv") {
    writeText(folder_ / name, text);
    return open({.kind = "table", .path = (folder_ / name).string(), .options = options}, "test set");
  }

  static bool skippedBecause(const Dataset& dataset, const std::string& key, const std::string& reason) {
    for (const Skipped& skipped : dataset.skipped) {
      if (skipped.key.find(key) != std::string::npos && skipped.reason.find(reason) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  TemporaryFolder folder_;
};

TEST_F(Table, ReadsCaptionsAsRows) {
  const auto dataset =
      read("image\tn\tsplit\tcaption\na.png\t0\ttest\tA first.\nb.png\t0\tval\tB.\na.png\t1\ttest\tA second.\n", "{}",
           "table.tsv");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 2U);
  EXPECT_EQ(dataset->samples[0].key, "a.png");
  EXPECT_EQ(dataset->samples[0].captions, (Texts{"A first.", "A second."}));
  EXPECT_EQ(dataset->samples[0].split, Split::Test);
  EXPECT_EQ(dataset->samples[1].split, Split::Validation);
  EXPECT_TRUE(dataset->labelSets.empty());
  EXPECT_TRUE(dataset->skipped.empty());
  const auto image = dataset->pictures->load(1);
  LIX_ASSERT_OK(image);
  EXPECT_EQ(*image, test::patches(2));
}

TEST_F(Table, ReadsCaptionsAsColumnsAndAsLists) {
  const auto columns = read("filepath,caption_1,caption_2\na.png,one,\"two, with \"\"quotes\"\"\"\n");
  LIX_ASSERT_OK(columns);
  EXPECT_EQ(columns->samples[0].captions, (Texts{"one", "two, with \"quotes\""}));
  const auto list = read("path,title\na.png,\"[\"\"one\"\", \"\"t\\u00e9o\"\"]\"\nb.png,[sic] as it stands\n");
  LIX_ASSERT_OK(list);
  EXPECT_EQ(list->samples[0].captions, (Texts{"one", "téo"}));
  EXPECT_EQ(list->samples[1].captions, (Texts{"[sic] as it stands"}));
  const auto named =
      read("where;what;says, more\na.png;cat;x\n",
           R"({"path_column": "where", "caption_columns": ["says, more", "what"], "label_columns": "what"})");
  LIX_ASSERT_OK(named);
  EXPECT_EQ(named->samples[0].captions, (Texts{"x", "cat"}));
  EXPECT_EQ(named->labelSets[0].classes, (Texts{"cat"}));
}

TEST_F(Table, ReadsSeveralLabelColumns) {
  const auto dataset = read("image,kind,colour\nb.png,polar_bear,white\na.png,ant,\nimages/c.png,ant,black\n",
                            R"({"label_columns": "kind, colour"})");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->labelSets.size(), 2U);
  EXPECT_EQ(dataset->labelSets[0].classes, (Texts{"ant", "polar bear"}));
  EXPECT_EQ(dataset->labelSets[1].classes, (Texts{"black", "white"}));
  EXPECT_EQ(dataset->samples[0].labels, (std::vector<int>{1, 1}));
  EXPECT_EQ(dataset->samples[1].labels, (std::vector<int>{0, -1}));
  EXPECT_EQ(dataset->labelSet("colour").value(), 1U);
  EXPECT_EQ(dataset->labelSet("").value(), 0U);
  EXPECT_NE(messageOf(dataset->labelSet("size")).find("kind, colour"), std::string::npos);
}

TEST_F(Table, FindsPicturesInTheImagesFolder) {
  const auto dataset = read("image,label\nc.png,x\n");
  LIX_ASSERT_OK(dataset);
  const auto image = dataset->pictures->load(0);
  LIX_ASSERT_OK(image);
  EXPECT_EQ(*image, test::patches(3));
}

TEST_F(Table, TakesOpenClipsSeparatorAndKeys) {
  const std::string text = "shard|where|words\n0|a.png|one, two\n0|b.png|three\n";
  const auto dataset = read(text, R"({"separator": "|", "path_column": "where", "caption_columns": "words"})");
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(dataset->samples[0].captions, Texts{"one, two"});
  EXPECT_NE(messageOf(read(text)).find("no column for the picture's path"), std::string::npos) << "not seen from the file";
  EXPECT_EQ(read("file_name,text\na.png,as Hugging Face's metadata.csv\n")->samples.size(), 1U);
  EXPECT_EQ(read("filepath\ttitle\na.png\tcommas, three, of them\n", R"({"separator": "tab"})")->samples.size(), 1U);
  EXPECT_NE(messageOf(read(text, R"({"separator": "||"})")).find("not one character"), std::string::npos);
}

TEST_F(Table, FindsPicturesFromTheWorkingFolderOn) {
  const auto before = std::filesystem::current_path();
  const TemporaryFolder working;
  writePicture(working / "far/away.png", 7);
  std::filesystem::current_path(working.path());
  const auto dataset = read("filepath,title\nfar/away.png,x\na.png,y\n");
  std::filesystem::current_path(before);
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 2U);
  EXPECT_EQ(dataset->pictures->load(0).value(), test::patches(7));
}

TEST_F(Table, AReplacedPictureHasAnotherVersion) {
  const std::string text = "image,caption\na.png,one\nc.png,two\n";
  const auto before = read(text);
  LIX_ASSERT_OK(before);
  writeText(folder_ / "images/c.png", "another file of another size");
  const auto after = read(text);
  LIX_ASSERT_OK(after);
  EXPECT_EQ(before->samples[0].version, after->samples[0].version);
  EXPECT_NE(before->samples[1].version, after->samples[1].version);
}

TEST_F(Table, SkipsBadRowsWithTheirReasons) {
  writeText(folder_ / "void.png", "");
  const std::string lengthy(10'001, 'x'), most(10'000, 'y');
  const auto dataset = read("image,label,split,caption\n"
                            "a.png,cat,train,fine\n"
                            "a.png,dog,train,another label\n"
                            "a.png,cat,test,another split\n"
                            "a.png,cat,train,\n"
                            "a.png,cat,train," + lengthy + "\n"
                            "a.png,cat,train," + most + "\n"
                            "b.png,cat,sometimes,odd split\n"
                            "gone.png,cat,train,missing\n"
                            "void.png,cat,train,no bytes\n"
                            ",cat,train,no path\n"
                            "too,few\n");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 1U);
  EXPECT_EQ(dataset->samples[0].captions, (Texts{"fine", most}));
  EXPECT_TRUE(skippedBecause(*dataset, "line 3", "another label"));
  EXPECT_TRUE(skippedBecause(*dataset, "line 4", "another split"));
  EXPECT_TRUE(skippedBecause(*dataset, "line 5", "caption is empty"));
  EXPECT_TRUE(skippedBecause(*dataset, "line 6", "10001 characters"));
  EXPECT_TRUE(skippedBecause(*dataset, "line 8", "'sometimes'"));
  EXPECT_TRUE(skippedBecause(*dataset, "gone.png", "no such picture"));
  EXPECT_TRUE(skippedBecause(*dataset, "void.png", "empty"));
  EXPECT_TRUE(skippedBecause(*dataset, "line 11", "names no picture"));
  EXPECT_TRUE(skippedBecause(*dataset, "line 12", "2 fields, the header 4"));
  EXPECT_EQ(dataset->skipped.size(), 9U);
}

TEST_F(Table, SkipsAHugeCaptionUnlessAllowed) {
  const std::string text = "image,caption\na.png," + std::string(100'000, 'x') + "\n";
  const auto refused = read(text);
  EXPECT_NE(messageOf(refused).find("100000 characters, more than the limit of 10000"), std::string::npos)
      << messageOf(refused);
  const auto allowed = read(text, R"({"max_caption": 100000})");
  LIX_ASSERT_OK(allowed);
  EXPECT_EQ(allowed->samples[0].captions[0].size(), 100'000U);
}

TEST_F(Table, NamesMissingColumns) {
  const auto named = read("image,label\na.png,x\n", R"({"caption_columns": "says"})");
  EXPECT_NE(messageOf(named).find("no column 'says'; its columns are: image, label"), std::string::npos)
      << messageOf(named);
  EXPECT_NE(messageOf(read("id,label\n1,x\n")).find("its columns are: id, label"), std::string::npos);
  EXPECT_NE(messageOf(read("image,price\na.png,3\n")).find("captions"), std::string::npos);
  EXPECT_NE(messageOf(read("")).find("empty"), std::string::npos);
  EXPECT_NE(messageOf(read("image,label\n")).find("no usable picture"), std::string::npos);
  EXPECT_NE(messageOf(open({.kind = "table", .path = (folder_ / "none.csv").string()}, "x")).find("none.csv"),
            std::string::npos);
}

TEST_F(Table, NamesTheLineOfAWrongEncoding) {
  EXPECT_NE(messageOf(read("image,caption\na.png,fine\nb.png,caf\xe9\n")).find("line 3"), std::string::npos);
  EXPECT_NE(messageOf(read(std::string_view("\xff\xfei\0m\0", 6))).find("UTF-16"), std::string::npos);
}

TEST_F(Table, SplitsByPathWhereNothingIsSaid) {
  const auto dataset = read("image,label,split\na.png,x,\nb.png,x,test\n");
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(dataset->samples[0].split, splitOf("a.png"));
  EXPECT_EQ(dataset->samples[1].split, Split::Test);
}

TEST(Csv, FollowsRfc4180) {
  const auto records = parseCsv("\xef\xbb\xbf" "a,b\r\n\"x\ny\",\"q\"\"q\"\r\n\r\n\"p\"ost,\nlast,", ',', "t");
  LIX_ASSERT_OK(records);
  ASSERT_EQ(records->size(), 4U);
  EXPECT_EQ((*records)[0].fields, (Texts{"a", "b"}));
  EXPECT_EQ((*records)[1].fields, (Texts{"x\ny", "q\"q"}));
  EXPECT_EQ((*records)[1].line, 2U);
  EXPECT_EQ((*records)[2].fields, (Texts{"post", ""}));
  EXPECT_EQ((*records)[2].line, 5U);
  EXPECT_EQ((*records)[3].fields, (Texts{"last", ""}));
  EXPECT_NE(messageOf(parseCsv("a\n\"b\nc\n", ',', "t")).find("line 2"), std::string::npos);
}

TEST(Flickr30k, IsReadFromItsTableWithBars) {
  const TemporaryFolder folder;
  for (const std::string place : {"inside/flickr30k_images/", "beside/"}) {
    for (const std::string name : {"1.jpg", "2.jpg"}) {
      test::writePicture(folder / (place + name), 1);
    }
    writeText(folder / (place == "beside/" ? "beside/results.csv" : "inside/results.csv"),
              "image_name| comment_number| comment\n1.jpg| 0| Two men , \"friends\" , talk .\n1.jpg| 1| A talk .\n"
              "2.jpg| 0| A dog .\n2.jpg| 4   A dog runs across the grass .\n");
  }
  for (const std::string place : {"inside", "beside"}) {
    const auto spec = recognise((folder / place).string());
    LIX_ASSERT_OK(spec);
    EXPECT_EQ(spec->kind, "table");
    const auto dataset = open(*spec, "flickr");
    LIX_ASSERT_OK(dataset);
    ASSERT_EQ(dataset->samples.size(), 2U) << place;
    EXPECT_EQ(dataset->samples[0].captions, (std::vector<std::string>{"Two men , \"friends\" , talk .", "A talk ."}));
    EXPECT_TRUE(dataset->pictures->load(1));
    ASSERT_EQ(dataset->skipped.size(), 1U) << "the row that lacks a bar";
    EXPECT_NE(dataset->skipped[0].reason.find("2 fields, the header 3"), std::string::npos);
  }
}

TEST(Csv, FindsTheSeparator) {
  EXPECT_EQ(separatorOf(".csv", "image_name| comment_number| comment"), '|');
  EXPECT_EQ(separatorOf(".TSV", "a,b"), '\t');
  EXPECT_EQ(separatorOf(".csv", "a,b\tc,d"), ',');
  EXPECT_EQ(separatorOf(".csv", "a\tb\n1,2,3,4"), '\t');
  EXPECT_EQ(separatorOf(".txt", "a;b;c"), ';');
  EXPECT_EQ(separatorOf(".txt", "alone"), ',');
}

TEST(RealTables, Flickr8k) {
  LIX_SHARED_OR_SKIP(file, "data/flickr8k/captions.tsv");
  const auto dataset = open({.kind = "table", .path = file.string()}, "flickr8k");
  LIX_ASSERT_OK(dataset);
  // 8,091 pictures of 5 captions; 91 of them are put into a split "unused".
  ASSERT_EQ(dataset->samples.size(), 8000U);
  std::array<int, 3> counts{};
  std::size_t captions = 0;
  for (const Sample& sample : dataset->samples) {
    captions += sample.captions.size();
    ++counts[std::size_t(sample.split)];
  }
  EXPECT_EQ(counts, (std::array<int, 3>{6000, 1000, 1000}));
  EXPECT_GT(captions, 39'900U);  // a caption said twice of one picture is kept once
  EXPECT_EQ(dataset->skipped.size(), 455U);
  EXPECT_NE(dataset->skipped.at(0).reason.find("'unused'"), std::string::npos);
  LIX_EXPECT_OK(dataset->pictures->load(17));
}

TEST(RealTables, LabelledPhotographs) {
  for (const auto& [part, count] :
       {std::pair("data/clothing10/labels.tsv", 3781U), std::pair("data/cifar10/labels.tsv", 9000U)}) {
    LIX_SHARED_OR_SKIP(file, part);
    const auto spec = recognise(file.parent_path().string());
    LIX_ASSERT_OK(spec);
    EXPECT_EQ(spec->kind, "table");
    const auto dataset = open(*spec, "real");
    LIX_ASSERT_OK(dataset);
    EXPECT_EQ(dataset->samples.size(), count);
    EXPECT_EQ(dataset->labelSets.at(0).classes.size(), 10U);
    EXPECT_TRUE(dataset->skipped.empty());
    LIX_EXPECT_OK(dataset->pictures->load(count - 1));
  }
}

}  // namespace
}  // namespace lix::data
