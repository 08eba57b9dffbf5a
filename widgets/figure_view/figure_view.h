#pragma once
#include <QWidget>
#include <functional>
#include <memory>

#include "figures/figure.h"

namespace lix::widgets {

class FigureExport;

/// Shows a figure at the widget's width in the palette's theme, as tall as it needs (put it into a QScrollArea), and
/// copies or saves it as PNG, SVG, PDF or CSV (FigureExport: context menu and keys). The drawing is kept as a picture until
/// figure, size, scale or theme change.
class FigureView : public QWidget {
  Q_OBJECT

 public:
  explicit FigureView(QWidget* parent = nullptr);
  ~FigureView() override;

  /// Null: the empty text is shown.
  void setFigure(std::shared_ptr<const figures::Figure> figure);
  const figures::Figure* figure() const { return figure_.get(); }
  void setEmptyText(const QString& text);
  /// What a tooltip says of a point (in the figure's rectangle, the widget's coordinates), "" for nothing.
  void setHint(std::function<QString(const QPointF&)> hint) { hint_ = std::move(hint); }
  /// Where the figure is drawn; empty without one.
  QRectF figureRect() const;

  /// Puts the figure onto the clipboard as a picture and as SVG; failures come by `failed`.
  void copy();
  /// Asks for a file name (without waiting for the answer) and saves; failures come by `failed`.
  void saveAs();

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void failed(const QString& sentence);
  void clicked(const QPointF& at);

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  class Picture;

  std::shared_ptr<const figures::Figure> figure_;
  std::function<QString(const QPointF&)> hint_;
  QString emptyText_;
  std::unique_ptr<Picture> picture_;
  FigureExport* export_;
};

}  // namespace lix::widgets
