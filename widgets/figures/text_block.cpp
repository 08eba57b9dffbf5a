#include "figures/text_block.h"

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

bool hasPictograph(const QString& text) {
  return std::any_of(text.begin(), text.end(), [](QChar c) { return c.isHighSurrogate() || c == QChar(0xfe0f); });
}

struct Extent {
  double height = 0.0;
  double width = 0.0;
};

Extent placeLines(QTextLayout& layout, double width) {
  Extent extent;
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
  return withoutForbidden(QString::fromUtf8(text.data(), qsizetype(std::min<std::size_t>(text.size(), 4 * kMostCharacters))));
}

TextBlock::TextBlock(const std::string& text, const QFont& font, double width, int mostLines, Align align)
    : TextBlock(cleaned(text), font, width, mostLines, align) {}

TextBlock::TextBlock(const QString& text, const QFont& font, double width, int mostLines, Align align)
    : layout_(std::make_unique<QTextLayout>(text, font)), width_(std::max(width, 1.0)) {
  QTextOption option(align == Align::Centre ? Qt::AlignHCenter : Qt::AlignLeft);
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  option.setTextDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
  layout_->setTextOption(option);
  Extent extent = text.isEmpty() ? Extent() : placeLines(*layout_, width_);
  if (layout_->lineCount() > mostLines) {
    const int start = layout_->lineAt(mostLines - 1).textStart();
    const QString tail = QFontMetricsF(font).elidedText(text.mid(start), Qt::ElideRight, width_);
    layout_->setText(text.left(start) + tail);
    extent = placeLines(*layout_, width_);
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
  if (pdf && hasPictograph(layout_->text())) {
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

double textWidth(const QString& text, const QFont& font) { return QFontMetricsF(font).horizontalAdvance(text); }

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
