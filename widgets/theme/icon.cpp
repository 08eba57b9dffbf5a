#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "theme/theme.h"

// Resources of a static library are not found until they are named outside of any namespace.
static void registerIcons() { Q_INIT_RESOURCE(theme); }

namespace lix::widgets {
namespace {

/// Draws an SVG whose strokes are "currentColor", in the colour that the program's palette has at that moment.
class ThemeIcon : public QIconEngine {
 public:
  ThemeIcon(QByteArray svg, QString name, IconTint tint) : svg_(std::move(svg)), name_(std::move(name)), tint_(tint) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    const double scale = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
    painter->drawPixmap(rect, pixmap((QSizeF(rect.size()) * scale).toSize(), mode, state));
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State /*state*/) override {
    const QColor ink = colour(mode);
    const QString key =
        QStringLiteral("lix-icon %1 %2 %3x%4").arg(name_, ink.name()).arg(size.width()).arg(size.height());
    QPixmap drawn;
    if (size.isEmpty() || QPixmapCache::find(key, &drawn)) {
      return drawn;
    }
    QSvgRenderer renderer(QByteArray(svg_).replace("currentColor", ink.name().toLatin1()));
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    drawn = QPixmap(size);
    drawn.fill(Qt::transparent);
    QPainter painter(&drawn);
    renderer.render(&painter);
    painter.end();
    QPixmapCache::insert(key, drawn);
    return drawn;
  }

  QIconEngine* clone() const override { return new ThemeIcon(*this); }
  QString key() const override { return QStringLiteral("lix"); }
  QString iconName() override { return name_; }
  bool isNull() override { return svg_.isEmpty(); }

 private:
  QColor colour(QIcon::Mode mode) const {
    const QPalette palette = QApplication::palette();
    if (mode == QIcon::Disabled) {
      return palette.color(QPalette::Disabled, QPalette::ButtonText);
    }
    // Selected rows are tinted, not filled (style.qss), so that Selected is no mode of its own.
    const bool onAccent = tint_ == IconTint::OnAccent;
    return palette.color(QPalette::Active, onAccent ? QPalette::HighlightedText : QPalette::ButtonText);
  }

  QByteArray svg_;
  QString name_;
  IconTint tint_;
};

}  // namespace

QIcon icon(const QString& name, IconTint tint) {
  registerIcons();
  QFile file(QStringLiteral(":/theme/icons/%1.svg").arg(name));
  if (!file.open(QIODevice::ReadOnly)) {
    return {};
  }
  return QIcon(new ThemeIcon(file.readAll(), name, tint));
}

}  // namespace lix::widgets
