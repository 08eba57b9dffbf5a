#pragma once
#include <QPointF>
#include <cstdint>
#include <optional>
#include <vector>

#include "figures/axis.h"

namespace lix::widgets {

/// The samples of a line, x not falling, with the lowest and highest of every 16, 256, 4,096, ... of them, so that a line of
/// any length is drawn from what its columns of pixels can show. Appending takes constant time (amortised), a query
/// logarithmic time a column. A value that cannot be drawn (not finite; not positive on a logarithmic axis) is a gap.
class SeriesPyramid {
 public:
  explicit SeriesPyramid(figures::Scale scale = figures::Scale::Linear) : scale_(scale) {}

  void append(double x, double y);
  void clear();
  std::size_t size() const { return xs_.size(); }
  const std::vector<double>& xs() const { return xs_; }
  const std::vector<double>& ys() const { return ys_; }

  /// Indices of the lowest and the highest value that can be drawn.
  struct Extent {
    std::uint32_t lowest = 0, highest = 0;
  };
  /// Of the samples [first, last); nothing where none can be drawn.
  std::optional<Extent> extent(std::size_t first, std::size_t last) const;

  /// The line over [low, high] in `columns` columns of equal width, with one sample beyond each end: each column's first,
  /// lowest, highest and last sample in their order, or every sample where there are at most four a column. A gap is one
  /// point whose y is not a number; gaps narrower than a column are not told.
  std::vector<QPointF> columns(double low, double high, int columns) const;

 private:
  static constexpr std::size_t kFan = 16;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  bool drawable(double y) const;
  void merge(Extent& into, Extent other) const;
  void addSample(Extent& into, std::size_t index) const;
  void complete(std::size_t level);
  std::size_t firstAfter(double x, std::size_t from) const;

  figures::Scale scale_;
  std::vector<double> xs_, ys_;
  std::vector<std::vector<Extent>> levels_;  // [l]: of kFan^(l+1) samples each, complete blocks alone
};

}  // namespace lix::widgets
