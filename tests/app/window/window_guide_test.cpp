// The guided tour, done by a person's own clicks and keys.
#include <QDockWidget>
#include <QLabel>
#include <QPlainTextEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTextBlock>
#include <QTextBrowser>
#include <QToolButton>

#include "chrome/action_table.h"
#include "docks/dock_area.h"
#include "frame/guide.h"
#include "frame/guide_book.h"
#include "frame/settings.h"
#include "image_grid/image_grid.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/support_board.h"
#include "pages/support/support_column.h"
#include "pages/support/support_page.h"
#include "window_fixture.h"

namespace lix::app {
namespace {
using testing_support::waitFor;
using testing_support::WindowTest;

constexpr int kLong = 120000;

class WindowGuide : public WindowTest {
 protected:
  void click(const char* name) {
    auto* button = window_->findChild<QAbstractButton*>(name);
    ASSERT_NE(button, nullptr) << name;
    ASSERT_TRUE(waitFor([&] { return button->isVisible() && button->isEnabled(); })) << name;
    QTest::mouseClick(button, Qt::LeftButton);
  }
  bool reached(int step) {
    return waitFor([&] { return window_->guide().step() == step; }, kLong);
  }
  QString text() { return window_->findChild<QLabel*>("guide.text")->text(); }
};

TEST_F(WindowGuide, IsShownOnceAndClosedForGood) {
  EXPECT_TRUE(window_->guide().isVisible()) << "at the first start with the demo workspace";
  EXPECT_FALSE(window_->guide().isModal());
  for (const char* name : {"guide.show", "guide.skip", "guide.close"}) {
    auto* button = window_->findChild<QAbstractButton*>(name);
    EXPECT_FALSE(button->toolTip().isEmpty()) << name;
    EXPECT_FALSE(button->accessibleName().isEmpty() && button->text().isEmpty()) << name;
    EXPECT_NE(button->focusPolicy() & Qt::TabFocus, 0) << name;
  }
  click("guide.close");
  EXPECT_FALSE(window_->guide().isVisible());
  shut();
  open(folder_ / "demo");
  EXPECT_FALSE(window_->guide().isVisible());
  key(QKeySequence("F1"));
  EXPECT_TRUE(window_->guide().isVisible());
  EXPECT_TRUE(window_->guide().isAncestorOf(QApplication::focusWidget())) << "with the keyboard";
}

TEST_F(WindowGuide, TheBookOpensAtThePageThatIsShownAndItsLinksAndPicturesAreThere) {
  key(QKeySequence("Ctrl+2"));
  key(QKeySequence("Ctrl+F1"));
  auto* book = window_->findChild<GuideBook*>();
  ASSERT_NE(book, nullptr);
  EXPECT_TRUE(book->isVisible());
  EXPECT_FALSE(book->isModal());
  EXPECT_TRUE(book->text()->toPlainText().startsWith("Train")) << book->text()->toPlainText().left(40).toStdString();
  auto* pages = book->findChild<QListWidget*>("guide.book.pages");
  for (int row = 0; row < pages->count(); ++row) {
    pages->setCurrentRow(row);
    EXPECT_GT(book->text()->toPlainText().size(), 400) << row;
    for (QTextBlock block = book->text()->document()->begin(); block.isValid(); block = block.next()) {
      for (auto piece = block.begin(); !piece.atEnd(); ++piece) {
        if (const QTextCharFormat format = piece.fragment().charFormat(); format.isImageFormat()) {
          const QUrl name = book->text()->source().resolved(QUrl(format.toImageFormat().name()));
          EXPECT_TRUE(QFile::exists(":" + name.path())) << name.toString().toStdString();
        }
      }
    }
  }
  pages->setCurrentRow(0);
  Q_EMIT book->text()->anchorClicked(QUrl("support.md"));
  EXPECT_TRUE(book->text()->toPlainText().startsWith("Support"));
  testing_support::grabPage(*book, "guide-book");
}

TEST_F(WindowGuide, IsNotShownInAWorkspaceOfOnesOwn) {
  shut();
  qputenv("LIX_SETTINGS", QByteArray::fromStdString((folder_ / "others.ini").string()));
  ASSERT_TRUE(store::Workspace::open(folder_ / "own", store::OpenMode::Create));
  open(folder_ / "own");
  EXPECT_FALSE(window_->guide().isVisible());
  EXPECT_FALSE(settings::guideSeen());
}

TEST_F(WindowGuide, SkipsToItsEnd) {
  QString before;
  for (int i = 0; i < window_->guide().steps(); ++i) {
    EXPECT_EQ(window_->guide().step(), i);
    EXPECT_NE(text(), before);
    before = text();
    click("guide.skip");
  }
  EXPECT_EQ(window_->guide().step(), window_->guide().steps());
  EXPECT_TRUE(text().contains("Help"));
  EXPECT_FALSE(window_->findChild<QPushButton*>("guide.skip")->isVisible());
  key(QKeySequence("F1"));
  EXPECT_EQ(window_->guide().step(), 0) << "it begins again, as its last line says";
  EXPECT_TRUE(window_->findChild<QPushButton*>("guide.skip")->isVisible());
}

TEST_F(WindowGuide, ShowMeGoesThere) {
  window_->showPage(PageId::Runs);
  click("guide.show");
  EXPECT_EQ(window_->currentPage(), PageId::Inspect);
  click("guide.skip");
  window_->showPage(PageId::Runs);
  click("guide.show");
  EXPECT_EQ(QApplication::focusWidget()->objectName(), "inspect.captionEntry");
  while (window_->guide().step() < 4) {
    click("guide.skip");
  }
  click("guide.show");
  EXPECT_EQ(window_->currentPage(), PageId::Support) << "also where there is no set yet";
}

TEST_F(WindowGuide, EachStepEndsWhenItIsDone) {
  ASSERT_EQ(window_->guide().step(), 0);
  auto* inspect = static_cast<InspectPage*>(window_->page(PageId::Inspect));
  ASSERT_TRUE(waitFor([&] { return inspect->reading() != nullptr; }, kLong));
  QTest::qWait(500);
  EXPECT_EQ(window_->guide().step(), 0) << "what stands there at first is no step done";
  QWidget* weights = inspect->docks()->dock("weights")->widget();
  QWidget* under = weights->childAt(weights->rect().center());
  QTest::mouseClick(under != nullptr ? under : weights, Qt::LeftButton);
  ASSERT_TRUE(reached(1));
  auto* entry = window_->findChild<QPlainTextEdit*>("inspect.captionEntry");
  QTest::mouseClick(entry->viewport(), Qt::LeftButton);
  QTest::keyClicks(entry, "a picture of something green");
  QTest::keyClick(entry, Qt::Key_Return);
  ASSERT_TRUE(reached(2));
  inspect->docks()->showPanel("context");
  ASSERT_TRUE(reached(3));
  QTest::mouseClick(window_->findChild<QToolButton*>("rail.support"), Qt::LeftButton);
  click("support.example");
  ASSERT_TRUE(reached(4));
  auto* support = static_cast<SupportPage*>(window_->page(PageId::Support));
  ASSERT_TRUE(waitFor([&] { return support->scores().isCurrent(); }, kLong));
  auto* grid = support->findChild<SupportBoard*>("support.board")->column(0)->grid();
  grid->setFocus();
  grid->setCurrentIndex(grid->model()->index(0, 0));
  QTest::keyClick(grid, Qt::Key_2);
  ASSERT_TRUE(reached(5));
  QTest::mouseClick(window_->findChild<QToolButton*>("rail.curves"), Qt::LeftButton);
  ASSERT_TRUE(reached(6));
  EXPECT_TRUE(window_->guide().isVisible()) << "it says that it is over";
  click("guide.close");
  EXPECT_FALSE(window_->guide().isVisible());
}

}  // namespace
}  // namespace lix::app
