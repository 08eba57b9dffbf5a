#pragma once
#include <string>
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
};

struct ContextData {
  Headings headings;
  imaging::Image query;
  std::string queryLabel;
  std::vector<ContextItem> items;  ///< in any order
  double effectiveNeighbours = 0.0;
  int most = 24;  ///< cards shown; the rest is summed up in the notes
};

/// The context of one picture: the masked self first and marked as such, then the context by falling weight, each card
/// with bars for weight and contribution, both from zero on a scale that all cards share.
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
  /// Masked first, then by weight.
  const std::vector<ContextItem>& items() const { return data_.items; }

 private:
  struct Grid;
  Grid grid(double bodyWidth) const;
  Headings headings() const;
  int shown() const;

  ContextData data_;
  double highestWeight_ = 0.0;
  double highestContribution_ = 0.0;
};

}  // namespace lix::figures
