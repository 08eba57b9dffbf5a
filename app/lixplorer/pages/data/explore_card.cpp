#include "pages/data/explore_card.h"

#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/desk.h"
#include "desk/thumbnails.h"

namespace lix::app {
namespace {

constexpr int kSide = 112, kWide = 168, kAway = 14;

}  // namespace

HoverCard::HoverCard(Desk& desk, QWidget* parent)
    : QFrame(parent), desk_(desk), image_(new QLabel), text_(new QLabel) {
  setObjectName("data.mapCard");
  setProperty("card", true);
  setAutoFillBackground(true);
  setAttribute(Qt::WA_TransparentForMouseEvents);
  image_->setAlignment(Qt::AlignCenter);
  image_->setFixedHeight(kSide);
  text_->setTextFormat(Qt::PlainText);
  text_->setWordWrap(true);
  text_->setObjectName("data.mapCardText");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(6, 6, 6, 6);
  column->setSpacing(4);
  column->addWidget(image_);
  column->addWidget(text_);
  setFixedWidth(kWide);
  hide();
  connect(&desk.thumbnails(), &Thumbnails::ready, this, [this](const data::PictureRef& picture) {
    if (isVisible() && picture == picture_) {
      show(picture_, text_->text(), beside_);
    }
  });
}

void HoverCard::show(const data::PictureRef& picture, const QString& text, const QPointF& beside) {
  picture_ = picture;
  beside_ = beside;
  const QPixmap thumbnail = desk_.thumbnails().get(picture);
  image_->setPixmap(thumbnail.isNull() ? thumbnail : thumbnail.scaled(kWide - 12, kSide, Qt::KeepAspectRatio, Qt::SmoothTransformation));
  text_->setText(text);
  QFrame::show();
  place();
  raise();
}

/// To the right of the point and below it, else on the other sides, within the parent.
void HoverCard::place() {
  resize(kWide, layout()->heightForWidth(kWide));
  const QSize room = parentWidget()->size();
  int x = int(beside_.x()) + kAway, y = int(beside_.y()) + kAway;
  x = x + width() > room.width() ? int(beside_.x()) - kAway - width() : x;
  y = y + height() > room.height() ? int(beside_.y()) - kAway - height() : y;
  move(std::clamp(x, 0, std::max(0, room.width() - width())), std::clamp(y, 0, std::max(0, room.height() - height())));
}

}  // namespace lix::app
