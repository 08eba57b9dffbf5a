#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "figures/figure.h"
#include "imaging/image.h"

namespace lix::figures {

/// The weights that one caption gives the mixture tokens of a picture.
struct CaptionWeights {
  std::string caption;
  std::vector<float> weights;  ///< [heads, tokens]; NaN or a wrong size is drawn as blank
};

struct WeightsData {
  Headings headings;
  imaging::Image picture;  ///< empty: none is drawn
  int heads = 0;
  int tokens = 0;
  std::vector<CaptionWeights> captions;
  std::optional<std::pair<int, int>> difference;  ///< the captions of "first minus second"
};

/// Mixture weights as head x token heatmaps on one colour scale from 0, one a caption, with the mean over heads below
/// each (dotted: the uniform 1/K), and the difference of two captions on a symmetric scale.
class WeightsFigure : public Figure {
 public:
  explicit WeightsFigure(WeightsData data);

  double naturalWidth() const override;
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  struct Places {
    QRectF picture;
    std::vector<QRectF> heatmaps;  ///< one a caption
    QRectF difference;             ///< null where none is asked for
    QRectF colourBar;
    QRectF differenceBar;
  };
  Places places(const QRectF& rect) const;
  double highest() const { return highest_; }
  /// [heads, tokens]; empty where none is asked for.
  const std::vector<float>& differences() const { return differences_; }

 private:
  struct Grid;
  Grid grid(double bodyWidth) const;
  Headings headings() const;
  std::string differenceTitle() const;

  WeightsData data_;
  std::vector<float> differences_;
  double highest_ = 0.0;
  double widest_ = 0.0;  // largest difference
};

}  // namespace lix::figures
