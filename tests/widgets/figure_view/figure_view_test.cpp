#include "figure_view/figure_view.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHelpEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolTip>

#include "../figure_samples.h"
#include "../shots.h"
#include "figures/parts.h"
#include "figures/table_figure.h"

namespace lix::widgets {
namespace {

using figures::Theme;

/// Lines of text colour every 20 pixels; counts how often it is drawn.
class Lines : public figures::Figure {
 public:
  explicit Lines(double area = 120'000) : area_(area) {}
  double naturalWidth() const override { return 400; }
  double heightFor(double width) const override { return area_ / width; }
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override {
    ++times;
    painter.fillRect(rect, figures::palette(theme).background);
    for (double y = 10; y < rect.height(); y += 20) {
      painter.fillRect(QRectF(rect.x() + 8, rect.y() + y, rect.width() - 16, 4), colourAt(int(y), theme));
    }
  }
  static QColor colourAt(int y, Theme theme) {
    return (y / 20) % 2 == 0 ? figures::palette(theme).ink : figures::categorical(theme, (y / 40) % 8);
  }

  mutable int times = 0;

 private:
  double area_;
};

void setTheme(ThemeChoice choice) { applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), choice); }

QPoint middle(const QWidget& widget) { return widget.rect().center(); }

TEST(FigureView, HeightFollowsWidth) {
  FigureView& view = *new FigureView;  // the area's own
  view.setFigure(std::make_shared<Lines>());
  EXPECT_EQ(view.sizeHint(), QSize(400, 300));
  EXPECT_EQ(view.heightForWidth(400), 300);
  EXPECT_EQ(view.heightForWidth(200), 600);
  EXPECT_TRUE(view.sizePolicy().hasHeightForWidth());
  QScrollArea area;
  area.setWidgetResizable(true);
  area.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area.setWidget(&view);
  area.resize(320, 200);
  area.show();
  ASSERT_TRUE(QTest::qWaitFor([&] { return view.height() >= view.heightForWidth(view.width()); }));
  EXPECT_LE(view.width(), 320);
  EXPECT_EQ(view.figureRect(), QRectF(0, 0, view.width(), view.heightForWidth(view.width())));
  area.resize(820, 200);
  EXPECT_TRUE(QTest::qWaitFor([&] { return view.width() > 700 && view.height() < 260; }));
  view.setFigure(std::make_shared<Lines>(480'000));
  EXPECT_TRUE(QTest::qWaitFor([&] { return view.height() > 480; })) << "another figure, another height";
}

TEST(FigureView, ThemeSwitchChangesPixels) {
  setTheme(ThemeChoice::Light);
  FigureView view;
  view.setFigure(std::make_shared<Lines>());
  view.resize(400, 300);
  view.show();
  const auto at = [&](int y) { return QColor(view.grab().toImage().pixel(200, y)); };
  EXPECT_EQ(at(12), figures::palette(Theme::Light).ink);
  EXPECT_EQ(at(5), figures::palette(Theme::Light).background);
  setTheme(ThemeChoice::Dark);
  ASSERT_TRUE(QTest::qWaitFor([&] { return at(5) == figures::palette(Theme::Dark).background; }));
  EXPECT_EQ(at(12), figures::palette(Theme::Dark).ink);
  setTheme(ThemeChoice::Light);
  EXPECT_TRUE(QTest::qWaitFor([&] { return at(5) == figures::palette(Theme::Light).background; }));
}

TEST(FigureView, IsDrawnOnceUntilItChanges) {
  FigureView view;
  const auto figure = std::make_shared<Lines>();
  view.setFigure(figure);
  view.resize(400, 300);
  view.show();
  view.grab();
  view.grab();
  const int drawn = figure->times;
  view.grab();
  QPixmap part(100, 50);
  view.render(&part, QPoint(), QRegion(20, 100, 100, 50));
  EXPECT_EQ(figure->times, drawn) << "scrolling only copies pixels";
  view.resize(300, 400);
  view.grab();
  EXPECT_GT(figure->times, drawn);
  const auto other = std::make_shared<Lines>();
  view.setFigure(other);
  view.grab();
  EXPECT_GT(other->times, 0);
}

TEST(FigureView, VeryTallFiguresAreRightEverywhere) {
  setTheme(ThemeChoice::Light);
  FigureView& view = *new FigureView;  // the area's own
  const auto figure = std::make_shared<Lines>(400.0 * 60'000);
  view.setFigure(figure);
  QScrollArea area;
  area.setWidgetResizable(true);
  area.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
  area.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area.setWidget(&view);
  area.resize(400 + area.verticalScrollBar()->sizeHint().width() + 2 * area.frameWidth(), 300);
  area.show();
  ASSERT_TRUE(QTest::qWaitFor([&] { return view.height() > 30'000; }));
  for (const int top : {0, 29'000, 29'100, 12'345, 50'000}) {
    area.verticalScrollBar()->setValue(top);
    QCoreApplication::processEvents();
    const QImage shown = area.viewport()->grab().toImage();
    const int offset = area.verticalScrollBar()->value();
    for (int y = 0; y < shown.height(); ++y) {
      const int at = (y + offset) % 20;
      if (at == 12) {
        ASSERT_EQ(QColor(shown.pixel(200, y)), Lines::colourAt(y + offset, Theme::Light)) << offset << " + " << y;
      } else if (at == 2) {
        ASSERT_EQ(QColor(shown.pixel(200, y)), figures::palette(Theme::Light).background) << offset << " + " << y;
      }
    }
  }
  EXPECT_LT(figure->times, 30);
}

TEST(FigureView, CopyPutsPictureAndSvgOnTheClipboard) {
  FigureView view;
  view.setFigure(std::make_shared<Lines>());
  view.resize(400, 300);
  view.show();
  view.setFocus();
  QApplication::clipboard()->clear();
  QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
  const QMimeData* data = QApplication::clipboard()->mimeData();
  ASSERT_TRUE(data && data->hasImage());
  EXPECT_EQ(qvariant_cast<QImage>(data->imageData()).size(), QSize(800, 600)) << "two pixels a logical pixel";
  EXPECT_TRUE(data->data("image/svg+xml").contains("<svg"));
  QApplication::clipboard()->setText("kept");
  view.setFigure(nullptr);
  QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
  EXPECT_EQ(QApplication::clipboard()->text(), "kept") << "without a figure there is nothing to copy";
}

TEST(FigureView, FiguresTooTallToCopyAreTold) {
  FigureView view;
  view.setFigure(std::make_shared<Lines>(400.0 * 60'000));
  view.resize(400, 300);
  QSignalSpy failed(&view, &FigureView::failed);
  view.copy();
  ASSERT_EQ(failed.size(), 1);
  EXPECT_TRUE(failed[0][0].toString().contains("5000"));
}

/// Types a path into the dialog that Ctrl+Shift+S opens, and accepts.
void saveTo(FigureView& view, const QString& path) {
  QTest::keyClick(&view, Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
  auto* dialog = view.findChild<QFileDialog*>();
  ASSERT_TRUE(dialog);
  QLineEdit* name = dialog->findChild<QLineEdit*>("fileNameEdit");
  ASSERT_TRUE(name);
  name->setText(path);
  QTest::keyClick(name, Qt::Key_Return);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !view.findChild<QFileDialog*>(); }));
}

QByteArray start(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.read(5) : QByteArray();
}

TEST(FigureView, DrawingsAreSavedOnWhiteAndPicturesAsSeen) {
  const QTemporaryDir folder;
  setTheme(ThemeChoice::Dark);
  FigureView view;
  view.setFigure(std::make_shared<Lines>());
  view.resize(400, 300);
  view.show();
  saveTo(view, folder.filePath("a.png"));
  saveTo(view, folder.filePath("b.svg"));
  setTheme(ThemeChoice::Light);
  EXPECT_EQ(QImage(folder.filePath("a.png")).pixelColor(2, 2), figures::palette(Theme::Dark).background);
  QFile svg(folder.filePath("b.svg"));
  ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
  const QByteArray text = svg.readAll();
  EXPECT_TRUE(text.contains(figures::palette(Theme::Light).background.name().toLatin1())) << text.left(900).data();
  EXPECT_FALSE(text.contains(figures::palette(Theme::Dark).background.name().toLatin1()));
}

TEST(FigureView, SavesByTheNameAndTellsFailures) {
  const QTemporaryDir folder;
  FigureView view;
  view.setFigure(std::make_shared<Lines>());
  view.resize(400, 300);
  view.show();
  QSignalSpy failed(&view, &FigureView::failed);
  saveTo(view, folder.filePath("a.png"));
  saveTo(view, folder.filePath("b.svg"));
  saveTo(view, folder.filePath("c.pdf"));
  saveTo(view, folder.filePath("no ending"));
  EXPECT_EQ(failed.size(), 0);
  EXPECT_EQ(start(folder.filePath("a.png")), QByteArray("\x89PNG\r"));
  EXPECT_EQ(start(folder.filePath("b.svg")), QByteArray("<?xml"));
  EXPECT_EQ(start(folder.filePath("c.pdf")), QByteArray("%PDF-"));
  EXPECT_EQ(start(folder.filePath("no ending.png")), QByteArray("\x89PNG\r"));
  saveTo(view, folder.filePath("missing/deeper/a.png"));
  ASSERT_EQ(failed.size(), 1);
  EXPECT_TRUE(failed[0][0].toString().contains("missing")) << failed[0][0].toString().toStdString();
  saveTo(view, folder.filePath("a.bmp"));
  ASSERT_EQ(failed.size(), 2);
  EXPECT_TRUE(failed[1][0].toString().contains(".svg"));
}

TEST(FigureView, ContextMenuCopies) {
  FigureView view;
  view.resize(400, 300);
  view.show();
  QContextMenuEvent ask(QContextMenuEvent::Mouse, middle(view), view.mapToGlobal(middle(view)));
  QApplication::sendEvent(&view, &ask);
  EXPECT_FALSE(view.findChild<QMenu*>()) << "nothing to copy";
  view.setFigure(std::make_shared<Lines>());
  QApplication::sendEvent(&view, &ask);
  auto* menu = view.findChild<QMenu*>();
  ASSERT_TRUE(menu);
  ASSERT_EQ(menu->actions().size(), 2);
  QApplication::clipboard()->clear();
  QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions()[0]).center());
  EXPECT_TRUE(QApplication::clipboard()->mimeData()->hasImage());
}

figures::TableFigure smallTable() { return figures::TableFigure({{}, "model", {"top-1"}, {{"tip, ours", {"61.2"}}}}); }
constexpr const char* kSmallTable = "model,top-1\n\"tip, ours\",61.2\n";

QByteArray whole(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("absent");
}

TEST(FigureView, NumbersAreCopiedFromTheMenu) {
  FigureView view;
  view.setFigure(std::make_shared<figures::TableFigure>(smallTable()));
  view.resize(400, 300);
  view.show();
  QContextMenuEvent ask(QContextMenuEvent::Mouse, middle(view), view.mapToGlobal(middle(view)));
  QApplication::sendEvent(&view, &ask);
  auto* menu = view.findChild<QMenu*>();
  ASSERT_TRUE(menu);
  ASSERT_EQ(menu->actions().size(), 5) << "copy, save, and both for the numbers";
  QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions()[3]).center());
  EXPECT_EQ(QApplication::clipboard()->text(), kSmallTable);
  EXPECT_EQ(QApplication::clipboard()->mimeData()->data("text/csv"), QByteArray(kSmallTable));
}

TEST(FigureView, NumbersAreSavedByTheirKeyAndByTheName) {
  const QTemporaryDir folder;
  FigureView view;
  view.setFigure(std::make_shared<figures::TableFigure>(smallTable()));
  view.resize(400, 300);
  view.show();
  QSignalSpy failed(&view, &FigureView::failed);
  const auto answer = [&](const QString& path) {
    auto* dialog = view.findChild<QFileDialog*>();
    ASSERT_TRUE(dialog);
    dialog->findChild<QLineEdit*>("fileNameEdit")->setText(path);
    QTest::keyClick(dialog->findChild<QLineEdit*>("fileNameEdit"), Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !view.findChild<QFileDialog*>(); }));
  };
  QTest::keyClick(&view, Qt::Key_S, Qt::ControlModifier | Qt::AltModifier);
  answer(folder.filePath("numbers"));
  EXPECT_EQ(whole(folder.filePath("numbers.csv")), kSmallTable) << "the ending comes by itself";
  saveTo(view, folder.filePath("other.CSV"));
  EXPECT_EQ(whole(folder.filePath("other.CSV")), kSmallTable);
  EXPECT_EQ(failed.size(), 0);
  saveTo(view, folder.filePath("missing/numbers.csv"));
  ASSERT_EQ(failed.size(), 1);
  EXPECT_TRUE(failed[0][0].toString().contains("missing")) << failed[0][0].toString().toStdString();
}

TEST(FigureView, FiguresWithoutNumbersSaySo) {
  const QTemporaryDir folder;
  FigureView view;
  view.setFigure(std::make_shared<Lines>());
  view.resize(400, 300);
  view.show();
  QSignalSpy failed(&view, &FigureView::failed);
  QTest::keyClick(&view, Qt::Key_S, Qt::ControlModifier | Qt::AltModifier);
  EXPECT_FALSE(view.findChild<QFileDialog*>()) << "there is nothing to ask for";
  saveTo(view, folder.filePath("a.csv"));
  ASSERT_EQ(failed.size(), 1);
  EXPECT_TRUE(failed[0][0].toString().contains("no numbers")) << failed[0][0].toString().toStdString();
  EXPECT_EQ(whole(folder.filePath("a.csv")), "absent");
}

TEST(FigureView, ClicksAndHintsSayWhere) {
  FigureView view;
  view.setFigure(std::make_shared<Lines>());
  view.resize(400, 500);
  view.show();
  QSignalSpy clicked(&view, &FigureView::clicked);
  QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(50, 60));
  QTest::mouseClick(&view, Qt::RightButton, {}, QPoint(50, 60));
  QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(50, 450));
  ASSERT_EQ(clicked.size(), 1) << "only the left button, only on the figure";
  EXPECT_EQ(clicked[0][0].toPointF(), QPointF(50, 60));
  EXPECT_TRUE(view.hasFocus() || view.focusPolicy() == Qt::StrongFocus);
  view.setHint([](const QPointF& at) { return at.x() < 100 ? QString("left at %1").arg(at.y()) : QString(); });
  const auto hover = [&](QPoint at) {
    QHelpEvent help(QEvent::ToolTip, at, view.mapToGlobal(at));
    QApplication::sendEvent(&view, &help);
    return QToolTip::isVisible() ? QToolTip::text() : QString();
  };
  EXPECT_EQ(hover({50, 70}), "left at 70");
  EXPECT_EQ(hover({60, 90}), "left at 90");
  hover({300, 90});
  EXPECT_TRUE(QTest::qWaitFor([] { return !QToolTip::isVisible(); })) << "nothing to say there";
}

TEST(FigureView, EmptyTextIsShownWrappedInTheMiddle) {
  setTheme(ThemeChoice::Light);
  FigureView view;
  view.setEmptyText("Choose a run and a picture to see which regions the caption looks at, then choose a layer.");
  view.resize(300, 200);
  view.show();
  EXPECT_TRUE(view.figureRect().isEmpty());
  EXPECT_GT(view.heightForWidth(160), view.heightForWidth(900));
  const QImage shown = view.grab().toImage();
  QRect ink;
  for (int y = 6; y < shown.height() - 6; ++y) {
    for (int x = 6; x < shown.width() - 6; ++x) {
      if (shown.pixel(x, y) != shown.pixel(8, 8)) {
        ink |= QRect(x, y, 1, 1);
      }
    }
  }
  EXPECT_GT(ink.height(), 2 * view.fontMetrics().height()) << "several lines";
  EXPECT_NEAR(ink.center().x(), 150, 12);
  EXPECT_NEAR(ink.center().y(), 100, 12);
  EXPECT_EQ(view.accessibleDescription(), "Choose a run and a picture to see which regions the caption looks at, then choose "
                                          "a layer.");
  shoot(view, "figure-empty");
}

TEST(FigureView, FocusShowsARing) {
  setTheme(ThemeChoice::Light);
  FigureView view;
  view.setFigure(std::make_shared<figures::CurvesFigure>(figures::sample::curves(4)));
  view.resize(640, view.heightForWidth(640));
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&view));
  view.clearFocus();
  const QImage without = view.grab().toImage();
  QTest::keyClick(&view, Qt::Key_Tab);
  view.setFocus(Qt::TabFocusReason);
  ASSERT_TRUE(view.hasFocus());
  const QImage with = view.grab().toImage();
  EXPECT_EQ(QColor(with.pixel(1, with.height() / 2)), colours(Theme::Light).accent);
  EXPECT_NE(QColor(without.pixel(1, without.height() / 2)), colours(Theme::Light).accent);
  shoot(view, "figure-curves");
}

}  // namespace
}  // namespace lix::widgets
