#include "pages/inspect/context_compare.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/contracts.h"
#include "study/compare/weight_overlap.h"

namespace lix::app {
namespace {

constexpr double kLeastNorm = 1e-12;

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += double(a[i]) * double(b[i]);
  }
  return sum;
}

double norm(std::span<const float> a) { return std::max(std::sqrt(dot(a, a)), kLeastNorm); }

constexpr auto kNowhere = std::size_t(-1);

/// A reading over things that another one may have in another order, or not at all: then they are masked here.
struct Laid {
  std::vector<double> weights;
  std::vector<bool> masked;
  std::vector<std::size_t> rows;  ///< of each thing, the first where it is repeated
};

Laid laid(std::span<const data::PictureRef> pictures, const study::ContextReading& reading,
          const std::map<data::PictureRef, std::size_t>& things) {
  Laid out{.weights = std::vector<double>(things.size(), 0.0),
           .masked = std::vector<bool>(things.size(), true),
           .rows = std::vector<std::size_t>(things.size(), kNowhere)};
  for (std::size_t row = 0; row < pictures.size(); ++row) {
    const std::size_t thing = things.at(pictures[row]);
    if (out.rows[thing] == kNowhere) {
      out.rows[thing] = row;
      out.weights[thing] = reading.weights[row];
      out.masked[thing] = reading.masked[row];
    }
  }
  return out;
}

}  // namespace

ContextOverlap compareContexts(std::span<const data::PictureRef> firstPictures, const study::ContextReading& first,
                               std::span<const data::PictureRef> secondPictures, const study::ContextReading& second,
                               int most) {
  LIX_REQUIRE(firstPictures.size() == first.weights.size() && secondPictures.size() == second.weights.size());
  std::map<data::PictureRef, std::size_t> things;
  for (const auto& pictures : {firstPictures, secondPictures}) {
    for (const data::PictureRef& picture : pictures) {
      things.try_emplace(picture, things.size());
    }
  }
  const Laid one = laid(firstPictures, first, things), two = laid(secondPictures, second, things);
  const auto found = study::weightOverlap(one.weights, one.masked, two.weights, two.masked, std::size_t(most));
  ContextOverlap overlap{.top = int(found.top),
                         .shared = int(found.shared),
                         .first = std::vector<bool>(first.weights.size()),
                         .second = std::vector<bool>(second.weights.size()),
                         .rankCorrelation = found.rankCorrelation};
  for (std::size_t thing = 0; thing < things.size(); ++thing) {
    if (found.both[thing]) {
      overlap.first[one.rows[thing]] = overlap.second[two.rows[thing]] = true;
    }
  }
  return overlap;
}

std::vector<CaptionCosines> captionCosines(std::span<const float> own, std::span<const float> contextual,
                                           const study::Vectors& captions) {
  LIX_REQUIRE(own.size() == captions.width && contextual.size() == captions.width);
  std::vector<CaptionCosines> cosines;
  for (std::size_t j = 0; j < captions.size(); ++j) {
    const auto caption = std::span(captions.values).subspan(j * captions.width, captions.width);
    cosines.push_back({float(dot(own, caption) / norm(own)), float(dot(contextual, caption) / norm(contextual))});
  }
  return cosines;
}

std::vector<NearRow> nearestRows(std::span<const float> query, const study::Vectors& rows, std::size_t count) {
  std::vector<NearRow> near;
  if (query.size() != rows.width) {
    return near;
  }
  const double length = norm(query);
  near.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double cosine = dot(query, std::span(rows.values).subspan(i * rows.width, rows.width)) / length;
    near.push_back({i, std::isfinite(cosine) ? float(cosine) : -1.0F});  // of weights that diverged
  }
  const std::size_t kept = std::min(count, near.size());
  std::ranges::partial_sort(near, near.begin() + std::ptrdiff_t(kept), [](const NearRow& a, const NearRow& b) {
    return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
  });
  near.resize(kept);
  return near;
}

}  // namespace lix::app
