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
/// Quiet plain text of as many lines as it is given (one at first) whatever it says; more is cut with an ellipsis, and
/// its tooltip has the whole. For places whose height must not follow a text that wraps.
class QuietLine : public QLabel {
 public:
  QuietLine();
  void say(const QString& text);
  void setLines(int lines);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int lines_ = 1;
};
/// The cell of a grid over `rect` that a point lies in, row and column, if any.
std::optional<std::pair<int, int>> cellAt(const QRectF& rect, int rows, int columns, const QPointF& at);
/// A caption as tooltips and lists name it: at most some 120 characters.
QString captionIn(const std::string& caption);

}  // namespace lix::app
