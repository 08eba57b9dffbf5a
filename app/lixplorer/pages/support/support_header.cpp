#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>

#include "frame/page_parts.h"
#include "pages/support/support_page.h"
#include "pages/support/version_panel.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kWhisperMs = 8000;

QToolButton* toolButton(const QString& icon, const QString& name, const QString& tip, const QString& objectName) {
  auto* button = new QToolButton;
  button->setIcon(widgets::icon(icon));
  button->setAccessibleName(name);
  button->setToolTip(tip);
  button->setObjectName(objectName);
  return button;
}

}  // namespace

QWidget* SupportPage::buildHeader() {
  auto* header = new PageHeader(pageTitle(id()), tr("A few pictures per class, and what adapters make of them."));
  sets_ = new QComboBox;
  sets_->setObjectName("support.sets");
  sets_->setToolTip(tr("The support set that is open."));
  sets_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  sets_->setMinimumContentsLength(16);
  connect(sets_, &QComboBox::activated, this, [this] {
    const std::string name = sets_->currentText().toStdString();
    if (name != book_.name()) {
      book_.open(name);
    }
  });
  new_ = toolButton("add", tr("New set"), tr("Makes an empty support set (Ctrl+Alt+N)."), "support.new");
  undo_ = toolButton("undo", tr("Undo"), {}, "support.undo");
  redo_ = toolButton("redo", tr("Redo"), {}, "support.redo");
  more_ = new QToolButton;
  more_->setText(tr("More..."));
  more_->setStyleSheet("QToolButton::menu-indicator { image: none; }");
  more_->setObjectName("support.more");
  more_->setAccessibleName(tr("More for this set"));
  more_->setToolTip(tr("Rename, export or delete the set, save a version."));
  more_->setPopupMode(QToolButton::InstantPopup);
  more_->setMenu(new QMenu(more_));
  connect(new_, &QToolButton::clicked, this, [this] { book_.create(tr("Support set")); });
  connect(undo_, &QToolButton::clicked, &book_, &SupportBook::undo);
  connect(redo_, &QToolButton::clicked, &book_, &SupportBook::redo);
  whisper_ = new QLabel;
  whisper_->setObjectName("support.whisper");
  whisper_->setProperty("muted", true);
  whisper_->setMinimumHeight(sets_->sizeHint().height());  // on the line of the set's name
  whisperTimer_.setSingleShot(true);
  whisperTimer_.setInterval(kWhisperMs);
  connect(&whisperTimer_, &QTimer::timeout, this, [this] { whisper({}); });
  header->addControl(whisper_);
  header->addControl(labelled(tr("Set"), sets_));
  for (QToolButton* button : {new_, undo_, redo_, more_}) {
    header->addControl(button);
  }
  return header;
}

QWidget* SupportPage::buildEmpty() {
  empty_ = new EmptyState("support", tr("No support set yet"),
                          desk().isReadOnly()
                              ? tr("This workspace holds none, and it is open for reading only.")
                              : tr("A support set is a few pictures of every class. Drop pictures or a folder of class "
                                   "folders here, or begin with one of these."));
  for (const bool example : {true, false}) {
    QPushButton* button = empty_->addButton(example ? tr("Example from emoji") : tr("New set"));
    button->setObjectName(example ? "support.example" : "support.first");
    button->setProperty("primary", example);
    button->setToolTip(example ? tr("Makes a set of 4 classes with 4 training pictures each from the emoji dataset.")
                               : tr("Makes an empty support set (Ctrl+Alt+N)."));
    button->setEnabled(!desk().isReadOnly());
    connect(button, &QPushButton::clicked, this, [this, example] {
      if (example) {
        startExample();
      } else {
        book_.create(tr("Support set"));
      }
    });
  }
  return empty_;
}

void SupportPage::showSets() {
  const QSignalBlocker quiet(sets_);
  sets_->clear();
  for (const store::SupportSetRow& row : book_.sets()) {
    sets_->addItem(QString::fromStdString(row.name));
  }
  const QString open = QString::fromStdString(book_.name());
  if (book_.isOpen() && sets_->findText(open) < 0) {
    sets_->insertItem(0, open);
  }
  sets_->setCurrentIndex(sets_->findText(open));
  const bool any = sets_->count() > 0;
  for (QWidget* control : {sets_->parentWidget(), static_cast<QWidget*>(new_), static_cast<QWidget*>(undo_),
                           static_cast<QWidget*>(redo_), static_cast<QWidget*>(more_)}) {
    control->setVisible(any);  // the empty page offers its own buttons
  }
  fillMenu();
}

void SupportPage::fillMenu() {
  QMenu* menu = more_->menu();
  menu->clear();
  menu->addAction(widgets::icon("save"), tr("Save version"), this, [this] { versionPanel_->save(); })
      ->setEnabled(book_.isOpen() && !book_.isReadOnly());
  menu->addAction(tr("Rename set..."), this, &SupportPage::askName)->setEnabled(book_.isOpen() && !book_.isReadOnly());
  menu->addAction(tr("Example from emoji"), this, &SupportPage::startExample)->setEnabled(!book_.isReadOnly());
  QMenu* exports = menu->addMenu(tr("Export set"));
  exports->setObjectName("support.export");
  exports->setEnabled(book_.isOpen());
  exports->addAction(tr("Table of paths and classes..."), this, [this] { chooseExport(Export::Table); });
  exports->addAction(tr("Copies in class folders..."), this, [this] { chooseExport(Export::Copies); });
  exports->addAction(tr("WebDataset shards..."), this, [this] { chooseExport(Export::Shards); });
  // In a menu of its own, so that one slip of the mouse deletes nothing.
  QMenu* remove = menu->addMenu(widgets::icon("trash"), tr("Delete set"));
  remove->setEnabled(book_.isOpen() && !book_.isReadOnly());
  auto* confirm = remove->addAction(tr("Delete %1 with its versions").arg(QString::fromStdString(book_.name())), &book_,
                                    &SupportBook::remove);
  confirm->setObjectName("support.delete");
}

}  // namespace lix::app
