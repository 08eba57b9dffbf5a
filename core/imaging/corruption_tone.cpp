#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/random.h"
#include "imaging/corruption_parts.h"

namespace lix::imaging {
namespace {

enum Stream : std::uint64_t { kFog = 0x6e21, kElasticAffine, kElasticField };

/// Plasma by diamonds and squares on a torus of `side` (a power of two), 0 to 1; every halving divides the roughness by
/// `decay`.
cv::Mat plasma(int side, double decay, Random random) {
  cv::Mat map = cv::Mat::zeros(side, side, CV_64F);
  const auto at = [&](int y, int x) -> double& { return map.at<double>(y & (side - 1), x & (side - 1)); };
  double roughness = 100.0;
  for (int step = side; step >= 2; step /= 2, roughness /= decay) {
    const int half = step / 2;
    const auto rough = [&](double sum) { return sum / 4 + roughness * random.uniform(-1.0, 1.0); };
    for (int y = 0; y < side; y += step) {
      for (int x = 0; x < side; x += step) {
        at(y + half, x + half) = rough(at(y, x) + at(y + step, x) + at(y, x + step) + at(y + step, x + step));
      }
    }
    for (int y = 0; y < side; y += half) {
      for (int x = (y / half) % 2 == 0 ? half : 0; x < side; x += step) {
        at(y, x) = rough(at(y - half, x) + at(y + half, x) + at(y, x - half) + at(y, x + half));
      }
    }
  }
  double least = 0, most = 0;
  cv::minMaxLoc(map, &least, &most);
  return (map - least) / std::max(most - least, 1e-12);
}

/// Values in -1 to 1, smoothed.
cv::Mat smoothField(const cv::Size& size, double deviation, Random& random) {
  cv::Mat field(size, CV_32F);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      field.at<float>(y, x) = float(random.uniform(-1.0, 1.0));
    }
  }
  cv::Mat out;
  cv::GaussianBlur(field, out, {0, 0}, deviation, deviation, cv::BORDER_REFLECT_101);
  return out;
}

}  // namespace

cv::Mat fog(const cv::Mat& picture, const Strength& strength) {
  constexpr std::pair<double, double> kThicknessDecay[] = {{1.5, 2}, {2, 2}, {2.5, 1.7}, {2.5, 1.5}, {3, 1.4}};
  const auto [thickness, decay] = kThicknessDecay[strength.severity - 1];
  int side = 2;
  while (side < std::max(picture.rows, picture.cols)) {
    side *= 2;
  }
  double least = 0, most = 0;
  cv::minMaxLoc(picture.reshape(1), &least, &most);
  cv::Mat cloud, clouds;
  plasma(side, decay, Random(strength.seed, kFog))(cv::Rect(0, 0, picture.cols, picture.rows))
      .convertTo(cloud, CV_32F, thickness);
  cv::merge(std::vector<cv::Mat>(3, cloud), clouds);
  return (picture + clouds) * (most / (most + thickness));
}

cv::Mat brightness(const cv::Mat& picture, const Strength& strength) {
  cv::Mat hsv, out;
  cv::cvtColor(picture, hsv, cv::COLOR_RGB2HSV);
  for (int y = 0; y < hsv.rows; ++y) {
    for (int x = 0; x < hsv.cols; ++x) {
      float& value = hsv.at<cv::Vec3f>(y, x)[2];
      value = std::min(1.0F, value + 0.1F * float(strength.severity));
    }
  }
  cv::cvtColor(hsv, out, cv::COLOR_HSV2RGB);
  return out;
}

cv::Mat contrast(const cv::Mat& picture, const Strength& strength) {
  constexpr double kKept[] = {0.4, 0.3, 0.2, 0.1, 0.05};
  const double kept = kKept[strength.severity - 1];
  const cv::Scalar mean = cv::mean(picture);
  return picture * kept + mean * (1.0 - kept);
}

/// A slight random affine map, then every pixel fetched from a little beside it.
cv::Mat elasticTransform(const cv::Mat& picture, const Strength& strength) {
  constexpr double kShifts[] = {0.02, 0.035, 0.05, 0.07, 0.12};  // the reference's unit is 244 pixels
  const double unit = 244.0 * strength.scale, deviation = std::max(0.3, 0.01 * unit), affine = 0.02 * unit;
  const auto across = float(picture.cols), down = float(picture.rows), third = std::min(across, down) / 3.0F;
  const cv::Point2f middle(across / 2, down / 2);
  const cv::Point2f from[] = {middle + cv::Point2f(third, third), middle + cv::Point2f(third, -third),
                              middle - cv::Point2f(third, third)};
  Random affineDraw(strength.seed, kElasticAffine), fieldDraw(strength.seed, kElasticField);
  cv::Point2f to[3];
  for (int i = 0; i < 3; ++i) {
    const auto x = float(affineDraw.uniform(-affine, affine)), y = float(affineDraw.uniform(-affine, affine));
    to[i] = from[i] + cv::Point2f(x, y);
  }
  cv::Mat moved, out;
  cv::warpAffine(picture, moved, cv::getAffineTransform(from, to), picture.size(), cv::INTER_LINEAR,
                 cv::BORDER_REFLECT_101);
  const double shift = kShifts[strength.severity - 1] * unit;
  cv::Mat mapX = smoothField(picture.size(), deviation, fieldDraw) * shift;
  cv::Mat mapY = smoothField(picture.size(), deviation, fieldDraw) * shift;
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      mapX.at<float>(y, x) += float(x);
      mapY.at<float>(y, x) += float(y);
    }
  }
  cv::remap(moved, out, mapX, mapY, cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
  return out;
}

cv::Mat pixelate(const cv::Mat& picture, const Strength& strength) {
  constexpr double kKept[] = {0.6, 0.5, 0.4, 0.3, 0.25};
  const double kept = kKept[strength.severity - 1];
  const cv::Size size(std::max(1, int(picture.cols * kept)), std::max(1, int(picture.rows * kept)));
  cv::Mat small, out;
  cv::resize(picture, small, size, 0, 0, cv::INTER_AREA);
  cv::resize(small, out, picture.size(), 0, 0, cv::INTER_NEAREST);
  return out;
}

cv::Mat jpegCompression(const cv::Mat& picture, const Strength& strength) {
  constexpr int kQualities[] = {25, 18, 15, 10, 7};
  cv::Mat bytes, bgr, out;
  picture.convertTo(bytes, CV_8UC3, 255.0);
  cv::cvtColor(bytes, bgr, cv::COLOR_RGB2BGR);
  std::vector<std::uint8_t> file;
  cv::imencode(".jpg", bgr, file, {cv::IMWRITE_JPEG_QUALITY, kQualities[strength.severity - 1]});
  cv::cvtColor(cv::imdecode(file, cv::IMREAD_COLOR), bytes, cv::COLOR_BGR2RGB);
  bytes.convertTo(out, CV_32FC3, 1.0 / 255.0);
  return out;
}

}  // namespace lix::imaging
