#pragma once
#include <QLabel>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <optional>
#include <string>
#include <utility>


namespace lix::app {

/// A quiet line of plain text that wraps.
QLabel* mutedLabel();
/// A quiet line of plain text that is cut with an ellipsis where there is no room; its tooltip has the whole. For places
/// whose height cannot follow a text that wraps.
class QuietLine : public QLabel {
 public:
  QuietLine();
  void say(const QString& text);
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
};
/// The cell of a grid over `rect` that a point lies in, row and column, if any.
std::optional<std::pair<int, int>> cellAt(const QRectF& rect, int rows, int columns, const QPointF& at);
/// A caption as tooltips and lists name it: at most some 120 characters.
QString captionIn(const std::string& caption);

}  // namespace lix::app
