#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "figures/figure.h"
#include "figures/text_block.h"
#include "imaging/image.h"

namespace lix::figures {

/// The weights that one caption gives the mixture tokens of a picture.
struct CaptionWeights {
  std::string caption;
  std::vector<float> weights;  ///< [heads, tokens]; NaN or a wrong size is drawn as blank
  std::string said{};          ///< a line below the caption: its score
};

/// Weights minus other weights, [heads, tokens], what each are of, and the same as a title ("" for two captions).
struct WeightsContrast {
  std::string first, second;
  std::vector<float> values;
  std::string title{};
};
/// A caption in quotation marks, short enough to stand beside another in a title.
std::string quotedShort(const std::string& caption);

struct WeightsData {
  Headings headings;
  imaging::Image picture;  ///< empty: none is drawn
  int heads = 0;
  int tokens = 0;
  std::vector<CaptionWeights> captions;
  std::optional<std::pair<int, int>> difference;  ///< the captions of "first minus second"
  std::vector<WeightsContrast> contrasts{};       ///< further differences, all on one scale
  std::vector<int> counted{};                     ///< heads that count, empty: all; the others are left blank
  std::vector<int> without{};                     ///< tokens that were knocked out: struck through
  int current = -1;                               ///< the caption in bold letters
  double most = 0.0;                              ///< the weights' colours reach at least so far
  std::string saidRoom{};                         ///< the longest line that may stand below a caption: it keeps its room
};

/// Mixture weights as head x token heatmaps on one colour scale from 0, one a caption, with the mean over heads below
/// each (dotted: the uniform 1/K), and differences on one symmetric scale.
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
    std::vector<QRectF> contrasts; ///< one a difference
    QRectF difference;             ///< the first of them; null where none is asked for
    QRectF colourBar;
    QRectF differenceBar;
  };
  Places places(const QRectF& rect) const;
  double highest() const { return highest_; }
  /// The end of the differences' scale.
  double widest() const { return widest_; }
  /// All differences: that of two captions first, if it is asked for.
  const std::vector<WeightsContrast>& contrasts() const { return contrasts_; }
  /// The values of the first of them; empty where there is none.
  const std::vector<float>& differences() const { return differences_; }

 private:
  struct Grid;
  Grid grid(double bodyWidth) const;
  Headings headings() const;
  TextBlock title(std::size_t caption, double width) const;
  void takeContrasts();
  void blankWhatDoesNotCount();
  void drawContrasts(QPainter& painter, const Places& where, Theme theme) const;

  WeightsData data_;
  std::vector<float> differences_;
  std::vector<WeightsContrast> contrasts_;
  double highest_ = 0.0;
  double widest_ = 0.0;  // largest difference
};

}  // namespace lix::figures
