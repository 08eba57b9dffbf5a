#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "data/picture_ref.h"
#include "study/inspect/context.h"
#include "study/reader/reader.h"

namespace lix::app {

/// What two models attend to, for one picture and the same context.
struct ContextOverlap {
  int top = 0;     ///< so many of each list are compared
  int shared = 0;  ///< attended among the top by both
  std::vector<bool> first, second;         ///< which rows of each are among the top of both
  std::optional<double> rankCorrelation;  ///< Kendall's tau-b of the weights of all pictures that both may attend to
};

/// study::weightOverlap of readings whose rows stand in orders of their own: pictures tell which rows are the same, and
/// repeated ones count once. Of `most` pictures (fewer where there are fewer that are not masked).
ContextOverlap compareContexts(std::span<const data::PictureRef> firstPictures, const study::ContextReading& first,
                               std::span<const data::PictureRef> secondPictures, const study::ContextReading& second,
                               int most);

/// Cosines of a caption with a picture's own vector and with the vector that its context gives it.
struct CaptionCosines {
  float own = 0.0F, contextual = 0.0F;
  float difference() const { return contextual - own; }
};
/// One a caption; the captions' vectors are of length one, the picture's two of any length above zero.
std::vector<CaptionCosines> captionCosines(std::span<const float> own, std::span<const float> contextual,
                                           const study::Vectors& captions);

/// A row near to something, by cosine.
struct NearRow {
  std::size_t row = 0;
  float cosine = 0.0F;
  bool operator==(const NearRow&) const = default;
};
/// The nearest rows, at most `count`, nearest first; among equals the lower row comes first. Rows are of length one,
/// the query of any length above zero; a query of another width is near to nothing.
std::vector<NearRow> nearestRows(std::span<const float> query, const study::Vectors& rows, std::size_t count);

}  // namespace lix::app
