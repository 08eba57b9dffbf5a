#include "study/metrics/variance_share.h"

#include <vector>

#include "base/contracts.h"

namespace lix::study {

std::optional<VarianceShares> varianceShares(std::span<const float> scores, std::size_t captions) {
  LIX_REQUIRE(captions > 0 && scores.size() % captions == 0);
  const std::size_t pictures = scores.size() / captions;
  if (pictures < 2 || captions < 2) {
    return std::nullopt;
  }
  std::vector<double> row(pictures), column(captions);
  double mean = 0.0;
  for (std::size_t i = 0; i < pictures; ++i) {
    for (std::size_t j = 0; j < captions; ++j) {
      const double s = scores[i * captions + j];
      row[i] += s / double(captions);
      column[j] += s / double(pictures);
    }
    mean += row[i] / double(pictures);
  }
  double ofPicture = 0.0, ofCaption = 0.0, ofPair = 0.0, total = 0.0;
  for (std::size_t i = 0; i < pictures; ++i) {
    for (std::size_t j = 0; j < captions; ++j) {
      const double s = scores[i * captions + j], left = s - row[i] - column[j] + mean;
      ofPair += left * left;
      total += (s - mean) * (s - mean);
    }
    ofPicture += double(captions) * (row[i] - mean) * (row[i] - mean);
  }
  for (const double c : column) {
    ofCaption += double(pictures) * (c - mean) * (c - mean);
  }
  return total > 0.0 ? std::optional(VarianceShares{ofCaption / total, ofPicture / total, ofPair / total})
                     : std::nullopt;
}

}  // namespace lix::study
