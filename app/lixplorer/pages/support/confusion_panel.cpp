#include "pages/support/confusion_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QResizeEvent>
#include <QSplitter>
#include <QVBoxLayout>

#include "desk/desk.h"
#include "figure_view/figure_export.h"
#include "figures/heat_figure.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/adapter_box.h"
#include "pages/support/confusion_table.h"

namespace lix::app {
namespace {

constexpr int kSide = 72;
constexpr int kWide = 480;  // from here on pictures stand beside the matrix

}  // namespace

ConfusionPanel::ConfusionPanel(Desk& desk, LiveScores& scores, QWidget* parent)
    : SupportPanel(parent),
      scores_(scores),
      adapter_(new AdapterBox(scores.shown(), AdapterBox::Offer::All, "support.confusionAdapter",
                              tr("The adapter whose answers are counted."))),
      counts_(new ConfusionModel(this)),
      table_(new ConfusionTable(counts_)),
      pictures_(new PictureModel(desk, this)),
      grid_(new widgets::ImageGrid),
      empty_(new QLabel),
      cell_(new QLabel),
      halves_(new QSplitter(Qt::Vertical)) {
  build();
  connectAll();
  auto* save = new widgets::FigureExport(table_, [this] { return figure(); });
  save->serve(table_->viewport());
  connect(save, &widgets::FigureExport::failed, this,
          [&desk](const QString& sentence) { desk.say(widgets::Severity::Error, sentence); });
}

void ConfusionPanel::build() {
  table_->setObjectName("support.confusion");
  table_->setAccessibleName(tr("Confusion matrix"));
  table_->setToolTip(
      tr("Rows: what queries are; columns: what they are taken for. Arrows go from cell to cell, Enter to "
         "its pictures.") +
      QStringLiteral("\n") + widgets::FigureExport::hint());
  grid_->setObjectName("support.confused");
  grid_->setAccessibleName(tr("Queries of the cell"));
  grid_->setToolTip(
      tr("Query pictures of the chosen cell, the surest answer first; Space shows one large. They cannot be "
         "dragged into the set: it would be measured on pictures that it knows."));
  grid_->setModel(pictures_);
  grid_->setSide(kSide);
  grid_->setDragEnabled(false);
  grid_->setEmptyText(tr("Choose a cell to see its pictures."));
  empty_->setObjectName("support.confusionEmpty");
  cell_->setObjectName("support.confusionCell");
  for (QLabel* label : {empty_, cell_}) {
    label->setWordWrap(true);
    label->setProperty("muted", true);
  }
  auto* below = new QWidget;
  auto* belowColumn = new QVBoxLayout(below);
  belowColumn->setContentsMargins(0, 0, 0, 0);
  belowColumn->addWidget(cell_);
  belowColumn->addWidget(grid_, 1);
  halves_->setObjectName("support.confusionHalves");
  halves_->setChildrenCollapsible(false);
  halves_->addWidget(table_);
  halves_->addWidget(below);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 0);
  column->setSpacing(6);
  column->addWidget(adapter_);
  column->addWidget(empty_);
  column->addWidget(halves_, 1);
}

void ConfusionPanel::connectAll() {
  for (auto signal : {&LiveScores::scored, &LiveScores::fitted, &LiveScores::statusChanged}) {
    connect(&scores_, signal, this, &ConfusionPanel::show);
  }
  connect(adapter_, &QComboBox::currentIndexChanged, this, &ConfusionPanel::show);
  connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
    table_->viewport()->update();
    showCell();
  });
  connect(table_, &ConfusionTable::opened, this, [this] {
    if (pictures_->rowCount() > 0) {
      grid_->setFocus();
      grid_->setCurrentIndex(pictures_->index(0, 0));
    }
  });
  connect(grid_, &widgets::ImageGrid::previewAsked, this,
          [this](const QModelIndex& index) { Q_EMIT previewAsked(grid_, pictures_, index.row()); });
}

void ConfusionPanel::setActive(bool active) {
  active_ = active;
  show();
}

void ConfusionPanel::show() {
  if (!active_) {
    return;
  }
  const QString why = whyNothing(scores_, adapter_->id());
  empty_->setText(why);
  empty_->setVisible(!why.isEmpty());
  halves_->setVisible(why.isEmpty());
  if (why.isEmpty()) {
    const auto& names = scores_.scores()->task->names;
    counts_->setCounts(names, study::confusionCounts(scores_.score(adapter_->id())->predictions, names.size()));
  }
  showCell();
}

void ConfusionPanel::showCell() {
  const QModelIndex at = table_->currentIndex();
  const study::AdapterScore* score = scores_.score(adapter_->id());
  const QString empty = at.isValid() ? tr("No pictures in this cell.") : tr("Choose a cell to see its pictures.");
  grid_->setEmptyText(empty);
  if (!at.isValid() || score == nullptr || !score->accuracy) {
    cell_->clear();
    grid_->setAccessibleDescription(empty);
    pictures_->setItems(std::vector<PictureItem>());
    return;
  }
  cell_->setText(counts_->data(at, Qt::ToolTipRole).toString());
  const auto& queries = scores_.scores()->task->queries->embedded.pictures;
  std::vector<PictureItem> items;
  for (const study::SupportPrediction& one : study::confusionCell(score->predictions, at.row(), at.column())) {
    const bool right = at.row() == at.column();
    const QString margin = QString::number(static_cast<double>(one.margin), 'g', 2);
    items.push_back(
        {.picture = queries[one.query],
         .caption = margin,
         .frame = right ? widgets::GridFrame::Right : widgets::GridFrame::Wrong,
         .tip = tr("%1, taken for %2, then %3; its margin to that one is %4.")
                    .arg(counts_->name(one.label), counts_->name(one.predicted), counts_->name(one.second), margin)});
  }
  grid_->setAccessibleDescription(items.empty() ? empty : QString());
  pictures_->setItems(std::move(items));
}

std::shared_ptr<const figures::Figure> ConfusionPanel::figure() const {
  const auto scores = scores_.scores();
  if (counts_->rowCount() == 0 || !whyNothing(scores_, adapter_->id()).isEmpty() ||
      scores->task->names.size() != static_cast<std::size_t>(counts_->rowCount())) {
    return nullptr;
  }
  figures::HeatPanel panel{.rows = scores->task->names, .columns = scores->task->names};
  for (int row = 0; row < counts_->rowCount(); ++row) {
    for (int column = 0; column < counts_->rowCount(); ++column) {
      panel.values.push_back(static_cast<double>(counts_->count(row, column)));
    }
  }
  figures::HeatData heat{.headings = {.title = tr("Confusions of %1").arg(adapter_->currentText()).toStdString()},
                         .rowLabel = tr("True class").toStdString(),
                         .columnLabel = tr("Predicted class").toStdString(),
                         .valueLabel = tr("Queries").toStdString(),
                         .panels = {std::move(panel)}};
  return std::make_shared<figures::HeatFigure>(std::move(heat));
}

void ConfusionPanel::resizeEvent(QResizeEvent* event) {
  SupportPanel::resizeEvent(event);
  halves_->setOrientation(event->size().width() >= kWide ? Qt::Horizontal : Qt::Vertical);
}

QJsonObject ConfusionPanel::state() const { return {{"byHand", adapter_->byHand()}}; }

void ConfusionPanel::restore(const QJsonObject& state) { adapter_->restore(state["byHand"].toString()); }

}  // namespace lix::app
