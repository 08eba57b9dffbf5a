#include "imaging/resize.h"

#include <algorithm>
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
                  before = resize(in, width, height, filter, Kernel::Pillow12);
      EXPECT_EQ(now, pictures.at(name)) << name;
      EXPECT_EQ(before, pictures.at(name + "_horizontal_first")) << name;
      ordersDiffer += now != before;
    }
  }
  EXPECT_GT(ordersDiffer, 0) << "no case tells the two pass orders apart";
}

/// The picture that tests/fixtures/imaging/make_resize.py makes of these sizes.
Image drawn(int width, int height) {
  Image image{width, height, std::vector<std::uint8_t>(std::size_t(width) * height * 3)};
  std::uint32_t state = std::uint32_t(width * 1000 + height);
  for (std::uint8_t& value : image.pixels) {
    state = state * 1664525U + 1013904223U;
    value = std::uint8_t(state >> 24);
  }
  return image;
}

template <class Value>
Value named(const std::map<std::string, Value>& names, const nlohmann::json& one, const char* key) {
  return names.at(one[key].get<std::string>());
}

TEST(Resize, EqualsOtherPrograms) {
  const std::map<std::string, Filter> filters{{"nearest", Filter::Nearest},   {"lanczos", Filter::Lanczos},
                                              {"bilinear", Filter::Bilinear}, {"bicubic", Filter::Bicubic},
                                              {"box", Filter::Box},           {"hamming", Filter::Hamming}};
  const std::map<std::string, Kernel> kernels{
      {"pillow", Kernel::Pillow13}, {"pillow-12", Kernel::Pillow12}, {"torchvision", Kernel::Torchvision}};
  const std::map<std::string, Fit> fits{{"crop", Fit::CropCentre}, {"squash", Fit::Squash}, {"longest", Fit::PadLongest}};
  const auto cases = nlohmann::json::parse(readFile(test::fixtures() / "imaging" / "resize.json").value());
  ASSERT_EQ(cases.size(), 144U);
  for (const auto& one : cases) {
    const Image in = drawn(one["in"][0], one["in"][1]);
    const Filter filter = named(filters, one, "filter");
    const Kernel kernel = named(kernels, one, "kernel");
    const int width = one["out"][0], height = one["out"][1];
    const Image out =
        one["kind"] == "resize"
            ? resize(in, width, height, filter, kernel)
            : fitSquare(in, width,
                        {.fit = named(fits, one, "fit"),
                         .filter = filter,
                         .kernel = kernel,
                         .centre = one["centre"] == "half_even" ? CentreRule::HalfEven : CentreRule::Truncate,
                         .resized = one["resized"],
                         .fill = std::uint8_t(one.value("fill", 0))});
    std::string hexadecimal;
    for (const std::uint8_t value : out.pixels) {
      hexadecimal += "0123456789abcdef"[value >> 4];
      hexadecimal += "0123456789abcdef"[value & 15];
    }
    EXPECT_EQ(hexadecimal, one["rgb"].get<std::string>()) << one["by"] << " " << one["in"] << " -> " << one["out"] << " "
                                                          << one["filter"] << " " << one["kernel"] << " " << one.value("fit", "");
  }
}

TEST(Resize, KeepsWhatIsFlatAndTurnsWithThePicture) {
  const std::vector<Filter> filters{Filter::Nearest, Filter::Box, Filter::Bilinear, Filter::Hamming, Filter::Bicubic, Filter::Lanczos};
  for (const Kernel kernel : {Kernel::Pillow12, Kernel::Pillow13, Kernel::Torchvision}) {
    for (const Filter filter : filters) {
      if (!canResize(kernel, filter)) {
        continue;
      }
      Image flat{7, 11, std::vector<std::uint8_t>(7 * 11 * 3, 93)};
      const Image large = resize(flat, 23, 5, filter, kernel);
      EXPECT_TRUE(std::ranges::all_of(large.pixels, [](std::uint8_t value) { return value == 93; }));
      const Image wide = drawn(14, 1);
      Image tall = wide;
      std::swap(tall.width, tall.height);
      EXPECT_EQ(resize(wide, 5, 1, filter, kernel).pixels, resize(tall, 1, 5, filter, kernel).pixels)
          << "an axis is treated as the other one";
    }
  }
  EXPECT_FALSE(canResize(Kernel::Torchvision, Filter::Lanczos));
}

TEST(Resize, TorchvisionRoundsWeightsToSixteenBits) {
  // 3 -> 2 bilinear: support 1.5 around 0.75, weights (1 - |k + 0.5 - 0.75| / 1.5): 5/6, 1/2, and none beyond 1.5 + 0.75:
  // shares 0.625, 0.375 of 15 bits: 0.625 * 32768 = 20480, 12288. 101 * 0.625 + 26 * 0.375 = 72.875.
  EXPECT_EQ(reds(resize(grey(3, 1, {101, 26, 250}), 2, 1, Filter::Bilinear, Kernel::Torchvision)).front(), 73);
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

TEST(Transform, PadsTheLongestSide) {
  // 3 x 1 to 4: ratio 0.75, so 4 x round(1.333) = 1 rows of 4, with (4 - 1) / 2 = 1 row above and 2 below.
  const Image wide = grey(3, 1, {10, 10, 10});
  EXPECT_EQ(reds(fitSquare(wide, 4, {.fit = Fit::PadLongest, .centre = CentreRule::HalfEven, .fill = 7})),
            (std::vector<int>{7, 7, 7, 7, 10, 10, 10, 10, 7, 7, 7, 7, 7, 7, 7, 7}));
  // 100 x 1 to 4: 4 x round(0.04), which would be nothing, is 1.
  EXPECT_EQ(fitSquare(grey(100, 1, std::vector<int>(100, 9)), 4, {.fit = Fit::PadLongest}).pixels.size(), 48U);
}

TEST(Transform, CropsLargerThanThePictureAreFilled) {
  // 2 x 2 to a crop of 5: of the 3 missing columns Pillow's backend of transformers puts 2 before, the others 1.
  const Image image = grey(2, 2, {1, 2, 3, 4});
  const auto firstRow = [&](const SquareFit& how) {
    const auto values = reds(fitSquare(image, 5, how));
    return std::ranges::find_if(values, [](int value) { return value != 0; }) - values.begin();
  };
  EXPECT_EQ(firstRow({.resized = 2}), 2 * 5 + 2);
  EXPECT_EQ(firstRow({.kernel = Kernel::Torchvision, .resized = 2}), 1 * 5 + 1);
  EXPECT_EQ(firstRow({.centre = CentreRule::HalfEven, .resized = 2}), 1 * 5 + 1);
}

}  // namespace
}  // namespace lix::imaging
