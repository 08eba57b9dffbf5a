#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "data/glyphs/glyph_dataset.h"
#include "support/support.h"

namespace lix::data {
namespace {
namespace fs = std::filesystem;

/// Any rule will do here: what is tested is which key it is asked with.
Split bySum(std::string_view key) { return Split(std::accumulate(key.begin(), key.end(), 0) % 3); }

Result<Dataset> openWith(GlyphOptions options, int size = 64) { return glyphDataset("set", options, size, bySum); }

std::size_t indexOf(const Dataset& set, const std::string& key) {
  const auto found = std::ranges::find(set.samples, key, &Sample::key);
  return std::size_t(found - set.samples.begin());
}

std::string classOf(const Dataset& set, std::size_t sample, std::size_t labelSet) {
  return set.labelSets[labelSet].classes.at(std::size_t(set.samples[sample].labels[labelSet]));
}

/// Mean distance of the channels from white, 0 to 255.
double ink(const imaging::Image& picture) {
  return 255.0 - std::accumulate(picture.pixels.begin(), picture.pixels.end(), 0.0) / double(picture.pixels.size());
}

class GlyphSets : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto opened = openWith({});
    LIX_ASSERT_OK(opened);
    emoji_ = *opened;
    const auto other = openWith({.style = GlyphStyle::Outline});
    LIX_ASSERT_OK(other);
    symbola_ = *other;
  }
  static inline Dataset emoji_;
  static inline Dataset symbola_;
};

TEST_F(GlyphSets, HasTheBaseEmojiWithoutFlagsAndVariants) {
  // Unicode 15.0: 3,655 fully qualified, less 1,785 with a skin tone, 269 flags and 181 gender forms. Later ones add
  // few.
  EXPECT_GE(emoji_.samples.size(), 1420u);
  EXPECT_LE(emoji_.samples.size(), 1460u);
  EXPECT_EQ(emoji_.labelSets[0].name, "group");
  EXPECT_EQ(emoji_.labelSets[0].classes.size(), 8u);
  EXPECT_EQ(std::ranges::count(emoji_.labelSets[0].classes, "Flags"), 0);
  EXPECT_GE(emoji_.labelSets[1].classes.size(), 95u);
  EXPECT_EQ(indexOf(emoji_, "1F468-200D-1F680"), emoji_.samples.size());  // man astronaut
  EXPECT_LT(indexOf(emoji_, "1F9D1-200D-1F680"), emoji_.samples.size());  // astronaut
}

TEST_F(GlyphSets, KnowsTheFox) {
  const std::size_t fox = indexOf(emoji_, "1F98A");
  ASSERT_LT(fox, emoji_.samples.size());
  EXPECT_EQ(emoji_.samples[fox].captions, (std::vector<std::string>{"fox", "fox, face", "Fuchs"}));
  EXPECT_EQ(classOf(emoji_, fox, 0), "Animals & Nature");
  EXPECT_EQ(classOf(emoji_, fox, 1), "animal mammal");
}

TEST_F(GlyphSets, DrawsTheFoxOrangeOnWhite) {
  const auto picture = emoji_.pictures->load(indexOf(emoji_, "1F98A"));
  LIX_ASSERT_OK(picture);
  ASSERT_EQ(picture->width, 64);
  ASSERT_EQ(picture->height, 64);
  const std::uint8_t* corner = picture->row(0);
  EXPECT_EQ((std::vector<int>{corner[0], corner[1], corner[2]}), (std::vector<int>{255, 255, 255}));
  const std::uint8_t* forehead = picture->row(22) + 26 * 3;
  EXPECT_GT(forehead[0], forehead[1] + 40);  // red above green above blue: orange, so BGRA was read in order
  EXPECT_GT(forehead[1], forehead[2] + 40);
}

TEST_F(GlyphSets, DrawsAJoinedSequenceAsOnePictureOfItsOwn) {
  const std::size_t polarBear = indexOf(emoji_, "1F43B-200D-2744-FE0F");
  ASSERT_LT(polarBear, emoji_.samples.size());
  const auto polar = emoji_.pictures->load(polarBear);
  const auto brown = emoji_.pictures->load(indexOf(emoji_, "1F43B"));
  LIX_ASSERT_OK(polar);
  LIX_ASSERT_OK(brown);
  EXPECT_NE(polar->pixels, brown->pixels);
  EXPECT_LT(ink(*polar), ink(*brown));
}

TEST_F(GlyphSets, SaysOnlyDifferentThings) {
  std::map<std::string, int> names;
  for (const Sample& sample : emoji_.samples) {
    ASSERT_GE(sample.captions.size(), 1u) << sample.key;
    ++names[sample.captions.front()];
    EXPECT_EQ(std::set<std::string>(sample.captions.begin(), sample.captions.end()).size(), sample.captions.size());
    for (const std::string& caption : sample.captions) {
      EXPECT_TRUE(isUtf8(caption) && !caption.empty()) << sample.key;
    }
    ASSERT_EQ(sample.labels.size(), 2u);
  }
  EXPECT_EQ(names.size(), emoji_.samples.size());  // no two emoji share an English name
}

TEST_F(GlyphSets, SymbolaHasTheSameThingsInBlackAndWhite) {
  EXPECT_GT(symbola_.samples.size(), 1000u);
  EXPECT_LT(symbola_.samples.size(), emoji_.samples.size());
  for (std::size_t i = 0; i < symbola_.samples.size(); ++i) {
    const std::size_t same = indexOf(emoji_, symbola_.samples[i].key);
    ASSERT_LT(same, emoji_.samples.size()) << symbola_.samples[i].key;
    EXPECT_EQ(symbola_.samples[i].captions, emoji_.samples[same].captions);
    EXPECT_EQ(symbola_.samples[i].split, emoji_.samples[same].split);
    EXPECT_EQ(classOf(symbola_, i, 0), classOf(emoji_, same, 0));
    EXPECT_EQ(classOf(symbola_, i, 1), classOf(emoji_, same, 1));
  }
}

TEST_F(GlyphSets, SymbolaFillsTheSquareInGrey) {
  int full = 0;
  for (std::size_t i = 0; i < symbola_.samples.size(); ++i) {
    const auto picture = symbola_.pictures->load(i);
    LIX_ASSERT_OK(picture);
    int left = 64, right = -1, top = 64, bottom = -1;
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 64; ++x) {
        const std::uint8_t* pixel = picture->row(y) + x * 3;
        ASSERT_TRUE(pixel[0] == pixel[1] && pixel[1] == pixel[2]);
        if (pixel[0] < 250) {
          left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
        }
      }
    }
    // 0.92 * 64 = 58.9 pixels where the outline's longer side is at least 0.8 em; hairlines at the rim may fade.
    const int longer = std::max(right - left, bottom - top) + 1;
    EXPECT_LE(longer, 61) << symbola_.samples[i].key;
    full += longer >= 56;
    if (symbola_.samples[i].key == "25AA-FE0F") {
      EXPECT_NEAR(longer, 0.289 / 0.8 * 58.9, 1.5);  // black small square: 0.289 em
    }
    EXPECT_NEAR(left + right, 63, 4) << symbola_.samples[i].key;
    EXPECT_NEAR(top + bottom, 63, 4) << symbola_.samples[i].key;
  }
  EXPECT_GT(full, 0.8 * double(symbola_.samples.size()));
}

TEST_F(GlyphSets, VariantsStayInTheSplitOfTheirBase) {
  const auto all = openWith({.language = "", .variants = Variants::Keep, .flags = Flags::Keep});
  LIX_ASSERT_OK(all);
  EXPECT_GE(all->samples.size(), 3655u);
  EXPECT_EQ(all->labelSets[0].classes.size(), 9u);
  const auto splitIs = [&](const char* key) { return all->samples.at(indexOf(*all, key)).split; };
  EXPECT_EQ(splitIs("1F44D-1F3FD"), bySum("1F44D"));
  EXPECT_EQ(splitIs("1F469-1F3FB-200D-1F680"), splitIs("1F9D1-200D-1F680"));
  EXPECT_EQ(splitIs("1F1E9-1F1EA"), bySum("1F1E9-1F1EA"));
  for (const Sample& sample : emoji_.samples) {
    EXPECT_EQ(splitIs(sample.key.c_str()), sample.split);
  }
}

TEST_F(GlyphSets, LoadsTheSameFromSeveralThreads) {
  std::vector<std::vector<imaging::Image>> drawn(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : drawn) {
      threads.emplace_back([&mine] {
        for (std::size_t i = 0; i < emoji_.samples.size(); i += 7) {
          mine.push_back(emoji_.pictures->load(i).value_or(imaging::Image{}));
        }
      });
    }
  }
  for (std::size_t i = 0, row = 0; i < emoji_.samples.size(); i += 7, ++row) {
    const auto alone = emoji_.pictures->load(i);
    LIX_ASSERT_OK(alone);
    EXPECT_GT(ink(*alone), 1.0) << emoji_.samples[i].key;
    for (const auto& mine : drawn) {
      EXPECT_TRUE(mine.at(row) == *alone);
    }
  }
}

TEST_F(GlyphSets, SpeaksTheLanguageAskedFor) {
  const auto french = openWith({.language = "fr"});
  LIX_ASSERT_OK(french);
  EXPECT_EQ(french->samples[indexOf(*french, "1F98A")].captions.back(), "renard");
  EXPECT_FALSE(openWith({.language = "xx"}));
}

TEST(Glyphs, NamesThePackagesThatAreMissing) {
  const GlyphFiles nowhere{"/nowhere/a.ttf", "/nowhere/b.ttf", "/nowhere/emoji-test.txt", "/nowhere/cldr"};
  const auto emoji = openGlyphs({}, nowhere);
  ASSERT_FALSE(emoji);
  EXPECT_EQ(emoji.error().code, ErrorCode::NotFound);
  EXPECT_NE(emoji.error().message.find("apt-get install fonts-noto-color-emoji unicode-data unicode-cldr-core"),
            std::string::npos)
      << emoji.error().message;
  GlyphFiles oneMissing;
  oneMissing.outlineFont = "/nowhere/b.ttf";
  const auto symbola = openGlyphs({.style = GlyphStyle::Outline}, oneMissing);
  ASSERT_FALSE(symbola);
  EXPECT_NE(symbola.error().message.find("install fonts-symbola"), std::string::npos) << symbola.error().message;
}

TEST(Glyphs, RefusesWhatIsNoFont) {
  const test::TemporaryFolder folder;
  LIX_ASSERT_OK(writeFile(folder / "font.ttf", "this is no font"));
  const auto font = GlyphFont::open(folder / "font.ttf");
  ASSERT_FALSE(font);
  EXPECT_NE(font.error().message.find("font.ttf"), std::string::npos);
}

TEST(Glyphs, HasNoGlyphForWhatIsNoSingleEmoji) {
  const auto font = GlyphFont::open(GlyphFiles{}.colourFont);
  LIX_ASSERT_OK(font);
  EXPECT_TRUE(font->glyphOf({0x1F98A}));
  EXPECT_FALSE(font->glyphOf({0x1F98A, 0x1F98A}));          // two glyphs
  EXPECT_FALSE(font->glyphOf({0x4E2D}));                    // not in the font
  EXPECT_FALSE(font->glyphOf({0x1F98A, 0x200D, 0x1F680}));  // joined, but no such emoji
  EXPECT_TRUE(font->glyphOf({0x1F3F4, 0xE0067, 0xE0062, 0xE0065, 0xE006E, 0xE0067, 0xE007F}));  // England
}

TEST(Glyphs, DoesNotTakeTheFirstPartForTheWhole) {
  const auto font = GlyphFont::open(GlyphFiles{}.outlineFont);
  LIX_ASSERT_OK(font);
  // Symbola has the black flag and no regions; tags are invisible, so England shapes into the black flag alone.
  EXPECT_TRUE(font->glyphOf({0x1F3F4}));
  EXPECT_FALSE(font->glyphOf({0x1F3F4, 0xE0067, 0xE0062, 0xE0065, 0xE006E, 0xE0067, 0xE007F}));
}

}  // namespace
}  // namespace lix::data
