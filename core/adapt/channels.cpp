#include "adapt/channels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "adapt/linear.h"

namespace lix::adapt {

std::vector<double> channelCriterion(const Task& task, double between) {
  const std::size_t width = task.text.columns;
  std::vector<double> sums(task.classes * width, 0.0);
  std::vector<double> members(task.classes, 1.0);
  for (std::size_t i = 0; i < task.support.labels.size(); ++i) {
    const auto c = static_cast<std::size_t>(task.support.labels[i]);
    members[c] += 1.0;
    for (std::size_t d = 0; d < width; ++d) {
      sums[c * width + d] += task.support.features.row(i)[d];
    }
  }
  std::vector<double> total(width, 0.0), squares(width, 0.0), text(width, 0.0), textSquares(width, 0.0);
  for (std::size_t c = 0; c < task.classes; ++c) {
    for (std::size_t d = 0; d < width; ++d) {
      const double sum = sums[c * width + d] + task.text.row(c)[d];
      total[d] += sum;
      squares[d] += sum * sum;
      text[d] += task.text.row(c)[d];
    }
  }
  const auto classes = static_cast<double>(task.classes);
  for (std::size_t c = 0; c < task.classes; ++c) {
    for (std::size_t d = 0; d < width; ++d) {
      const double away = task.text.row(c)[d] - text[d] / classes;
      textSquares[d] += away * away;
    }
  }
  double all = 0.0, own = 0.0;
  for (const double n : members) {
    all += n;
    own += n * n;
  }
  const double pairs = std::max(1.0, all * all - own);  // one class has none, and then no products either
  std::vector<double> out(width);
  for (std::size_t d = 0; d < width; ++d) {
    const double similarity = (total[d] * total[d] - squares[d]) / pairs;
    out[d] = -between * similarity + (1.0 - between) * textSquares[d] / std::max(1.0, classes - 1.0);
  }
  return out;
}

std::vector<std::uint32_t> bestChannels(const std::vector<double>& criterion, std::size_t count) {
  std::vector<std::uint32_t> order(criterion.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, std::greater{}, [&](std::uint32_t d) { return criterion[d]; });
  order.resize(std::min(count, order.size()));
  std::ranges::sort(order);
  return order;
}

std::vector<float> supportDivergences(Matrix support, std::span<const int> labels, Matrix text) {
  constexpr double kFloor = 1e-6;
  const std::vector<float> logits = multiplyTransposed(support, text);
  std::vector<float> out(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = std::span(logits).subspan(i * text.rows, text.rows);
    double total = 0.0;
    for (const float value : row) {
      total += std::exp(static_cast<double>(value));  // cosines: no overflow
    }
    const double share = std::exp(static_cast<double>(row[static_cast<std::size_t>(labels[i])])) / total;
    out[i] = static_cast<float>(std::log2((1.0 + kFloor) / (share + kFloor)));
  }
  return out;
}

std::vector<float> cutTo(Matrix rows, std::span<const std::uint32_t> channels) {
  std::vector<float> out;
  out.reserve(rows.rows * channels.size());
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (const std::uint32_t channel : channels) {
      out.push_back(rows.row(i)[channel]);
    }
    normalise(std::span(out).last(channels.size()));
  }
  return out;
}

}  // namespace lix::adapt
