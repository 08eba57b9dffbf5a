#include "bench.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "base/text.h"
#include "imaging/write.h"

namespace lix::bench {
namespace fs = std::filesystem;

namespace {

/// A picture of one class: two colours of the class in stripes of its width, with noise of its own.
imaging::Image striped(int classIndex, int number, int side) {
  imaging::Image image{.width = side, .height = side, .pixels = std::vector<std::uint8_t>(std::size_t(side) * side * 3)};
  unsigned state = unsigned(classIndex * 1009 + number) * 2654435761U + 1U;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool first = (x * (1 + classIndex % 5) + y * (classIndex / 5 % 5)) / 8 % 2 == 0;
      for (int c = 0; c < 3; ++c) {
        state = state * 1664525U + 1013904223U;
        const unsigned colour = unsigned(classIndex * (37 + 29 * c) + (first ? 0 : 110)) % 200U;
        image.pixels[(std::size_t(y) * side + x) * 3 + c] = std::uint8_t(colour + (state >> 27));
      }
    }
  }
  return image;
}

}  // namespace

void print(const char* what, double limit, std::vector<double> ms) {
  std::ranges::sort(ms);
  std::printf("%-58s median %6.1f ms, 95 %% %6.1f ms, longest %6.1f ms (%zu; at most %g)\n", what, ms[ms.size() / 2],
              ms[std::min(ms.size() - 1, ms.size() * 95 / 100)], ms.back(), ms.size(), limit);
  std::fflush(stdout);
}

fs::path manyPictures(const fs::path& folder) {
  fs::create_directories(folder / "pictures");
  for (int i = 0; i < 500; ++i) {
    imaging::Image image{.width = 320, .height = 240, .pixels = std::vector<std::uint8_t>(std::size_t(320) * 240 * 3)};
    for (std::size_t j = 0; j < image.pixels.size(); ++j) {
      image.pixels[j] = std::uint8_t(j * std::size_t(i + 3) >> 8);
    }
    (void)imaging::writePng(folder / "pictures" / cat(i, ".png"), image);
  }
  for (int copy = 1; copy < kManyPictures / 500; ++copy) {
    fs::create_directories(folder / cat("copy", copy));
    for (int i = 0; i < 500; ++i) {
      fs::create_hard_link(folder / "pictures" / cat(i, ".png"), folder / cat("copy", copy) / cat(i, ".png"));
    }
  }
  std::ofstream table(folder / "many.csv");
  table << "path,caption,split\n";
  for (int i = 0; i < kManyPictures; ++i) {
    table << (i < 500 ? "pictures" : cat("copy", i / 500)) << "/" << i % 500 << ".png,picture number " << i << ","
          << (i % 3 == 0 ? "test" : "train") << "\n";
  }
  return folder / "many.csv";
}

fs::path classFolders(const fs::path& folder) {
  for (int one = 0; one < kClasses; ++one) {
    for (const char* split : {"train", "test"}) {
      const fs::path place = folder / split / cat("kind ", one);
      fs::create_directories(place);
      const bool train = std::string_view(split) == "train";
      for (int i = 0; i < (train ? kShots : kQueriesPerClass); ++i) {
        (void)imaging::writePng(place / cat(i, ".png"), striped(one, i + (train ? 0 : kShots), 40));
      }
    }
  }
  return folder;
}

}  // namespace lix::bench
