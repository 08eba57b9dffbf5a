// The Train page's widgets and actions.
#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>
#include <utility>

#include "chrome/action_table.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/run_watch.h"
#include "frame/page_parts.h"
#include "pages/run_parts/run_buttons.h"
#include "pages/train/checkpoint_list.h"
#include "pages/train/command_field.h"
#include "pages/train/data_preview.h"
#include "pages/train/dry_run_card.h"
#include "pages/train/live_view.h"
#include "pages/train/overlay_button.h"
#include "pages/train/queue_panel.h"
#include "pages/train/run_queue.h"
#include "pages/train/train_form.h"
#include "pages/train/train_page.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kHelpLines = 3;
enum Tab { kRunTab, kQueueTab, kDataTab };

}  // namespace

TrainPage::TrainPage(Desk& desk) : Page(desk, PageId::Train), looking_(desk.io()) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  column->addWidget(new PageHeader(
      pageTitle(id()), tr("Train from nothing or go on from a checkpoint. Runs are programs of their own: they go on "
                          "when this window is closed.")));
  splitter_ = new QSplitter;
  splitter_->setChildrenCollapsible(false);
  splitter_->addWidget(setUp());
  splitter_->addWidget(views());
  splitter_->setStretchFactor(1, 1);
  splitter_->setSizes({380, 700});
  column->addWidget(splitter_, 1);
  connect(form_, &TrainForm::changed, this, [this] {
    card_->setOutdated();
    refresh();
  });
  connect(form_, &TrainForm::fieldEntered, this, [this](const QString& title, const QString& help) {
    fieldHelp_->setText(QStringLiteral("<b>%1</b>: %2").arg(title.toHtmlEscaped(), help.toHtmlEscaped()));
    QTimer::singleShot(0, scroll_, [this] {  // the text may have taken room from the fields
      if (QWidget* now = QApplication::focusWidget(); now != nullptr && scroll_->isAncestorOf(now)) {
        scroll_->ensureWidgetVisible(now);
      }
    });
  });
  connect(queuePanel_, &QueuePanel::editAsked, this, &TrainPage::editQueued);
  connect(queuePanel_, &QueuePanel::countChanged, this, [this](int count) {
    tabs_->setTabText(kQueueTab, count == 0 ? tr("Queue") : tr("Queue (%1)").arg(count));
    refresh();  // what was being edited may have begun
  });
  connect(&desk.runs(), &RunWatch::ended, this, [this](qlonglong run) {
    ended_.push_back(run);
    this->desk().checkpoints().refresh();  // told when it is known what they left
  });
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &TrainPage::tellEnds);
  connect(&desk.runs(), &RunWatch::changed, this, &TrainPage::tellNotices);
  connect(&desk.datasets(), &DatasetShelf::added, this, [this](const QString& name) {
    const auto entries = this->desk().datasets().entries();
    const auto entry = std::ranges::find(entries, name.toStdString(), &DatasetShelf::Entry::name);
    if (entry != entries.end() && isAdding(entry->spec.path)) {
      adding_.clear();
      form_->setData(entry->name);
    }
  });
  connect(&desk.checkpoints(), &CheckpointShelf::added, this, [this](const QString& folder) {
    if (isAdding(folder.toStdString())) {
      adding_.clear();
      form_->setStart(folder.toStdString());
    }
  });
  refresh();
}

QWidget* TrainPage::views() {
  live_ = new LiveView(desk());
  queue_ = new RunQueue(desk());
  queue_->setParent(this);
  queuePanel_ = new QueuePanel(desk(), *queue_);
  preview_ = new DataPreview(desk());
  tabs_ = new QTabWidget;
  tabs_->setObjectName("train.tabs");
  tabs_->setDocumentMode(true);
  tabs_->setMinimumWidth(320);
  tabs_->addTab(live_, tr("Run"));
  tabs_->addTab(queuePanel_, tr("Queue"));
  tabs_->addTab(preview_, tr("Data as seen"));
  tabs_->setTabToolTip(kRunTab, tr("How a run goes: its curves, checkpoints and those of other runs over it."));
  tabs_->setTabToolTip(kQueueTab, tr("What waits for its turn."));
  tabs_->setTabToolTip(kDataTab, tr("Pictures and captions as the network gets them (Ctrl+Shift+V)."));
  tabs_->tabBar()->setAccessibleName(tr("Run, queue and data"));
  tabs_->tabBar()->setToolTip(tr("Left and Right choose what is shown."));
  return tabs_;
}

QWidget* TrainPage::setUp() {
  auto* side = new QWidget;
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  form_ = new TrainForm(desk());
  card_ = new DryRunCard;
  postTrain_ = new QPushButton(widgets::icon("train"), tr("Post-train a checkpoint..."));
  postTrain_->setObjectName("train.postTrain");
  postTrain_->setToolTip(tr("Asks in three steps what to go on from, how long, and what must not be lost, and fills the "
                            "form."));
  connect(postTrain_, &QPushButton::clicked, this, &TrainPage::postTrain);
  auto* inner = new QWidget;
  auto* rows = new QVBoxLayout(inner);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(12);
  rows->addWidget(postTrain_, 0, Qt::AlignLeft);
  rows->addWidget(form_);
  rows->addWidget(card_);
  rows->addStretch(1);
  scroll_ = new QScrollArea;
  scroll_->setFocusPolicy(Qt::NoFocus);  // what stands in it takes the keyboard
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);  // fields do not move where texts come and go
  scroll_->setWidget(inner);
  side->setMinimumWidth(
      std::max(320, inner->minimumSizeHint().width() + scroll_->verticalScrollBar()->sizeHint().width()));
  column->addWidget(scroll_, 1);
  fieldHelp_ = new QLabel(tr("Go to a field to read what it means, its range, and where it comes from."));
  fieldHelp_->setObjectName("train.fieldHelp");
  fieldHelp_->setWordWrap(true);
  fieldHelp_->setProperty("muted", true);
  fieldHelp_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  fieldHelp_->setContentsMargins(0, 0, 8, 0);
  fieldHelp_->setMinimumHeight(kHelpLines * fieldHelp_->fontMetrics().lineSpacing());  // the buttons stay where they are
  column->addWidget(fieldHelp_);
  obstacle_ = new QLabel;
  obstacle_->setObjectName("train.obstacle");
  obstacle_->setWordWrap(true);
  column->addWidget(obstacle_);
  column->addWidget(editingRow());
  column->addLayout(commandRow());
  column->addLayout(startRow());
  return side;
}

QLayout* TrainPage::startRow() {
  dryRun_ = new QPushButton(tr("Dry run"));
  dryRun_->setObjectName("train.dryRun");
  start_ = new QPushButton(widgets::icon("play", widgets::IconTint::OnAccent), tr("Start"));
  start_->setObjectName("train.startButton");
  start_->setProperty("primary", true);
  queueIt_ = new QPushButton(tr("Queue"));
  queueIt_->setObjectName("train.queueButton");
  connect(queueIt_, &QPushButton::clicked, this, &TrainPage::queue);
  connect(dryRun_, &QPushButton::clicked, this, &TrainPage::dryRun);
  connect(start_, &QPushButton::clicked, this, &TrainPage::start);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(0, 0, 8, 0);
  buttons->setSpacing(8);
  int least = 0;  // as wide as the longest of what stands on them, so that none moves when a text changes
  for (const QString& text : {tr("Stop dry run"), tr("Save in queue"), tr("Starting...")}) {
    const QString before = start_->text();
    start_->setText(text);
    least = std::max(least, start_->sizeHint().width());
    start_->setText(before);
  }
  for (QPushButton* button : {dryRun_, queueIt_, start_}) {
    button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    button->setMinimumWidth(least);
    buttons->addWidget(button, 1);
  }
  return buttons;
}

QWidget* TrainPage::editingRow() {
  editingRow_ = new QWidget;
  auto* row = new QHBoxLayout(editingRow_);
  row->setContentsMargins(0, 0, 8, 0);
  row->setSpacing(6);
  editingText_ = new QLabel;
  editingText_->setObjectName("train.editing");
  editingText_->setWordWrap(true);
  auto* end = new QPushButton(tr("Stop editing"));
  end->setObjectName("train.stopEditing");
  end->setToolTip(tr("Leaves the waiting run as it was; the form stays as it is (Space)."));
  connect(end, &QPushButton::clicked, this, [this] {
    editing_.clear();
    refresh();
  });
  row->addWidget(editingText_, 1);
  row->addWidget(end);
  editingRow_->hide();
  return editingRow_;
}

QLayout* TrainPage::commandRow() {
  auto* row = new QHBoxLayout;
  row->setContentsMargins(0, 0, 8, 0);  // ends where the form's fields do
  row->setSpacing(6);
  command_ = new CommandField;
  command_->setObjectName("train.command");
  command_->setAccessibleName(tr("The same in a terminal"));
  auto* copy = new QPushButton(widgets::icon("copy"), QString());
  copy->setObjectName("train.copy");
  copy->setAccessibleName(tr("Copy the command line"));
  copy->setToolTip(tr("Copies the command line that starts the same run in a terminal (Ctrl+Shift+C)."));
  connect(copy, &QPushButton::clicked, this, &TrainPage::copyCommand);
  row->addWidget(command_, 1);
  row->addWidget(copy);
  return row;
}

void TrainPage::addActions(widgets::ActionTable& table) {
  const auto add = [&](const char* name, const QString& text, const QString& help, const QString& icon,
                       const QKeySequence& key, std::function<void()> run) {
    table.add({.id = QStringLiteral("train.%1").arg(QLatin1String(name)),
               .menu = tr("&Train"),
               .text = text,
               .help = help,
               .icon = icon,
               .key = key,
               .run = [run = std::move(run)](bool) { run(); },
               .scope = pageName(id())});
  };
  add("dryRun", tr("Dry run"), tr("Tells memory and time of the run without keeping anything."), "",
      QKeySequence("Ctrl+D"), [this] { dryRun(); });
  add("start", tr("Start the run"), tr("Starts the run as a program of its own."), "play", QKeySequence("Ctrl+Return"),
      [this] { start(); });
  add("queue", tr("Queue the run"), tr("Lets the run wait until those before it have ended."), "",
      QKeySequence("Ctrl+Shift+Return"), [this] { queue(); });
  add("holdQueue", tr("Hold the queue, or let it go on"), tr("While it is held nothing that waits is started."), "", {},
      [this] { queue_->setHeld(!queue_->isHeld()); });
  add("postTrain", tr("Post-train a checkpoint..."),
      tr("Asks in three steps what to go on from, how long, and what must not be lost."), "train",
      QKeySequence("Ctrl+Shift+T"), [this] { postTrain(); });
  add("drawData", tr("Data as the network sees it"), tr("Draws pictures and captions of a step as the run gets them."),
      "picture", QKeySequence("Ctrl+Shift+V"), [this] {
        tabs_->setCurrentIndex(kDataTab);
        preview_->draw();
      });
  add("keepStep", tr("Keep this step"), tr("Makes a copy of the shown run's present step that stays."), "save",
      QKeySequence("Ctrl+Shift+K"), [this] { live_->checkpoints().keepStep(); });
  add("overlay", tr("Overlay other runs..."), tr("Draws the curves of other runs over those of the shown one."), "", {},
      [this] {
        tabs_->setCurrentIndex(kRunTab);
        live_->overlay().showMenu();
      });
  add("copyCommand", tr("Copy the command line"), tr("Copies the command line that starts the same run in a terminal."),
      "copy", QKeySequence("Ctrl+Shift+C"), [this] { copyCommand(); });
  add("pause", tr("Pause or resume the run"), tr("Holds the shown run, or lets it go on."), "pause",
      QKeySequence("Ctrl+Shift+Space"), [this] { live_->buttons().pauseOrResume(); });
  add("stop", tr("Stop the run"), tr("Writes a checkpoint and ends the shown run."), "stop", {},
      [this] { live_->buttons().stop(); });
  add("cancel", tr("Cancel the run..."), tr("Ends the shown run without a checkpoint; asks first."), "cancel", {},
      [this] { live_->buttons().cancel(); });
  add("continue", tr("Continue the run"), tr("Goes on with the shown run from its newest checkpoint."), "play", {},
      [this] { live_->buttons().goOn(); });
}

}  // namespace lix::app
