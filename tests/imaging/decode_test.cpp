#include "imaging/decode.h"

#include "base/file.h"
#include "imaging/image_header.h"
#include "imaging/write.h"
#include "support/support.h"

namespace lix::imaging {
namespace {

using test::fixtures;
using Pixel = std::array<int, 3>;

Pixel pixel(const Image& image, int x, int y) {
  const std::uint8_t* at = image.row(y) + std::size_t(x) * 3;
  return {at[0], at[1], at[2]};
}

std::string bytesOf(const std::string& name) { return readFile(fixtures() / "imaging" / name).value(); }

Result<Image> decodeBytes(std::string_view bytes, const DecodeLimits& limits = {}) {
  return decode(std::as_bytes(std::span(bytes.data(), bytes.size())), "test picture", limits);
}

Result<Image> load(const std::string& name, Orientation orientation = Orientation::Upright) {
  return decodeFile(fixtures() / "imaging" / name, {}, orientation);
}

constexpr Pixel kRed{200, 40, 40}, kBlue{40, 40, 200}, kDarkRed{100, 20, 20}, kDarkBlue{20, 20, 100};

void expectNear(const Pixel& got, const Pixel& wanted, int tolerance, const std::string& what) {
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(got[c], wanted[c], tolerance) << what << ", channel " << c;
  }
}

void expectQuadrants(const Image& image, int tolerance, const std::string& name) {
  ASSERT_EQ(image.width, 16) << name;
  ASSERT_EQ(image.height, 8) << name;
  expectNear(pixel(image, 2, 1), kRed, tolerance, name);
  expectNear(pixel(image, 13, 1), kBlue, tolerance, name);
  expectNear(pixel(image, 2, 6), kDarkRed, tolerance, name);
  expectNear(pixel(image, 13, 6), kDarkBlue, tolerance, name);
}

TEST(Decode, ReadsEveryFormat) {
  for (const char* name : {"quadrants.png", "quadrants.bmp", "quadrants.tif", "quadrants.webp", "quadrants.ppm",
                           "palette.png"}) {
    const auto image = load(name);
    LIX_ASSERT_OK(image);
    expectQuadrants(*image, 0, name);
  }
  for (const char* name : {"quadrants.jpg", "progressive.jpg", "cmyk.jpg"}) {
    const auto image = load(name);
    LIX_ASSERT_OK(image);
    expectQuadrants(*image, 4, name);
  }
  const auto lossy = load("lossy.webp");
  LIX_ASSERT_OK(lossy);
  expectQuadrants(*lossy, 12, "lossy.webp");
}

TEST(Decode, IgnoresTheExtension) {
  const test::TemporaryFolder folder;
  const auto path = folder / "really a png.jpg";
  LIX_ASSERT_OK(writeFile(path, bytesOf("quadrants.png")));
  const auto image = decodeFile(path);
  LIX_ASSERT_OK(image);
  expectQuadrants(*image, 0, "png named jpg");
}

TEST(Decode, ReplicatesGrey) {
  const auto image = load("grey.png");
  LIX_ASSERT_OK(image);
  EXPECT_EQ(pixel(*image, 1, 0), (Pixel{85, 85, 85}));
  EXPECT_EQ(pixel(*image, 2, 0), (Pixel{170, 170, 170}));
  const auto jpeg = load("grey.jpg");
  LIX_ASSERT_OK(jpeg);
  EXPECT_EQ(pixel(*jpeg, 3, 3), (Pixel{90, 90, 90}));
}

TEST(Decode, CompositesAlphaOverWhite) {
  const auto image = load("alpha.png");
  LIX_ASSERT_OK(image);
  EXPECT_EQ(pixel(*image, 0, 0), (Pixel{255, 0, 0}));
  EXPECT_EQ(pixel(*image, 1, 0), (Pixel{255, 127, 127}));  // 255 * 127 / 255
  EXPECT_EQ(pixel(*image, 2, 0), (Pixel{255, 255, 255}));
  EXPECT_EQ(pixel(*image, 3, 0), (Pixel{206, 208, 210}));  // (10 * 51 + 255 * 204) / 255 and so on
}

TEST(Decode, TakesTheHighByteOfSixteenBits) {
  const auto grey = load("grey16.png");
  LIX_ASSERT_OK(grey);
  EXPECT_EQ(pixel(*grey, 0, 0)[0], 0);
  EXPECT_EQ(pixel(*grey, 1, 0)[0], 1);
  EXPECT_EQ(pixel(*grey, 2, 0)[0], 1);
  EXPECT_EQ(pixel(*grey, 3, 0)[0], 128);
  EXPECT_EQ(pixel(*grey, 4, 0)[0], 255);
  const auto rgb = load("rgb16.png");
  LIX_ASSERT_OK(rgb);
  EXPECT_EQ(pixel(*rgb, 0, 0), (Pixel{255, 128, 0}));
  EXPECT_EQ(pixel(*rgb, 1, 0), (Pixel{0, 0, 1}));  // of 128, 129 and 257
}

TEST(Decode, TurnsByExifOrientation) {
  // Where the stored top-left (red) and bottom-right (dark blue) corners must appear, by the EXIF standard.
  struct Case { int turn; bool swapped; Pixel topLeft, bottomRight; };
  const Case cases[] = {{1, false, kRed, kDarkBlue}, {2, false, kBlue, kDarkRed}, {3, false, kDarkBlue, kRed},
                        {4, false, kDarkRed, kBlue}, {5, true, kRed, kDarkBlue},  {6, true, kDarkRed, kBlue},
                        {7, true, kDarkBlue, kRed},  {8, true, kBlue, kDarkRed}};
  for (const Case& c : cases) {
    const std::string name = "exif" + std::to_string(c.turn) + ".jpg";
    const auto image = load(name);
    LIX_ASSERT_OK(image);
    ASSERT_EQ(image->width, c.swapped ? 8 : 16) << name;
    ASSERT_EQ(image->height, c.swapped ? 16 : 8) << name;
    expectNear(pixel(*image, 1, 1), c.topLeft, 4, name + " top left");
    expectNear(pixel(*image, image->width - 2, image->height - 2), c.bottomRight, 4, name + " bottom right");
    const auto stored = load(name, Orientation::AsStored);
    LIX_ASSERT_OK(stored);
    expectQuadrants(*stored, 4, name + " as stored");
  }
}

TEST(Decode, TurnsPngWebpAndTiffToo) {
  for (const char* name : {"exif6.png", "exif6.webp", "exif6.tif"}) {
    const auto image = load(name);
    LIX_ASSERT_OK(image);
    ASSERT_EQ(image->width, 8) << name;
    expectNear(pixel(*image, 1, 1), kDarkRed, 0, name);
    expectNear(pixel(*image, 6, 14), kBlue, 0, name);
    const auto stored = load(name, Orientation::AsStored);
    LIX_ASSERT_OK(stored);
    expectQuadrants(*stored, 0, name);
  }
}

TEST(DecodeSmall, ReducesJpegAsLongAsTheSideStays) {
  const auto of = [](const char* name, int side) { return decodeFileSmall(fixtures() / "imaging" / name, side); };
  for (const auto& [side, width] : {std::pair(17, 16), std::pair(16, 16), std::pair(9, 16), std::pair(8, 8), std::pair(4, 4), std::pair(2, 2), std::pair(1, 2)}) {
    const auto image = of("quadrants.jpg", side);
    LIX_ASSERT_OK(image);
    EXPECT_EQ(image->width, width) << side;
    EXPECT_EQ(image->height, width / 2) << side;
    if (width > 2) {  // below that each pixel is of two quadrants
      expectNear(pixel(*image, 0, 0), kRed, 6, "left above");
      expectNear(pixel(*image, width - 1, width / 2 - 1), kDarkBlue, 6, "right below");
    }
  }
  EXPECT_EQ(of("quadrants.png", 2)->width, 16) << "formats that cannot be reduced are decoded whole";
  // Turned as the whole picture is.
  const auto whole = load("exif6.jpg"), small = of("exif6.jpg", 8);
  LIX_ASSERT_OK(whole);
  LIX_ASSERT_OK(small);
  EXPECT_EQ(small->width, whole->width / 2);
  EXPECT_EQ(small->height, whole->height / 2);
  expectNear(pixel(*small, 0, 0), pixel(*whole, 0, 0), 8, "turned");
  EXPECT_FALSE(of("no such.jpg", 8).has_value());
}

TEST(Decode, RefusesEmptyAndUnknownFiles) {
  EXPECT_NE(test::messageOf(decodeBytes("")).find("empty"), std::string::npos);
  EXPECT_NE(test::messageOf(decodeBytes("hello, no picture")).find("no picture in a known format"), std::string::npos);
  EXPECT_NE(test::messageOf(decodeBytes("<html></html>")).find("web page"), std::string::npos);
  EXPECT_NE(test::messageOf(load("picture.gif")).find("GIF"), std::string::npos);
  EXPECT_NE(test::messageOf(load("animated.webp")).find("animated"), std::string::npos);
  EXPECT_NE(test::messageOf(load("cmyk.tif")).find("CMYK TIFF"), std::string::npos);
  EXPECT_NE(test::messageOf(load("not there.png")).find("not there.png"), std::string::npos);
}

TEST(Decode, RefusesEveryTruncationOfEveryFormat) {
  for (const char* name : {"quadrants.png", "quadrants.jpg", "progressive.jpg", "quadrants.bmp", "quadrants.webp",
                           "quadrants.tif", "quadrants.ppm", "exif6.tif"}) {
    const std::string whole = bytesOf(name);
    LIX_ASSERT_OK(decodeBytes(whole));
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_FALSE(decodeBytes(std::string_view(whole).substr(0, length)).has_value())
          << name << " cut to " << length << " of " << whole.size() << " bytes was accepted";
    }
  }
  EXPECT_NE(test::messageOf(decodeBytes(bytesOf("quadrants.jpg").substr(0, 700))).find("cut off"), std::string::npos);
  EXPECT_NE(test::messageOf(decodeBytes(bytesOf("quadrants.png").substr(0, 90))).find("cut off"), std::string::npos);
}

TEST(Decode, AcceptsBytesBehindTheEndOfAJpeg) {
  EXPECT_TRUE(decodeBytes(bytesOf("quadrants.jpg") + "trailing data of a camera").has_value());
}

TEST(Decode, SurvivesEveryFlippedByte) {
  for (const char* name : {"quadrants.png", "quadrants.jpg", "exif6.jpg", "quadrants.bmp", "exif6.webp", "exif6.tif",
                           "quadrants.ppm", "cmyk.jpg"}) {
    const std::string whole = bytesOf(name);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      std::string bent = whole;
      bent[i] = char(bent[i] ^ 0xff);
      const auto image = decodeBytes(bent, {.maxPixels = 1'000'000});
      if (image) {
        EXPECT_EQ(image->pixels.size(), std::size_t(image->width) * image->height * 3) << name << " byte " << i;
      } else {
        EXPECT_FALSE(image.error().message.empty());
      }
    }
  }
}

/// The PNG with another width and height; the checksum of the header is not looked at before the size is.
std::string claiming(std::string png, std::uint32_t width, std::uint32_t height) {
  for (int i = 0; i < 4; ++i) {
    png[16 + i] = char(width >> (24 - 8 * i));
    png[20 + i] = char(height >> (24 - 8 * i));
  }
  return png;
}

TEST(Decode, RefusesHugeAndLyingClaims) {
  const std::string png = bytesOf("quadrants.png");
  EXPECT_NE(test::messageOf(decodeBytes(claiming(png, 50'000, 50'000))).find("cannot hold"), std::string::npos);
  EXPECT_NE(test::messageOf(decodeBytes(claiming(png, 0x7fffffff, 0x7fffffff))).find("cannot hold"), std::string::npos);
  EXPECT_NE(test::messageOf(decodeBytes(claiming(png, 0xffffffff, 1))).find("impossible"), std::string::npos);
  EXPECT_NE(test::messageOf(decodeBytes(png, {.maxPixels = 127})).find("more than the limit of 127"),
            std::string::npos);
  EXPECT_TRUE(decodeBytes(png, {.maxPixels = 128}).has_value());

  std::string jpeg = bytesOf("quadrants.jpg");
  const std::size_t frame = jpeg.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  jpeg.replace(frame + 5, 4, "\x20\x00\x20\x00", 4);
  EXPECT_NE(test::messageOf(decodeBytes(jpeg)).find("claims 8192 x 8192"), std::string::npos);

  std::string bmp = bytesOf("quadrants.bmp");
  bmp.replace(18, 8, std::string("\x00\x00\x01\x00\x00\x00\x01\x00", 8));
  EXPECT_NE(test::messageOf(decodeBytes(bmp)).find("claims 65536 x 65536"), std::string::npos);
  EXPECT_NE(test::messageOf(decodeBytes("P6 60000 60000 255\nabc")).find("claims 60000 x 60000"), std::string::npos);
}

TEST(Decode, RefusesDamagedPixels) {
  std::string png = bytesOf("quadrants.png");
  const std::size_t data = png.find("IDAT");
  ASSERT_NE(data, std::string::npos);
  png[data + 8] = char(png[data + 8] ^ 0x55);
  EXPECT_NE(test::messageOf(decodeBytes(png)).find("damaged"), std::string::npos);
}

TEST(Write, GivesBackTheSamePixels) {
  const auto image = load("quadrants.png");
  LIX_ASSERT_OK(image);
  const test::TemporaryFolder folder;
  LIX_ASSERT_OK(writePng(folder / "out.png", *image));
  const auto again = decodeFile(folder / "out.png");
  LIX_ASSERT_OK(again);
  EXPECT_EQ(*again, *image);
  EXPECT_FALSE(writePng(folder / "no such folder" / "out.png", *image).has_value());
}

}  // namespace
}  // namespace lix::imaging
