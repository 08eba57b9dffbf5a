#include "pages/support/prediction_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
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
#include <utility>

#include "adapt/adapter.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kSide = 96;  // a row with its lines fits below a board of a small window
constexpr int kAdapterCharacters = 7;
constexpr const char* kFirstAdapter = "prototype";
constexpr std::size_t kLast = 10;     // judged pictures that are told by themselves
constexpr double kSureShare = 0.75;   // the margin at first: a quarter of the predictions is surer

}  // namespace

PredictionPanel::PredictionPanel(Desk& desk, PredictionRun& run, LiveScores& scores, QWidget* parent)
    : SupportPanel(parent),
      desk_(desk),
      run_(run),
      scores_(scores),
      grid_(new widgets::ImageGrid),
      model_(new PictureModel(desk, this)),
      adapter_(new QComboBox),
      sorted_(new QCheckBox(tr("Least sure first"))),
      clear_(new QToolButton),
      why_(new QToolButton),
      status_(new QLabel),
      tally_(new QLabel),
      margin_(new QDoubleSpinBox),
      accept_(new QPushButton),
      document_(std::make_shared<const SupportDocument>()) {
  setAcceptDrops(true);
  build();
  showAdapters();
  connect(adapter_, &QComboBox::currentIndexChanged, this,
          [this] {
            marginTouched_ = false;  // margins are in the adapter's own unit
            entry_ = settingsOfAdapter();
            run_.setAdapter(adapter_->currentData().toString().toStdString());
          });
  connect(&scores_, &LiveScores::settingsChanged, this, [this] {
    const ParamValues before = std::exchange(entry_, settingsOfAdapter());
    marginTouched_ = marginTouched_ && entry_ == before;  // that unit depends on its settings
  });
  connect(sorted_, &QCheckBox::toggled, this, [this](bool on) {
    run_.setSorting(on ? PredictionRun::Sorting::LeastSureFirst : PredictionRun::Sorting::AsFound);
  });
  connect(clear_, &QToolButton::clicked, &run_, &PredictionRun::clear);
  connect(&run_, &PredictionRun::changed, this, [this] {
    if (run_.isEmpty()) {
      judged_.clear();
      accepted_.clear();
      marginTouched_ = false;
    }
    suggestMargin();
    show();
  });
  connect(margin_, &QDoubleSpinBox::valueChanged, this, [this] {
    marginTouched_ = true;
    showFoot();
  });
  connect(accept_, &QPushButton::clicked, this, [this] {
    const auto sure = sureOnes();
    for (const auto& [picture, name] : sure) {
      accepted_.insert(picture);
    }
    Q_EMIT acceptAsked(sure);
  });
  connect(why_, &QToolButton::clicked, this, &PredictionPanel::whyAsked);
  connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    why_->setEnabled(index.isValid());
    if (index.isValid() && !showing_) {
      Q_EMIT pictureChosen(model_->picture(index));
    }
  });
  connect(model_, &PictureModel::dropped, this, [this](const QMimeData* mime) { take(fromMime(*mime)); });
  run_.setAdapter(adapter_->currentData().toString().toStdString());
  show();
}

void PredictionPanel::build() {
  status_->setObjectName("support.predictionStatus");
  status_->setProperty("muted", true);
  status_->setWordWrap(true);
  buildGrid();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 0);
  column->setSpacing(6);
  column->addLayout(buildHead());
  column->addLayout(buildFoot());
  column->addWidget(status_);
  column->addWidget(grid_, 1);
}

QHBoxLayout* PredictionPanel::buildHead() {
  auto* choose = new QPushButton(widgets::icon("folder"), tr("Classify..."));
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
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(adapter_, 1);
  head->addWidget(sorted_);
  head->addStretch(2);
  head->addWidget(choose);
  head->addWidget(clear_);
  return head;
}

QHBoxLayout* PredictionPanel::buildFoot() {
  tally_->setObjectName("support.tally");
  tally_->setProperty("muted", true);
  tally_->setToolTip(tr("Pictures of these that you put into a class, and how many of them were predicted as that class "
                        "before."));
  margin_->setObjectName("support.margin");
  margin_->setRange(0.0, 1e6);
  margin_->setDecimals(3);
  margin_->setAccessibleName(tr("Least margin to accept"));
  margin_->setToolTip(tr("Predictions with at least this margin are sure enough; it is in the adapter's own unit."));
  accept_->setObjectName("support.accept");
  accept_->setToolTip(tr("Puts all predictions with at least this margin into their classes, in one step that Ctrl+Z takes "
                         "back."));
  why_->setObjectName("support.why");
  why_->setText(tr("Moved by"));
  why_->setToolTip(tr("Shows which support pictures moved the prediction of the selected picture."));
  why_->setEnabled(false);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addWidget(tally_, 1);
  foot->addStretch(0);
  foot->addWidget(why_);
  foot->addWidget(margin_);
  foot->addWidget(accept_);
  return foot;
}

void PredictionPanel::buildGrid() {
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

ParamValues PredictionPanel::settingsOfAdapter() const {
  const auto found = scores_.settings().find(adapter_->currentData().toString().toStdString());
  return found == scores_.settings().end() ? ParamValues() : found->second;
}

void PredictionPanel::setDocument(const SupportDocument& document, LiveScores::Change change) {
  const auto before = std::exchange(document_, std::make_shared<const SupportDocument>(document));
  if (change == LiveScores::Change::Loaded) {
    judged_.clear();
    accepted_.clear();
  } else {
    judge(*before);
  }
  show();
}

/// Pictures that an edit put into a class were predicted right or wrong; those that it took out again were not judged.
void PredictionPanel::judge(const SupportDocument& before) {
  const auto predictions = run_.predictions();
  if (judged_.empty() && accepted_.empty() && (!predictions || predictions->rows.empty())) {
    return;
  }
  const auto then = classesOf(before.set), now = classesOf(document_->set);
  // What was taken out again is judged where a person sorts it by hand.
  std::erase_if(accepted_, [&](const data::PictureRef& picture) { return !now.contains(picture); });
  std::erase_if(judged_, [&](const Judged& one) { return !now.contains(one.picture); });
  for (Judged& one : judged_) {
    one.right = now.at(one.picture) == one.predicted;  // a person may think again
  }
  if (!predictions) {
    return;
  }
  for (const Prediction& one : predictions->rows) {
    const bool known = std::ranges::find(judged_, one.picture, &Judged::picture) != judged_.end();
    const auto found = now.find(one.picture);
    if (found != now.end() && !then.contains(one.picture) && !known && !accepted_.contains(one.picture)) {
      judged_.push_back({one.picture, one.best, found->second == one.best});
    }
  }
}

/// What "Accept" would put into classes: sure ones that stand in no class yet.
std::vector<std::pair<data::PictureRef, std::string>> PredictionPanel::sureOnes() const {
  std::vector<std::pair<data::PictureRef, std::string>> sure;
  if (const auto predictions = run_.predictions()) {
    const auto classes = classesOf(document_->set);
    for (const Prediction& one : predictions->rows) {
      if (static_cast<double>(one.margin) >= margin_->value() && !classes.contains(one.picture)) {
        sure.emplace_back(one.picture, one.best);
      }
    }
  }
  return sure;
}

/// A margin that a quarter of the predictions reach, until a person has chosen one.
void PredictionPanel::suggestMargin() {
  const auto predictions = run_.predictions();
  if (marginTouched_ || !predictions || predictions->rows.empty()) {
    return;
  }
  std::vector<float> margins;
  for (const Prediction& one : predictions->rows) {
    margins.push_back(one.margin);
  }
  const auto at = margins.begin() + static_cast<std::ptrdiff_t>(kSureShare * static_cast<double>(margins.size() - 1));
  std::ranges::nth_element(margins, at);
  const QSignalBlocker quiet(margin_);
  margin_->setValue(static_cast<double>(*at));
  margin_->setSingleStep(std::max(0.001, static_cast<double>(*at) / 10.0));
}

void PredictionPanel::showFoot() {
  const auto predictions = run_.predictions();
  const bool any = predictions && !predictions->rows.empty();
  for (QWidget* control : {static_cast<QWidget*>(margin_), static_cast<QWidget*>(accept_), static_cast<QWidget*>(why_),
                           static_cast<QWidget*>(tally_)}) {
    control->setVisible(any);
  }
  if (!any) {
    accept_->setEnabled(false);
    return;
  }
  const std::size_t sure = sureOnes().size();
  accept_->setText(tr("Accept %1").arg(sure));
  accept_->setAccessibleName(tr("Accept %1 with at least this margin").arg(pictureCount(sure)));
  accept_->setEnabled(sure > 0 && run_.isCurrent(document_->set) && !desk_.isReadOnly());
  QString tally = tr("%1 of %2 sorted by you").arg(judged_.size()).arg(predictions->rows.size());
  if (!judged_.empty()) {
    const std::size_t last = std::min(judged_.size(), kLast);
    const auto right = std::count_if(judged_.end() - static_cast<std::ptrdiff_t>(last), judged_.end(),
                                     [](const Judged& one) { return one.right; });
    tally += tr(", last %1: %2 right").arg(last).arg(right);
  }
  tally_->setText(tally);
  tally_->setAccessibleName(tally);
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
