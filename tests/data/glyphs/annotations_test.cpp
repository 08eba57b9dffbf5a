#include "data/glyphs/annotations.h"

#include "base/file.h"
#include "support/support.h"

namespace lix::data {
namespace {
namespace fs = std::filesystem;

class AnnotationFiles : public testing::Test {
 protected:
  void write(const std::string& folder, const std::string& code, const std::string& rows) {
    fs::create_directories(common_ / folder);
    LIX_ASSERT_OK(
        writeFile(common_ / folder / (code + ".xml"), "<ldml><annotations>" + rows + "</annotations></ldml>"));
  }
  Result<Annotations> read(const std::string& code) { return readAnnotations(common_.path(), code); }
  test::TemporaryFolder common_;
};

TEST_F(AnnotationFiles, ReadsNamesAndKeywordsOfBothFolders) {
  write("annotations", "xx",
        "<annotation cp='🦊'>face | fox</annotation><annotation cp='🦊' type='tts'>fox</annotation>");
  write("annotationsDerived", "xx", "<annotation cp='🐻‍❄' type='tts'>polar bear</annotation>");
  const auto read = this->read("xx");
  LIX_ASSERT_OK(read);
  EXPECT_EQ(read->at("🦊").name, "fox");
  EXPECT_EQ(read->at("🦊").keywords, (std::vector<std::string>{"face", "fox"}));
  EXPECT_EQ(read->at("🐻‍❄").name, "polar bear");
}

TEST_F(AnnotationFiles, LaysARegionOverItsLanguage) {
  write("annotations", "xx",
        "<annotation cp='a' type='tts'>old</annotation><annotation cp='b' type='tts'>kept</annotation>");
  write("annotations", "xx_YY",
        "<annotation cp='a' type='tts'>new</annotation><annotation cp='b' type='tts'>↑↑↑</annotation>");
  const auto read = this->read("xx_YY");
  LIX_ASSERT_OK(read);
  EXPECT_EQ(read->at("a").name, "new");
  EXPECT_EQ(read->at("b").name, "kept");
}

TEST_F(AnnotationFiles, RefusesUnknownLanguagesAndPaths) {
  write("annotations", "xx", "");
  for (const std::string code : {"zz", "../xx", "", "x"}) {
    const auto read = this->read(code);
    ASSERT_FALSE(read) << code;
    EXPECT_NE(read.error().message.find("'" + code + "'"), std::string::npos) << read.error().message;
  }
}

TEST_F(AnnotationFiles, SaysWhichFileIsDamaged) {
  write("annotations", "xx", "<annotation cp='a'>");
  const auto read = this->read("xx");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("xx.xml"), std::string::npos) << read.error().message;
}

}  // namespace
}  // namespace lix::data
