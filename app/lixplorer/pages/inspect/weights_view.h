#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "figure_view/figure_view.h"
#include "figures/weights_figure.h"

namespace lix::app {

/// Mixture weights that answer: a cell cursor in the current caption's heatmap, moved by arrows; heads and tokens are
/// chosen by a click on their numbers or by keys.
class WeightsView : public widgets::FigureView {
  Q_OBJECT

 public:
  struct Cell {
    int head = 0;
    int token = 0;
    bool operator==(const Cell&) const = default;
  };
  enum class Part { None, Cell, Head, Token, Caption };
  /// What lies at a point of a caption's heatmap: `panel` counts the captions that are shown.
  struct Hit {
    Part part = Part::None;
    int panel = -1;
    Cell cell{};
  };

  explicit WeightsView(QWidget* parent = nullptr);

  /// Null: the empty text is shown. `current` is the panel of the cursor, -1: none.
  void showWeights(std::shared_ptr<const figures::WeightsFigure> figure, int heads, int tokens, int current);
  /// Heads with a bar before their rows.
  void setSelected(std::vector<int> heads);
  Cell cell() const { return cell_; }
  void setCell(Cell cell);
  /// Scrolls to the current caption's heatmap, once it is laid out.
  void revealCurrent();
  Hit hitAt(const QPointF& at) const;
  const figures::WeightsFigure::Places& places() const;

 Q_SIGNALS:
  void cellMoved();
  void captionChosen(int panel);
  void captionStepped(int by);
  void headToggled(int head);
  void headIsolated(int head);
  void tokenToggled(int token);
  void resetAsked();

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void onClick(const QPointF& at);
  /// Whether the key is one of this view's.
  bool act(int key);
  QRectF cellRect() const;
  void reveal();
  /// False where there is not room enough to scroll so far, yet.
  bool scrollToCurrent();

  std::shared_ptr<const figures::WeightsFigure> weights_;
  int heads_ = 0, tokens_ = 0, current_ = -1;
  bool clicking_ = false;  // what was clicked lies under the pointer and stays there
  Cell cell_;
  std::vector<int> selected_;
  mutable figures::WeightsFigure::Places places_;
  mutable QRectF placesOf_;  // the rectangle that places_ are of; null: of none
};

}  // namespace lix::app
