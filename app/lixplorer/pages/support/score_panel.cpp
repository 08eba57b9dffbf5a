#include "pages/support/score_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "adapt/adapter.h"
#include "desk/checkpoint_shelf.h"
#include "figure_view/figure_export.h"
#include "figures/table_figure.h"
#include "frame/choices.h"
#include "frame/page_parts.h"

namespace lix::app {
namespace {

/// As high as its rows where there is room, so that what is said of them follows at once.
class RowsTable : public QTableWidget {
 public:
  RowsTable() { setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Maximum); }
  QSize sizeHint() const override {
    return {QTableWidget::sizeHint().width(),
            horizontalHeader()->sizeHint().height() + verticalHeader()->length() + 2 * frameWidth()};
  }
};

QComboBox* smallBox(const QString& name, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  box->setToolTip(tip);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(6);
  return box;
}

}  // namespace

ScorePanel::ScorePanel(Desk& desk, LiveScores& scores, QWidget* parent)
    : SupportPanel(parent),
      desk_(desk),
      scores_(scores),
      checkpoint_(new CheckpointBox(desk)),
      fold_(new QToolButton),
      choice_(new QWidget),
      dataset_(new DatasetBox(desk)),
      most_(nullptr),
      live_(new QCheckBox(tr("Live"))),
      fitted_(new QCheckBox(tr("Fitted adapters"))),
      now_(new QPushButton(tr("Score now"))),
      table_(new RowsTable),
      status_(new QLabel),
      notes_(new QLabel) {
  build();
  connectAll();
  scores_.setModel(checkpoint_->folder());
  showScores();
}

void ScorePanel::build() {
  checkpoint_->setObjectName("support.checkpoint");
  checkpoint_->setAccessibleName(tr("Model"));
  checkpoint_->setToolTip(tr("The checkpoint whose image vectors the adapters work with."));
  dataset_->setObjectName("support.dataset");
  dataset_->setNoneText(tr("Automatic"));
  dataset_->setName({});
  dataset_->setToolTip(tr("Where the query pictures come from; Automatic takes the dataset of most support pictures."));
  labelSet_ = smallBox("support.labelSet", tr("The labels that tell which class a query picture is of; Automatic takes "
                                              "those with the most class names of the set."));
  split_ = smallBox("support.split", tr("The part of the dataset that queries are drawn from."));
  split_->addItem(tr("test"), static_cast<int>(data::Split::Test));
  split_->addItem(tr("validation"), static_cast<int>(data::Split::Validation));
  split_->addItem(tr("train"), static_cast<int>(data::Split::Train));
  most_ = smallBox("support.most", tr("How many pictures are asked at most, spread evenly over the classes: more of "
                                      "them make intervals narrower, and have to be read once."));
  for (const std::size_t most : {std::size_t{400}, std::size_t{1000}, kMostQueries, std::size_t{5000}, kQueryLimit}) {
    most_->addItem(locale().toString(static_cast<qlonglong>(most)), static_cast<qlonglong>(most));
  }
  most_->setCurrentIndex(most_->findData(static_cast<qlonglong>(kMostQueries)));
  live_->setObjectName("support.live");
  live_->setChecked(true);
  live_->setToolTip(tr("Scores the adapters anew after every change of the set (L)."));
  fitted_->setObjectName("support.fitted");
  now_->setObjectName("support.scoreNow");
  now_->setToolTip(tr("Scores the set as it stands with every adapter (Ctrl+Return)."));
  now_->setVisible(false);
  buildTable();
  status_->setObjectName("support.status");
  status_->setWordWrap(true);
  notes_->setObjectName("support.notes");
  notes_->setWordWrap(true);
  notes_->setProperty("muted", true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 0);
  column->setSpacing(8);
  column->addWidget(checkpoint_);
  column->addWidget(fold_);
  column->addWidget(buildChoice());
  auto* liveRow = new QHBoxLayout;
  liveRow->addWidget(live_);
  liveRow->addWidget(fitted_, 1);
  liveRow->addWidget(now_);
  column->addLayout(liveRow);
  column->addWidget(table_, 1);
  column->addWidget(status_);  // below the rows, which stay in their places as it comes and goes
  column->addWidget(notes_);
  column->addStretch(0);
}

/// Where queries come from, folded away: it is chosen once, and the accuracies want the room.
QWidget* ScorePanel::buildChoice() {
  choice_->setObjectName("support.choice");
  auto* column = new QVBoxLayout(choice_);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(labelled(tr("Queries from"), dataset_));
  column->addWidget(labelled(tr("Label set"), labelSet_));
  auto* row = new QHBoxLayout;
  row->addWidget(labelled(tr("Split"), split_), 1);
  row->addWidget(labelled(tr("At most"), most_), 1);
  column->addLayout(row);
  choice_->setVisible(false);
  fold_->setObjectName("support.fold");
  fold_->setCheckable(true);
  fold_->setAutoRaise(true);
  fold_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  fold_->setArrowType(Qt::RightArrow);
  fold_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  fold_->setToolTip(tr("Shows or hides where queries come from: dataset, label set, split and how many (Space)."));
  connect(fold_, &QToolButton::toggled, this, [this](bool open) {
    choice_->setVisible(open);
    fold_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
  });
  return choice_;
}

void ScorePanel::buildTable() {
  table_->setObjectName("support.scores");
  table_->setTabKeyNavigation(false);  // Tab leaves it
  table_->setAccessibleName(tr("Accuracy of every adapter"));
  table_->setColumnCount(kColumns);
  table_->setHorizontalHeaderLabels({tr("Adapter"), tr("Accuracy"), tr("95 %"), tr("Change")});
  table_->verticalHeader()->hide();
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  table_->horizontalHeader()->setMinimumSectionSize(1);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setStyleSheet("QHeaderView::section { padding: 6px 4px; }");  // names want the room
  for (int column = 0; column < kColumns; ++column) {
    table_->horizontalHeader()->setSectionResizeMode(
        column, column == kAdapter ? QHeaderView::Stretch : QHeaderView::ResizeToContents);
    table_->horizontalHeaderItem(column)->setTextAlignment((column == kAdapter ? Qt::AlignLeft : Qt::AlignRight) |
                                                           Qt::AlignVCenter);
  }
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  table_->viewport()->installEventFilter(this);
  auto* save = new widgets::FigureExport(table_, [this] { return figure(); });
  save->serve(table_->viewport());
  connect(save, &widgets::FigureExport::failed, this,
          [this](const QString& sentence) { desk_.say(widgets::Severity::Error, sentence); });
}

void ScorePanel::connectAll() {
  connect(checkpoint_, &CheckpointBox::chosen, this, [this] { scores_.setModel(checkpoint_->folder()); });
  connect(dataset_, &DatasetBox::chosen, this, [this] {
    wantedLabelSet_.clear();
    tellChoice();
  });
  connect(labelSet_, &QComboBox::activated, this, [this] {
    wantedLabelSet_ = labelSet_->currentData().toString().toStdString();
    tellChoice();
  });
  connect(split_, &QComboBox::currentIndexChanged, this, &ScorePanel::tellChoice);
  connect(most_, &QComboBox::currentIndexChanged, this, &ScorePanel::tellChoice);
  connect(fitted_, &QCheckBox::clicked, this,
          [this](bool on) { scores_.setFitting(on ? LiveScores::Fitting::Always : LiveScores::Fitting::Never); });
  connect(&scores_, &LiveScores::fitted, this, &ScorePanel::showScores);
  connect(table_, &QTableWidget::cellClicked, this, [this](int row) { chooseRow(row); });
  connect(table_, &QTableWidget::currentCellChanged, this, [this](int row) { chooseRow(row); });
  for (auto signal : {&ShownAdapter::chosen, &ShownAdapter::restored}) {
    connect(&scores_.shown(), signal, this, &ScorePanel::showShown);
  }
  connect(live_, &QCheckBox::toggled, this, [this](bool on) {
    now_->setVisible(!on);
    scores_.setLive(on);
  });
  connect(now_, &QPushButton::clicked, &scores_, &LiveScores::scoreNow);
  connect(&scores_, &LiveScores::planChanged, this, &ScorePanel::showPlan);
  connect(&scores_, &LiveScores::scored, this, &ScorePanel::showScores);
  connect(&scores_, &LiveScores::statusChanged, this, &ScorePanel::showNotes);
}

void ScorePanel::tellChoice() {
  scores_.setChoice({dataset_->name(), wantedLabelSet_, static_cast<data::Split>(split_->currentData().toInt()),
                     static_cast<std::size_t>(most_->currentData().toLongLong())});
}

void ScorePanel::showPlan() {
  const QSignalBlocker quiet(labelSet_);
  const QueryPlan& plan = scores_.plan();
  labelSet_->clear();
  labelSet_->addItem(
      plan.labelSet.empty() ? tr("Automatic") : tr("Automatic (%1)").arg(QString::fromStdString(plan.labelSet)),
      QString());
  for (const std::string& name : plan.labelSets) {
    labelSet_->addItem(QString::fromStdString(name), QString::fromStdString(name));
  }
  labelSet_->setCurrentIndex(std::max(0, labelSet_->findData(QString::fromStdString(wantedLabelSet_))));
  showNotes();
}

void ScorePanel::showScores() {
  const auto scores = scores_.scores();
  const int rows = scores ? static_cast<int>(scores->adapters.size()) : 0;
  const QSignalBlocker quiet(table_);  // nobody has chosen another row
  table_->setRowCount(rows);
  table_->setVisible(rows > 0);  // what is waited for stands in its place then
  int row = 0;
  for (const bool quick : {true, false}) {  // in an order that does not change while they are fitted
    for (int i = 0; i < rows; ++i) {
      const study::AdapterScore& score = scores->adapters[static_cast<std::size_t>(i)];
      if (const auto adapter = adapt::find(score.id); adapter && study::isQuick(**adapter) == quick) {
        showRow(row++, score);
      }
    }
  }
  showShown();
  fitColumns();
  table_->updateGeometry();
  showFitting();
  const QString tip =
      tr("Accuracy on the queries with its 95 % interval, and how the last change moved it; changes in brackets are "
         "within noise. A click or the arrows choose the adapter that every panel shows.");
  table_->setToolTip((tip + " " + worthOfOne()).trimmed() + "\n" + widgets::FigureExport::hint());
  tellUnreadable();
  showNotes();
}

std::shared_ptr<const figures::Figure> ScorePanel::figure() const {
  if (table_->rowCount() == 0) {
    return nullptr;
  }
  const auto text = [this](int row, int column) {
    const QTableWidgetItem* item = table_->item(row, column);
    return item ? item->text().toStdString() : std::string();
  };
  figures::TableData table{.headings = {.title = tr("Accuracy of every adapter").toStdString(),
                                        .subtitle = fold_->text().toStdString(),
                                        .notes = tr("Changes in brackets are within noise.").toStdString()},
                           .corner = tr("Adapter").toStdString()};
  for (int column = kAccuracy; column < kColumns; ++column) {
    table.columns.push_back(table_->horizontalHeaderItem(column)->text().toStdString());
  }
  for (int row = 0; row < table_->rowCount(); ++row) {
    table.rows.push_back({text(row, kAdapter), {text(row, kAccuracy), text(row, kInterval), text(row, kChange)}});
  }
  return std::make_shared<figures::TableFigure>(std::move(table));
}

void ScorePanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    showScores();  // whose colours are the theme's
  }
}

void ScorePanel::resizeEvent(QResizeEvent* event) {
  SupportPanel::resizeEvent(event);
  fitColumns();
}

QJsonObject ScorePanel::state() const {
  return {{"checkpoint", QString::fromStdString(checkpoint_->folder().string())},
          {"dataset", QString::fromStdString(dataset_->name())},
          {"labelSet", QString::fromStdString(wantedLabelSet_)},
          {"split", split_->currentIndex()},
          {"most", most_->currentData().toLongLong()},
          {"fitted", static_cast<int>(scores_.fitting())},
          {"open", fold_->isChecked()},
          {"live", live_->isChecked()},
          {"adapter", QString::fromStdString(scores_.shown().id())}};
}

void ScorePanel::restore(const QJsonObject& state) {
  if (const QString folder = state["checkpoint"].toString(); !folder.isEmpty()) {
    checkpoint_->setFolder(folder.toStdString());
  }
  dataset_->setName(state["dataset"].toString().toStdString());
  wantedLabelSet_ = state["labelSet"].toString().toStdString();
  const int split = state["split"].toInt();
  split_->setCurrentIndex(split >= 0 && split < split_->count() ? split : 0);
  const int most = most_->findData(static_cast<qlonglong>(state["most"].toInteger()));
  most_->setCurrentIndex(most >= 0 ? most : most_->findData(static_cast<qlonglong>(kMostQueries)));
  const auto fitting = static_cast<LiveScores::Fitting>(state["fitted"].toInt());
  const bool known = fitting == LiveScores::Fitting::Always || fitting == LiveScores::Fitting::Never;
  scores_.setFitting(known ? fitting : LiveScores::Fitting::Automatic);
  fold_->setChecked(state["open"].toBool());
  live_->setChecked(state["live"].toBool(true));
  scores_.shown().restore(state["adapter"].toString().toStdString());
  tellChoice();
}

}  // namespace lix::app
