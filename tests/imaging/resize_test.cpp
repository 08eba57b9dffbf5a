#include "imaging/resize.h"

#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "imaging/transform.h"
#include "support/support.h"

namespace lix::imaging {
namespace {

Image grey(int width, int height, const std::vector<int>& values) {
  Image image{width, height, {}};
  for (const int value : values) {
    image.pixels.insert(image.pixels.end(), 3, std::uint8_t(value));
  }
  return image;
}

std::vector<int> reds(const Image& image) {
  std::vector<int> values;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    values.push_back(image.pixels[i]);
  }
  return values;
}

TEST(Resize, HalvesByTheTriangleFilter) {
  // 4 -> 2: centre 1, support 2, so weights (1/4, 3/4, 3/4, 1/4)-shaped and cut at the border:
  // left = (0.75 * 0 + 0.75 * 40 + 0.25 * 80) / 1.75 = 28.57, right = (0.25 * 40 + 0.75 * 80 + 0.75 * 200) / 1.75 =
  // 125.7.
  EXPECT_EQ(reds(resize(grey(4, 1, {0, 40, 80, 200}), 2, 1, Filter::Bilinear)), (std::vector<int>{29, 126}));
  EXPECT_EQ(reds(resize(grey(1, 4, {0, 40, 80, 200}), 1, 2, Filter::Bilinear)), (std::vector<int>{29, 126}));
}

TEST(Resize, DoublesByTheTriangleFilter) {
  // Samples at -0.25, 0.25, 0.75, 1.25: 100, 3/4 100 + 1/4 200, 1/4 100 + 3/4 200, 200.
  EXPECT_EQ(reds(resize(grey(2, 1, {100, 200}), 4, 1, Filter::Bilinear)), (std::vector<int>{100, 125, 175, 200}));
}

TEST(Resize, CubicOvershootsAndIsClipped) {
  const auto values = reds(resize(grey(4, 1, {0, 0, 255, 255}), 8, 1, Filter::Bicubic));
  EXPECT_EQ(values.front(), 0);
  EXPECT_EQ(values.back(), 255);
  const auto inner = reds(resize(grey(4, 1, {100, 100, 200, 200}), 8, 1, Filter::Bicubic));
  // At 1.25 with a = -0.5: weights for offsets -1.25, -0.25, 0.75, 1.75 are -0.0703125, 0.8671875, 0.2265625,
  // -0.0234375.
  EXPECT_EQ(inner[3], 120);  // 100 + 100 * (0.2265625 - 0.0234375) = 120.3
  EXPECT_LT(inner[2], 100);
}

TEST(Resize, LeavesAnUnchangedPictureAlone) {
  const Image image = grey(3, 2, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(resize(image, 3, 2, Filter::Bicubic), image);
}

/// The U8 tensors of a safetensors file, as pictures.
std::map<std::string, Image> readPictures(const std::filesystem::path& path) {
  const auto read = readFile(path);
  if (!read || read->size() < 8) {
    return {};
  }
  const std::string& file = *read;
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  const auto header = nlohmann::json::parse(file.substr(8, length));
  std::map<std::string, Image> result;
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") {
      const std::size_t begin = 8 + length + entry["data_offsets"][0].get<std::size_t>();
      const std::size_t end = 8 + length + entry["data_offsets"][1].get<std::size_t>();
      result[name] = Image{entry["shape"][1], entry["shape"][0], {file.begin() + begin, file.begin() + end}};
    }
  }
  return result;
}

TEST(Resize, EqualsPillowBitForBit) {
  LIX_SHARED_OR_SKIP(folder, "parity/resize");
  const auto pictures = readPictures(folder / "reference.safetensors");
  const auto cases = nlohmann::json::parse(readFile(folder / "reference.json").value())["cases"];
  ASSERT_GE(cases.size(), 11U);
  int ordersDiffer = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const int width = cases[i]["out_w"], height = cases[i]["out_h"];
    const Image& in = pictures.at("in" + std::to_string(i));
    for (const auto& [filter, suffix] :
         {std::pair(Filter::Bilinear, "bilinear"), std::pair(Filter::Bicubic, "bicubic")}) {
      const std::string name = "out" + std::to_string(i) + "_" + suffix;
      const Image now = resize(in, width, height, filter),
                  before = resize(in, width, height, filter, PassOrder::HorizontalFirst);
      EXPECT_EQ(now, pictures.at(name)) << name;
      EXPECT_EQ(before, pictures.at(name + "_horizontal_first")) << name;
      ordersDiffer += now != before;
    }
  }
  EXPECT_GT(ordersDiffer, 0) << "no case tells the two pass orders apart";
}

TEST(Transform, CropsAndFillsOutsideWithBlack) {
  const Image image = grey(3, 2, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(reds(crop(image, 1, 0, 2, 2)), (std::vector<int>{2, 3, 5, 6}));
  EXPECT_EQ(reds(crop(image, -1, 1, 3, 2)), (std::vector<int>{0, 4, 5, 0, 0, 0}));
  EXPECT_EQ(reds(crop(image, 5, 5, 1, 1)), (std::vector<int>{0}));
}

TEST(Transform, FitsSquares) {
  const Image wide = grey(5, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  // Shorter side is already 2, so this is the crop alone: spare 3, truncated to 1 or rounded half to even to 2.
  EXPECT_EQ(reds(fitSquare(wide, 2)), (std::vector<int>{2, 3, 7, 8}));
  EXPECT_EQ(reds(fitSquare(wide, 2, {.centre = CentreRule::HalfEven})), (std::vector<int>{3, 4, 8, 9}));
  const Image tall = grey(2, 5, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  EXPECT_EQ(reds(fitSquare(tall, 2)), (std::vector<int>{3, 4, 5, 6}));
  const Image squashed = fitSquare(wide, 4, {.fit = Fit::Squash, .filter = Filter::Bilinear});
  EXPECT_EQ(squashed, resize(wide, 4, 4, Filter::Bilinear));
  const Image cropped = fitSquare(wide, 4, {.filter = Filter::Bilinear});
  EXPECT_EQ(cropped, crop(resize(wide, 10, 4, Filter::Bilinear), 3, 0, 4, 4));
}

}  // namespace
}  // namespace lix::imaging
