#include "charts/chart_legend.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "charts/flow_layout.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kSide = 6;
constexpr int kMostWidth = 240;

}  // namespace

LegendButton::LegendButton(QWidget* parent) : QAbstractButton(parent) {
  setFont(figures::font(figures::TextRole::Label));
  setCheckable(true);
  setChecked(true);
  setFocusPolicy(Qt::TabFocus);
  setAttribute(Qt::WA_Hover);
  setCursor(Qt::PointingHandCursor);
}

void LegendButton::setEntry(const figures::LegendEntry& entry, const QString& meaning) {
  entry_ = entry;
  setText(entry.text);
  setAccessibleName(entry.text);
  setAccessibleDescription(meaning);
  const QString what = meaning.isEmpty() ? entry.text : QStringLiteral("%1: %2").arg(entry.text, meaning);
  setToolTip(tr("%1\nA click hides or shows it (Space), a double click shows it alone (Return).").arg(what));
  updateGeometry();
  update();
}

QSize LegendButton::sizeHint() const {
  const QFontMetrics metrics(font());
  return {std::min(kMostWidth, metrics.horizontalAdvance(entry_.text) + int(figures::kSwatchWidth) + 3 * kSide),
          metrics.height() + 6};
}

void LegendButton::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const figures::Theme theme = themeOf(palette());
  if (underMouse() || hasFocus()) {
    painter.setPen(hasFocus() ? QPen(colours(theme).accent, 1.5) : QPen(Qt::NoPen));
    painter.setBrush(colours(theme).raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
  painter.setOpacity(isChecked() ? 1.0 : 0.4);
  figures::drawSwatch(painter, QPointF(kSide, height() / 2.0), entry_, theme);
  QFont face = font();
  face.setStrikeOut(!isChecked());
  painter.setFont(face);
  painter.setPen(palette().color(QPalette::Text));
  const QRect at = rect().adjusted(int(figures::kSwatchWidth) + 2 * kSide, 0, -kSide / 2, 0);
  painter.drawText(at, Qt::AlignVCenter, painter.fontMetrics().elidedText(entry_.text, Qt::ElideMiddle, at.width()));
}

void LegendButton::mousePressEvent(QMouseEvent* event) {
  Q_EMIT pressBegan();
  QAbstractButton::mousePressEvent(event);
}

void LegendButton::mouseDoubleClickEvent(QMouseEvent* event) {
  event->accept();
  Q_EMIT isolateAsked();
}

void LegendButton::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
    Q_EMIT pressBegan();
    Q_EMIT isolateAsked();
    return;
  }
  QAbstractButton::keyPressEvent(event);
}

ChartLegend::ChartLegend(QWidget* parent) : QWidget(parent) {
  auto* layout = new FlowLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  setAccessibleName(tr("Legend"));
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void ChartLegend::setEntries(const std::vector<figures::LegendEntry>& entries, const QHash<QString, QString>& meanings) {
  while (buttons_.size() > entries.size()) {
    delete buttons_.back();
    buttons_.pop_back();
  }
  while (buttons_.size() < entries.size()) {
    auto* button = new LegendButton;
    connect(button, &LegendButton::pressBegan, this, [this] { hiddenBefore_ = hidden_; });
    connect(button, &QAbstractButton::clicked, this, [this, button](bool shown) {
      hidden_.removeAll(button->text());
      if (!shown) {
        hidden_.append(button->text());
      }
      Q_EMIT changed();
    });
    connect(button, &LegendButton::isolateAsked, this, [this, button] { isolate(button->text()); });
    layout()->addWidget(button);
    buttons_.push_back(button);
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    buttons_[i]->setEntry(entries[i], meanings.value(entries[i].text));
  }
  refresh();
}

void ChartLegend::setHidden(const QStringList& hidden) {
  hidden_ = hidden;
  refresh();
}

void ChartLegend::isolate(const QString& text) {
  QStringList others;
  for (const LegendButton* button : buttons_) {
    if (button->text() != text && !others.contains(button->text())) {
      others.append(button->text());
    }
  }
  const auto wasHidden = [this](const QString& other) { return hiddenBefore_.contains(other); };
  const bool alone = !wasHidden(text) && std::ranges::all_of(others, wasHidden);
  hidden_ = alone ? QStringList() : others;
  refresh();
  Q_EMIT changed();
}

void ChartLegend::refresh() {
  for (LegendButton* button : buttons_) {
    button->setChecked(isShown(button->text()));
  }
}

}  // namespace lix::widgets
