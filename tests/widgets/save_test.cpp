#include "figures/save.h"

#include <unistd.h>
#include <gtest/gtest.h>

#include <QImage>
#include <QSvgRenderer>
#include <QXmlStreamReader>
#include <filesystem>

#include "base/file.h"
#include "figure_samples.h"
#include "figure_tests.h"
#include "figures/parts.h"
#include "support/support.h"

namespace lix::figures {
namespace {

TEST(Save, PngHasTwoPixelsALogicalPixel) {
  const lix::test::TemporaryFolder folder;
  const CurvesFigure figure(sample::curves(3));
  LIX_ASSERT_OK(save(figure, folder / "a.PNG", Theme::Dark, 500));
  const QImage image(QString::fromStdString((folder / "a.PNG").string()));
  EXPECT_EQ(image.width(), 1000);
  EXPECT_EQ(image.height(), 2 * int(std::ceil(figure.heightFor(500))));
  EXPECT_EQ(image.pixelColor(3, 3), palette(Theme::Dark).background);
  EXPECT_NEAR(image.dotsPerMeterX() * 0.0254, 192, 1);
}

TEST(Save, SvgIsWellFormedAndItsTextIsText) {
  const lix::test::TemporaryFolder folder;
  WeightsData data = sample::weights(4, 16, 6);
  data.captions[0].caption = "ball & <box> \x01 \"quoted\"";
  const WeightsFigure figure(data);
  LIX_ASSERT_OK(save(figure, folder / "a.svg", Theme::Light));
  const auto bytes = readFile(folder / "a.svg");
  LIX_ASSERT_OK(bytes);
  QXmlStreamReader reader(QByteArray::fromStdString(*bytes));
  QString text;
  int fonts = 0;
  while (!reader.atEnd()) {
    if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == u"text") {
      fonts += reader.attributes().value("font-family") == u"sans-serif" ? 1 : 0;
      text += reader.readElementText() + "\n";
    }
  }
  EXPECT_FALSE(reader.hasError()) << reader.errorString().toStdString();
  EXPECT_TRUE(text.contains("ball & <box> \"quoted\"")) << text.toStdString();
  EXPECT_TRUE(text.contains("Mixture weights per caption"));
  EXPECT_TRUE(text.contains("grass") || text.contains("striped"));
  EXPECT_GT(fonts, 20);
  QSvgRenderer renderer(QByteArray::fromStdString(*bytes));
  EXPECT_TRUE(renderer.isValid());
  EXPECT_EQ(renderer.viewBoxF().width(), figure.naturalWidth());
}

TEST(Save, SvgLooksLikeThePicture) {
  const CurvesFigure figure(sample::curves(2));
  const auto bytes = rendered(figure, FileKind::Svg, Theme::Light);
  LIX_ASSERT_OK(bytes);
  QSvgRenderer renderer(QByteArray::fromStdString(*bytes));
  const QSizeF size(figure.naturalWidth(), std::ceil(figure.sizeHint().height()));
  QImage image(size.toSize(), QImage::Format_RGB32);
  image.fill(Qt::magenta);
  QPainter painter(&image);
  renderer.render(&painter, QRectF(QPointF(0, 0), size));
  painter.end();
  EXPECT_EQ(test::count(image, image.rect(), Qt::magenta, 0), 0);
  const auto place = figure.places(QRectF(QPointF(0, 0), size)).front();
  const auto& point = sample::curves(2).panels[0].series[0].points.back();
  EXPECT_TRUE(test::near(test::at(image, place.at(point.x, point.mean)), categorical(Theme::Light, 0)));
}

TEST(Save, EveryFigureBecomesEveryKind) {
  const CurvesFigure curves(sample::curves(3));
  const WeightsFigure weights(sample::weights(3, 8, 5));
  const MapFigure maps(sample::maps(5));
  const ContextFigure context(sample::context(9));
  const SeriesFigure series(sample::training(2, 100));
  const GridFigure grid(sample::predictions(7));
  for (const Figure* figure :
       std::initializer_list<const Figure*>{&curves, &weights, &maps, &context, &series, &grid}) {
    const auto png = rendered(*figure, FileKind::Png, Theme::Light);
    const auto svg = rendered(*figure, FileKind::Svg, Theme::Dark);
    const auto pdf = rendered(*figure, FileKind::Pdf, Theme::Light);
    ASSERT_TRUE(png && svg && pdf);
    EXPECT_TRUE(png->starts_with("\x89PNG"));
    EXPECT_TRUE(svg->starts_with("<?xml"));
    EXPECT_TRUE(pdf->starts_with("%PDF-"));
    EXPECT_NE(pdf->find("%%EOF"), std::string::npos);
    EXPECT_GT(pdf->size(), 8000U);
  }
}

TEST(Save, SaysWhatIsWrong) {
  const lix::test::TemporaryFolder folder;
  const CurvesFigure figure({});
  const auto kind = save(figure, folder / "a.jpg", Theme::Light);
  EXPECT_NE(lix::test::messageOf(kind).find(".png, .svg or .pdf"), std::string::npos);
  EXPECT_FALSE(save(figure, folder / "noextension", Theme::Light).has_value());
  const auto missing = save(figure, folder / "absent/a.png", Theme::Light);
  EXPECT_NE(lix::test::messageOf(missing).find("absent"), std::string::npos);
  LIX_ASSERT_OK(writeFile(folder / "file", "no folder"));
  EXPECT_NE(lix::test::messageOf(save(figure, folder / "file/a.png", Theme::Light)).find("a.png"), std::string::npos);
  std::filesystem::remove(folder / "file");
  EXPECT_FALSE(save(figure, folder / "a.png", Theme::Light, 3).has_value());
  EXPECT_FALSE(save(figure, folder / "a.png", Theme::Light, 1e9).has_value());
  EXPECT_FALSE(save(figure, folder / "a.png", Theme::Light, NAN).has_value());
  const auto high = save(GridFigure(sample::predictions(3000)), folder / "a.png", Theme::Light, 200);
  EXPECT_NE(lix::test::messageOf(high).find("pixels high"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "nothing half-written";
}

TEST(Save, ReadOnlyFolder) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root writes into read-only folders";
  }
  const lix::test::TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const auto done = save(CurvesFigure({}), folder / "a.png", Theme::Light);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
  EXPECT_NE(lix::test::messageOf(done).find(folder.path().string()), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace lix::figures
