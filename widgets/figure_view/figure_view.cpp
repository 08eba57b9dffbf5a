#include "figure_view/figure_view.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "figure_view/picture.h"
#include "figures/save.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kLeastWidth = 160;  // what figures::save takes at least
constexpr int kMostFileWidth = 5000;
constexpr int kLeastHeight = 96;
constexpr int kTextMargin = 24;
constexpr int kMostTextWidth = 420;

const QKeySequence& saveKey() {
  static const QKeySequence key(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
  return key;
}

bool isSave(const QKeyEvent& event) { return QKeySequence(event.keyCombination()) == saveKey(); }

/// Where the empty text stands: a column in the middle, narrow enough to be read.
QRect textRect(const QRect& rect) {
  const int width = std::min(kMostTextWidth, std::max(1, rect.width() - 2 * kTextMargin));
  return {rect.x() + (rect.width() - width) / 2, rect.y(), width, rect.height()};
}

}  // namespace

FigureView::FigureView(QWidget* parent) : QWidget(parent), picture_(std::make_unique<Picture>()) {
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Figure"));
  setToolTip(tr("Ctrl+C copies the figure, Ctrl+Shift+S saves it; the context menu has both"));
}

FigureView::~FigureView() = default;

void FigureView::setFigure(std::shared_ptr<const figures::Figure> figure) {
  figure_ = std::move(figure);
  picture_->forget();
  setAccessibleDescription(figure_ ? QString() : emptyText_);
  updateGeometry();
  update();
}

void FigureView::setEmptyText(const QString& text) {
  emptyText_ = text;
  setAccessibleDescription(figure_ ? QString() : emptyText_);
  updateGeometry();
  update();
}

QRectF FigureView::figureRect() const {
  return figure_ ? QRectF(0, 0, width(), heightForWidth(width())) : QRectF();
}

int FigureView::heightForWidth(int width) const {
  if (figure_) {
    return picture_->heightFor(*figure_, std::max(width, kLeastWidth));
  }
  const QRect room = textRect(QRect(0, 0, width, kLeastHeight));
  const QRect text = fontMetrics().boundingRect(room, Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
  return std::max(kLeastHeight, text.height() + 2 * kTextMargin);
}

QSize FigureView::sizeHint() const {
  const int width = figure_ ? int(std::ceil(figure_->naturalWidth())) : kMostTextWidth;
  return {width, heightForWidth(width)};
}

QSize FigureView::minimumSizeHint() const { return {kLeastWidth, kLeastHeight}; }

double FigureView::fileWidth() const { return std::clamp(width(), kLeastWidth, kMostFileWidth); }

void FigureView::copy() {
  if (!figure_) {
    return;
  }
  const figures::Theme theme = themeOf(palette());
  const auto png = figures::rendered(*figure_, figures::FileKind::Png, theme, fileWidth());
  const auto svg = figures::rendered(*figure_, figures::FileKind::Svg, theme, fileWidth());
  if (!png || !svg) {
    Q_EMIT failed(QString::fromStdString((png ? svg : png).error().message));
    return;
  }
  auto* mime = new QMimeData;
  mime->setImageData(QImage::fromData(QByteArray::fromStdString(*png), "PNG"));
  mime->setData(QStringLiteral("image/svg+xml"), QByteArray::fromStdString(*svg));
  QGuiApplication::clipboard()->setMimeData(mime);
}

void FigureView::saveAs() {
  if (!figure_ || findChild<QFileDialog*>()) {
    return;
  }
  auto* dialog = new QFileDialog(this, tr("Save figure"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->setNameFilters({tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)"), tr("PDF page (*.pdf)")});
  dialog->setDefaultSuffix(QStringLiteral("png"));
  dialog->selectFile(tr("figure") + QStringLiteral(".png"));
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    const qsizetype at = filter.lastIndexOf(u"*.");
    dialog->setDefaultSuffix(filter.mid(at + 2, 3));
  });
  connect(dialog, &QFileDialog::fileSelected, this, &FigureView::save);
  dialog->open();
}

void FigureView::save(const QString& path) {
  if (!figure_) {
    return;
  }
  const std::filesystem::path target(path.toStdU16String());
  if (const auto saved = figures::save(*figure_, target, themeOf(palette()), fileWidth()); !saved) {
    Q_EMIT failed(QString::fromStdString(saved.error().message));
  }
}

void FigureView::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  const figures::Theme theme = themeOf(palette());
  if (figure_) {
    const QRect all = figureRect().toRect();
    painter.fillRect(event->rect(), figures::palette(theme).background);
    const QRect shown = event->rect().intersected(all);
    if (!shown.isEmpty()) {
      picture_->paint(painter, *figure_, all.size(), shown, theme);
    }
  } else {
    painter.setPen(colours(theme).muted);
    painter.drawText(textRect(rect()), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
  }
  if (hasFocus()) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colours(theme).accent, 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
}

bool FigureView::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && hint_ && figure_) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = hint_(QPointF(help->pos()));
    if (text.isEmpty()) {
      QToolTip::hideText();
      event->ignore();
    } else {
      // Only for this point: the next one may have something else to say.
      QToolTip::showText(help->globalPos(), text, this, QRect(help->pos() - QPoint(3, 3), QSize(7, 7)));
    }
    return true;
  }
  if (event->type() == QEvent::ShortcutOverride && figure_) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Copy) || isSave(*key)) {
      event->accept();  // the window's own commands of these keys wait while a figure has the focus
      return true;
    }
  }
  return QWidget::event(event);
}

void FigureView::mousePressEvent(QMouseEvent* event) {
  QWidget::mousePressEvent(event);
  if (figure_ && event->button() == Qt::LeftButton && figureRect().contains(event->position())) {
    event->accept();
    Q_EMIT clicked(event->position());
  }
}

void FigureView::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) {
    copy();
  } else if (isSave(*event)) {
    saveAs();
  } else {
    QWidget::keyPressEvent(event);
  }
}

void FigureView::contextMenuEvent(QContextMenuEvent* event) {
  if (!figure_) {
    return;
  }
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setAccessibleName(tr("Figure"));
  QAction* copying = menu->addAction(icon(QStringLiteral("copy")), tr("&Copy"), this, &FigureView::copy);
  copying->setShortcut(QKeySequence::Copy);
  QAction* saving = menu->addAction(icon(QStringLiteral("save")), tr("&Save as..."), this, &FigureView::saveAs);
  saving->setShortcut(saveKey());
  menu->popup(event->globalPos());
}

}  // namespace lix::widgets
