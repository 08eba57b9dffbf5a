#pragma once
#include <QFrame>

#include "data/picture_ref.h"

class QLabel;

namespace lix::app {

class Desk;

/// A small card with a thumbnail and a caption beside a point of its parent; the mouse passes through it.
class HoverCard : public QFrame {
  Q_OBJECT

 public:
  HoverCard(Desk& desk, QWidget* parent);
  void show(const data::PictureRef& picture, const QString& text, const QPointF& beside);

 private:
  void place();
  Desk& desk_;
  data::PictureRef picture_;
  QPointF beside_;
  QLabel *image_, *text_;
};

}  // namespace lix::app
