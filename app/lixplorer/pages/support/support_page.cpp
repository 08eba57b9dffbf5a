#include "pages/support/support_page.h"

#include <QComboBox>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "docks/dock_area.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/support/prediction_panel.h"
#include "pages/support/score_panel.h"
#include "pages/support/support_board.h"
#include "pages/support/support_panel.h"
#include "pages/support/version_panel.h"
#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMargin = 16, kSpacing = 12;
constexpr int kWhisperWidth = 200, kWhisperMs = 8000;
constexpr int kBoardWidth = 340, kBoardHeight = 180;  // at least
constexpr int kSideWidth = 310, kPredictionsHeight = 250;

QToolButton* toolButton(const QString& icon, const QString& name, const QString& tip, const QString& objectName) {
  auto* button = new QToolButton;
  button->setIcon(widgets::icon(icon));
  button->setAccessibleName(name);
  button->setToolTip(tip);
  button->setObjectName(objectName);
  return button;
}

}  // namespace

SupportPage::~SupportPage() { delete docks_; }

Page* makeSupportPage(Desk& desk) { return new SupportPage(desk); }

SupportPage::SupportPage(Desk& desk)
    : Page(desk, PageId::Support),
      book_(desk),
      scores_(desk),
      run_(desk),
      listRelay_(desk.io()),
      labelRelay_(desk.io()),
      stack_(new QStackedWidget) {
  build();
  connectBook();
  connectBoard();
  showSets();
  showDocument(LiveScores::Change::Loaded);
  book_.refresh();
}

void SupportPage::build() {
  const auto access = desk().isReadOnly() ? SupportColumn::Access::Look : SupportColumn::Access::Edit;
  board_ = new SupportBoard(desk(), access);
  scorePanel_ = new ScorePanel(desk(), scores_);
  versionPanel_ = new VersionPanel(book_);
  predictionPanel_ = new PredictionPanel(desk(), run_, scores_);
  board_->listenTo(predictionPanel_->grid(), predictionPanel_->model());
  buildPanels();
  stack_->addWidget(buildEmpty());
  stack_->addWidget(docks_);
  readOnly_ =
      new QLabel(tr("This workspace is open for reading only: sets can be looked at and scored, but not changed."));
  readOnly_->setObjectName("support.readOnly");
  readOnly_->setWordWrap(true);
  readOnly_->setVisible(desk().isReadOnly());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  column->setSpacing(kSpacing);
  column->addWidget(buildHeader());
  column->addWidget(readOnly_);
  column->addWidget(stack_, 1);
  preview_ = new PicturePreview(desk(), this);
  if (desk().isReadOnly()) {
    for (const char* name : {"support.addClass", "support.sortByLabel", "support.saveVersion", "support.goBack",
                             "support.note", "support.first", "support.example"}) {
      for (QWidget* control : findChildren<QWidget*>(name)) {
        control->setToolTip(tr("This workspace is open for reading only."));
      }
    }
  }
}

void SupportPage::addPanel(const QString& id, const QString& title, SupportPanel* panel) {
  panels_[id] = panel;
  docks_->add(id, title, panel);
}

void SupportPage::buildPanels() {
  board_->setMinimumSize(kBoardWidth, kBoardHeight);
  docks_ = new widgets::DockArea(board_);
  docks_->setObjectName("support.docks");
  addPanel("accuracy", tr("Accuracy"), scorePanel_);
  addPanel("versions", tr("Versions"), versionPanel_);
  addPanel("predictions", tr("Predictions"), predictionPanel_);
  buildWatching();
  connect(docks_, &widgets::DockArea::frontChanged, this, [this](const QString& id, bool inFront) {
    if (const auto panel = panels_.find(id); panel != panels_.end()) {
      panel->second->setActive(inFront);
    }
  });
  docks_->setArrangement([this](widgets::DockArea&) { arrangePanels(); });
}

void SupportPage::arrangePanels() {
  QDockWidget *accuracy = docks_->dock("accuracy"), *versions = docks_->dock("versions");
  QDockWidget* predictions = docks_->dock("predictions");
  docks_->setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  docks_->addDockWidget(Qt::RightDockWidgetArea, accuracy);
  docks_->tabifyDockWidget(accuracy, versions);
  docks_->addDockWidget(Qt::BottomDockWidgetArea, predictions);
  for (QDockWidget* dock : {accuracy, versions, predictions}) {
    dock->show();
  }
  docks_->tabifyDockWidget(accuracy, docks_->dock("settings"));
  docks_->dock("settings")->show();
  for (const char* id : {"classes", "confusion", "surface", "shots"}) {
    docks_->tabifyDockWidget(predictions, docks_->dock(id));
    docks_->dock(id)->show();
  }
  accuracy->raise();
  predictions->raise();
  docks_->resizeDocks({accuracy}, {kSideWidth}, Qt::Horizontal);
  docks_->resizeDocks({predictions}, {kPredictionsHeight}, Qt::Vertical);
}

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
  more_->setToolTip(tr("Rename or delete the set, save a version."));
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

void SupportPage::connectBook() {
  connect(&book_, &SupportBook::versionKept, this,
          [this](long long version) { whisper(tr("version %1 kept").arg(version)); });
  connect(&book_, &SupportBook::opened, this, [this] {
    lastClass_ = -1;
    whisper({});
    showSets();
    showDocument(LiveScores::Change::Loaded);
  });
  connect(&book_, &SupportBook::edited, this, [this] { showDocument(LiveScores::Change::Edited); });
  connect(&book_, &SupportBook::setsChanged, this, &SupportPage::showSets);
  connect(&scores_, &LiveScores::readerChanged, this, [this] { run_.setReader(scores_.reader(), scores_.scorer()); });
  connect(&scores_, &LiveScores::scored, this, [this] {
    // After the score, so that accuracy comes first and new pictures are embedded once.
    if (scores_.isCurrent()) {
      run_.setSet(book_.document().set);
      Q_EMIT scored();
    }
  });
}

void SupportPage::connectBoard() {
  connect(board_, &SupportBoard::assignAsked, this, &SupportPage::assign);
  connect(board_, &SupportBoard::takeOutAsked, this, [this](const std::vector<data::PictureRef>& pictures) {
    book_.edit(tr("Take out %1").arg(pictureCount(pictures.size())), without(book_.document(), pictures));
  });
  connect(board_, &SupportBoard::dropped, this, &SupportPage::take);
  connect(board_, &SupportBoard::addAsked, this, &SupportPage::addClass);
  connect(board_->tray()->sortButton(), &QToolButton::clicked, this, &SupportPage::sortByLabel);
  connect(board_, &SupportBoard::renameAsked, this, [this](int index, const QString& name) {
    SupportDocument document = book_.document();
    auto set = support::withClassRenamed(document.set, static_cast<std::size_t>(index), name.trimmed().toStdString());
    document.set = set.value_or(document.set);
    book_.edit(tr("Rename class to %1").arg(name),
               set ? Result<SupportDocument>(document) : std::unexpected(set.error()));
  });
  connect(board_, &SupportBoard::removeAsked, this, [this](int index) {
    SupportDocument document = book_.document();
    if (auto set = support::withoutClass(document.set, static_cast<std::size_t>(index))) {
      const QString name = QString::fromStdString(document.set.classes[static_cast<std::size_t>(index)].name);
      document.set = std::move(*set);
      book_.edit(tr("Remove class %1").arg(name), document);
    }
  });
  const auto show = [this](int row) {
    if (previewModel_ != nullptr && row >= 0 && row < previewModel_->rowCount()) {
      const QModelIndex index = previewModel_->index(row);
      previewGrid_->setCurrentIndex(index);
      preview_->show(previewModel_->picture(index), previewModel_->item(row).caption);
    }
  };
  connect(board_, &SupportBoard::previewAsked, this,
          [this, show](widgets::ImageGrid* grid, PictureModel* model, int row) {
            previewGrid_ = grid;
            previewModel_ = model;
            show(row);
          });
  connect(preview_, &PicturePreview::stepped, this, [this, show](int delta) {
    if (previewModel_ != nullptr) {
      show(std::clamp(previewGrid_->currentIndex().row() + delta, 0, std::max(0, previewModel_->rowCount() - 1)));
    }
  });
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
  // In a menu of its own, so that one slip of the mouse deletes nothing.
  QMenu* remove = menu->addMenu(widgets::icon("trash"), tr("Delete set"));
  remove->setEnabled(book_.isOpen() && !book_.isReadOnly());
  auto* confirm = remove->addAction(tr("Delete %1 with its versions").arg(QString::fromStdString(book_.name())), &book_,
                                    &SupportBook::remove);
  confirm->setObjectName("support.delete");
}

void SupportPage::showDocument(LiveScores::Change change) {
  stack_->setCurrentIndex(book_.isOpen() ? 1 : 0);
  board_->setDocument(book_.document());
  predictionPanel_->setDocument(book_.document());
  scores_.setSet(book_.document().set, change);
  if (!scores_.isLive()) {
    run_.setSet(book_.document().set);
  }
  updateActions();
}

void SupportPage::whisper(const QString& words) {
  whisper_->setText(whisper_->fontMetrics().elidedText(words, Qt::ElideRight, kWhisperWidth));
  whisper_->setToolTip(words);
  whisper_->setAccessibleName(words);
  whisperTimer_.start();
}

void SupportPage::say(widgets::Severity severity, const QString& sentence, const std::string& details) {
  desk().say(severity, sentence, QString::fromStdString(details));
}

bool SupportPage::accepts(const Payload& payload) const {
  return !desk().isReadOnly() && (!payload.pictures.empty() || !payload.paths.empty());
}

void SupportPage::receive(const Payload& payload) { take(payload, SupportBoard::kArrived); }

void SupportPage::open(const QString& name) { book_.open(name.toStdString()); }

void SupportPage::shown() {
  book_.refresh();
  updateActions();
}

void SupportPage::hidden() { book_.flush(); }

QJsonObject SupportPage::state() const {
  QJsonObject panels;
  for (const auto& [id, panel] : panels_) {
    panels[id] = panel->state();
  }
  return {{"set", QString::fromStdString(book_.name())},
          {"panels", panels}};
}

void SupportPage::restore(const QJsonObject& state) {
  const QJsonObject panels = state["panels"].toObject();
  for (const auto& [id, panel] : panels_) {
    panel->restore(panels[id].toObject());
  }
  book_.want(state["set"].toString().toStdString());
}

}  // namespace lix::app
