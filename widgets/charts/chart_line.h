#pragma once
#include <string>
#include <vector>

#include "charts/series_pyramid.h"
#include "figures/series_figure.h"

namespace lix::widgets {

/// One line of a SeriesChart: its samples as they were measured, and what smoothing makes of them.
class ChartLine {
 public:
  ChartLine(std::string label, std::string run, figures::Scale scale)
      : label_(std::move(label)), run_(std::move(run)), measured_(scale), smoothed_(scale) {}

  const std::string& label() const { return label_; }
  const std::string& run() const { return run_; }
  /// Appends what `view` has more than before; begins anew where it does not go on with what was there.
  void take(const figures::SeriesLineView& view);
  /// Exponential moving mean with weight w of what came before, corrected for its start (Kingma and Ba 2015, the bias
  /// correction of Adam's moments): s_t = w s_(t-1) + (1 - w) y_t, shown s_t / (1 - w^t). 0: none. Values that are not
  /// finite stay what they are and count for nothing.
  void smooth(double weight);
  double smoothing() const { return weight_; }

  /// The interval around each value, where there is one: as many as there are samples, or fewer.
  const std::vector<double>& lows() const { return lows_; }
  const std::vector<double>& highs() const { return highs_; }
  /// Whether values below, or above, zero came: what a logarithmic axis can show of the line.
  bool hasNegative() const { return lowest_ < 0.0; }
  bool hasPositive() const { return highest_ > 0.0; }
  int look() const { return look_; }

  /// Another axis: what cannot be drawn on it is a gap.
  void setScale(figures::Scale scale);

  const SeriesPyramid& measured() const { return measured_; }
  /// Smoothed where there is smoothing.
  const SeriesPyramid& shown() const { return weight_ > 0.0 ? smoothed_ : measured_; }

 private:
  void catchUp();

  void note(double value);

  std::string label_, run_;
  int look_ = -1;
  std::vector<double> lows_, highs_;
  double lowest_ = 0.0, highest_ = 0.0;
  SeriesPyramid measured_, smoothed_;
  double weight_ = 0.0, sum_ = 0.0, whole_ = 0.0;
};

}  // namespace lix::widgets
