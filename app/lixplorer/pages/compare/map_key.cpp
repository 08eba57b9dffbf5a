#include "pages/compare/map_key.h"

#include <QPainter>
#include <algorithm>

#include "figures/colour_map.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kGap = 6, kBarHeight = 9, kLeastBar = 40, kMostBar = 160;

QString number(double value) { return QString::number(value, 'g', 2); }

}  // namespace

MapKey::MapKey(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setToolTip(tr("Colours of the map: how often an even share of the attention a place gets; 1 is what it would get if all "
                "got the same."));
}

void MapKey::setRange(double low, double high) {
  low_ = low;
  high_ = high;
  setAccessibleName(text());
  update();
}

QString MapKey::text() const {
  return low_ > high_ ? QString() : tr("%1 to %2 × an even share").arg(number(low_), number(high_));
}

QSize MapKey::minimumSizeHint() const { return {kLeastBar, fontMetrics().height() + 2}; }

QSize MapKey::sizeHint() const {
  return {fontMetrics().horizontalAdvance(text()) + kMostBar, minimumSizeHint().height()};
}

void MapKey::paintEvent(QPaintEvent*) {
  if (low_ > high_) {
    return;
  }
  QPainter painter(this);
  const figures::Theme theme = widgets::themeOf(palette());
  painter.setPen(widgets::colours(theme).muted);
  const QString low = number(low_);
  const QString ends[] = {tr("%1 × an even share").arg(number(high_)), tr("%1 ×").arg(number(high_)), number(high_)};
  const int before = fontMetrics().horizontalAdvance(low) + kGap;
  QString high = ends[2];  // as many words as there is room for
  for (const QString& words : ends) {
    if (before + kLeastBar + kGap + fontMetrics().horizontalAdvance(words) <= width()) {
      high = words;
      break;
    }
  }
  const int room = width() - before - kGap - fontMetrics().horizontalAdvance(high);
  const QRect bar(before, (height() - kBarHeight) / 2, std::clamp(room, 0, kMostBar), kBarHeight);
  painter.drawText(QRect(0, 0, before, height()), Qt::AlignLeft | Qt::AlignVCenter, low);
  for (int x = 0; x < bar.width(); ++x) {
    painter.fillRect(bar.left() + x, bar.top(), 1, bar.height(),
                     figures::viridis(double(x) / std::max(1, bar.width() - 1), theme));
  }
  painter.drawText(QRect(bar.right() + 1 + kGap, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter, high);
}

}  // namespace lix::app
