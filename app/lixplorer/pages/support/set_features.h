#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "adapt/adapter.h"
#include "data/picture_ref.h"
#include "study/reader/reader.h"

namespace lix::app {

/// A support set as numbers: its pictures that can be read, and the texts of its classes.
struct SetFeatures {
  std::vector<data::PictureRef> pictures;
  std::vector<int> labels;            ///< one a picture, the class by its place in the set
  std::vector<std::uint64_t> hashes;  ///< of the pictures' content
  study::Vectors vectors;             ///< unit rows, one a picture
  std::vector<std::string> names;     ///< of the classes
  study::Vectors text;                ///< unit rows, one a class
  float logitScale = 100.f;

  adapt::Matrix matrix() const { return {vectors.values, vectors.size(), vectors.width}; }
  adapt::Labelled labelled() const { return {matrix(), labels}; }
};

/// The same without the classes that have no pictures, as adapters want it: `kept` says which class each new one was.
struct FilledClasses {
  std::vector<int> labels;
  std::vector<std::size_t> kept;
  std::vector<float> text;
};
FilledClasses filledClasses(const SetFeatures& set);

}  // namespace lix::app
