#pragma once
#include <cstdint>
#include <opencv2/core.hpp>

/// Inside of the corruptions: each takes and gives RGB pictures of floats in 0 to 1 (CV_32FC3) without clipping.
namespace lix::imaging {

struct Strength {
  int severity = 1;        ///< 1 to 5
  double scale = 1.0;      ///< shorter side / 224: what lengths are multiplied by
  std::uint64_t seed = 0;  ///< of the picture's content
};

cv::Mat gaussianNoise(const cv::Mat& picture, const Strength& strength);
cv::Mat shotNoise(const cv::Mat& picture, const Strength& strength);
cv::Mat impulseNoise(const cv::Mat& picture, const Strength& strength);

cv::Mat defocusBlur(const cv::Mat& picture, const Strength& strength);
cv::Mat glassBlur(const cv::Mat& picture, const Strength& strength);
cv::Mat motionBlur(const cv::Mat& picture, const Strength& strength);
cv::Mat zoomBlur(const cv::Mat& picture, const Strength& strength);

cv::Mat fog(const cv::Mat& picture, const Strength& strength);
cv::Mat brightness(const cv::Mat& picture, const Strength& strength);
cv::Mat contrast(const cv::Mat& picture, const Strength& strength);

cv::Mat elasticTransform(const cv::Mat& picture, const Strength& strength);
cv::Mat pixelate(const cv::Mat& picture, const Strength& strength);
cv::Mat jpegCompression(const cv::Mat& picture, const Strength& strength);

}  // namespace lix::imaging
