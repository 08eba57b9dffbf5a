#pragma once
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "study/reader/reader.h"
#include "support/support.h"

namespace lix::study::testing_support {

inline std::filesystem::path model(const std::string& name) { return lix::test::fixtures().parent_path().parent_path() / "models" / name; }

/// A few large squares of random colours, so that pictures differ in what a model sees.
inline imaging::Image picture(std::uint64_t number, int side = 64) {
  imaging::Image image{side, side, std::vector<std::uint8_t>(std::size_t(side) * std::size_t(side) * 3)};
  Random random(9, number);
  std::array<std::uint8_t, 48> colours{};
  for (auto& value : colours) {
    value = static_cast<std::uint8_t>(random.below(256));
  }
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side * 3; ++x) {
      const int block = (y * 4 / side) * 4 + (x / 3) * 4 / side;
      image.row(y)[x] = colours[std::size_t(block * 3 + x % 3)];
    }
  }
  return image;
}

inline std::vector<imaging::Image> pictures(std::size_t count) {
  std::vector<imaging::Image> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(picture(i));
  }
  return all;
}

class Memory final : public data::PictureSource {
 public:
  explicit Memory(std::vector<imaging::Image> pictures) : pictures_(std::move(pictures)) {}
  Result<imaging::Image> load(std::size_t index) const override {
    return index == 3 ? fail(ErrorCode::BadInput, "The picture is damaged.") : Result<imaging::Image>(pictures_[index]);
  }

 private:
  std::vector<imaging::Image> pictures_;
};

/// Six pictures, of which number 3 cannot be read.
inline data::Dataset dataset() {
  data::Dataset made{.name = "squares", .pictures = std::make_shared<Memory>(pictures(6))};
  for (int i = 0; i < 6; ++i) {
    made.samples.push_back({.key = "square " + std::to_string(i)});
  }
  return made;
}

/// For tests of a checkpoint each.
class EveryModel : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto opened = Reader::open(model(GetParam()));
    LIX_ASSERT_OK(opened);
    reader_ = *opened;
  }
  std::shared_ptr<const Reader> reader_;
};

}  // namespace lix::study::testing_support
