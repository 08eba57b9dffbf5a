// The five stories of a person at the window, one after the other in one window on one workspace, by mouse, keys and drops.
// Offscreen like the other tests, and again in a real window on an X server where there is one (xvfb-run).
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

#include "chrome/message_panel.h"
#include "docks/dock_area.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "figure_view/figure_view.h"
#include "forms/param_form.h"
#include "frame/choices.h"
#include "frame/demo_workspace.h"
#include "frame/main_window.h"
#include "pages/curves/check_list.h"
#include "pages/data/data_page.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/support_board.h"
#include "pages/support/support_column.h"
#include "pages/support/support_page.h"
#include "store/evaluation_store.h"
#include "store/support_store.h"
#include "window_support.h"

namespace lix::app {
namespace {
using testing_support::dropOn;
using testing_support::grabPage;
using testing_support::waitFor;

constexpr int kLong = 120000;

/// A person at the window of the demo workspace.
class Stories : public testing::Test {
 protected:
  void SetUp() override {
    qputenv("LIX_SETTINGS", QByteArray::fromStdString((folder_ / "settings.ini").string()));
    qputenv("LIX_DEMO_WORKSPACE", QByteArray::fromStdString((folder_ / "demo").string()));
    const auto made = makeDemoWorkspace();
    ASSERT_TRUE(made) << made.error().message;
    auto desk = Desk::open(*made, store::OpenMode::ReadWrite);
    ASSERT_TRUE(desk) << desk.error().message;
    window_ = std::make_unique<MainWindow>(std::move(*desk));
    window_->setAttribute(Qt::WA_DeleteOnClose, false);
    window_->resize(1440, 900);
    window_->show();
    window_->activateWindow();  // where no window manager does
    ASSERT_TRUE(QTest::qWaitForWindowActive(window_.get()));
  }
  void TearDown() override { window_->close(); }

  template <class T>
  T* find(const char* name) {
    T* found = window_->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  void go(PageId page) {
    QTest::mouseClick(find<QToolButton>(qPrintable("rail." + pageName(page))), Qt::LeftButton);
    ASSERT_EQ(window_->currentPage(), page);
  }
  void click(const char* name) {
    auto* button = find<QPushButton>(name);
    ASSERT_TRUE(waitFor([&] { return button->isVisible() && button->isEnabled(); }, kLong)) << name;
    QTest::mouseClick(button, Qt::LeftButton);
  }
  void shoot(const char* name) { grabPage(*window_, name); }
  store::Workspace workspace() { return std::move(*store::Workspace::open(folder_ / "demo", store::OpenMode::ReadWrite)); }

  void inspects();
  void buildsASupportSet();
  void postTrains();
  void measuresCurves();
  void compares();

  test::TemporaryFolder folder_;
  std::unique_ptr<MainWindow> window_;
};

void Stories::inspects() {
  go(PageId::Data);
  auto* data = static_cast<DataPage*>(window_->page(PageId::Data));
  data->openDataset("emoji");
  ASSERT_TRUE(waitFor([&] { return data->grid()->model()->rowCount() > 1000; }, kLong));
  data->grid()->setFocus();
  QTest::mouseClick(data->grid()->viewport(), Qt::LeftButton, Qt::NoModifier, data->grid()->visualRect(data->grid()->model()->index(3, 0)).center());
  shoot("story-data");
  auto* page = static_cast<InspectPage*>(window_->page(PageId::Inspect));
  ASSERT_TRUE(dropOn(find<QToolButton>("rail.inspect"), [&] {
    return fromMime(*std::unique_ptr<QMimeData>(data->grid()->model()->mimeData(data->grid()->selectionModel()->selectedIndexes())));
  }()));
  ASSERT_EQ(window_->currentPage(), PageId::Inspect);
  for (const char* caption : {"a yellow face", "a red heart"}) {
    auto* entry = find<QPlainTextEdit>("inspect.captionEntry");
    QTest::mouseClick(entry, Qt::LeftButton);
    QTest::keyClicks(entry, caption);
    QTest::keyClick(entry, Qt::Key_Return);
  }
  ASSERT_TRUE(waitFor([&] { return page->reading() != nullptr && page->reading()->question.captions.back() == "a red heart"; }, kLong));
  EXPECT_TRUE(page->reading()->facts.mixture) << "the Llip is chosen at first";
  ASSERT_TRUE(waitFor([&] { return find<widgets::FigureView>("inspect.weights")->figure() != nullptr; }, kLong));
  shoot("story-inspect-weights");
  for (const QString& id : page->docks()->ids()) {
    page->docks()->showPanel(id);
    QTest::qWait(50);
  }
  find<CheckpointBox>("inspect.checkpoint")->setFolder(folder_ / "demo" / "checkpoints" / "SigLIxP");
  ASSERT_TRUE(waitFor([&] { return page->reading() != nullptr && page->reading()->facts.recipe == "siglixp"; }, kLong));
}

void Stories::buildsASupportSet() {
  go(PageId::Support);
  auto* page = static_cast<SupportPage*>(window_->page(PageId::Support));
  click("support.example");
  ASSERT_TRUE(waitFor([&] { return page->book().isOpen() && page->scores().isCurrent(); }, kLong));
  const SupportDocument before = page->book().document();
  auto* grid = page->findChild<SupportBoard*>("support.board")->column(0)->grid();
  grid->setFocus();
  grid->setCurrentIndex(grid->model()->index(0, 0));
  QTest::keyClick(grid, Qt::Key_2);
  ASSERT_NE(page->book().document(), before) << "the key moved the picture to class 2";
  ASSERT_TRUE(waitFor([&] { return page->scores().isCurrent(); }, kLong));
  shoot("story-support");
  QTest::keySequence(window_.get(), QKeySequence("Ctrl+Z"));
  EXPECT_EQ(page->book().document(), before);
  QTest::keySequence(window_.get(), QKeySequence("Ctrl+S"));
  const auto sets = [&] { return store::SupportStore(workspace()).list().value(); };
  EXPECT_TRUE(waitFor([&] { const auto all = sets(); return !all.empty() && all[0].versions == 1; }, kLong));
}

void Stories::postTrains() {
  go(PageId::Train);
  auto* recipe = find<QComboBox>("train.recipe");
  recipe->setFocus();
  for (int i = 0; i < recipe->count() && recipe->currentData().toString() != "siglixp"; ++i) {
    QTest::keyClick(recipe, i == 0 ? Qt::Key_Home : Qt::Key_Down);
  }
  ASSERT_EQ(recipe->currentData().toString(), "siglixp");
  find<DatasetBox>("train.data")->setName("emoji");
  find<CheckpointBox>("train.start")->setFolder(folder_ / "demo" / "checkpoints" / "SigLIP");
  auto* form = find<widgets::ParamForm>("train.params");
  form->setValues({{"steps", 12LL}, {"batch", 16LL}, {"threads", 1LL}});
  Q_EMIT form->changed();
  click("train.startButton");
  RunWatch& runs = window_->desk().runs();
  ASSERT_TRUE(waitFor([&] { return !runs.runs().empty() && runs.runs()[0].status == store::RunStatus::Done; }, kLong));
  EXPECT_EQ(runs.runs()[0].step, 12);
  shoot("story-train");
  go(PageId::Runs);
  QTest::qWait(300);
  shoot("story-runs");
}

void Stories::measuresCurves() {
  go(PageId::Curves);
  click("curves.measure.open");
  find<DatasetBox>("curves.measure.dataset")->setName("emoji");
  auto* checkpoints = find<CheckList>("curves.measure.checkpoints");
  ASSERT_TRUE(waitFor([&] { return checkpoints->count() >= 4; }, kLong));
  checkpoints->setFocus();
  for (const int row : {0, 1}) {
    checkpoints->setCurrentRow(row);
    QTest::keyClick(checkpoints, Qt::Key_Space);
  }
  find<QLineEdit>("curves.measure.shots")->setText("1, 2, 4");
  find<QSpinBox>("curves.measure.draws")->setValue(3);
  click("curves.measure.start");
  ASSERT_TRUE(waitFor([&] { return window_->desk().tasks().isIdle(); }, kLong));
  const auto rows = store::EvaluationStore(workspace()).list({.kind = "few-shot"});
  ASSERT_TRUE(rows);
  EXPECT_FALSE(rows->empty());
  ASSERT_TRUE(waitFor([&] { return window_->findChild<QWidget*>("curves.chart.0") != nullptr; }, kLong));
  QTest::qWait(300);
  shoot("story-curves");
}

void Stories::compares() {
  go(PageId::Compare);
  find<CheckpointBox>("compare.a")->setFolder(folder_ / "demo" / "checkpoints" / "SigLIP continued");
  find<CheckpointBox>("compare.b")->setFolder(folder_ / "demo" / "checkpoints" / "SigLIxP");
  click("compare.start");
  ASSERT_TRUE(waitFor([&] { return find<QStackedWidget>("compare.stack")->currentIndex() == 1 && window_->desk().tasks().isIdle(); }, kLong));
  EXPECT_TRUE(find<QLabel>("compare.summary")->text().contains("95 % interval"));
  auto* grid = find<widgets::ImageGrid>("compare.grid");
  ASSERT_GT(grid->model()->rowCount(), 0);
  grid->setFocus();
  QTest::keyClick(grid, Qt::Key_Home);
  ASSERT_TRUE(waitFor([&] { return find<widgets::FigureView>("compare.map.b")->figure() != nullptr; }, kLong));
  shoot("story-compare");
}

TEST_F(Stories, FromInspectingToComparing) {
  ASSERT_NO_FATAL_FAILURE(inspects());
  ASSERT_NO_FATAL_FAILURE(buildsASupportSet());
  ASSERT_NO_FATAL_FAILURE(postTrains());
  ASSERT_NO_FATAL_FAILURE(measuresCurves());
  ASSERT_NO_FATAL_FAILURE(compares());
  EXPECT_EQ(window_->messages().unread(widgets::Severity::Error), 0) << window_->messages().sentences().join('|').toStdString();
}

}  // namespace
}  // namespace lix::app
