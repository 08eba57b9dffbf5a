#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace lix::study {

/// Pictures of a model that mixes each for a caption (Llip), seen as unit vectors of any class' query.
class MixedPictures {
 public:
  virtual ~MixedPictures() = default;
  virtual std::size_t rows() const = 0;
  virtual std::size_t columns() const = 0;
  /// The given rows mixed for the query of a class, into out [pictures.size(), columns]: unit vectors.
  virtual void mix(std::span<const std::uint32_t> pictures, std::size_t classIndex, std::span<float> out) const = 0;
};

}  // namespace lix::study
