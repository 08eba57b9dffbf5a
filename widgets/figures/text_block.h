#pragma once
#include <QColor>
#include <QFont>
#include <QPointF>
#include <QString>
#include <memory>
#include <string>

class QPainter;
class QTextLayout;

namespace lix::figures {

enum class Align { Start, Centre };

/// Text in a box: wrapped at words (within a word where it must be), cut with an ellipsis after `mostLines`. The
/// writing direction is the text's own; Start is its side. Characters that XML forbids are left out.
class TextBlock {
 public:
  TextBlock(const std::string& text, const QFont& font, double width, int mostLines, Align align = Align::Start);
  TextBlock(const QString& text, const QFont& font, double width, int mostLines, Align align = Align::Start);
  ~TextBlock();
  TextBlock(TextBlock&&) noexcept;
  TextBlock& operator=(TextBlock&&) noexcept;

  double height() const { return height_; }
  /// Of the widest line; never more than the box.
  double naturalWidth() const { return naturalWidth_; }
  int lineCount() const;
  /// The text as shown, lines joined, with its ellipsis.
  QString text() const;
  void draw(QPainter& painter, const QPointF& topLeft, const QColor& colour) const;

 private:
  std::unique_ptr<QTextLayout> layout_;
  double width_ = 0.0;
  double height_ = 0.0;
  double naturalWidth_ = 0.0;
};

/// UTF-8 as one line of text that any of our files may hold.
QString cleaned(const std::string& text);

double textWidth(const QString& text, const QFont& font);

enum class Anchor { Left, Middle, Right };
/// One line whose anchor stands at `at`; at.y() is the middle of its capital letters.
void drawLine(QPainter& painter, const QPointF& at, const QString& text, const QFont& font, const QColor& colour,
              Anchor anchor = Anchor::Left);

}  // namespace lix::figures
