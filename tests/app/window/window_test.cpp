// The window around its pages: rail, actions, messages, theme, session, closing.
#include <QApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QDragEnterEvent>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "base/file.h"
#include "base/text.h"
#include "chrome/action_table.h"
#include "chrome/command_palette.h"
#include "chrome/job_strip.h"
#include "chrome/message_panel.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "frame/choices.h"
#include "frame/demo_workspace.h"
#include "frame/main_window.h"
#include "frame/settings.h"
#include "store/checkpoint_store.h"
#include "store/layout_store.h"
#include "window_fixture.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::waitFor;
using testing_support::WindowTest;

TEST_F(WindowTest, TheDemoWorkspaceHoldsTheShippedModels) {
  auto workspace = store::Workspace::open(folder_ / "demo", store::OpenMode::ReadOnly);
  ASSERT_TRUE(workspace);
  const auto rows = store::CheckpointStore(*workspace).list();
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 4u);
  for (const auto& row : *rows) {
    EXPECT_TRUE(fs::exists(row.path / "model.safetensors"));
    EXPECT_TRUE(row.path.string().starts_with((folder_ / "demo").string())) << "copies, not the program's own";
  }
  ASSERT_TRUE(makeDemoWorkspace());
  EXPECT_EQ(store::CheckpointStore(*workspace).list()->size(), 4u) << "made once";
}

TEST_F(WindowTest, PagesByMouseAndByKeys) {
  for (int i = 0; i < kPageCount; ++i) {
    const auto id = static_cast<PageId>(i);
    auto* button = window_->findChild<QToolButton*>("rail." + pageName(id));
    ASSERT_NE(button, nullptr);
    QTest::mouseClick(button, Qt::LeftButton);
    EXPECT_EQ(window_->currentPage(), id);
    EXPECT_TRUE(window_->page(id)->isVisible());
  }
  key(QKeySequence("Ctrl+1"));
  EXPECT_EQ(window_->currentPage(), PageId::Data);
  key(QKeySequence("Ctrl+5"));
  EXPECT_EQ(window_->currentPage(), PageId::Curves);
  EXPECT_TRUE(window_->findChild<QToolButton*>("rail.curves")->isChecked());
}

TEST_F(WindowTest, NoTwoActionsShareAKeyAndAllExplainThemselves) {
  EXPECT_TRUE(window_->actions().conflicts().empty()) << window_->actions().conflicts()[0].toStdString();
  for (const widgets::ActionRow& row : window_->actions().rows()) {
    EXPECT_FALSE(row.help.isEmpty()) << row.id.toStdString();
    EXPECT_FALSE(row.text.isEmpty()) << row.id.toStdString();
  }
}

TEST_F(WindowTest, ADropOnTheRailReachesThePage) {
  auto* button = window_->findChild<QToolButton*>("rail.support");
  EXPECT_TRUE(testing_support::dropOn(button, Payload{.pictures = {data::PictureRef::sample("emoji", "1F98A")}, .captions = {}, .paths = {}}));
  EXPECT_EQ(window_->currentPage(), PageId::Support);
}

TEST_F(WindowTest, ADragThatRestsOnTheRailShowsThePage) {
  auto* button = window_->findChild<QToolButton*>("rail.data");
  const std::unique_ptr<QMimeData> mime(toMime({.pictures = {data::PictureRef::sample("emoji", "1F98A")}, .captions = {}, .paths = {}}));
  QDragEnterEvent enter(button->rect().center(), Qt::CopyAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(button, &enter);
  EXPECT_TRUE(enter.isAccepted());
  EXPECT_TRUE(waitFor([&] { return window_->currentPage() == PageId::Data; }));
}

TEST_F(WindowTest, TheCommandPaletteRunsWhatIsTyped) {
  key(QKeySequence("Ctrl+Shift+P"));
  widgets::CommandPalette* palette = nullptr;
  ASSERT_TRUE(waitFor([&] { return (palette = window_->findChild<widgets::CommandPalette*>()) != nullptr && palette->isVisible(); }));
  auto* field = palette->findChild<QLineEdit*>();
  ASSERT_NE(field, nullptr);
  QTest::keyClicks(field, "runs");
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_TRUE(waitFor([&] { return window_->currentPage() == PageId::Runs; }));
}

TEST_F(WindowTest, ThePaletteGoesToThePageOfACommand) {
  window_->showPage(PageId::Inspect);
  bool ran = false;
  window_->actions().add({.id = "runs.test", .menu = "Runs", .text = "Zebra", .help = "For this test.", .run = [&](bool) { ran = true; }, .scope = "runs"});
  window_->actions().setScope("inspect");
  key(QKeySequence("Ctrl+Shift+P"));
  widgets::CommandPalette* palette = nullptr;
  ASSERT_TRUE(waitFor([&] { return (palette = window_->findChild<widgets::CommandPalette*>()) != nullptr && palette->isVisible(); }));
  QTest::keyClicks(palette->findChild<QLineEdit*>(), "zebra");
  QTest::keyClick(palette->findChild<QLineEdit*>(), Qt::Key_Return);
  EXPECT_TRUE(waitFor([&] { return ran; }));
  EXPECT_EQ(window_->currentPage(), PageId::Runs);
}

TEST_F(WindowTest, ADropThatAPageHasNoUseForIsSaid) {
  testing_support::dropOn(window_->findChild<QToolButton*>("rail.runs"), Payload{.pictures = {data::PictureRef::sample("emoji", "1F98A")}, .captions = {}, .paths = {}});
  EXPECT_TRUE(window_->messages().sentences().join(' ').contains("Runs"));
}

TEST_F(WindowTest, WhatIsChosenIsKeptWithoutClosing) {
  key(QKeySequence("Ctrl+6"));
  const auto kept = [&] {
    auto workspace = store::Workspace::open(folder_ / "demo", store::OpenMode::ReadOnly);
    const auto session = store::LayoutStore(*workspace).load("session");
    return session && *session ? QJsonDocument::fromJson(QByteArray::fromStdString(**session)).object()["page"].toString() : QString();
  };
  EXPECT_TRUE(waitFor([&] { return kept() == "compare"; }));
}

TEST_F(WindowTest, KeysInACheckpointBoxOpenNoDialogAndAMissingOneIsSaid) {
  window_->showPage(PageId::Inspect);
  auto* box = window_->findChild<CheckpointBox*>("inspect.checkpoint");
  ASSERT_TRUE(box != nullptr && waitFor([&] { return box->count() >= 5; }));
  box->setFocus();
  for (int i = 0; i < 8; ++i) {
    QTest::keyClick(box, Qt::Key_Down);
  }
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
  EXPECT_FALSE(box->folder().empty());
  box->setFolder("/nowhere/at/all");
  EXPECT_TRUE(waitFor([&] { return window_->messages().sentences().join(' ').contains("/nowhere/at/all"); }));
  EXPECT_FALSE(box->folder().empty());
}

TEST_F(WindowTest, TheShortcutSheetOpensByItsKey) {
  key(QKeySequence("?"));
  EXPECT_TRUE(waitFor([&] { return window_->findChild<widgets::ShortcutSheet*>() != nullptr; }));
}

TEST_F(WindowTest, ErrorsGoToTheMessagePanelAndNotToBoxes) {
  EXPECT_FALSE(window_->messages().isVisible());
  window_->desk().say(Error{ErrorCode::Io, "The disk is full; free some space."});
  EXPECT_TRUE(window_->messages().isVisible());
  EXPECT_EQ(window_->messages().sentences().first(), "The disk is full; free some space.");
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
  key(QKeySequence("Ctrl+Shift+M"));
  EXPECT_FALSE(window_->messages().isVisible());
}

TEST_F(WindowTest, AMessagePanelThatWasClosedOpensForErrorsAlone) {
  window_->desk().say(widgets::Severity::Warning, "The disk is nearly full.");
  EXPECT_TRUE(window_->messages().isVisible());
  key(QKeySequence("Ctrl+Shift+M"));
  ASSERT_FALSE(window_->messages().isVisible());
  window_->desk().say(widgets::Severity::Warning, "The disk is fuller still.");
  EXPECT_FALSE(window_->messages().isVisible()) << "a person closed it";
  window_->desk().say(Error{ErrorCode::Io, "The disk is full; free some space."});
  EXPECT_TRUE(window_->messages().isVisible());
}

TEST_F(WindowTest, DarkAndLightAreKept) {
  const auto before = widgets::themeOf(window_->palette());
  key(QKeySequence("Ctrl+Shift+D"));
  const auto after = widgets::themeOf(window_->palette());
  EXPECT_NE(before, after);
  EXPECT_EQ(settings::theme(), after == figures::Theme::Dark ? widgets::ThemeChoice::Dark : widgets::ThemeChoice::Light);
  key(QKeySequence("Ctrl+Shift+D"));
  EXPECT_EQ(widgets::themeOf(window_->palette()), before);
}

TEST_F(WindowTest, TheLastWorkspaceThatIsStillThereIsRemembered) {
  const std::filesystem::path open = window_->desk().folder();
  EXPECT_EQ(settings::lastWorkspace().toStdString(), open.string());
  settings::addRecentWorkspace(QString::fromStdString((folder_ / "gone").string()));
  EXPECT_EQ(settings::lastWorkspace().toStdString(), open.string()) << "one that is gone is passed over";
  shut();
  std::filesystem::remove_all(open);
  EXPECT_EQ(settings::lastWorkspace(), "");
}

TEST_F(WindowTest, TheOpenPageAndTheSizeComeBack) {
  key(QKeySequence("Ctrl+7"));
  window_->resize(1111, 700);
  shut();
  open(folder_ / "demo");
  EXPECT_EQ(window_->currentPage(), PageId::Runs);
}

TEST_F(WindowTest, ADamagedSessionIsPassedOver) {
  shut();
  {
    auto workspace = store::Workspace::open(folder_ / "demo", store::OpenMode::ReadWrite);
    ASSERT_TRUE(workspace);
    ASSERT_TRUE(store::LayoutStore(*workspace).save(
        "session", R"({"page": 12, "pages": {"inspect": {"captions": 5, "pictures": {"a": []}}, "data": [1], "support": {"set": []}, "curves": "x"}})"));
  }
  open(folder_ / "demo");
  EXPECT_TRUE(window_->isVisible());
}

TEST_F(WindowTest, ASecondWindowOnTheWorkspaceSaysThatItReadsOnly) {
  auto desk = Desk::open(folder_ / "demo", store::OpenMode::ReadWrite);
  ASSERT_TRUE(desk);
  auto* second = new MainWindow(std::move(*desk));
  second->setAttribute(Qt::WA_DeleteOnClose, false);
  second->show();
  EXPECT_TRUE(second->windowTitle().contains("read only"));
  EXPECT_TRUE(second->messages().sentences().join(' ').contains("reading only"));
  second->close();
  delete second;
}

TEST_F(WindowTest, AWorkspaceThatCannotBeOpenedLeavesThisOneOpen) {
  ASSERT_TRUE(writeFile(folder_ / "workspace.sqlite", "no database"));
  window_->openWorkspace(folder_.path(), store::OpenMode::ReadWrite);
  EXPECT_TRUE(window_->isVisible());
  EXPECT_EQ(window_->messages().count(), 1);
}

TEST_F(WindowTest, ClosingSaysThatARunGoesOnAndDoesNotStopIt) {
  const QString out = QString::fromStdString((folder_ / "demo" / "checkpoints" / "going").string());
  window_->desk().tasks().startTraining({"siglip", "--data", "scenes", "--steps", "2000", "--batch", "8", "--threads", "1", "--out", out});
  RunWatch& watch = window_->desk().runs();
  ASSERT_TRUE(waitFor([&] { return !watch.runs().empty() && watch.runs()[0].step > 0; }, 120000));
  EXPECT_TRUE(window_->jobs().isVisible());
  window_->close();
  ASSERT_TRUE(window_->isVisible()) << "the first time it asks";
  auto* stay = window_->findChild<QPushButton*>("closeBar.stay");
  ASSERT_TRUE(stay != nullptr && stay->isVisible());
  QTest::mouseClick(stay, Qt::LeftButton);
  EXPECT_FALSE(stay->isVisible());
  window_->close();
  window_->setAttribute(Qt::WA_DeleteOnClose, false);
  QTest::mouseClick(window_->findChild<QPushButton*>("closeBar.close"), Qt::LeftButton);
  EXPECT_FALSE(window_->isVisible());
  delete window_;
  window_ = nullptr;
  open(folder_ / "demo");
  RunWatch& again = window_->desk().runs();
  ASSERT_TRUE(waitFor([&] { return !again.runs().empty(); }));
  EXPECT_TRUE(again.isActive(again.runs()[0])) << "it went on";
  again.request(again.runs()[0].id, store::RunRequest::Cancel);
  ASSERT_TRUE(waitFor([&] { return !again.isActive(again.runs()[0]); }, 120000));
}

TEST_F(WindowTest, ClosingCanStopTheRunsFirst) {
  const QString out = QString::fromStdString((folder_ / "demo" / "checkpoints" / "going").string());
  window_->desk().tasks().startTraining({"siglip", "--data", "scenes", "--steps", "2000", "--batch", "8", "--threads", "1", "--out", out});
  RunWatch& watch = window_->desk().runs();
  ASSERT_TRUE(waitFor([&] { return !watch.runs().empty() && watch.runs()[0].step > 0; }, 120000));
  window_->setAttribute(Qt::WA_DeleteOnClose, false);
  window_->close();
  QTest::mouseClick(window_->findChild<QPushButton*>("closeBar.stop"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return !window_->isVisible(); }, 120000));
  EXPECT_TRUE(fs::exists(fs::path(out.toStdString()) / "training_state.safetensors"));
}

}  // namespace
}  // namespace lix::app
