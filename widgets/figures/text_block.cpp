#include "figures/text_block.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QImage>
#include <QPaintEngine>
#include <QPainter>
#include <QTextLayout>
#include <algorithm>
#include <cmath>

namespace lix::figures {
namespace {

constexpr int kMostCharacters = 2000;  // more than any box shows; bounds the time of a layout

QString withoutForbidden(const QString& text) {
  QString result;
  result.reserve(std::min<qsizetype>(text.size(), kMostCharacters));
  for (const char32_t c : text.left(kMostCharacters).toUcs4()) {
    const bool forbidden = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0) ||
                           (c & 0xfffe) == 0xfffe || (c >= 0xd800 && c < 0xe000);
    if (!forbidden) {
      result += QString::fromUcs4(&c, 1);
    }
  }
  return result.simplified();
}

bool isPictograph(char32_t c) {
  return (c >= 0x1f000 && c < 0x1fb00) || (c >= 0x2600 && c < 0x27c0) || (c >= 0x2b00 && c < 0x2c00);
}

/// Whether a code point goes on with a pictograph before it: joiner, presentation selector, keycap, tag.
bool extendsPictograph(char32_t c) {
  return c == 0x200d || c == 0xfe0f || c == 0x20e3 || (c >= 0xe0020 && c < 0xe0080);
}

/// Pictographs in the colour font where it is installed: what else Qt falls back to may lack joined ones.
QList<QTextLayout::FormatRange> pictographs(const QString& text, const QFont& font) {
  static const QString kFamily = QStringLiteral("Noto Color Emoji");
  static const bool installed = QFontDatabase::hasFamily(kFamily);
  QList<QTextLayout::FormatRange> ranges;
  bool within = false;
  int at = 0;
  for (const char32_t c : text.toUcs4()) {
    const int length = c > 0xffff ? 2 : 1;
    const bool now = isPictograph(c) || (within && extendsPictograph(c));
    if (now && within) {
      ranges.last().length += length;
    } else if (now) {
      QFont colour = font;
      colour.setFamilies({kFamily});
      QTextCharFormat format;
      format.setFont(installed ? colour : font);
      ranges.append({at, length, format});
    }
    within = now;
    at += length;
  }
  return ranges;
}

struct Extent {
  double height = 0.0;
  double width = 0.0;
};

Extent placeLines(QTextLayout& layout, double width) {
  Extent extent;
  layout.setFormats(pictographs(layout.text(), layout.font()));
  layout.beginLayout();
  for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
    line.setLineWidth(width);
    line.setPosition(QPointF(0, extent.height));
    extent.height += QFontMetricsF(layout.font()).lineSpacing();  // not line.height(): a fallback font must not stretch
    extent.width = std::max(extent.width, line.naturalTextWidth());
  }
  layout.endLayout();
  return extent;
}

}  // namespace

QString cleaned(const std::string& text) {
  return withoutForbidden(
      QString::fromUtf8(text.data(), qsizetype(std::min<std::size_t>(text.size(), 4 * kMostCharacters))));
}

TextBlock::TextBlock(const std::string& text, const QFont& font, double width, int mostLines, Align align)
    : TextBlock(cleaned(text), font, width, mostLines, align) {}

TextBlock::TextBlock(const QString& text, const QFont& font, double width, int mostLines, Align align)
    : layout_(std::make_unique<QTextLayout>(text, font)), width_(std::max(width, 1.0)) {
  const Qt::Alignment start = text.isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft;
  QTextOption option(align == Align::Centre ? Qt::AlignHCenter : start);
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  option.setTextDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
  layout_->setTextOption(option);
  Extent extent = text.isEmpty() ? Extent() : placeLines(*layout_, width_);
  if (layout_->lineCount() > mostLines) {
    const int last = layout_->lineAt(mostLines - 1).textStart();
    // The metrics know the plain font only: where pictographs are wider, more must go.
    for (double share = 1.0; share > 0.2 && layout_->lineCount() > mostLines; share -= 0.1) {
      const QString tail = QFontMetricsF(font).elidedText(text.mid(last), Qt::ElideRight, share * width_);
      layout_->setText(text.left(last) + tail);
      extent = placeLines(*layout_, width_);
    }
  }
  height_ = std::min(extent.height, mostLines * QFontMetricsF(font).lineSpacing());
  naturalWidth_ = std::min(extent.width, width_);
}

TextBlock::~TextBlock() = default;
TextBlock::TextBlock(TextBlock&&) noexcept = default;
TextBlock& TextBlock::operator=(TextBlock&&) noexcept = default;

int TextBlock::lineCount() const { return layout_->lineCount(); }

QString TextBlock::text() const { return layout_->text(); }

void TextBlock::draw(QPainter& painter, const QPointF& topLeft, const QColor& colour) const {
  const bool pdf = painter.paintEngine() != nullptr && painter.paintEngine()->type() == QPaintEngine::Pdf;
  if (pdf && !layout_->formats().isEmpty()) {
    // Qt's PDF writer cannot embed colour glyphs: such a text goes in as a picture.
    constexpr double kScale = 6.0;
    QImage image(int(std::ceil(width_ * kScale)), int(std::ceil((height_ + 4) * kScale)),
                 QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter inner(&image);
    inner.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::SmoothPixmapTransform);
    inner.scale(kScale, kScale);
    inner.setPen(colour);
    layout_->draw(&inner, QPointF(0, 0));
    inner.end();
    painter.drawImage(QRectF(topLeft, QSizeF(image.width() / kScale, image.height() / kScale)), image);
    return;
  }
  painter.setPen(colour);
  layout_->draw(&painter, topLeft);
}

double textWidth(const QString& text, const QFont& font) {
  if (pictographs(text, font).isEmpty()) {
    return QFontMetricsF(font).horizontalAdvance(text);
  }
  constexpr double kUnbounded = 1e5;
  return TextBlock(text, font, kUnbounded, 1).naturalWidth();
}

void drawLine(QPainter& painter, const QPointF& at, const QString& text, const QFont& font, const QColor& colour,
              Anchor anchor) {
  const QFontMetricsF metrics(font);
  const double width = metrics.horizontalAdvance(text);
  const double shift = anchor == Anchor::Left ? 0.0 : anchor == Anchor::Middle ? width / 2 : width;
  painter.setFont(font);
  painter.setPen(colour);
  painter.drawText(QPointF(at.x() - shift, at.y() + metrics.capHeight() / 2), text);
}

}  // namespace lix::figures
