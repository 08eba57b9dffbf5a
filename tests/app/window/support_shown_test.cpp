// Which adapter panels speak of, and what they say about it.
#include <QComboBox>
#include <QLabel>
#include <QTableView>
#include <QTableWidget>

#include "figure_view/figure_view.h"
#include "pages/support/shots_panel.h"
#include "pages/support/surface_panel.h"
#include "support_panels_support.h"
#include "theme/theme.h"

namespace lix::app {
namespace {
using namespace testing_support;

TEST_F(SupportPanelsTest, ARowOfAccuracyChoosesTheAdapterOfEveryPanel) {
  open("accuracy");
  auto* table = find<QTableWidget>("support.scores");
  const auto rowOf = [&](const QString& title) {
    for (int row = 0; row < table->rowCount(); ++row) {
      if (table->item(row, 0)->text() == title) {
        return row;
      }
    }
    return -1;
  };
  const char* boxes[] = {"support.adapter", "support.movedAdapter", "support.classAdapter", "support.confusionAdapter"};
  const auto expect = [&](const QString& id) {
    for (const char* name : boxes) {
      EXPECT_EQ(find<QComboBox>(name)->currentData().toString(), id) << name;
    }
    EXPECT_EQ(page_->predictions().adapter(), id.toStdString());
  };
  expect("tip-adapter");
  EXPECT_EQ(table->currentRow(), rowOf("Tip-Adapter"));
  const QRect knn = table->visualItemRect(table->item(rowOf("Nearest neighbours"), 0));
  QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, knn.center());
  expect("knn");
  EXPECT_TRUE(find<QLabel>("support.surfaceOther")->isVisibleTo(this->panel<SurfacePanel>()))
      << "the surface is Tip-Adapter's";
  auto* byHand = find<QComboBox>("support.classAdapter");
  byHand->setCurrentIndex(byHand->findData("zero-shot"));
  EXPECT_EQ(find<QComboBox>("support.confusionAdapter")->currentData(), "knn") << "one panel by hand";
  const QJsonObject kept = page_->state();
  const int before = table->currentRow();
  table->setFocus();
  QTest::keyClick(table, before == 0 ? Qt::Key_Down : Qt::Key_Up);
  EXPECT_NE(table->currentRow(), before);
  expect(QString::fromStdString(page_->scores().shown().id()));
  page_->restore(kept);
  EXPECT_EQ(page_->scores().shown().id(), "knn");
  EXPECT_EQ(byHand->currentData(), "zero-shot") << "remembered for its panel";
  EXPECT_EQ(find<QComboBox>("support.adapter")->currentData(), "knn");
  page_->scores().shown().choose("nobody");
  EXPECT_EQ(page_->scores().shown().id(), "knn");
  EXPECT_EQ(byHand->currentData(), "zero-shot");
}

TEST_F(SupportPanelsTest, TipsTellWhatBecameRightAndWrong) {
  open("accuracy");
  page_->assign({pictures(0)[0], pictures(0)[1], pictures(0)[2]}, 1);
  waitForScores();
  auto* table = find<QTableWidget>("support.scores");
  std::size_t told = 0;
  for (int row = 0; row < table->rowCount(); ++row) {
    for (const study::AdapterScore& one : page_->scores().scores()->adapters) {
      const auto change = page_->scores().change(one.id);
      if (one.title == table->item(row, 0)->text().toStdString() && change) {
        ++told;
        const QString words = QString("%1 became right and %2 wrong").arg(change->gained).arg(change->lost);
        EXPECT_TRUE(table->item(row, 0)->toolTip().contains(words)) << table->item(row, 0)->toolTip().toStdString();
      }
    }
  }
  EXPECT_EQ(told, 4u);
}

TEST_F(SupportPanelsTest, AnEmptyCellSaysThatItIsEmptyAndZeroIsWritten) {
  open("confusion");
  auto* table = find<QTableView>("support.confusion");
  auto* grid = find<widgets::ImageGrid>("support.confused");
  EXPECT_EQ(grid->accessibleDescription(), "Choose a cell to see its pictures.");
  page_->assign(pictures(0), SupportBoard::kTray);
  waitForScores();
  const QModelIndex empty = table->model()->index(1, 0);
  EXPECT_EQ(empty.data().toString(), "0") << "nothing is taken for a class without pictures";
  EXPECT_EQ(table->model()->index(0, 1).data().toString(), "") << "whose queries are not asked";
  table->setCurrentIndex(empty);
  EXPECT_EQ(grid->model()->rowCount(), 0);
  EXPECT_EQ(grid->accessibleDescription(), "No pictures in this cell.");
}

TEST_F(SupportPanelsTest, AConfusionMatrixOfAFewClassesIsSeenWholeInASmallWindow) {
  widgets::applyTheme(*qApp, widgets::ThemeChoice::Light);
  const auto five = exampleDocument(desk_->desk().datasets(), "emoji", 5, 4);
  LIX_ASSERT_OK(five);
  showWith(*five);
  waitForScores();
  page_->resize(1190, 720);  // in a window of 1280 x 820
  page_->docks()->showPanel("confusion");
  auto* table = find<QTableView>("support.confusion");
  ASSERT_TRUE(waitFor([&] { return table->isVisible() && table->model()->rowCount() == 5; }));
  const auto seen = [&] {
    return table->rowViewportPosition(4) + table->rowHeight(4) <= table->viewport()->height() &&
           table->columnViewportPosition(4) + table->columnWidth(4) <= table->viewport()->width();
  };
  EXPECT_TRUE(waitFor(seen, 2000)) << table->rowHeight(4) << " " << table->viewport()->height();
  EXPECT_GT(table->rowHeight(0), table->fontMetrics().height()) << "and can be read";
  const int small = table->rowHeight(0);
  auto* dock = page_->docks()->dock("confusion");
  page_->resize(1190, 1100);
  page_->docks()->resizeDocks({dock}, {500}, Qt::Vertical);
  EXPECT_TRUE(waitFor([&] { return table->rowHeight(0) > small; })) << "larger where there is room";
}

TEST_F(SupportPanelsTest, ShotsNameTheSettingsThatTheyUse) {
  open("shots");
  auto* panel = this->panel<ShotsPanel>();
  auto* figure = find<widgets::FigureView>("support.shots");
  const auto subtitle = [&] { return figure->accessibleDescription(); };
  ASSERT_TRUE(waitFor([&] { return !panel->curves().empty(); }));
  EXPECT_TRUE(subtitle().contains("default settings")) << subtitle().toStdString();
  page_->scores().setSettings({{"knn", {{"k", 1LL}}}});
  EXPECT_TRUE(waitFor([&] { return subtitle().contains("Nearest neighbours (") && subtitle().contains(" 1)"); }))
      << subtitle().toStdString();
}

}  // namespace
}  // namespace lix::app
