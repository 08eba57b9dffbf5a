#include "pages/support/support_page.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "docks/dock_area.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/support/duplicate_bar.h"
#include "pages/support/history_panel.h"
#include "pages/support/label_sorting.h"
#include "pages/support/moved_by_panel.h"
#include "pages/support/prediction_panel.h"
#include "pages/support/score_panel.h"
#include "pages/support/suggestion_panel.h"
#include "pages/support/support_board.h"
#include "pages/support/support_panel.h"
#include "pages/support/version_panel.h"
#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMargin = 16, kSpacing = 12;
constexpr int kWhisperWidth = 200;
constexpr int kBoardWidth = 340, kBoardHeight = 180;  // at least
constexpr int kSideWidth = 310, kPredictionsHeight = 250;

}  // namespace

SupportPage::~SupportPage() { delete docks_; }

Page* makeSupportPage(Desk& desk) { return new SupportPage(desk); }

SupportPage::SupportPage(Desk& desk)
    : Page(desk, PageId::Support),
      book_(desk),
      scores_(desk),
      run_(desk, scores_.slowLane()),
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
  duplicates_ = new DuplicateBar(desk(), scores_, board_->addButton());
  scorePanel_ = new ScorePanel(desk(), scores_);
  versionPanel_ = new VersionPanel(desk(), book_, scores_, run_);
  predictionPanel_ = new PredictionPanel(desk(), run_, scores_);
  suggestionPanel_ = new SuggestionPanel(desk(), scores_, run_);
  movedByPanel_ = new MovedByPanel(desk(), scores_);
  board_->listenTo(predictionPanel_->grid(), predictionPanel_->model());
  board_->listenTo(suggestionPanel_->grid(), suggestionPanel_->model());
  board_->listenTo(movedByPanel_->grid(), movedByPanel_->model());
  board_->listenTo(versionPanel_->comparison()->grid(), versionPanel_->comparison()->model());
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
  auto* centre = new QWidget;
  auto* column = new QVBoxLayout(centre);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(kSpacing / 2);
  column->addWidget(duplicates_);
  column->addWidget(board_, 1);
  docks_ = new widgets::DockArea(centre);
  docks_->setObjectName("support.docks");
  addPanel("accuracy", tr("Accuracy"), scorePanel_);
  addPanel("versions", tr("Versions"), versionPanel_);
  addPanel("history", tr("History"), new HistoryPanel(book_));
  addPanel("predictions", tr("Predictions"), predictionPanel_);
  addPanel("suggestions", tr("Suggestions"), suggestionPanel_);
  addPanel("movedBy", tr("Moved by"), movedByPanel_);
  buildWatching();
  connect(docks_, &widgets::DockArea::frontChanged, this, [this](const QString& id, bool inFront) {
    if (const auto panel = panels_.find(id); panel != panels_.end()) {
      panel->second->setActive(inFront);
    }
  });
  docks_->setArrangement([this](widgets::DockArea&) { arrangePanels(); });
}

/// What an edit changes stands at the right, so that it is seen beside every panel of the stack below the board.
void SupportPage::arrangePanels() {
  docks_->setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  const auto stack = [this](Qt::DockWidgetArea area, const QStringList& ids) {
    QDockWidget* first = nullptr;
    for (const QString& id : ids) {
      QDockWidget* dock = docks_->dock(id);
      if (first == nullptr) {
        docks_->addDockWidget(area, dock);
        first = dock;
      } else {
        docks_->tabifyDockWidget(first, dock);
      }
      dock->show();
    }
    first->raise();
    return first;
  };
  QDockWidget* side = stack(Qt::RightDockWidgetArea, {"accuracy", "shots", "versions", "history"});
  QDockWidget* bottom = stack(Qt::BottomDockWidgetArea, {"predictions", "suggestions", "movedBy", "classes", "confusion",
                                                         "settings", "surface"});
  docks_->resizeDocks({side}, {kSideWidth}, Qt::Horizontal);
  docks_->resizeDocks({bottom}, {kPredictionsHeight}, Qt::Vertical);
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
  connect(&scores_, &LiveScores::settingsChanged, this, [this] { run_.setSettings(scores_.settings()); });
  connect(&scores_, &LiveScores::readerChanged, this, [this] {
    run_.setReader(scores_.reader(), scores_.scorer());
    if (!scores_.isLive()) {
      duplicates_->look(book_.document().set);  // no score will come, after which it else looks
    }
  });
  connect(&scores_, &LiveScores::planChanged, this, &SupportPage::lookAtNames);
  connect(&scores_, &LiveScores::scored, this, [this] {
    // After the score, so that accuracy comes first and new pictures are embedded once.
    if (scores_.isCurrent()) {
      lookAtSet();
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
  connect(duplicates_, &DuplicateBar::changed, this, [this] { board_->setDuplicates(duplicates_->duplicates()); });
  connect(duplicates_, &DuplicateBar::selectAsked, board_, &SupportBoard::select);
  connect(duplicates_, &DuplicateBar::removeAsked, this, [this](const std::vector<data::PictureRef>& pictures) {
    book_.edit(pictures.size() == 1 ? tr("Remove an extra copy") : tr("Remove %1 extra copies").arg(pictures.size()),
               without(book_.document(), pictures));
  });
  connect(duplicates_, &DuplicateBar::namesAsked, this, &SupportPage::nameByLabel);
  connectPanels();
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

void SupportPage::connectPanels() {
  connect(suggestionPanel_, &SuggestionPanel::addAsked, this, &SupportPage::assign);
  connect(movedByPanel_, &MovedByPanel::selectAsked, board_, &SupportBoard::select);
  connect(predictionPanel_, &PredictionPanel::pictureChosen, this, [this](const data::PictureRef& picture) {
    movedByPanel_->setAdapter(run_.adapter());
    movedByPanel_->explain(picture);
  });
  // Queries behind a number of the confusion matrix can be asked about, too.
  if (auto* queries = panels_.at("confusion")->findChild<widgets::ImageGrid*>("support.confused")) {
    connect(queries->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
      if (const auto* model = qobject_cast<const PictureModel*>(index.model())) {
        movedByPanel_->explain(model->picture(index));
      }
    });
  }
  connect(predictionPanel_, &PredictionPanel::whyAsked, this, [this] { docks_->showPanel("movedBy"); });
  connect(predictionPanel_, &PredictionPanel::acceptAsked, this,
          [this](const std::vector<std::pair<data::PictureRef, std::string>>& pictures) {
            book_.edit(tr("Accept %1 as predicted").arg(pictureCount(pictures.size())),
                       sorted(book_.document(), pictures));
          });
}

void SupportPage::explain(const data::PictureRef& picture) {
  movedByPanel_->explain(picture);
  docks_->showPanel("movedBy");
}

/// What else looks at the set as it stands, once its pictures are embedded.
void SupportPage::lookAtSet() {
  run_.setSet(book_.document().set);
  suggestionPanel_->setScored();
  movedByPanel_->setScored();
  versionPanel_->refresh();
  if (scores_.isCurrent() || !scores_.isLive()) {
    duplicates_->look(book_.document().set);  // copies are those of the set, whether it is scored or not
  }
}

/// Offers the labels of the queries as names, and says where no class has one of them: then nothing can be measured.
void SupportPage::lookAtNames() {
  const QueryPlan& plan = scores_.plan();
  const SupportDocument& document = book_.document();
  QStringList free;
  std::set<std::string> taken;
  for (const auto& one : document.set.classes) {
    taken.insert(foldedName(one.name));
  }
  bool isNamed = false;
  for (const std::string& label : plan.labels) {
    if (taken.contains(foldedName(label))) {
      isNamed = true;
    } else {
      free << QString::fromStdString(label);
    }
  }
  board_->setNames(free);
  const std::string dataset = mainDataset(document.set);
  const bool isOfSet = dataset.empty() || dataset == plan.dataset;  // the plan may be that of an earlier set
  if (isNamed || free.isEmpty() || document.set.size() == 0 || !isOfSet) {
    duplicates_->setNaming({}, false);
    return;
  }
  const QStringList some = free.mid(0, 4);
  duplicates_->setNaming(
      tr("Not measured: no class has a label's name. Double click the name of a class to choose a label of %1 (%2): %3%4")
          .arg(QString::fromStdString(plan.dataset), QString::fromStdString(plan.labelSet), some.join(", "),
               free.size() > some.size() ? "..." : "."),
      namedByLabel(desk().datasets(), document, plan.labels) != document);
}

void SupportPage::showDocument(LiveScores::Change change) {
  stack_->setCurrentIndex(book_.isOpen() ? 1 : 0);
  board_->setDocument(book_.document());
  predictionPanel_->setDocument(book_.document(), change);  // judges by what was predicted till now
  run_.await(book_.document().set, change);
  suggestionPanel_->setDocument(book_.document());
  movedByPanel_->setSet(book_.document().set, change);
  duplicates_->setSet(book_.document().set);
  if (change == LiveScores::Change::Loaded) {
    duplicates_->clear();
  }
  lookAtNames();
  scores_.setSet(book_.document().set, change);
  if (!scores_.isLive()) {  // no scores will come
    lookAtSet();
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
