#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "adapt/adapter.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/picture_panel.h"
#include "pages/compare/verdict_cards.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMargin = 16, kSpacing = 12;
constexpr int kMostShots = 256, kMostSeed = 9999;
constexpr const char* kZeroShot = "zero-shot";

QComboBox* choiceBox(const char* objectName, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(objectName);
  box->setToolTip(tip);
  return box;
}

QSpinBox* numberBox(const char* objectName, int low, int high, int value, const QString& tip) {
  auto* box = new QSpinBox;
  box->setObjectName(objectName);
  box->setRange(low, high);
  box->setValue(value);
  box->setToolTip(tip);
  return box;
}

}  // namespace

void ComparePage::build() {
  auto* header = new PageHeader(pageTitle(id()), tr("Two checkpoints on the same pictures."));
  a_ = new CheckpointBox(desk());
  a_->setObjectName("compare.a");
  a_->setAccessibleName(tr("Checkpoint A"));
  b_ = new CheckpointBox(desk());
  b_->setObjectName("compare.b");
  b_->setAccessibleName(tr("Checkpoint B"));
  swap_ = new QToolButton;
  swap_->setObjectName("compare.swap");
  swap_->setText(QString::fromUtf8("\u21c4"));
  swap_->setAccessibleName(tr("Exchange A and B"));
  swap_->setToolTip(tr("Exchanges A and B (Ctrl+Shift+X)."));
  compare_ = new QPushButton(tr("Compare"));
  compare_->setObjectName("compare.start");
  compare_->setProperty("primary", true);
  compare_->setToolTip(tr("Classifies the pictures with both checkpoints, in the background (Ctrl+Return)."));
  header->addControl(labelled(tr("A"), a_));
  header->addControl(swap_);
  header->addControl(labelled(tr("B"), b_));
  header->addControl(compare_);
  empty_ = new EmptyState("compare", tr("Who is right where"), {});
  emptyButton_ = empty_->addButton(tr("Compare"));
  emptyButton_->setObjectName("compare.empty.start");
  emptyButton_->setToolTip(compare_->toolTip());
  stack_ = new QStackedWidget;
  stack_->setObjectName("compare.stack");
  stack_->addWidget(empty_);
  stack_->addWidget(buildResult());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  column->setSpacing(kSpacing);
  column->addWidget(header);
  column->addWidget(buildChoices());
  column->addWidget(buildChosen());
  column->addWidget(stack_, 1);
  preview_ = new PicturePreview(desk(), this);
}

QWidget* ComparePage::buildChoices() {
  dataset_ = new DatasetBox(desk());
  dataset_->setObjectName("compare.dataset");
  labels_ = choiceBox("compare.labels", tr("Which labels are told apart; arrows change it."));
  labels_->setMinimumContentsLength(9);
  split_ = choiceBox("compare.split", tr("Pictures of this split are classified; arrows change it."));
  split_->addItem(tr("test"), int(data::Split::Test));
  split_->addItem(tr("validation"), int(data::Split::Validation));
  split_->addItem(tr("train"), int(data::Split::Train));
  method_ = choiceBox("compare.method", tr("How the pictures are classified: by the names of the classes, or by a few "
                                           "pictures of each, the same for A and B."));
  method_->addItem(tr("Zero-shot"), kZeroShot);
  for (const adapt::Adapter* adapter : adapt::table()) {
    if (adapter->id != kZeroShot) {
      method_->addItem(QString::fromStdString(adapter->title), QString::fromStdString(adapter->id));
    }
  }
  method_->setCurrentIndex(std::max(0, method_->findData("prototype")));
  shots_ = numberBox("compare.shots", 1, kMostShots, 8, tr("Pictures per class that the adapter sees."));
  seed_ = numberBox(
      "compare.seed", 0, kMostSeed, 0,
      tr("Seed of the draw: of the support, and of the pictures where there are more than %1.").arg(kMostQueries));
  auto* row = new QWidget;
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(8);
  line->addWidget(labelled(tr("Dataset"), dataset_), 3);
  line->addWidget(labelled(tr("Label set"), labels_), 2);
  line->addWidget(labelled(tr("Split"), split_), 2);
  line->addWidget(labelled(tr("Method"), method_), 3);
  line->addWidget(labelled(tr("Shots"), shots_), 1);
  line->addWidget(labelled(tr("Draw seed"), seed_), 1);
  return row;
}

QWidget* ComparePage::buildChosen() {
  chosen_ = new QWidget;
  chosenText_ = new QLabel;
  chosenText_->setObjectName("compare.chosen");
  auto* all = new QPushButton(tr("All pictures of the split"));
  all->setObjectName("compare.chosen.all");
  all->setToolTip(tr("Compares on the whole split again (Space while it has the focus)."));
  connect(all, &QPushButton::clicked, this, [this] { restrictTo({}, {}); });
  auto* line = new QHBoxLayout(chosen_);
  line->setContentsMargins(0, 0, 0, 0);
  line->addWidget(chosenText_);
  line->addWidget(all);
  line->addStretch(1);
  chosen_->hide();
  return chosen_;
}

QWidget* ComparePage::buildPictures() {
  cards_ = new VerdictCards;
  sort_ = choiceBox("compare.sort", tr("Order of the pictures; arrows change it."));
  sort_->setAccessibleName(tr("Order of the pictures"));
  sort_->addItem(tr("B gains most first"), int(PictureOrder::GainOfB));
  sort_->addItem(tr("A is ahead most first"), int(PictureOrder::GainOfA));
  sort_->addItem(tr("Least sure first"), int(PictureOrder::LeastSure));
  sort_->addItem(tr("As in the dataset"), int(PictureOrder::Dataset));
  filtered_ = new QLabel;
  filtered_->setObjectName("compare.filtered");
  filtered_->setProperty("muted", true);
  model_ = new PictureModel(desk(), this);
  grid_ = new widgets::ImageGrid;
  grid_->setObjectName("compare.grid");
  grid_->setAccessibleName(tr("Pictures with both answers"));
  grid_->setModel(model_);
  grid_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  grid_->setEmptyText(tr("No picture is among these."));
  auto* left = new QWidget;
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  auto* line = new QHBoxLayout;
  line->addWidget(filtered_, 1);
  line->addWidget(sort_);
  column->addWidget(cards_);
  column->addLayout(line);
  column->addWidget(grid_, 1);
  column->addWidget(notes_);
  return left;
}

QWidget* ComparePage::buildResult() {
  auto* result = new QWidget;
  summary_ = new QLabel;
  summary_->setObjectName("compare.summary");
  summary_->setTextFormat(Qt::RichText);
  summary_->setWordWrap(true);
  summary_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  notes_ = new QLabel;
  notes_->setObjectName("compare.notes");
  notes_->setProperty("muted", true);
  notes_->setWordWrap(true);
  panel_ = new PicturePanel;
  splitter_ = new QSplitter;
  splitter_->setObjectName("compare.splitter");
  splitter_->setChildrenCollapsible(false);
  splitter_->addWidget(buildPictures());
  splitter_->addWidget(panel_);
  splitter_->setStretchFactor(0, 1);
  splitter_->setStretchFactor(1, 1);
  splitter_->setSizes({500, 500});
  auto* all = new QVBoxLayout(result);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(8);
  all->addWidget(summary_);
  all->addWidget(splitter_, 1);
  return result;
}

}  // namespace lix::app
