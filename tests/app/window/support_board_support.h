#pragma once
#include "support_page_support.h"

namespace lix::app::testing_support {

inline Payload of(std::vector<PictureRef> pictures) { return {.pictures = std::move(pictures), .captions = {}, .paths = {}}; }
inline Payload ofPaths(std::vector<fs::path> paths) { return {.pictures = {}, .captions = {}, .paths = std::move(paths)}; }

/// Pictures that are no training pictures, and what stands in the corner of a tile.
class SupportBoardTest : public SupportPageTest {
 protected:
  PictureRef testPicture(const std::string& className, std::size_t which) {
    const auto open = desk_->desk().datasets().open("emoji").value();
    for (const auto& sample : open->set.samples) {
      if (sample.split == data::Split::Test && sample.labels[0] >= 0 &&
          open->set.labelSets[0].classes[static_cast<std::size_t>(sample.labels[0])] == className && which-- == 0) {
        return PictureRef::sample("emoji", sample.key);
      }
    }
    ADD_FAILURE() << "no test picture of " << className;
    return {};
  }
  /// The first ones of each of the example's four classes, class by class.
  std::vector<PictureRef> testPictures(std::size_t ofEach) {
    std::vector<PictureRef> all;
    for (std::size_t c = 0; c < 4; ++c) {
      for (std::size_t i = 0; i < ofEach; ++i) {
        all.push_back(testPicture(document().set.classes[c].name, i));
      }
    }
    return all;
  }
  QString badge(SupportColumn* column, int row) { return column->model()->item(row).badge; }
};

}  // namespace lix::app::testing_support
