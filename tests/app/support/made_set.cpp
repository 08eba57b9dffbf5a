#include "app/support/made_set.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/random.h"
#include "imaging/write.h"
#include "support/support.h"

namespace lix::test {
namespace fs = std::filesystem;
namespace {

constexpr int kSide = 32;

struct Colour {
  const char* name;
  std::uint8_t rgb[3];
};

imaging::Image disc(const Colour& colour, int x, int y, int radius, std::uint8_t ground) {
  imaging::Image image{kSide, kSide, {}};
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column) {
      const bool inside = (column - x) * (column - x) + (row - y) * (row - y) < radius * radius;
      for (int channel = 0; channel < 3; ++channel) {
        image.pixels.push_back(inside ? colour.rgb[channel] : ground);
      }
    }
  }
  return image;
}

}  // namespace

void makeDiscs(const fs::path& folder) {
  constexpr Colour kColours[] = {{"red", {220, 30, 30}}, {"green", {30, 200, 40}}, {"blue", {30, 40, 220}}};
  constexpr const char* kNumbers[] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
  fs::create_directories(folder);
  std::string table = "path,caption,label,split\n";
  constexpr std::uint64_t kStreamDiscs = 0x64697363;
  Random random(7, kStreamDiscs);
  for (const Colour& colour : kColours) {
    for (int i = 0; i < 20; ++i) {
      const int x = 8 + static_cast<int>(random.below(16)), y = 8 + static_cast<int>(random.below(16));
      const std::string file = std::string(colour.name) + std::to_string(i) + ".png";
      const auto image =
          disc(colour, x, y, 4 + static_cast<int>(random.below(5)), static_cast<std::uint8_t>(40 + 9 * i));
      LIX_EXPECT_OK(imaging::writePng(folder / file, image));
      table += file + ",a " + colour.name + " disc " + kNumbers[i / 10] + " " + kNumbers[i % 10] + "," + colour.name +
               (i < 12   ? ",train\n"
                : i < 15 ? ",val\n"
                         : ",test\n");
    }
  }
  writeText(folder / "table.csv", table);
}

void writeText(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace lix::test
