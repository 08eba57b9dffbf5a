#include <QApplication>
#include <QDialog>
#include <QFileDialog>
#include <QMenuBar>
#include <QMessageBox>
#include <QStandardPaths>
#include <QToolBar>

#include "chrome/action_table.h"
#include "chrome/command_palette.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "frame/demo_workspace.h"
#include "frame/doctor_sheet.h"
#include "frame/guide.h"
#include "frame/guide_book.h"
#include "frame/main_window.h"
#include "frame/panel_actions.h"
#include "frame/settings.h"

namespace lix::app {
namespace {

/// A dialog over the window, with the keyboard also where a floating panel has it.
void openOver(QWidget& window, QDialog* dialog) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  window.activateWindow();
  dialog->open();
  dialog->activateWindow();
}

QString home() { return QStandardPaths::writableLocation(QStandardPaths::HomeLocation); }

}  // namespace

void MainWindow::addFileActions() {
  actions_->add({.id = "file.new", .menu = tr("&File"), .text = tr("New workspace..."),
                 .help = tr("Makes a workspace in an empty folder: everything that you make and measure is kept there."),
                 .icon = "add", .key = QKeySequence("Ctrl+N"), .run = [this](bool) {
                   const QString folder = QFileDialog::getSaveFileName(this, tr("New workspace"), home() + "/workspace", QString(), nullptr,
                                                                       QFileDialog::ShowDirsOnly | QFileDialog::DontConfirmOverwrite);
                   if (!folder.isEmpty()) {
                     openWorkspace(folder.toStdString(), store::OpenMode::Create);
                   }
                 }});
  actions_->add({.id = "file.open", .menu = tr("&File"), .text = tr("Open workspace..."),
                 .help = tr("Opens the folder of another workspace."), .icon = "open", .key = QKeySequence("Ctrl+O"), .inToolbar = true,
                 .run = [this](bool) {
                   const QString folder = QFileDialog::getExistingDirectory(this, tr("Open workspace"), home());
                   if (!folder.isEmpty()) {
                     openWorkspace(folder.toStdString(), store::OpenMode::ReadWrite);
                   }
                 }});
  actions_->add({.id = "file.demo", .menu = tr("&File"), .text = tr("Open the demo workspace"),
                 .help = tr("Opens the workspace with the trained models that come with the program."), .icon = "folder",
                 .run = [this](bool) {
                   desk_->tasks().start(tr("Making the demo workspace"), [](const Progress&) { return makeDemoWorkspace(); },
                                        [this](const std::filesystem::path& folder) { openWorkspace(folder, store::OpenMode::ReadWrite); });
                 }});
  for (const QString& folder : settings::recentWorkspaces()) {
    if (folder.toStdString() != desk_->folder().string()) {
      actions_->add({.id = "file.recent." + folder, .menu = tr("&File"), .text = tr("Open %1").arg(folder),
                     .help = tr("Opens a workspace that was open before."), .icon = "folder",
                     .run = [this, folder](bool) { openWorkspace(folder.toStdString(), store::OpenMode::ReadWrite); }});
    }
  }
  actions_->add({.id = "file.data", .menu = tr("&File"), .text = tr("Add a dataset..."),
                 .help = tr("Reads a folder of class folders into the workspace, by reference."), .icon = "picture",
                 .key = QKeySequence("Ctrl+Alt+D"), .run = [this](bool) {
                   const QString folder = QFileDialog::getExistingDirectory(this, tr("Add a folder of pictures"), home());
                   if (!folder.isEmpty()) {
                     showPage(PageId::Data);
                     desk_->datasets().add(folder.toStdString());
                   }
                 }});
  actions_->add({.id = "file.checkpoint", .menu = tr("&File"), .text = tr("Open a checkpoint..."),
                 .help = tr("Takes the folder of a checkpoint (Hugging Face layout) into the workspace, by reference."), .icon = "inspect",
                 .key = QKeySequence("Ctrl+Shift+O"), .run = [this](bool) {
                   const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a checkpoint folder"), home());
                   if (!folder.isEmpty()) {
                     desk_->checkpoints().add(folder.toStdString());
                   }
                 }});
  actions_->add({.id = "file.quit", .menu = tr("&File"), .text = tr("Quit"), .help = tr("Closes the window; trainings go on."),
                 .key = QKeySequence("Ctrl+Q"), .run = [this](bool) { close(); }});
}

void MainWindow::addViewActions() {
  for (int i = 0; i < kPageCount; ++i) {
    const auto id = static_cast<PageId>(i);
    actions_->add({.id = "view." + pageName(id), .menu = tr("&View"), .text = pageTitle(id),
                   .help = tr("Shows the page %1.").arg(pageTitle(id)), .icon = pageName(id),
                   .key = QKeySequence(QStringLiteral("Ctrl+%1").arg(i + 1)), .run = [this, id](bool) { showPage(id); }});
  }
  actions_->add({.id = "view.messages", .menu = tr("&View"), .text = tr("Messages"),
                 .help = tr("Shows or hides what happened: warnings, errors, skipped files."), .icon = "info",
                 .key = QKeySequence("Ctrl+Shift+M"), .inToolbar = true, .checkable = true, .run = [this](bool shown) {
                   messages_->setVisible(shown);
                   messages_->setProperty(kClosedByHand, !shown);
                   messages_->markRead();
                 }});
  actions_->add({.id = "view.doctor", .menu = tr("&View"), .text = tr("Doctor"),
                 .help = tr("Shows or hides the sheet about a checkpoint or dataset: what it is, what is unusual, what silent mistakes would cost."),
                 .icon = "check", .key = QKeySequence("Ctrl+Shift+H"), .checkable = true, .run = [this](bool shown) {
                   doctor_->setVisible(shown);
                   if (shown) {
                     doctor_->setFocus();
                   }
                 }});
  actions_->add({.id = "view.theme", .menu = tr("&View"), .text = tr("Dark or light"), .help = tr("Changes between the dark and the light theme."),
                 .icon = "dark", .key = QKeySequence("Ctrl+Shift+D"), .inToolbar = true, .run = [this](bool) {
                   setTheme(widgets::themeOf(palette()) == figures::Theme::Dark ? widgets::ThemeChoice::Light : widgets::ThemeChoice::Dark);
                 }});
  actions_->add({.id = "view.systemTheme", .menu = tr("&View"), .text = tr("Theme of the desktop"),
                 .help = tr("Follows the desktop's own light or dark theme."), .run = [this](bool) { setTheme(widgets::ThemeChoice::System); }});
}

void MainWindow::addHelpActions() {
  actions_->add({.id = "help.palette", .menu = tr("&Help"), .text = tr("Commands..."), .help = tr("Finds any command by some of its letters."),
                 .icon = "command", .key = QKeySequence("Ctrl+Shift+P"), .inToolbar = true, .run = [this](bool) {
                   openOver(*this, new widgets::CommandPalette(*actions_, this));
                 }});
  actions_->add({.id = "help.shortcuts", .menu = tr("&Help"), .text = tr("Shortcuts"), .help = tr("Lists every command with its key."),
                 .icon = "help", .key = QKeySequence("?"), .inToolbar = true, .run = [this](bool) {
                   openOver(*this, new widgets::ShortcutSheet(*actions_, this));
                 }});
  actions_->add({.id = "help.book", .menu = tr("&Help"), .text = tr("Guide"), .help = tr("Opens the guide at the page that is shown."),
                 .icon = "help", .key = QKeySequence("Ctrl+F1"), .run = [this](bool) {
                   if (book_ == nullptr) {
                     book_ = new GuideBook(this);
                   }
                   book_->open(current_ == PageId::Runs ? "curves" : pageName(current_));
                 }});
  actions_->add({.id = "help.about", .menu = tr("&Help"), .text = tr("About LIxPlorer"), .help = tr("Says which version this is."),
                 .icon = "info", .run = [this](bool) {
                   auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About LIxPlorer"), QString(), QMessageBox::Close, this);
                   box->setObjectName("help.about");
                   box->setText(tr("LIxPlorer %1").arg(QApplication::applicationVersion()));
                   box->setInformativeText(tr("A workbench for contextual vision-language pretraining: LIxP and Llip.\nQt %1. Licences stand in NOTICE.md and LICENSE.").arg(qVersion()));
                   openOver(*this, box);
                 }});
  actions_->add({.id = "help.guide", .menu = tr("&Help"), .text = tr("Guided tour"),
                 .help = tr("Shows what the program is for in six short steps that you do yourself; while it is there, the key gives it the keyboard."),
                 .icon = "play", .key = QKeySequence("F1"), .run = [this](bool) {
                   if (!guide_->isVisible() || guide_->step() == guide_->steps()) {
                     guide_->start();
                   }
                   guide_->setFocus(Qt::ShortcutFocusReason);
                 }});
}

void MainWindow::addActions() {
  addFileActions();
  for (Page* one : pages_) {
    one->addActions(*actions_);
  }
  addViewActions();
  panels_ = new PanelActions(*actions_, QList<Page*>(pages_.begin(), pages_.end()), this);
  connect(panels_, &PanelActions::said, desk_.get(), [this](const QString& sentence) { desk_->say(widgets::Severity::Info, sentence); });
  addHelpActions();
  actions_->fill(*menuBar());
  panels_->setMenus(*menuBar());
  auto* bar = addToolBar(tr("Tools"));
  bar->setObjectName("tools");
  bar->setMovable(false);
  bar->setIconSize({20, 20});
  actions_->fill(*bar);
  actions_->setScope(pageName(current_));
  panels_->setPage(page(current_));
}

}  // namespace lix::app
