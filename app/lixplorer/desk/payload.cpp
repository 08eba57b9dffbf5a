#include "desk/payload.h"

#include <QByteArray>
#include <QMimeData>
#include <QUrl>
#include <algorithm>
#include <array>

#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::app {
namespace {

constexpr const char* kFormat = "application/x-lixplorer-pictures";
constexpr char kBetween = '\0';  // no name holds one

void addFile(const std::filesystem::path& path, Payload& payload) {
  if (data::hasPictureExtension(path)) {
    payload.pictures.push_back(data::PictureRef::ofFile(path));
  } else {
    payload.paths.push_back(path);
  }
}

void addLines(const QString& text, Payload& payload) {
  for (const QString& line : text.split('\n')) {
    if (const QString caption = line.trimmed(); !caption.isEmpty()) {
      payload.captions.push_back(caption.toStdString());
    }
  }
}

}  // namespace

QMimeData* toMime(const Payload& payload) {
  std::vector<std::string> texts;
  QList<QUrl> urls;
  for (const data::PictureRef& picture : payload.pictures) {
    texts.push_back(data::toText(picture));
    if (picture.isFile()) {
      urls.push_back(QUrl::fromLocalFile(QString::fromStdString(picture.file.string())));
    }
  }
  for (const auto& path : payload.paths) {
    urls.push_back(QUrl::fromLocalFile(QString::fromStdString(path.string())));
  }
  auto* mime = new QMimeData;
  if (!texts.empty()) {
    mime->setData(kFormat, QByteArray::fromStdString(join(texts, std::string_view(&kBetween, 1))));
  }
  if (!urls.isEmpty()) {
    mime->setUrls(urls);
  }
  if (!payload.captions.empty()) {
    mime->setText(QString::fromStdString(join(payload.captions, "\n")));
  }
  return mime;
}

Payload fromMime(const QMimeData& mime) {
  Payload payload;
  if (mime.hasFormat(kFormat)) {
    for (const std::string& text : split(mime.data(kFormat).toStdString(), kBetween)) {
      if (auto picture = data::pictureRefFromText(text)) {
        payload.pictures.push_back(std::move(*picture));
      }
    }
    return payload;  // its URLs name the same pictures
  }
  if (mime.hasUrls()) {
    const auto urls = mime.urls();
    for (const QUrl& url : urls) {
      if (url.isLocalFile()) {
        addFile(url.toLocalFile().toStdString(), payload);
      } else {
        payload.paths.emplace_back(url.toString().toStdString());
      }
    }
    return payload;
  }
  if (mime.hasText()) {
    addLines(mime.text(), payload);
  }
  return payload;
}

bool canRead(const QMimeData& mime) { return mime.hasFormat(kFormat) || mime.hasUrls() || mime.hasText(); }

}  // namespace lix::app
