#pragma once
#include <QImage>
#include <QPointer>
#include <QWidget>

#include "data/picture_ref.h"
#include "desk/relay.h"
#include "imaging/image.h"

namespace lix::app {

class Desk;

/// The pixels for painting, the longer side at most `side` (0 = as it is). Any thread.
QImage scaledQImage(const imaging::Image& picture, int side = 0);

/// One picture large over a page, decoded in the background: Space or Esc or a click closes it and gives the keyboard
/// back; arrows ask for a neighbour by `stepped`, which the page answers with show(). A picture that cannot be read is
/// said to be so in its place.
class PicturePreview : public QWidget {
  Q_OBJECT

 public:
  PicturePreview(Desk& desk, QWidget* over);

  void show(const data::PictureRef& picture, const QString& caption);
  void close();
  /// Of what is shown; null while it is decoded, and where it cannot be.
  const QImage& image() const { return image_; }
  /// Why the picture cannot be shown, "" otherwise.
  const QString& problem() const { return problem_; }

 Q_SIGNALS:
  void stepped(int delta);  ///< -1 or 1 by Left and Right, -1000000 or 1000000 by Home and End
  void closed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  void drawPicture(QPainter& painter, const QRect& space) const;
  void drawFoot(QPainter& painter, const QRect& foot) const;
  QString title() const;
  Desk& desk_;
  Relay relay_;
  QPointer<QWidget> before_;  // had the keyboard before
  data::PictureRef picture_;
  QString caption_, problem_;
  QImage image_;
  QSize pixels_;  // of the picture in its file
};

}  // namespace lix::app
