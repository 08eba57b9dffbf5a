#include "desk/drag_out.h"

#include <QImage>
#include <QMimeData>
#include <QPointer>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QUrl>
#include <future>
#include <memory>
#include <optional>

#include "desk/dataset_shelf.h"
#include "desk/desk.h"

namespace lix::app {
namespace {

constexpr const char* kUrls = "text/uri-list";
constexpr const char* kImage = "application/x-qt-image";  // Qt offers it as PNG and other formats

/// The file that a picture is, where it is one; nothing is read for it.
std::optional<std::filesystem::path> fileOf(const data::PictureRef& picture, const DatasetShelf& shelf) {
  if (picture.isFile()) {
    return picture.file;
  }
  const auto opened = shelf.peek(picture.dataset);
  if (opened == nullptr || !opened->byKey.contains(picture.key)) {
    return std::nullopt;
  }
  const std::filesystem::path file = opened->set.pictures->file(opened->byKey.at(picture.key));
  return file.empty() ? std::nullopt : std::optional(file);
}

/// Where drawn pictures are written; for as long as the program runs, since file managers copy later.
QString freeName(const data::PictureRef& picture) {
  static const QTemporaryDir folder;
  static int count = 0;
  static const QRegularExpression odd("[^A-Za-z0-9]+");
  QString name = QString::fromStdString(data::shortName(picture)).replace(odd, "_").left(60);
  return QStringLiteral("%1/%2_%3.png").arg(folder.path(), name).arg(++count);
}

class PictureMime : public QMimeData {
 public:
  PictureMime(const Payload& payload, Desk& desk) : payload_(payload), desk_(&desk) {
    const std::unique_ptr<QMimeData> plain(toMime(payload));
    for (const QString& format : plain->formats()) {
      if (format != kUrls) {
        setData(format, plain->data(format));
      }
    }
  }

  QStringList formats() const override {
    QStringList all = QMimeData::formats();
    if (!payload_.pictures.empty() || !payload_.paths.empty()) {
      all << kUrls;
    }
    if (payload_.pictures.size() == 1) {
      all << kImage;
    }
    return all;
  }
  bool hasFormat(const QString& format) const override { return formats().contains(format); }

 protected:
  QVariant retrieveData(const QString& format, QMetaType type) const override {
    if (format == kImage && payload_.pictures.size() == 1) {
      if (!image_) {
        image_ = makeImage();
      }
      return *image_;
    }
    if (format != kUrls) {
      return QMimeData::retrieveData(format, type);
    }
    if (!urls_) {
      urls_ = makeUrls();
    }
    return *urls_;
  }

 private:
  QVariantList makeUrls() const {
    QVariantList urls;
    std::vector<data::PictureRef> drawn;
    for (const data::PictureRef& picture : payload_.pictures) {
      const auto file = desk_.isNull() ? std::nullopt : fileOf(picture, desk_->datasets());
      if (file) {
        urls << QUrl::fromLocalFile(QString::fromStdString(file->string()));
      } else {
        drawn.push_back(picture);
      }
    }
    for (const auto& path : payload_.paths) {
      urls << QUrl::fromLocalFile(QString::fromStdString(path.string()));
    }
    return urls + draw(drawn);
  }

  /// Null images, and sentences, where one cannot be read.
  std::vector<QImage> load(const std::vector<data::PictureRef>& pictures) const {
    // Not on the window's thread, which waits: the drop wants its answer now.
    const auto loaded = std::async(std::launch::async, [&] {
      std::vector<Result<imaging::Image>> all;
      for (const data::PictureRef& picture : pictures) {
        all.push_back(desk_->datasets().load(picture));
      }
      return all;
    }).get();
    std::vector<QImage> images;
    for (const auto& image : loaded) {
      if (!image) {
        desk_->say(image.error());
      }
      images.push_back(!image ? QImage()
                              : QImage(image->pixels.data(), image->width, image->height, qsizetype(image->width) * 3,
                                       QImage::Format_RGB888).copy());
    }
    return images;
  }

  QVariant makeImage() const {
    const QImage image = desk_.isNull() ? QImage() : load(payload_.pictures).front();
    return image.isNull() ? QVariant() : QVariant(image);
  }

  QVariantList draw(std::vector<data::PictureRef> pictures) const {
    QVariantList urls;
    if (pictures.empty() || desk_.isNull()) {
      return urls;
    }
    if (pictures.size() > std::size_t(kMostDrawn)) {
      desk_->say(widgets::Severity::Info, Desk::tr("Of %1 drawn pictures the first %2 go out as files; drag fewer at a time.")
                                              .arg(pictures.size()).arg(kMostDrawn));
      pictures.resize(std::size_t(kMostDrawn));
    }
    const auto images = load(pictures);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      const QString name = freeName(pictures[i]);
      if (images[i].isNull()) {
        continue;
      }
      if (images[i].save(name)) {
        urls << QUrl::fromLocalFile(name);
      } else {
        desk_->say(widgets::Severity::Error, Desk::tr("The picture could not be written to %1; make room there.").arg(name));
      }
    }
    return urls;
  }

  Payload payload_;
  QPointer<Desk> desk_;
  mutable std::optional<QVariantList> urls_;
  mutable std::optional<QVariant> image_;
};

}  // namespace

QMimeData* toMime(const Payload& payload, Desk& desk) { return new PictureMime(payload, desk); }

}  // namespace lix::app
