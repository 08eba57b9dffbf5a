#include "theme/theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <map>

namespace lix::widgets {
namespace {

using figures::Theme;

const QStringList kNames = QString(
                               "data train inspect support curves compare runs open add remove undo redo save copy "
                               "search command help pause play stop cancel light dark folder picture warning error "
                               "info check trash tag float queued")
                               .split(' ');

void choose(ThemeChoice choice) { applyTheme(*qApp, choice); }

class Watcher : public QWidget {
 public:
  int changes = 0;

 protected:
  void changeEvent(QEvent* event) override { changes += event->type() == QEvent::PaletteChange ? 1 : 0; }
};

TEST(Theme, SystemIsWhatTheDesktopHadAtTheStart) {
  choose(ThemeChoice::System);
  const Theme start = themeOf(QApplication::palette());
  choose(start == Theme::Light ? ThemeChoice::Dark : ThemeChoice::Light);
  EXPECT_NE(themeOf(QApplication::palette()), start);
  choose(ThemeChoice::System);
  EXPECT_EQ(themeOf(QApplication::palette()), start);
}

TEST(Theme, ThePaletteTellsItsTheme) {
  choose(ThemeChoice::Dark);
  EXPECT_EQ(themeOf(QApplication::palette()), Theme::Dark);
  choose(ThemeChoice::Light);
  EXPECT_EQ(themeOf(QApplication::palette()), Theme::Light);
}

/// Columns of a button's picture in which anything but its ground is drawn, without its borders.
std::vector<bool> inkOf(QWidget& button) {
  const QImage picture = button.grab().toImage();
  std::vector<bool> ink;
  for (int x = 4; x < picture.width() - 4; ++x) {
    bool any = false;
    for (int y = 4; y < picture.height() - 4; ++y) {
      any = any || picture.pixelColor(x, y) != picture.pixelColor(4, picture.height() / 2);
    }
    ink.push_back(any);
  }
  return ink;
}

TEST(Theme, TheMarkOfAMenuStandsBesideTheText) {
  choose(ThemeChoice::Light);
  QMenu menu;
  QToolButton tool;
  tool.setText("Presets");
  tool.setPopupMode(QToolButton::InstantPopup);
  tool.setMenu(&menu);
  QPushButton push("Save figure");
  push.setMenu(&menu);
  for (QWidget* button : std::initializer_list<QWidget*>{&tool, &push}) {
    button->ensurePolished();
    button->resize(button->sizeHint());
    const std::vector<bool> ink = inkOf(*button);
    const auto mark = std::find(ink.rbegin(), ink.rend(), true);
    const auto gap = std::find(mark, ink.rend(), false);
    const auto text = std::find(gap, ink.rend(), true);
    ASSERT_NE(text, ink.rend()) << button->metaObject()->className();
    EXPECT_GE(gap - mark, 5) << "the mark";
    EXPECT_LE(gap - mark, 12) << "the mark alone";
    EXPECT_GE(text - gap, 3) << "air before it";
  }
}

TEST(Theme, FocusDoesNotLookPressed) {
  choose(ThemeChoice::Light);
  QWidget window;
  auto* button = new QPushButton("OK", &window);
  button->setGeometry(10, 10, 160, 40);
  window.resize(180, 60);
  window.show();
  const auto ground = [&] { return button->grab().toImage().pixelColor(30, 20); };
  const QColor calm = ground();
  button->setFocus(Qt::TabFocusReason);
  window.activateWindow();
  QApplication::processEvents();
  ASSERT_TRUE(button->hasFocus());
  EXPECT_EQ(ground(), calm);
}

TEST(Theme, EveryTextCanBeRead) {
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    choose(theme == Theme::Light ? ThemeChoice::Light : ThemeChoice::Dark);
    const QPalette palette = QApplication::palette();
    const Colours& own = colours(theme);
    for (const QColor& behind : {palette.color(QPalette::Window), palette.color(QPalette::Base),
                                 palette.color(QPalette::AlternateBase), own.surface, own.raised}) {
      for (const QColor& text :
           {palette.color(QPalette::WindowText), palette.color(QPalette::PlaceholderText),
            palette.color(QPalette::Link), own.muted, own.accent, own.good, own.warning, own.bad}) {
        EXPECT_GE(figures::contrast(text, behind), 4.5)
            << text.name().toStdString() << " " << behind.name().toStdString();
      }
    }
    EXPECT_GE(figures::contrast(own.onAccent, own.accent), 4.5);
    EXPECT_GE(figures::contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)), 4.5);
    EXPECT_EQ(own.surface, figures::palette(theme).background) << "a figure in a card has no edge";
  }
}

TEST(Theme, TheStyleSheetHasNoNameLeft) {
  for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
    applyTheme(*qApp, choice);
    const QString sheet = qApp->styleSheet();
    EXPECT_GT(sheet.size(), 2000);
    EXPECT_FALSE(sheet.contains('@')) << sheet.mid(sheet.indexOf('@'), 20).toStdString();
    for (QString part : sheet.split("url(").mid(1)) {
      const QString path = part.left(part.indexOf(')'));
      EXPECT_TRUE(QFile::exists(path)) << path.toStdString();
    }
  }
}

TEST(Theme, WidgetsHearOfAChangeAndAreDrawnAnew) {
  choose(ThemeChoice::Light);
  Watcher window;
  auto* layout = new QVBoxLayout(&window);
  auto* muted = new QLabel("Muted");
  muted->setProperty("muted", true);
  auto* primary = new QPushButton("Primary");
  primary->setProperty("primary", true);
  layout->addWidget(muted);
  layout->addWidget(primary);
  window.resize(240, 120);
  window.show();
  const auto behind = [&] { return window.grab().toImage().pixelColor(2, 2); };
  const auto button = [&] { return primary->grab().toImage().pixelColor(6, primary->height() / 2); };
  EXPECT_GT(figures::luminance(behind()), 0.8);
  EXPECT_EQ(button(), colours(Theme::Light).accent);
  window.changes = 0;
  choose(ThemeChoice::Dark);
  EXPECT_GE(window.changes, 1);
  EXPECT_LT(figures::luminance(behind()), 0.05);
  EXPECT_EQ(button(), colours(Theme::Dark).accent);
  EXPECT_EQ(muted->palette().color(QPalette::WindowText), colours(Theme::Dark).muted);
  choose(ThemeChoice::Light);
}

TEST(Theme, AWidgetDeepInsideIsStyledNoMoreOftenThanItsWindow) {
  choose(ThemeChoice::Light);
  struct Count : QObject {
    std::map<const QObject*, int> styled;
    bool eventFilter(QObject* object, QEvent* event) override {
      styled[object] += event->type() == QEvent::StyleChange ? 1 : 0;
      return false;
    }
  } count;
  QWidget window;
  QWidget* inside = &window;
  for (int depth = 0; depth < 12; ++depth) {
    auto* column = new QVBoxLayout(inside);
    inside = new QWidget;
    column->addWidget(inside);
  }
  window.show();
  qApp->installEventFilter(&count);
  choose(ThemeChoice::Dark);
  qApp->removeEventFilter(&count);
  EXPECT_GT(count.styled[inside], 0);
  EXPECT_LE(count.styled[inside], 2);
  EXPECT_LE(count.styled[&window], 2);
  count.styled.clear();
  qApp->installEventFilter(&count);
  choose(ThemeChoice::Dark);
  qApp->removeEventFilter(&count);
  EXPECT_EQ(count.styled[inside], 0) << "it is dark already";
}

TEST(Icons, EveryNameHasOneAndEveryFileAName) {
  for (const QString& name : kNames) {
    EXPECT_FALSE(icon(name).isNull()) << name.toStdString();
  }
  EXPECT_EQ(QDir(":/theme/icons").entryList().size(), kNames.size());
  EXPECT_TRUE(icon("no such icon").isNull());
}

int inked(const QImage& image, const QColor& colour) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const QColor pixel = image.pixelColor(x, y);
      count += pixel.alpha() > 200 && std::abs(pixel.red() - colour.red()) < 24 &&
                       std::abs(pixel.blue() - colour.blue()) < 24
                   ? 1
                   : 0;
    }
  }
  return count;
}

TEST(Icons, FollowTheThemeWithoutBeingMadeAnew) {
  choose(ThemeChoice::Light);
  const QIcon search = icon("search");
  const auto count = [&](Theme theme, QIcon::Mode mode = QIcon::Normal) {
    return inked(search.pixmap(QSize(48, 48), 1.0, mode).toImage(), figures::palette(theme).ink);
  };
  EXPECT_GT(count(Theme::Light), 60);
  EXPECT_EQ(count(Theme::Dark), 0);
  EXPECT_EQ(count(Theme::Light, QIcon::Disabled), 0) << "a disabled icon is fainter";
  choose(ThemeChoice::Dark);
  EXPECT_GT(count(Theme::Dark), 60);
  EXPECT_EQ(count(Theme::Light), 0);
  const QImage onAccent = icon("search", IconTint::OnAccent).pixmap(QSize(48, 48), 1.0).toImage();
  EXPECT_GT(inked(onAccent, colours(Theme::Dark).onAccent), 60);
  choose(ThemeChoice::Light);
}

TEST(Icons, AreDrawnWithAllPixelsOfAFineScreen) {
  for (const QString& name : kNames) {
    const QPixmap fine = icon(name).pixmap(QSize(24, 24), 2.0);
    EXPECT_EQ(fine.size(), QSize(48, 48));
    EXPECT_EQ(fine.devicePixelRatio(), 2.0);
    const QImage image = fine.toImage();
    bool drawn = false;
    for (int i = 0; i < 48; ++i) {
      for (int side : {0, 47}) {
        EXPECT_EQ(image.pixelColor(i, side).alpha(), 0) << name.toStdString() << " touches the edge";
        EXPECT_EQ(image.pixelColor(side, i).alpha(), 0) << name.toStdString() << " touches the edge";
      }
      for (int j = 0; j < 48; ++j) {
        drawn = drawn || image.pixelColor(i, j).alpha() > 200;
      }
    }
    EXPECT_TRUE(drawn) << name.toStdString();
  }
}

}  // namespace
}  // namespace lix::widgets
