// What the set does: classes, confusions, settings, surface and shots beside the board.
#include <QAbstractItemView>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QGuiApplication>
#include <QLabel>
#include <QLayout>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <algorithm>

#include "figure_view/figure_export.h"
#include "figure_view/figure_view.h"
#include "forms/number_field.h"
#include "frame/preview.h"
#include "pages/support/adapter_settings_panel.h"
#include "pages/support/class_bars_panel.h"
#include "pages/support/confusion_panel.h"
#include "pages/support/shots_panel.h"
#include "pages/support/suggestion_panel.h"
#include "pages/support/surface_panel.h"
#include "support_panels_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

TEST_F(SupportPanelsTest, TheTableTellsIntervalsAndWhatIsNoise) {
  open("accuracy");
  auto* table = find<QTableWidget>("support.scores");
  const study::AdapterScore& score = scoreOf("knn");
  const auto interval = study::wilsonInterval(right(score), score.scored);
  bool found = false;
  for (int row = 0; row < table->rowCount(); ++row) {
    if (table->item(row, 0)->text().toStdString() == score.title) {
      found = true;
      EXPECT_TRUE(table->item(row, 2)->text().startsWith(QString::number(interval.low * 100.0, 'f', 0).left(2)))
          << table->item(row, 2)->text().toStdString();
    }
  }
  EXPECT_TRUE(found);
  page_->assign({pictures(0)[0], pictures(0)[1], pictures(0)[2]}, 1);  // most of a class under another's name
  waitForScores();
  std::size_t moved = 0, quick = 0;
  for (int row = 0; row < table->rowCount(); ++row) {
    const auto title = table->item(row, 0)->text().toStdString();
    for (const study::AdapterScore& one : page_->scores().scores()->adapters) {
      const auto change = page_->scores().change(one.id);
      if (one.title != title || !change) {
        continue;
      }
      ++quick;
      moved += change->gained != change->lost ? 1 : 0;
      const QTableWidgetItem& item = *table->item(row, 3);
      const bool bracketed = change->isWithinNoise() && change->gained != change->lost;
      EXPECT_EQ(item.text().startsWith("("), bracketed) << title << ": " << item.text().toStdString();
      EXPECT_TRUE(!bracketed || item.toolTip().contains("within noise")) << title;
    }
  }
  EXPECT_EQ(quick, 4u);
  EXPECT_GE(moved, 1u) << "such an edit changes what an adapter answers";
}

TEST_F(SupportPanelsTest, TablesAreCopiedAsFigures) {
  open("accuracy");
  const std::pair<const char*, const char*> tables[] = {
      {"accuracy", "support.scores"}, {"classes", "support.classBars"}, {"confusion", "support.confusion"}};
  for (const auto& [panel, name] : tables) {
    page_->docks()->showPanel(panel);
    ASSERT_TRUE(waitFor([&] { return page_->docks()->isInFront(panel); })) << panel;
    QGuiApplication::clipboard()->clear();
    auto* table = find<QAbstractItemView>(name);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    const QMimeData* copied = QGuiApplication::clipboard()->mimeData();
    ASSERT_NE(copied, nullptr) << panel;
    EXPECT_TRUE(copied->hasImage()) << panel;
    EXPECT_TRUE(copied->hasFormat("image/svg+xml")) << panel;
    auto* exporter = table->findChild<widgets::FigureExport*>();
    ASSERT_NE(exporter, nullptr) << panel;
    exporter->copyData();
    EXPECT_GT(QGuiApplication::clipboard()->text().count('\n'), 3) << panel;
  }
}

TEST_F(SupportPanelsTest, FittedAdaptersWaitUntilTheyAreAskedFor) {
  open("accuracy");
  EXPECT_EQ(page_->scores().score("ridge"), nullptr);
  EXPECT_NE(page_->scores().score("tip-adapter"), nullptr);
  EXPECT_EQ(accuracyText("Tip-Adapter").right(1), "%");
  auto* box = find<QCheckBox>("support.fitted");
  EXPECT_FALSE(box->isChecked());
  page_->scores().scoreNow();
  waitForAll();
  EXPECT_TRUE(page_->scores().fittingTime().has_value());
  page_->assign({pictures(0)[0]}, 1);
  waitForScores();
  EXPECT_EQ(page_->scores().score("ridge"), nullptr) << "asked for once, not for ever";
  box->click();
  EXPECT_EQ(page_->scores().fitting(), LiveScores::Fitting::Always);
  waitForAll();
  page_->assign({pictures(0)[0]}, 1);
  page_->assign({pictures(0)[0]}, 1);  // while they run
  waitForAll();
}

TEST_F(SupportPanelsTest, ClassesStandWorstFirstAndAClickGoesToTheColumn) {
  open("classes");
  auto* table = find<QTableWidget>("support.classBars");
  ASSERT_EQ(table->rowCount(), 4);
  const auto recalls = study::worstFirst(study::classRecalls(scoreOf("tip-adapter").predictions, 4));
  for (int row = 0; row < 4; ++row) {
    const study::ClassRecall& one = recalls[static_cast<std::size_t>(row)];
    EXPECT_EQ(table->item(row, 0)->text().toStdString(), document().set.classes[one.classIndex].name);
    EXPECT_EQ(table->item(row, 2)->text(), QString::number(*one.share() * 100.0, 'f', 0));
    EXPECT_EQ(table->item(row, 3)->text(), QString::number(one.of));
  }
  QSignalSpy chosen(panel<ClassBarsPanel>(), &ClassBarsPanel::classChosen);
  QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualItemRect(table->item(1, 0)).center());
  ASSERT_EQ(chosen.size(), 1);
  EXPECT_EQ(chosen.front().front().toInt(), static_cast<int>(recalls[1].classIndex));
  table->setFocus();
  table->setCurrentCell(0, 0);
  QTest::keyClick(table, Qt::Key_Return);
  EXPECT_EQ(chosen.back().front().toInt(), static_cast<int>(recalls[0].classIndex));
  find<QComboBox>("support.classOrder")->setCurrentIndex(1);
  for (int row = 0; row < 4; ++row) {
    EXPECT_EQ(table->item(row, 0)->text().toStdString(), document().set.classes[static_cast<std::size_t>(row)].name);
  }
  grabPage(*page_, "support-classes");
  page_->assign(pictures(0), SupportBoard::kTray);
  waitForScores();
  EXPECT_EQ(table->item(0, 3)->text(), "0") << "an emptied class has no queries";
  const QString notes = find<QLabel>("support.notes")->text();
  EXPECT_TRUE(notes.contains("Not measured, as their classes have no pictures: ")) << notes.toStdString();
  const std::size_t scored = scoreOf("tip-adapter").scored;
  EXPECT_LT(scored, page_->scores().scores()->queries);
  EXPECT_TRUE(find<QTableWidget>("support.scores")->toolTip().contains(QString("One of %1 queries").arg(scored)));
  leaveOneClass();
  EXPECT_FALSE(table->isVisible());
  EXPECT_TRUE(find<QLabel>("support.classesEmpty")->text().contains("At least two classes"));
}

TEST_F(SupportPanelsTest, CellsOfTheConfusionMatrixOpenTheirPictures) {
  open("confusion");
  auto* table = find<QTableView>("support.confusion");
  ASSERT_EQ(table->model()->rowCount(), 4);
  const study::AdapterScore& score = scoreOf("tip-adapter");
  int all = 0, onDiagonal = 0;
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) {
      const int count = table->model()->index(row, column).data().toInt();
      all += count;
      onDiagonal += row == column ? count : 0;
    }
  }
  EXPECT_EQ(all, static_cast<int>(score.scored));
  EXPECT_EQ(onDiagonal, static_cast<int>(right(score)));
  table->setFocus();
  table->setCurrentIndex(table->model()->index(0, 1));
  QTest::keyClick(table, Qt::Key_Left);
  EXPECT_EQ(table->currentIndex(), table->model()->index(0, 0));
  auto* grid = find<widgets::ImageGrid>("support.confused");
  EXPECT_EQ(grid->model()->rowCount(), table->currentIndex().data().toInt());
  EXPECT_FALSE(grid->dragEnabled()) << "queries do not go into the set";
  EXPECT_TRUE(find<QLabel>("support.confusionCell")->text().contains("are taken for"));
  QTest::keyClick(table, Qt::Key_Return);
  ASSERT_GT(grid->model()->rowCount(), 0);
  EXPECT_EQ(grid->currentIndex().row(), 0);
  QTest::keyClick(grid, Qt::Key_Space);
  ASSERT_TRUE(waitFor([&] { return page_->findChild<PicturePreview*>()->isVisible(); }));
  QTest::keyClick(page_->findChild<PicturePreview*>(), Qt::Key_Escape);
  grabPage(*page_, "support-confusion");
  leaveOneClass();
  EXPECT_TRUE(find<QLabel>("support.confusionEmpty")->text().contains("At least two classes"));
  EXPECT_EQ(grid->model()->rowCount(), 0);
}

TEST_F(SupportPanelsTest, SettingsMoveTheAccuracyAndAreKept) {
  open("settings");
  auto* panel = this->panel<AdapterSettingsPanel>();
  EXPECT_FALSE(find<QPushButton>("support.defaults")->isEnabled());
  EXPECT_FALSE(find<QLabel>("support.settingsNote")->text().contains("not an honest"));
  find<widgets::NumberField>("param.k")->setValue(1LL);
  find<widgets::NumberField>("param.alpha")->setValue(0.01);
  waitForScores();
  EXPECT_EQ(std::get<long long>(scoreOf("knn").settings.at("k")), 1);
  EXPECT_EQ(std::get<double>(scoreOf("tip-adapter").settings.at("alpha")), 0.01);
  EXPECT_TRUE(page_->scores().change("tip-adapter").has_value()) << "told against before they were moved";
  EXPECT_TRUE(find<QLabel>("support.settingsNote")->text().contains("not an honest test number"));
  EXPECT_TRUE(find<QLabel>("support.effect.knn")->text().contains("%"));
  EXPECT_FALSE(accuracyText("Nearest neighbours *").isEmpty()) << "marked where scores stand";
  grabPage(*page_, "support-settings");
  const QJsonObject kept = panel->state();
  QTest::mouseClick(find<QPushButton>("support.defaults"), Qt::LeftButton);
  EXPECT_TRUE(page_->scores().settings().empty());
  waitForScores();
  EXPECT_EQ(std::get<long long>(scoreOf("knn").settings.at("k")), 5);
  panel->restore(kept);
  EXPECT_EQ(page_->scores().settings().at("knn").at("k"), ParamValue(1LL));
  EXPECT_EQ(page_->scores().settings().at("tip-adapter").at("alpha"), ParamValue(0.01));
  panel->restore({{"knn", QJsonObject{{"k", "many"}, {"temperature", -5}}}, {"nobody", 3}});
  waitForScores();
  EXPECT_TRUE(scoreOf("knn").refusal.empty()) << "a damaged state comes to the nearest bound";
  auto* split = find<QComboBox>("support.split");
  split->setCurrentIndex(split->findText("validation"));
  ASSERT_TRUE(waitFor([&] { return page_->scores().plan().split == data::Split::Validation; }));
  EXPECT_FALSE(find<QLabel>("support.settingsNote")->text().contains("not an honest"));
}

TEST_F(SupportPanelsTest, TheSurfaceKeepsItsTestHalfLocked) {
  open("surface");
  auto* panel = this->panel<SurfacePanel>();
  auto* figure = find<widgets::FigureView>("support.surface");
  ASSERT_TRUE(waitFor([&] { return figure->figure() != nullptr; }));
  EXPECT_FALSE(panel->isUnlocked());
  EXPECT_TRUE(find<QLabel>("support.surfaceLock")->text().contains("is locked"));
  EXPECT_FALSE(find<QLabel>("support.surfaceCell")->text().contains("on test"));
  grabPage(*page_, "support-surface");
  QTest::mouseClick(find<QPushButton>("support.surfaceBest"), Qt::LeftButton);
  waitForScores();
  const QString best = find<QLabel>("support.surfaceCell")->text();
  EXPECT_TRUE(best.contains("the best"));
  const auto alpha = [&] { return std::get<double>(page_->scores().settings().at("tip-adapter").at("alpha")); };
  EXPECT_TRUE(best.startsWith(QString("Alpha %1,").arg(alpha(), 0, 'g', 3))) << best.toStdString();
  ASSERT_TRUE(waitFor([&] { return figure->figure() != nullptr && figure->isVisible(); }));
  figure->setFocus();
  const double before = alpha();
  QTest::keyClick(figure, best.startsWith("Alpha 31") ? Qt::Key_Left : Qt::Key_Right);
  QTest::keyClick(figure, Qt::Key_Return);
  EXPECT_NE(alpha(), before);
  const QString chosen = QString("Alpha %1,").arg(alpha(), 0, 'g', 3);
  waitForScores();
  EXPECT_TRUE(find<QLabel>("support.surfaceCell")->text().startsWith(chosen)) << "the mark stays at what was chosen";
  QTest::mouseClick(find<QPushButton>("support.unlock"), Qt::LeftButton);
  EXPECT_TRUE(panel->isUnlocked());
  ASSERT_TRUE(waitFor([&] { return find<QLabel>("support.surfaceCell")->text().contains("on test"); }));
  EXPECT_FALSE(find<QPushButton>("support.unlock")->isVisible());
  EXPECT_TRUE(find<QLabel>("support.surfaceCell")->text().startsWith(chosen)) << "also after another answer";
  grabPage(*page_, "support-surface-unlocked");
  const QJsonObject kept = panel->state();
  panel->setName("another", 71);
  EXPECT_FALSE(panel->isUnlocked());
  panel->restore({});
  panel->setName("mine", 72);
  EXPECT_FALSE(panel->isUnlocked());
  panel->restore(kept);
  EXPECT_TRUE(panel->isUnlocked()) << "remembered for the set";
  panel->setName("ours", 72);
  EXPECT_TRUE(panel->isUnlocked()) << "a renamed set is the same set";
  auto* split = find<QComboBox>("support.split");
  const int test = split->currentIndex();
  split->setCurrentIndex(split->findText("validation"));
  ASSERT_TRUE(waitFor([&] { return page_->scores().plan().split == data::Split::Validation; }));
  EXPECT_FALSE(panel->isUnlocked()) << "these queries were not seen";
  split->setCurrentIndex(test);
  ASSERT_TRUE(waitFor([&] { return page_->scores().plan().split == data::Split::Test; }));
  EXPECT_TRUE(panel->isUnlocked());
  panel->setNames({"ours", "another"});
  panel->setName("another", 73);
  panel->setNames({"another"});
  panel->setName("ours", 74);
  EXPECT_FALSE(panel->isUnlocked()) << "a new set of a deleted one's name was not seen";
  leaveOneClass();
  ASSERT_TRUE(waitFor([&] { return find<QLabel>("support.surfaceStatus")->text().contains("At least two classes"); }));
  EXPECT_EQ(figure->figure(), nullptr);
}

TEST_F(SupportPanelsTest, ShotsAreRedrawnOnlyInFront) {
  open("accuracy");
  auto* panel = this->panel<ShotsPanel>();
  EXPECT_TRUE(panel->curves().empty()) << "nothing is drawn that nobody sees";
  page_->docks()->showPanel("shots");
  ASSERT_TRUE(waitFor([&] { return !panel->curves().empty(); }));
  const auto curve = [&](const char* id) { return *std::ranges::find(panel->curves(), id, &study::ShotsCurve::id); };
  ASSERT_EQ(curve("knn").points.size(), 3u) << "1, 2 and 4 of 4";
  EXPECT_EQ(curve("knn").points.back().shots, 4u);
  EXPECT_DOUBLE_EQ(curve("knn").points.back().summary.mean, *scoreOf("knn").accuracy) << "the set itself";
  EXPECT_EQ(curve("zero-shot").points.front().shots, 0u);
  grabPage(*page_, "support-shots");
  page_->assign({pictures(0)[0], pictures(0)[1], pictures(0)[2]}, SupportBoard::kTray);
  ASSERT_TRUE(waitFor([&] { return !panel->curves().empty() && curve("knn").points.size() == 1; }));
  leaveOneClass();
  ASSERT_TRUE(waitFor([&] { return find<QLabel>("support.shotsStatus")->text().contains("At least two classes"); }));
  EXPECT_TRUE(panel->curves().empty());
}

TEST_F(SupportPanelsTest, WithoutQueriesEveryPanelSaysSoInASentence) {
  const fs::path folder = desk_->scratch() / "files";
  SupportDocument document;
  document.set.classes = {{"red", {}}, {"blue", {}}};
  for (std::uint8_t i = 0; i < 2; ++i) {
    const std::string n = std::to_string(i);
    document.set.classes[0].pictures.push_back(
        PictureRef::ofFile(colourPicture(folder / ("red" + n + ".png"), 220, i)));
    document.set.classes[1].pictures.push_back(
        PictureRef::ofFile(colourPicture(folder / ("blue" + n + ".png"), i, 220)));
  }
  showWith(document);
  waitForScores();
  const std::pair<const char*, const char*> labels[] = {{"classes", "support.classesEmpty"},
                                                        {"confusion", "support.confusionEmpty"},
                                                        {"surface", "support.surfaceStatus"},
                                                        {"shots", "support.shotsStatus"}};
  for (const auto& [panel, label] : labels) {
    page_->docks()->showPanel(panel);
    ASSERT_TRUE(waitFor([&] { return page_->docks()->isInFront(panel); })) << panel;
    EXPECT_TRUE(find<QLabel>(label)->text().contains("no queries of the set's classes"))
        << panel << ": " << find<QLabel>(label)->text().toStdString();
  }
}

TEST_F(SupportPanelsTest, WhatWasSuggestedForAnotherClassIsNotAdded) {
  open("suggestions");
  auto* panel = this->panel<SuggestionPanel>();
  ASSERT_TRUE(waitFor([&] {
    if (panel->run().waiting() > 0) {
      panel->run().read();
    }
    return panel->run().isAnswered() && panel->model()->rowCount() > 0;
  }));
  auto* add = find<QPushButton>("support.addSuggested");
  panel->grid()->setFocus();
  panel->grid()->setCurrentIndex(panel->model()->index(0));
  EXPECT_TRUE(add->isEnabled());
  find<QComboBox>("support.suggestClass")->setCurrentIndex(1);  // the list is of the first class until the answer
  EXPECT_FALSE(add->isEnabled());
  QTest::keyClick(panel->grid(), Qt::Key_Return);
  EXPECT_EQ(document().set.size(), 16u);
  ASSERT_TRUE(waitFor([&] { return panel->run().isAnswered(); }));
  panel->grid()->setCurrentIndex(panel->model()->index(0));
  EXPECT_TRUE(add->isEnabled());
  QTest::keyClick(panel->grid(), Qt::Key_Return);
  EXPECT_EQ(pictures(1).size(), 5u);
}

TEST_F(SupportPanelsTest, PanelsFitANarrowDock) {
  const QString folder = qEnvironmentVariable("LIX_SHOTS");
  open("accuracy");
  for (const char* id : {"accuracy", "settings", "classes", "confusion", "surface", "shots", "versions", "history", "movedBy"}) {
    page_->docks()->showPanel(id);
    ASSERT_TRUE(waitFor([&] { return page_->docks()->isInFront(id); })) << id;
    QWidget* panel = page_->docks()->dock(id)->widget();
    EXPECT_EQ(panel->minimumSizeHint().width(), 260) << id << ": its dock keeps its width whatever it holds";
    panel->setFixedSize(260, 440);
    ASSERT_TRUE(waitFor([&] { return panel->width() == 260; }));
    EXPECT_LE(panel->layout()->minimumSize().width(), 260) << id;
    if (!folder.isEmpty()) {
      QTest::qWait(900);  // for what it draws
      QTest::qWait(300);
      EXPECT_TRUE(panel->grab().save(QString("%1/narrow-%2.png").arg(folder, id)));
    }
    panel->setMinimumSize(0, 0);
    panel->setMaximumSize(QWIDGETSIZE_MAX, QWIDGETSIZE_MAX);
  }
}

}  // namespace
}  // namespace lix::app
