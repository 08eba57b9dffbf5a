#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <unistd.h>
#include <filesystem>
#include <fstream>

#include "desk/checkpoint_shelf.h"
#include "desk/run_watch.h"
#include "store/checkpoint_store.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "runs_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;
using store::RunStatus;
namespace fs = std::filesystem;

class RunsPageTest : public OpenedRuns {
 protected:
  long long add(const std::string& name, RunStatus status, long long step = 40) {
    const auto workspace = desk_.workspace();
    const store::RunStore runs(workspace);
    const auto row = runs.add({.name = name,
                               .recipe = "siglixp",
                               .size = "tiny",
                               .dataset = "scenes",
                               .settings = R"({"batch":64,"steps":80})",
                               .stepsTotal = 80});
    EXPECT_TRUE(row);
    EXPECT_TRUE(runs.start(row->id, store::ownProcess(),
                           {.device = "cpu", .cpuCapability = "AVX2", .build = "1", .threads = 1}));
    EXPECT_TRUE(runs.heartbeat(row->id, step));
    const std::vector<store::MetricPoint> points{{step - 1, "loss", 3.0},
                                                 {step, "loss", 1.0 + double(row->id) / 100.0}};
    EXPECT_TRUE(store::MetricStore(workspace).append(row->id, points));
    if (status != RunStatus::Running) {
      EXPECT_TRUE(runs.setStatus(row->id, status, status == RunStatus::Failed ? "The loss is not finite." : ""));
    }
    return row->id;
  }

  void key(int key, Qt::KeyboardModifiers modifiers = {}) const {
    QWidget* focus = QApplication::focusWidget();
    QTest::keyClick(focus != nullptr ? focus : &table(), Qt::Key(key), modifiers);
  }
  /// Types a name into the editor of the table and presses Return.
  void typeName(const QString& name) const {
    key(Qt::Key_F2);
    auto* editor = table().findChild<QLineEdit*>();
    ASSERT_NE(editor, nullptr);
    editor->selectAll();
    QTest::keyClicks(editor, name);
    QTest::keyClick(editor, Qt::Key_Return);
  }
  store::RunRow inDatabase(long long id) const { return store::RunStore(desk_.workspace()).find(id).value(); }
};

TEST_F(RunsPageTest, ListsNewestFirstWithStatusAndLoss) {
  add("first", RunStatus::Done, 80);
  add("second", RunStatus::Failed);
  open();
  ASSERT_EQ(table().model()->rowCount(), 2);
  EXPECT_EQ(cell(0, RunTableModel::Name), "second");
  EXPECT_EQ(cell(0, RunTableModel::Status), "Failed");
  EXPECT_EQ(cell(1, RunTableModel::Status), "Done");
  EXPECT_EQ(cell(1, RunTableModel::Steps), "80 / 80");
  EXPECT_FALSE(table().model()->index(0, RunTableModel::Status).data(Qt::DecorationRole).value<QPixmap>().isNull());
  EXPECT_TRUE(waitFor([this] { return cell(1, RunTableModel::Loss) == "1.010"; }))
      << cell(1, RunTableModel::Loss).toStdString();
  choose("second");
  EXPECT_EQ(find<QLabel>("runs.message")->text(), "The loss is not finite.");
  // A click on the header of the losses sorts by numbers.
  table().sortByColumn(RunTableModel::Loss, Qt::AscendingOrder);
  EXPECT_EQ(cell(0, RunTableModel::Name), "first");
}

TEST_F(RunsPageTest, KeepsTheSelectionWhileRunsGoOn) {
  const long long running = add("going", RunStatus::Running, 10);
  add("other", RunStatus::Done);
  open();
  choose("going");
  QSignalSpy reset(table().model(), &QAbstractItemModel::modelReset);
  const long long fresh = add("fresh", RunStatus::Done);
  ASSERT_TRUE(store::RunStore(desk_.workspace()).heartbeat(running, 33));
  ASSERT_TRUE(
      waitFor([this] { return rowOf("fresh") == 0 && cell(rowOf("going"), RunTableModel::Steps) == "33 / 80"; }));
  EXPECT_EQ(table().selectionModel()->selectedRows().size(), 1);
  EXPECT_EQ(cell(table().currentIndex().row(), RunTableModel::Name), "going");
  EXPECT_EQ(reset.count(), 0);
  EXPECT_TRUE(find<QLabel>("runs.status")->text().contains("33 of 80"));
  EXPECT_GT(fresh, running);
}

TEST_F(RunsPageTest, RenamesInPlaceByKeys) {
  const long long run = add("plain", RunStatus::Done);
  add("taken", RunStatus::Done);
  open();
  choose("plain");
  typeName("the good one");
  EXPECT_TRUE(waitFor([this] { return rowOf("the good one") >= 0; }));
  EXPECT_EQ(inDatabase(run).name, "the good one");
  typeName("taken");
  EXPECT_TRUE(waitFor([this] { return desk_.wasSaid("has a run 'taken' already"); }));
  EXPECT_EQ(inDatabase(run).name, "the good one");
  EXPECT_GE(rowOf("the good one"), 0);
  typeName("  ");
  EXPECT_TRUE(waitFor([this] { return desk_.wasSaid("needs a name"); }));
  EXPECT_EQ(inDatabase(run).name, "the good one");
}

TEST_F(RunsPageTest, TagsAndNotesAreKeptAndFound) {
  const long long run = add("tagged", RunStatus::Done);
  add("other", RunStatus::Done);
  open();
  choose("tagged");
  key(Qt::Key_T, Qt::ControlModifier);
  QTest::keyClicks(find<QLineEdit>("runs.tags"), "baseline, paper");
  QTest::keyClicks(find<QPlainTextEdit>("runs.notes"), "seed looked lucky");
  EXPECT_TRUE(waitFor(
      [&] { return inDatabase(run).tags == "baseline, paper" && inDatabase(run).notes == "seed looked lucky"; }));
  EXPECT_TRUE(waitFor([this] { return cell(rowOf("tagged"), RunTableModel::Tags) == "baseline, paper"; }));
  EXPECT_EQ(find<QLineEdit>("runs.tags")->text(), "baseline, paper");
  key(Qt::Key_F, Qt::ControlModifier);
  QTest::keyClicks(find<QLineEdit>("runs.filter"), "lucky PAPER");
  ASSERT_EQ(table().model()->rowCount(), 1);
  EXPECT_EQ(cell(0, 0), "tagged");
  find<QLineEdit>("runs.filter")->clear();
  EXPECT_EQ(table().model()->rowCount(), 2);
  // Another run's fields are its own, and what is typed last is kept though the window closes at once.
  choose("other");
  EXPECT_EQ(find<QLineEdit>("runs.tags")->text(), "");
  key(Qt::Key_T, Qt::ControlModifier);
  QTest::keyClicks(find<QLineEdit>("runs.tags"), "late");
  const long long other = run + 1;
  page_.reset();
  desk_.reopen();
  EXPECT_EQ(inDatabase(other).tags, "late");
  EXPECT_EQ(inDatabase(run).tags, "baseline, paper");
}

TEST_F(RunsPageTest, TrashRestoreAndEmptyByKeysAndClicks) {
  const long long gone = add("gone", RunStatus::Done), kept = add("kept", RunStatus::Done);
  const fs::path folder = inDatabase(gone).out;
  fs::create_directories(folder);
  std::ofstream(folder / "model.safetensors") << std::string(2'000'000, 'x');
  open();
  choose("gone");
  key(Qt::Key_Delete);
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") < 0; }));
  EXPECT_FALSE(inDatabase(gone).trashedAt.empty());
  EXPECT_EQ(cell(table().currentIndex().row(), 0), "kept");
  ASSERT_TRUE(waitFor([this] { return find<QPushButton>("runs.viewTrash")->text() == "Trash (1)"; }));
  click("runs.viewTrash");
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") == 0; }));
  EXPECT_TRUE(waitFor([this] { return find<QLabel>("runs.trashWords")->text() == "1 run in the trash, 2.0 MB"; }))
      << find<QLabel>("runs.trashWords")->text().toStdString();
  key(Qt::Key_R, Qt::ControlModifier);
  ASSERT_TRUE(waitFor([&] { return inDatabase(gone).trashedAt.empty(); }));
  EXPECT_TRUE(fs::exists(folder));
  key(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") >= 0; }));
  choose("gone");
  key(Qt::Key_Delete);
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") < 0; }));
  click("runs.viewTrash");
  ASSERT_TRUE(waitFor([this] { return rowOf("gone") == 0; }));
  click("runs.emptyTrash");
  click("runs.keepTrash");  // asked, and not done
  EXPECT_TRUE(store::RunStore(desk_.workspace()).find(gone).has_value());
  click("runs.emptyTrash");
  click("runs.confirmEmpty");
  EXPECT_TRUE(waitFor([&] { return desk_.wasSaid("1 folder was removed") && !fs::exists(folder); }));
  EXPECT_FALSE(store::RunStore(desk_.workspace()).find(gone).has_value());
  EXPECT_TRUE(store::RunStore(desk_.workspace()).find(kept).has_value());
}

TEST_F(RunsPageTest, AFolderThatCannotBeRemovedDoesNotKeepTheOthers) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root may remove everything";
  }
  const fs::path stuck = inDatabase(add("stuck", RunStatus::Done)).out;
  const fs::path loose = inDatabase(add("loose", RunStatus::Done)).out;
  for (const fs::path& folder : {stuck, loose}) {
    fs::create_directories(folder / "in");
    std::ofstream(folder / "in" / "model.safetensors") << "x";
  }
  fs::permissions(stuck / "in", fs::perms::owner_read | fs::perms::owner_exec);
  open();
  choose("stuck");
  table().selectAll();
  key(Qt::Key_Delete);
  ASSERT_TRUE(waitFor([this] { return find<QPushButton>("runs.viewTrash")->text() == "Trash (2)"; }));
  click("runs.viewTrash");
  ASSERT_TRUE(waitFor([this] { return table().model()->rowCount() == 2; }));
  click("runs.emptyTrash");
  click("runs.confirmEmpty");
  EXPECT_TRUE(waitFor([this] { return desk_.wasSaid("1 could not be"); }));
  EXPECT_TRUE(desk_.wasSaid(QString::fromStdString(stuck.string())));
  EXPECT_FALSE(fs::exists(loose));
  EXPECT_TRUE(fs::exists(stuck));
  fs::permissions(stuck / "in", fs::perms::owner_all);
}

TEST_F(RunsPageTest, ARunThatAPersonStoppedReadsStopped) {
  const long long run = add("held", RunStatus::Running);
  ASSERT_TRUE(store::RunStore(desk_.workspace()).setStatus(run, RunStatus::Interrupted, "Stopped; continue."));
  open();
  choose("held");
  EXPECT_EQ(cell(0, RunTableModel::Status), "Stopped");
  EXPECT_TRUE(find<QLabel>("runs.status")->text().startsWith("Stopped"));
  EXPECT_TRUE(find<QLabel>("runs.continueNote")->text().contains("no checkpoint yet"));
  EXPECT_EQ(find<QPushButton>("run.continue")->text(), "Continue");
}

TEST_F(RunsPageTest, ARunningOneIsNotTrashed) {
  const long long run = add("busy", RunStatus::Running);
  open();
  choose("busy");
  key(Qt::Key_Delete);
  EXPECT_TRUE(waitFor([this] { return desk_.wasSaid("Stop it before"); }));
  EXPECT_TRUE(inDatabase(run).trashedAt.empty());
}

TEST_F(RunsPageTest, AsksARunByItsButtons) {
  const long long run = add("busy", RunStatus::Running);
  open();
  choose("busy");
  const auto asked = [&](store::RunRequest request) {
    return waitFor([&] { return store::RunStore(desk_.workspace()).request(run).value() == request; });
  };
  click("run.pause");
  EXPECT_TRUE(asked(store::RunRequest::Pause));
  EXPECT_FALSE(find<QPushButton>("run.confirmCancel")->isVisible());
  click("run.cancel");
  EXPECT_TRUE(find<QPushButton>("run.confirmCancel")->isVisible());
  click("run.keep");
  EXPECT_FALSE(find<QPushButton>("run.confirmCancel")->isVisible());
  desk_.settle();
  EXPECT_TRUE(asked(store::RunRequest::Pause));
  click("run.stop");
  EXPECT_TRUE(asked(store::RunRequest::Stop));
  click("run.cancel");
  click("run.confirmCancel");
  EXPECT_TRUE(asked(store::RunRequest::Cancel));
}

TEST_F(RunsPageTest, LeadsToOtherPages) {
  const long long run = add("shown", RunStatus::Done);
  open();
  std::vector<std::pair<PageId, QString>> shown;
  QObject::connect(&desk_.desk(), &Desk::showAsked, page_.get(),
                   [&](PageId page, const QString& what) { shown.emplace_back(page, what); });
  choose("shown");
  EXPECT_FALSE(find<QPushButton>("runs.inspect")->isEnabled()) << "there is no checkpoint";
  key(Qt::Key_I, Qt::ControlModifier);
  EXPECT_TRUE(desk_.wasSaid("has written no checkpoint yet"));
  ASSERT_TRUE(store::CheckpointStore(desk_.workspace())
                  .record({.run = run, .step = 40, .path = inDatabase(run).out, .weightsHash = "1", .recipe = "siglixp"}));
  desk_.desk().checkpoints().refresh();
  EXPECT_TRUE(waitFor([this] { return find<QPushButton>("runs.inspect")->isEnabled(); }));
  QTest::mouseDClick(table().viewport(), Qt::LeftButton, {}, table().visualRect(table().model()->index(0, 2)).center());
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0], std::pair(PageId::Train, QString("run:%1").arg(run)));
  key(Qt::Key_I, Qt::ControlModifier);
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[1], std::pair(PageId::Inspect, "checkpoint:" + QString::fromStdString(inDatabase(run).out.string())));
  click("runs.folder");  // that is not there
  EXPECT_TRUE(waitFor([this] { return desk_.wasSaid("is not there yet"); }));
}

TEST_F(RunsPageTest, ReadOnlyKeepsEverything) {
  const long long run = add("fixed", RunStatus::Done);
  const auto other = desk_.folder();
  auto opened = Desk::open(other, store::OpenMode::ReadOnly);
  ASSERT_TRUE(opened);
  QStringList said;
  QObject::connect(opened->get(), &Desk::said, [&](widgets::Severity, const QString& sentence) { said << sentence; });
  page_.reset(makeRunsPage(**opened));
  auto& actions = *new widgets::ActionTable(page_.get());
  page_->addActions(actions);
  actions.setScope("runs");
  page_->show();
  ASSERT_TRUE(waitFor([this] { return table().model()->rowCount() == 1; }));
  choose("fixed");
  EXPECT_TRUE(find<QLineEdit>("runs.tags")->isReadOnly());
  actions.action("runs.rename")->trigger();
  EXPECT_EQ(table().findChild<QLineEdit*>(), nullptr);
  actions.action("runs.trash")->trigger();
  EXPECT_TRUE(waitFor([&] { return said.size() == 2; }));
  EXPECT_TRUE(said.join(' ').contains("reading only"));
  EXPECT_TRUE(inDatabase(run).trashedAt.empty());
  page_.reset();
}

TEST_F(RunsPageTest, RemembersItsTableAndTakesRubbish) {
  add("one", RunStatus::Done);
  open();
  find<QLineEdit>("runs.filter")->setText("siglixp");
  table().sortByColumn(RunTableModel::Loss, Qt::AscendingOrder);
  const QJsonObject state = page_->state();
  open();
  page_->restore({{"filter", 7}, {"sort", "x"}, {"header", "!!"}, {"splitter", QJsonObject()}});
  EXPECT_EQ(find<QLineEdit>("runs.filter")->text(), "");
  page_->restore(state);
  EXPECT_EQ(find<QLineEdit>("runs.filter")->text(), "siglixp");
  EXPECT_EQ(page_->state().value("sort").toInt(), int(RunTableModel::Loss));
}

TEST_F(RunsPageTest, Looks) {
  add("siglip-0001", RunStatus::Done, 80);
  add("siglixp-0001", RunStatus::Failed);
  add("siglixp-0002", RunStatus::Interrupted);
  add("clip-0001", RunStatus::Cancelled);
  add("siglixp-0003", RunStatus::Paused);
  add("siglixp-0004", RunStatus::Running);
  open();
  EXPECT_EQ(table().model()->rowCount(), 6);
  EXPECT_TRUE(actions_->conflicts().empty()) << actions_->conflicts().front().toStdString();
  choose("siglixp-0004");
  grabPage(*page_, "runs");
  click("run.cancel");
  EXPECT_LE(page_->minimumSizeHint().width(), 1024 - 84) << "too wide for a small window";
  grabPage(*page_, "runs-asking");
}

}  // namespace
}  // namespace lix::app
