#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "figures/figure.h"
#include "imaging/image.h"

namespace lix::figures {

/// A picture of the context that a query attends to.
struct ContextItem {
  imaging::Image picture;
  std::string label;
  double weight = 0.0;        ///< attention weight, 0..1
  double contribution = 0.0;  ///< weight x norm of the value
  bool masked = false;        ///< the query itself on the masked diagonal
  bool shared = false;        ///< attended by another model too: framed and tagged
};

enum class ContextOrder { Weight, Contribution };

struct ContextData {
  Headings headings;
  imaging::Image query;
  std::string queryLabel;
  std::vector<ContextItem> items;  ///< in any order
  double effectiveNeighbours = 0.0;
  int most = 24;  ///< cards shown; the rest is summed up in the notes
  ContextOrder order = ContextOrder::Weight;
  double highestWeight = 0.0;  ///< end of the weights' scale where it is longer than the own one
};

/// The context of one picture: the masked self first and marked as such, then the context by falling weight or
/// contribution, each card with bars for both from zero on a scale that all cards share. The query stands at the left,
/// where there is little room above.
class ContextFigure : public Figure {
 public:
  explicit ContextFigure(ContextData data);

  double naturalWidth() const override;
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  struct Card {
    int item = 0;  ///< of items()
    QRectF picture;
    QRectF weightBar;  ///< its whole track
    QRectF contributionBar;
    QRectF label;
  };
  std::vector<Card> cards(const QRectF& rect) const;
  /// Masked first, then in order.
  const std::vector<ContextItem>& items() const { return data_.items; }
  double highestWeight() const { return highestWeight_; }

 private:
  struct Grid;
  Grid grid(double bodyWidth) const;
  Headings headings() const;
  int shown() const;

  void drawQuery(QPainter& painter, const QPointF& topLeft, const Grid& part, Theme theme) const;

  ContextData data_;
  double highestWeight_ = 0.0;
  double highestContribution_ = 0.0;
};

/// The context of one picture under two models, side by side, or one below the other where there is little room; weights
/// on one scale, contributions each on their own, since the norms of two models are not in one unit.
class ContextPairFigure : public Figure {
 public:
  ContextPairFigure(Headings headings, const ContextData& first, const ContextData& second);

  double naturalWidth() const override { return 1100.0; }
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  /// The two and where they lie.
  const ContextFigure& part(int which) const { return which == 0 ? first_ : second_; }
  std::pair<QRectF, QRectF> places(const QRectF& rect) const;

 private:
  Headings headings_;
  std::array<std::string, 2> names_;  // the titles of the two
  ContextFigure first_, second_;
};

}  // namespace lix::figures
