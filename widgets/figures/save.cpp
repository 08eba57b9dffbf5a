#include "figures/save.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/file.h"
#include "base/text.h"

namespace lix::figures {
namespace {

constexpr double kLeastWidth = 160.0;
constexpr double kMostLength = 5000.0;  // bounds the memory of a PNG to 400 MB
constexpr int kPngScale = 2;
constexpr double kPixelsPerInch = 96.0;

Result<std::string> cannotDraw(std::string_view kind, const QSizeF& size) {
  return fail(ErrorCode::NoMemory, cat("The figure of ", size.width(), " x ", size.height(), " could not be drawn as ",
                                       kind, "; free some memory or ask for a smaller width."));
}

Result<std::string> renderedPng(const Figure& figure, const QSizeF& size, Theme theme) {
  QImage image((size * kPngScale).toSize(), QImage::Format_RGB32);
  if (image.isNull()) {
    return cannotDraw("PNG", size);
  }
  image.fill(palette(theme).background);
  QPainter painter(&image);
  painter.scale(kPngScale, kPngScale);
  figure.draw(painter, QRectF(QPointF(0, 0), size), theme);
  painter.end();
  const int dotsPerMeter = int(std::lround(kPngScale * kPixelsPerInch / 0.0254));
  image.setDotsPerMeterX(dotsPerMeter);
  image.setDotsPerMeterY(dotsPerMeter);
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  if (!image.save(&buffer, "PNG")) {
    return cannotDraw("PNG", size);
  }
  return buffer.data().toStdString();
}

Result<std::string> renderedSvg(const Figure& figure, const QSizeF& size, Theme theme) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setResolution(int(kPixelsPerInch));
  generator.setTitle(QStringLiteral("Figure"));
  generator.setDescription(QStringLiteral("Drawn by LIxPlorer"));
  generator.setSize(size.toSize());
  generator.setViewBox(QRectF(QPointF(0, 0), size));
  QPainter painter;
  if (!painter.begin(&generator)) {
    return cannotDraw("SVG", size);
  }
  figure.draw(painter, QRectF(QPointF(0, 0), size), theme);
  painter.end();
  return buffer.data().toStdString();
}

Result<std::string> renderedPdf(const Figure& figure, const QSizeF& size, Theme theme) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  writer.setCreator(QStringLiteral("LIxPlorer"));
  writer.setResolution(1200);
  writer.setPageSize(QPageSize(size * 72.0 / kPixelsPerInch, QPageSize::Point, QString(), QPageSize::ExactMatch));
  writer.setPageMargins(QMarginsF(0, 0, 0, 0));
  QPainter painter;
  if (!painter.begin(&writer)) {
    return cannotDraw("PDF", size);
  }
  painter.scale(1200 / kPixelsPerInch, 1200 / kPixelsPerInch);
  figure.draw(painter, QRectF(QPointF(0, 0), size), theme);
  painter.end();
  return buffer.data().toStdString();
}

}  // namespace

Result<FileKind> fileKind(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (extension == ".png") {
    return FileKind::Png;
  }
  if (extension == ".svg") {
    return FileKind::Svg;
  }
  if (extension == ".pdf") {
    return FileKind::Pdf;
  }
  return fail(ErrorCode::Unsupported,
              cat("A figure cannot be saved as ", path.string(), "; name a file that ends in .png, .svg or .pdf."));
}

Result<std::string> rendered(const Figure& figure, FileKind kind, Theme theme, std::optional<double> width) {
  const double wide = std::round(width.value_or(figure.naturalWidth()));
  if (!(wide >= kLeastWidth && wide <= kMostLength)) {
    return fail(ErrorCode::BadInput, cat("A figure cannot be ", wide, " pixels wide; choose a width from ", kLeastWidth,
                                         " to ", kMostLength, "."));
  }
  const QSizeF size(wide, std::ceil(figure.heightFor(wide)));
  if (!(size.height() <= kMostLength)) {
    return fail(ErrorCode::BadInput, cat("The figure would be ", size.height(), " pixels high at a width of ", wide,
                                         ", more than ", kMostLength, "; show fewer items or choose a larger width."));
  }
  switch (kind) {
    case FileKind::Png:
      return renderedPng(figure, size, theme);
    case FileKind::Svg:
      return renderedSvg(figure, size, theme);
    case FileKind::Pdf:
      return renderedPdf(figure, size, theme);
  }
  return cannotDraw("a file", size);
}

Result<void> save(const Figure& figure, const std::filesystem::path& path, Theme theme, std::optional<double> width) {
  LIX_TRY(const FileKind kind, fileKind(path));
  LIX_TRY(const std::string bytes, rendered(figure, kind, theme, width));
  return writeFile(path, bytes);
}

}  // namespace lix::figures
