#pragma once
#include <string>
#include <vector>

#include "imaging/image.h"
#include "nn/checkpoint/preprocess.h"

namespace lix::study::doctor {

/// Pictures prepared as another checkpoint asks, or as a program does that leaves a step out.
struct PictureMistake {
  const char* id;
  std::string name;
  nn::Preprocess preprocess;
};

/// Those that differ from `how`: another kernel of resizing, filter, fit and statistics, and values that were not scaled
/// to 1. One that no kernel can do is among them (nn::checkPreprocess says so).
std::vector<PictureMistake> pictureMistakes(const nn::Preprocess& how);

/// The pictures with red and blue exchanged, as OpenCV reads files.
std::vector<imaging::Image> exchanged(std::vector<imaging::Image> pictures);

}  // namespace lix::study::doctor
