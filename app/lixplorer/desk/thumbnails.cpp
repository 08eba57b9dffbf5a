#include "desk/thumbnails.h"

#include <QImage>
#include <QPointer>

#include "desk/dataset_shelf.h"
#include "desk/desk.h"

namespace lix::app {
namespace {

constexpr int kMostKilobytes = 192 * 1024;

QString keyOf(const data::PictureRef& picture) { return QString::fromStdString(data::toText(picture)); }

QImage small(const imaging::Image& image) {
  const QImage whole(image.pixels.data(), image.width, image.height, qsizetype(image.width) * 3, QImage::Format_RGB888);
  if (image.width <= Thumbnails::kSide && image.height <= Thumbnails::kSide) {
    return whole.copy();
  }
  return whole.scaled(Thumbnails::kSide, Thumbnails::kSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

}  // namespace

Thumbnails::Thumbnails(Desk& desk) : desk_(desk), kept_(kMostKilobytes) {}
Thumbnails::~Thumbnails() { dropWishes(); }

QPixmap Thumbnails::get(const data::PictureRef& picture) {
  const QString key = keyOf(picture);
  if (const QPixmap* known = kept_.object(key)) {
    return *known;
  }
  if (wishes_.contains(key) || problems_.contains(key)) {
    return {};
  }
  // The datasets outlive the lane's task: the desk ends its lanes first.
  wishes_[key] = desk_.io().post([this, picture, key, generation = generation_, guard = QPointer(this)](std::stop_token stop) {
    auto loaded = std::make_shared<Result<imaging::Image>>(desk_.datasets().loadSmall(picture, kSide));
    auto image = std::make_shared<QImage>(*loaded ? small(**loaded) : QImage());
    if (stop.stop_requested()) {
      return;
    }
    QMetaObject::invokeMethod(
        qApp,
        [guard, picture, key, image, generation, error = *loaded ? QString() : QString::fromStdString(loaded->error().message)] {
          if (guard.isNull() || guard->generation_ != generation) {
            return;
          }
          guard->wishes_.erase(key);
          if (image->isNull()) {
            guard->problems_[key] = error;
            Q_EMIT guard->failed(picture, error);
            return;
          }
          const int kilobytes = std::max<int>(1, int(image->sizeInBytes() / 1024));
          guard->kept_.insert(key, new QPixmap(QPixmap::fromImage(*image)), kilobytes);
          Q_EMIT guard->ready(picture);
        },
        Qt::QueuedConnection);
  });
  return {};
}

QString Thumbnails::problem(const data::PictureRef& picture) const {
  const auto found = problems_.find(keyOf(picture));
  return found == problems_.end() ? QString() : found->second;
}

void Thumbnails::dropWishes() {
  for (auto& [key, ticket] : wishes_) {
    ticket.request_stop();
  }
  wishes_.clear();
}

void Thumbnails::forget() {
  dropWishes();
  ++generation_;
  problems_.clear();
  kept_.clear();
}

}  // namespace lix::app
