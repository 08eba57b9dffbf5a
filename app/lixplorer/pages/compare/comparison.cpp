#include "pages/compare/comparison.h"

#include <QString>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/contracts.h"

namespace lix::app {

Verdict ComparedPicture::verdict() const {
  if (saidA == label) {
    return saidB == label ? Verdict::Both : Verdict::OnlyA;
  }
  return saidB == label ? Verdict::OnlyB : Verdict::Neither;
}

std::optional<double> VerdictCounts::accuracyA() const {
  const VerdictCounts& counts = *this;
  return all() == 0 ? std::nullopt
                    : std::optional(double(counts[Verdict::Both] + counts[Verdict::OnlyA]) / double(all()));
}

std::optional<double> VerdictCounts::accuracyB() const {
  const VerdictCounts& counts = *this;
  return all() == 0 ? std::nullopt
                    : std::optional(double(counts[Verdict::Both] + counts[Verdict::OnlyB]) / double(all()));
}

VerdictCounts countVerdicts(std::span<const ComparedPicture> pictures) {
  VerdictCounts counts;
  for (const ComparedPicture& picture : pictures) {
    ++counts.of[static_cast<std::size_t>(picture.verdict())];
  }
  return counts;
}

std::optional<PairedDifference> pairedDifference(const VerdictCounts& counts) {
  return study::pairedDifference(counts.all(), counts[Verdict::OnlyA], counts[Verdict::OnlyB]);
}

std::vector<double> trueMargins(std::span<const float> scores, std::size_t classes, std::span<const int> labels) {
  LIX_REQUIRE(classes >= 2 && scores.size() == classes * labels.size());
  std::vector<double> margins;
  double squares = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = scores.subspan(i * classes, classes);
    float best = -std::numeric_limits<float>::infinity();
    for (std::size_t c = 0; c < classes; ++c) {
      best = c == std::size_t(labels[i]) ? best : std::max(best, row[c]);
    }
    margins.push_back(double(row[std::size_t(labels[i])]) - best);
    squares += margins.back() * margins.back();
  }
  const double unit = margins.empty() ? 0.0 : std::sqrt(squares / double(margins.size()));
  if (unit > 0.0) {
    std::ranges::for_each(margins, [unit](double& margin) { margin /= unit; });
  }
  return margins;
}

std::vector<std::size_t> chosenPictures(std::span<const ComparedPicture> pictures, const PictureFilter& filter,
                                        PictureOrder order) {
  const QString wanted = QString::fromStdString(filter.text).trimmed();
  const auto has = [&](const std::string& words) {
    return QString::fromStdString(words).contains(wanted, Qt::CaseInsensitive);
  };
  const auto fits = [&](const ComparedPicture& picture) {
    return (!filter.verdict || picture.verdict() == *filter.verdict) &&
           (!filter.label || picture.label == *filter.label) && (!filter.saidA || picture.saidA == *filter.saidA) &&
           (!filter.saidB || picture.saidB == *filter.saidB) &&
           (wanted.isEmpty() || has(picture.name) || has(picture.key));
  };
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (fits(pictures[i])) {
      chosen.push_back(i);
    }
  }
  const auto key = [&](std::size_t i) {
    const ComparedPicture& picture = pictures[i];
    switch (order) {
      case PictureOrder::GainOfB:
        return picture.marginA - picture.marginB;
      case PictureOrder::GainOfA:
        return picture.marginB - picture.marginA;
      case PictureOrder::LeastSure:
        return std::min(std::abs(picture.marginA), std::abs(picture.marginB));
      case PictureOrder::Dataset:
        break;
    }
    return 0.0;
  };
  std::ranges::stable_sort(chosen, {}, key);
  return chosen;
}

}  // namespace lix::app
