#include "pages/inspect/context_compare.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/contracts.h"
#include "study/retrieval/kendall.h"

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

/// Rows that are attended, the highest weight first.
std::vector<std::size_t> topOf(const study::ContextReading& reading, std::size_t most) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < reading.weights.size(); ++i) {
    if (!reading.masked[i] && std::isfinite(reading.weights[i])) {
      rows.push_back(i);
    }
  }
  std::ranges::stable_sort(rows, [&](std::size_t a, std::size_t b) { return reading.weights[a] > reading.weights[b]; });
  rows.resize(std::min(rows.size(), most));
  return rows;
}

}  // namespace

ContextOverlap compareContexts(std::span<const data::PictureRef> firstPictures, const study::ContextReading& first,
                               std::span<const data::PictureRef> secondPictures, const study::ContextReading& second,
                               int most) {
  LIX_REQUIRE(firstPictures.size() == first.weights.size() && secondPictures.size() == second.weights.size());
  std::map<data::PictureRef, std::size_t> rowOf;
  for (std::size_t i = 0; i < secondPictures.size(); ++i) {
    rowOf.try_emplace(secondPictures[i], i);
  }
  ContextOverlap overlap{.first = std::vector<bool>(first.weights.size()),
                         .second = std::vector<bool>(second.weights.size())};
  const auto top = topOf(first, std::size_t(most)), otherTop = topOf(second, std::size_t(most));
  overlap.top = int(std::min(top.size(), otherTop.size()));
  for (const std::size_t row : top) {
    const auto found = rowOf.find(firstPictures[row]);
    if (found != rowOf.end() && !overlap.second[found->second] &&
        std::ranges::find(otherTop, found->second) != otherTop.end()) {
      overlap.first[row] = overlap.second[found->second] = true;
      ++overlap.shared;
    }
  }
  std::vector<double> x, y;
  for (std::size_t i = 0; i < first.weights.size(); ++i) {
    const auto found = rowOf.find(firstPictures[i]);
    if (found != rowOf.end() && !first.masked[i] && !second.masked[found->second] &&
        std::isfinite(first.weights[i] + second.weights[found->second])) {
      x.push_back(first.weights[i]);
      y.push_back(second.weights[found->second]);
    }
  }
  if (x.size() >= 2) {
    overlap.rankCorrelation = study::kendallTauB(study::countPairs(x, y));
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
