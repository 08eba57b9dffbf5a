#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <opencv2/imgproc.hpp>

#include "base/random.h"
#include "imaging/corruption_parts.h"

namespace lix::imaging {
namespace {

enum Stream : std::uint64_t { kGlass = 0x6e11, kMotion };

cv::Mat filtered(const cv::Mat& picture, const cv::Mat& kernel, cv::Point anchor = {-1, -1}) {
  cv::Mat out;
  cv::filter2D(picture, out, -1, kernel / cv::sum(kernel)[0], anchor, 0, cv::BORDER_REFLECT_101);
  return out;
}

/// A disk, each pixel by the share of it that is covered.
cv::Mat disk(double radius) {
  constexpr int kParts = 8;
  const int reach = int(std::ceil(radius));
  cv::Mat kernel = cv::Mat::zeros(2 * reach + 1, 2 * reach + 1, CV_32F);
  for (int y = 0; y < kernel.rows * kParts; ++y) {
    for (int x = 0; x < kernel.cols * kParts; ++x) {
      const double across = (x + 0.5) / kParts - 0.5 - reach, down = (y + 0.5) / kParts - 0.5 - reach;
      kernel.at<float>(y / kParts, x / kParts) += across * across + down * down <= radius * radius ? 1.0F : 0.0F;
    }
  }
  return kernel;
}

/// Half a Gaussian along a line from the middle outwards, laid on the pixels by linear interpolation.
cv::Mat streak(double length, double deviation, double angle) {
  constexpr double kStep = 0.25;
  const int reach = int(std::ceil(length)) + 1;
  cv::Mat kernel = cv::Mat::zeros(2 * reach + 1, 2 * reach + 1, CV_32F);
  for (double t = 0.0; t <= length; t += kStep) {
    const double weight = std::exp(-t * t / (2.0 * deviation * deviation));
    const double x = reach + t * std::cos(angle), y = reach + t * std::sin(angle);
    const int left = int(x), top = int(y);
    const double right = x - left, below = y - top;
    kernel.at<float>(top, left) += float(weight * (1 - right) * (1 - below));
    kernel.at<float>(top, left + 1) += float(weight * right * (1 - below));
    kernel.at<float>(top + 1, left) += float(weight * (1 - right) * below);
    kernel.at<float>(top + 1, left + 1) += float(weight * right * below);
  }
  return kernel;
}

cv::Mat smoothed(const cv::Mat& picture, double deviation) {
  cv::Mat out;
  cv::GaussianBlur(picture, out, {0, 0}, deviation, deviation, cv::BORDER_REFLECT_101);
  return out;
}

}  // namespace

cv::Mat defocusBlur(const cv::Mat& picture, const Strength& strength) {
  constexpr double kRadii[] = {3, 4, 6, 8, 10};
  return filtered(picture, disk(kRadii[strength.severity - 1] * strength.scale));
}

/// Pixels become copies of neighbours between two slight blurs. (The reference means to swap them; its arrays are
/// views, so that it copies.)
cv::Mat glassBlur(const cv::Mat& picture, const Strength& strength) {
  struct Glass {
    double deviation;
    int reach, rounds;
  };
  constexpr Glass kGlass5[] = {{0.7, 1, 2}, {0.9, 2, 1}, {1.0, 2, 3}, {1.1, 3, 2}, {1.5, 4, 2}};
  const Glass& glass = kGlass5[strength.severity - 1];
  const int reach = std::max(1, int(std::lround(glass.reach * strength.scale)));
  const double deviation = std::max(0.1, glass.deviation * strength.scale);
  cv::Mat out = smoothed(picture, deviation);
  Random random(strength.seed, kGlass);
  const auto shift = [&] { return int(random.below(std::uint64_t(2 * reach + 1))) - reach; };
  for (int round = 0; round < glass.rounds; ++round) {
    for (int y = out.rows - 1 - reach; y >= reach; --y) {
      for (int x = out.cols - 1 - reach; x >= reach; --x) {
        const int right = shift(), down = shift();
        out.at<cv::Vec3f>(y, x) = out.at<cv::Vec3f>(y + down, x + right);
      }
    }
  }
  return smoothed(out, deviation);
}

cv::Mat motionBlur(const cv::Mat& picture, const Strength& strength) {
  constexpr std::pair<double, double> kRadiusDeviation[] = {{10, 3}, {15, 5}, {15, 8}, {15, 12}, {20, 15}};
  const auto [radius, deviation] = kRadiusDeviation[strength.severity - 1];
  const double angle = Random(strength.seed, kMotion).uniform(-0.25, 0.25) * std::numbers::pi;
  return filtered(picture, streak(2 * radius * strength.scale, std::max(0.1, deviation * strength.scale), angle));
}

/// The mean of the picture and of ever larger ones.
cv::Mat zoomBlur(const cv::Mat& picture, const Strength& strength) {
  constexpr std::pair<double, double> kEndStep[] = {
      {1.11, 0.01}, {1.16, 0.01}, {1.21, 0.02}, {1.26, 0.02}, {1.31, 0.03}};
  const auto [end, step] = kEndStep[strength.severity - 1];
  cv::Mat sum = picture.clone();
  int count = 1;
  const double x = (picture.cols - 1) / 2.0, y = (picture.rows - 1) / 2.0;
  for (; 1.0 + (count - 1) * step < end - 1e-9; ++count) {
    const double zoom = 1.0 + (count - 1) * step;
    const cv::Matx23d map(1 / zoom, 0, x - x / zoom, 0, 1 / zoom, y - y / zoom);
    cv::Mat larger;
    cv::warpAffine(picture, larger, map, picture.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REFLECT_101);
    sum += larger;
  }
  return sum / count;
}

}  // namespace lix::imaging
