#include "pages/support/prediction_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <map>
#include <set>

#include "adapt/adapter.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kSide = 140;  // so wide that the names of two classes can be read
constexpr int kAdapterCharacters = 7;
constexpr const char* kFirstAdapter = "prototype";

}  // namespace

PredictionPanel::PredictionPanel(Desk& desk, PredictionRun& run, LiveScores& scores, QWidget* parent)
    : SupportPanel(parent),
      run_(run),
      scores_(scores),
      grid_(new widgets::ImageGrid),
      model_(new PictureModel(desk, this)),
      adapter_(new QComboBox),
      sorted_(new QCheckBox(tr("Least sure first"))),
      clear_(new QToolButton),
      status_(new QLabel),
      document_(std::make_shared<const SupportDocument>()) {
  setAcceptDrops(true);
  build();
  showAdapters();
  connect(adapter_, &QComboBox::currentIndexChanged, this,
          [this] { run_.setAdapter(adapter_->currentData().toString().toStdString()); });
  connect(sorted_, &QCheckBox::toggled, this, [this](bool on) {
    run_.setSorting(on ? PredictionRun::Sorting::LeastSureFirst : PredictionRun::Sorting::AsFound);
  });
  connect(clear_, &QToolButton::clicked, &run_, &PredictionRun::clear);
  connect(&run_, &PredictionRun::changed, this, &PredictionPanel::show);
  connect(model_, &PictureModel::dropped, this, [this](const QMimeData* mime) { take(fromMime(*mime)); });
  run_.setAdapter(adapter_->currentData().toString().toStdString());
  show();
}

void PredictionPanel::build() {
  auto* choose = new QPushButton(widgets::icon("folder"), tr("Classify pictures..."));
  choose->setObjectName("support.classify");
  choose->setToolTip(tr("Chooses a folder of pictures without labels and predicts their classes (Ctrl+Shift+K)."));
  connect(choose, &QPushButton::clicked, this, &PredictionPanel::choose);
  adapter_->setObjectName("support.adapter");
  adapter_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  adapter_->setMinimumContentsLength(kAdapterCharacters);
  adapter_->setAccessibleName(tr("Adapter that predicts"));
  adapter_->setToolTip(tr("The adapter that predicts the classes."));
  sorted_->setObjectName("support.sorted");
  sorted_->setChecked(true);
  sorted_->setToolTip(tr("Sorts by margin: how much better the best class is than the second, which stands below it."));
  clear_->setIcon(widgets::icon("remove"));
  clear_->setAccessibleName(tr("Clear predictions"));
  clear_->setToolTip(tr("Takes these pictures away from here; files and the set stay as they are."));
  status_->setObjectName("support.predictionStatus");
  status_->setProperty("muted", true);
  status_->setWordWrap(true);
  grid_->setObjectName("support.predictions");
  grid_->setAccessibleName(tr("Predictions"));
  grid_->setModel(model_);
  grid_->setSide(kSide);
  grid_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  grid_->setDragEnabled(true);
  grid_->setAcceptDrops(true);
  grid_->viewport()->setAcceptDrops(true);
  grid_->setDragDropMode(QAbstractItemView::DragDrop);
  model_->setDropAccepted(true);
  grid_->setEmptyText(tr("Drop pictures without labels, or a folder of them, here."));
  grid_->setToolTip(tr("Drag a picture into a class, or press 1 to 9, to correct its prediction."));
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(adapter_, 1);
  head->addWidget(sorted_);
  head->addStretch(2);
  head->addWidget(choose);
  head->addWidget(clear_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(6);
  column->addLayout(head);
  column->addWidget(status_);
  column->addWidget(grid_, 1);
}

/// Those that scoreSupport asks.
void PredictionPanel::showAdapters() {
  for (const adapt::Adapter* one : adapt::table()) {
    if (!one->needsValidation) {
      adapter_->addItem(QString::fromStdString(one->title), QString::fromStdString(one->id));
    }
  }
  adapter_->setCurrentIndex(std::max(0, adapter_->findData(kFirstAdapter)));
}

void PredictionPanel::setDocument(const SupportDocument& document) {
  document_ = std::make_shared<const SupportDocument>(document);
  show();
}

void PredictionPanel::show() {
  const auto predictions = run_.predictions();
  status_->setText(run_.status());
  status_->setVisible(!run_.status().isEmpty());
  clear_->setEnabled(!run_.isEmpty());
  std::map<data::PictureRef, QString> classes;
  if (predictions && !predictions->rows.empty()) {
    for (const auto& one : document_->set.classes) {
      for (const auto& picture : one.pictures) {
        classes.emplace(picture, QString::fromStdString(one.name));
      }
    }
  }
  const int current = grid_->currentIndex().row();
  model_->setItems(
      predictions ? static_cast<int>(predictions->rows.size()) : 0,
      [predictions, classes = std::move(classes)](int row) {
        const Prediction& one = predictions->rows[static_cast<std::size_t>(row)];
        PictureItem item{.picture = one.picture};
        item.caption = QString::fromStdString(one.best);
        const QString second = QString::fromStdString(one.second), margin = QString::number(one.margin, 'g', 2);
        item.detail = second.isEmpty() ? QString() : tr("or %1").arg(second);
        item.tip = QString::fromStdString(data::shortName(one.picture)) + "\n" + item.caption;
        if (!second.isEmpty()) {
          item.badge = tr("margin %1").arg(margin);
          item.tip += "\n" + tr("%1 over %2, the second").arg(margin, second);
        }
        if (const auto found = classes.find(one.picture); found != classes.end()) {
          item.badge = tr("in %1").arg(found->second);
          item.frame = found->second == item.caption ? widgets::GridFrame::Right : widgets::GridFrame::Wrong;
        }
        return item;
      });
  if (current >= 0 && current < model_->rowCount()) {
    grid_->setCurrentIndex(model_->index(current));
  }
}

void PredictionPanel::choose() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Choose a folder of pictures to classify"));
  if (!folder.isEmpty()) {
    run_.start({.pictures = {}, .captions = {}, .paths = {folder.toStdString()}});
  }
}

QJsonObject PredictionPanel::state() const {
  return {{"adapter", adapter_->currentData().toString()}, {"leastSureFirst", sorted_->isChecked()}};
}

void PredictionPanel::restore(const QJsonObject& state) {
  if (const int found = adapter_->findData(state["adapter"].toString()); found >= 0) {
    adapter_->setCurrentIndex(found);
  }
  sorted_->setChecked(state["leastSureFirst"].toBool(true));
}

void PredictionPanel::dragEnterEvent(QDragEnterEvent* event) {
  if (canRead(*event->mimeData())) {
    event->acceptProposedAction();
  }
}

void PredictionPanel::dropEvent(QDropEvent* event) {
  event->acceptProposedAction();
  take(fromMime(*event->mimeData()));
}

void PredictionPanel::take(const Payload& payload) {
  // Pictures let go where they were taken from are no new question.
  if (const auto predictions = run_.predictions(); predictions && payload.paths.empty()) {
    std::set<data::PictureRef> known;
    for (const Prediction& one : predictions->rows) {
      known.insert(one.picture);
    }
    if (std::ranges::all_of(payload.pictures, [&](const auto& picture) { return known.contains(picture); })) {
      return;
    }
  }
  if (!payload.pictures.empty() || !payload.paths.empty()) {
    run_.start(payload);
  }
}

}  // namespace lix::app
