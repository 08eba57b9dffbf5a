#include "frame/preview.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

#include "desk/dataset_shelf.h"
#include "desk/desk.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMargin = 28;
constexpr int kGap = 12;
constexpr int kFootLines = 4;
constexpr int kMostSide = 2400;   // of what is kept for painting
constexpr double kMostZoom = 8.0;  // small pictures grow so far
constexpr int kFar = 1'000'000;

struct Decoded {
  QImage image;
  QSize pixels;
  QString problem;
};

Decoded decoded(const Result<imaging::Image>& picture) {
  if (!picture) {
    return {{}, {}, QString::fromStdString(picture.error().message)};
  }
  return {scaledQImage(*picture, kMostSide), {picture->width, picture->height}, {}};
}

}  // namespace

QImage scaledQImage(const imaging::Image& picture, int side) {
  if (picture.width <= 0 || picture.height <= 0) {
    return {};
  }
  const QImage view(picture.pixels.data(), picture.width, picture.height, qsizetype(picture.width) * 3,
                    QImage::Format_RGB888);
  if (side > 0 && std::max(picture.width, picture.height) > side) {
    return view.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
  }
  return view.copy();
}

PicturePreview::PicturePreview(Desk& desk, QWidget* over) : QWidget(over), desk_(desk), relay_(desk.io()) {
  setObjectName("preview");
  setAccessibleName(tr("Picture preview"));
  setToolTip(tr("Arrows show the neighbours; Space or Esc closes the preview."));
  setFocusPolicy(Qt::StrongFocus);
  setVisible(false);
  over->installEventFilter(this);
}

void PicturePreview::show(const data::PictureRef& picture, const QString& caption) {
  if (!isVisible()) {
    before_ = QApplication::focusWidget();
    setGeometry(parentWidget()->rect());
    setVisible(true);
    raise();
  }
  setFocus(Qt::OtherFocusReason);
  picture_ = picture;
  caption_ = caption;
  problem_.clear();
  image_ = {};
  setAccessibleDescription(title());
  relay_.ask([shelf = &desk_.datasets(), picture](std::stop_token) { return decoded(shelf->load(picture)); },
             [this](Decoded answer) {
               image_ = std::move(answer.image);
               pixels_ = answer.pixels;
               problem_ = std::move(answer.problem);
               update();
             });
  update();
}

void PicturePreview::close() {
  if (!isVisible()) {
    return;
  }
  relay_.drop();
  setVisible(false);
  image_ = {};
  if (before_ && before_->isVisible()) {
    before_->setFocus(Qt::OtherFocusReason);
  }
  Q_EMIT closed();
}

QString PicturePreview::title() const {
  const QString name = QString::fromStdString(data::shortName(picture_));
  return caption_.isEmpty() || caption_ == name ? name : caption_ + "\n" + name;
}

void PicturePreview::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), palette().color(QPalette::Window));
  const int line = QFontMetrics(font()).lineSpacing();
  const QRect inner = rect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
  drawPicture(painter, inner.adjusted(0, 0, 0, -line * kFootLines - kGap));
  drawFoot(painter, QRect(inner.left(), inner.bottom() - line * kFootLines, inner.width(), line * kFootLines));
}

void PicturePreview::drawPicture(QPainter& painter, const QRect& space) const {
  const auto& colours = widgets::colours(widgets::themeOf(palette()));
  if (image_.isNull() || space.isEmpty()) {
    painter.setPen(problem_.isEmpty() ? colours.muted : colours.bad);
    painter.drawText(space, Qt::AlignCenter | Qt::TextWordWrap, problem_.isEmpty() ? tr("Reading...") : problem_);
    return;
  }
  QSizeF size = image_.size();
  size *= std::min({space.width() / size.width(), space.height() / size.height(), kMostZoom});
  const QRectF target(QRectF(space).center() - QPointF(size.width() / 2.0, size.height() / 2.0), size);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.drawImage(target, image_);
  painter.setPen(colours.border);
  painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5));
}

/// Two lines of caption, the name with the size, and how to leave.
void PicturePreview::drawFoot(QPainter& painter, const QRect& foot) const {
  const QFontMetrics metrics(font());
  const QString name = QString::fromStdString(data::shortName(picture_));
  if (!caption_.isEmpty() && caption_ != name) {
    painter.setPen(palette().color(QPalette::WindowText));
    // 1.8 lines of text wrap into two.
    const QString text = metrics.elidedText(caption_.simplified(), Qt::ElideRight, int(foot.width() * 1.8));
    painter.drawText(QRect(foot.topLeft(), QSize(foot.width(), metrics.lineSpacing() * 2)),
                     Qt::AlignHCenter | Qt::AlignBottom | Qt::TextWordWrap, text);
  }
  QRect line(foot.left(), foot.top() + metrics.lineSpacing() * 2, foot.width(), metrics.lineSpacing());
  painter.setPen(widgets::colours(widgets::themeOf(palette())).muted);
  const QString size = image_.isNull() ? QString() : tr(", %1 x %2 pixels").arg(pixels_.width()).arg(pixels_.height());
  painter.drawText(line, Qt::AlignCenter,
                   metrics.elidedText(name, Qt::ElideMiddle, line.width() - metrics.horizontalAdvance(size)) + size);
  line.translate(0, metrics.lineSpacing());
  painter.drawText(line, Qt::AlignCenter, tr("Arrows show the neighbours, Esc closes"));
}

void PicturePreview::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Escape:
    case Qt::Key_Space:
      close();
      return;
    case Qt::Key_Left:
    case Qt::Key_Up:
      Q_EMIT stepped(-1);
      return;
    case Qt::Key_Right:
    case Qt::Key_Down:
      Q_EMIT stepped(1);
      return;
    case Qt::Key_Home:
      Q_EMIT stepped(-kFar);
      return;
    case Qt::Key_End:
      Q_EMIT stepped(kFar);
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

void PicturePreview::mousePressEvent(QMouseEvent*) { close(); }

bool PicturePreview::eventFilter(QObject* object, QEvent* event) {
  if (object == parentWidget() && event->type() == QEvent::Resize) {
    setGeometry(parentWidget()->rect());
  }
  return QWidget::eventFilter(object, event);
}

bool PicturePreview::event(QEvent* event) {
  // The keys of the preview are its own while it is open, whatever the window's shortcuts say.
  if (event->type() == QEvent::ShortcutOverride) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Escape || key == Qt::Key_Space) {
      event->accept();
      return true;
    }
  }
  // Tab would reach what lies under it.
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Tab || key == Qt::Key_Backtab) {
      event->accept();
      return true;
    }
  }
  return QWidget::event(event);
}

}  // namespace lix::app
