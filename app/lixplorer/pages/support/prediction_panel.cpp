#include "pages/support/prediction_panel.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QResizeEvent>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/adapter_box.h"
#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kSide = 96;  // a row with its lines fits below a board of a small window
constexpr int kAdapterCharacters = 7;
constexpr int kWide = 560;  // from here on what decides stands beside what is told
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
      goneRelay_(desk.io()),
      adapter_(new AdapterBox(scores.shown(), AdapterBox::Offer::All, "support.adapter",
                              tr("The adapter that predicts the classes."))),
      sorted_(new QCheckBox(tr("Least sure first"))),
      clear_(new QToolButton),
      status_(new QLabel),
      tally_(new QLabel),
      marginLabel_(new QLabel(tr("&Margin at least"))),
      margin_(new QDoubleSpinBox),
      why_(new QPushButton(tr("Moved by"))),
      accept_(new QPushButton),
      again_(new QPushButton(tr("Classify again"))),
      document_(std::make_shared<const SupportDocument>()) {
  setAcceptDrops(true);
  build();
  connect(adapter_, &QComboBox::currentIndexChanged, this,
          [this] {
            unitChanged();
            run_.setAdapter(adapter_->id());
          });
  connect(&scores_, &LiveScores::settingsChanged, this, [this] {
    if (entry_ != settingsOfAdapter()) {
      unitChanged();
    }
  });
  connect(sorted_, &QCheckBox::toggled, this, [this](bool on) {
    run_.setSorting(on ? PredictionRun::Sorting::LeastSureFirst : PredictionRun::Sorting::AsFound);
  });
  connect(clear_, &QToolButton::clicked, this, [this] {
    goneRelay_.drop();
    remembered_.reset();
    asked_ = {};
    run_.clear();
  });
  connect(again_, &QPushButton::clicked, this, &PredictionPanel::startAgain);
  connect(&run_, &PredictionRun::changed, this, [this] {
    if (run_.isEmpty() && marginBy_ == Margin::Suggested) {
      marginBy_ = Margin::Open;
    }
    suggestMargin();
    show();
  });
  connect(margin_, &QDoubleSpinBox::valueChanged, this, [this] {
    marginBy_ = Margin::Touched;
    margins_[adapter_->id()] = {entry_, margin_->value()};
    showFoot();
  });
  connect(accept_, &QPushButton::clicked, this, [this] {
    const auto sure = sureOnes();
    for (const auto& [picture, name] : sure) {
      accepted_.insert(picture);
    }
    Q_EMIT acceptAsked(sure);
  });
  connect(why_, &QPushButton::clicked, this, &PredictionPanel::whyAsked);
  connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    why_->setEnabled(index.isValid());
    if (index.isValid() && !showing_) {
      Q_EMIT pictureChosen(model_->picture(index));
    }
  });
  connect(model_, &PictureModel::dropped, this, [this](const QMimeData* mime) { take(fromMime(*mime)); });
  run_.setAdapter(adapter_->id());
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
  auto* told = new QHBoxLayout;
  told->setSpacing(8);
  told->addWidget(status_, 1);
  told->addWidget(again_);
  column->addLayout(told);
  column->addWidget(grid_, 1);
}

QBoxLayout* PredictionPanel::buildHead() {
  auto* choose = new QPushButton(widgets::icon("folder"), tr("Classify..."));
  choose->setObjectName("support.classify");
  choose->setToolTip(tr("Chooses a folder of pictures without labels and predicts their classes (Ctrl+Shift+K)."));
  connect(choose, &QPushButton::clicked, this, &PredictionPanel::choose);
  adapter_->setMinimumContentsLength(kAdapterCharacters);
  adapter_->setAccessibleName(tr("Adapter that predicts"));
  sorted_->setObjectName("support.sorted");
  sorted_->setChecked(true);
  sorted_->setToolTip(tr("Sorts by margin: how much better the best class is than the second, which stands below it."));
  again_->setObjectName("support.classifyAgain");
  again_->setToolTip(tr("Classifies what was classified the last time, by the set as it stands (Tab and Space)."));
  clear_->setObjectName("support.clearPredictions");
  clear_->setIcon(widgets::icon("remove"));
  clear_->setAccessibleName(tr("Clear predictions"));
  clear_->setToolTip(tr("Takes these pictures away from here; files and the set stay as they are."));
  auto* shown = new QHBoxLayout;
  shown->setSpacing(8);
  shown->addWidget(adapter_, 1);
  shown->addWidget(sorted_);
  auto* chosen = new QHBoxLayout;
  chosen->setSpacing(8);
  chosen->addStretch(1);
  chosen->addWidget(choose);
  chosen->addWidget(clear_);
  head_ = new QBoxLayout(QBoxLayout::TopToBottom);
  head_->setSpacing(6);
  head_->addLayout(shown);
  head_->addLayout(chosen, 1);
  return head_;
}

QBoxLayout* PredictionPanel::buildFoot() {
  tally_->setObjectName("support.tally");
  tally_->setProperty("muted", true);
  tally_->setWordWrap(true);
  tally_->setToolTip(tr("Pictures of these that you put into a class, and how many of them were predicted as that class "
                        "before."));
  marginLabel_->setBuddy(margin_);
  margin_->setObjectName("support.margin");
  margin_->setRange(0.0, 1e6);
  margin_->setDecimals(3);
  margin_->setAccessibleName(tr("Margin at least, to accept"));
  margin_->setToolTip(tr("Predictions with at least this margin are sure enough; it is in the adapter's own unit. What you "
                         "choose holds for this adapter with these settings (Alt+M)."));
  accept_->setObjectName("support.accept");
  accept_->setToolTip(tr("Puts all predictions with at least this margin into their classes, in one step that Ctrl+Z takes "
                         "back."));
  why_->setObjectName("support.why");
  why_->setToolTip(tr("Shows which support pictures moved the prediction of the selected picture."));
  why_->setEnabled(false);
  auto* told = new QHBoxLayout;
  told->setSpacing(8);
  told->addWidget(why_);
  told->addWidget(tally_, 1);
  auto* decided = new QHBoxLayout;
  decided->setSpacing(8);
  decided->addWidget(marginLabel_);
  decided->addWidget(margin_);
  decided->addWidget(accept_, 1);
  foot_ = new QBoxLayout(QBoxLayout::TopToBottom);
  foot_->setSpacing(6);
  foot_->addLayout(told, 1);
  foot_->addLayout(decided);
  return foot_;
}

void PredictionPanel::resizeEvent(QResizeEvent* event) {
  SupportPanel::resizeEvent(event);
  for (QBoxLayout* row : {head_, foot_}) {
    row->setDirection(event->size().width() >= kWide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  }
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

ParamValues PredictionPanel::settingsOfAdapter() const {
  const auto found = scores_.settings().find(adapter_->id());
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

/// Margins are in the adapter's own unit, which depends on its settings: the one that was chosen in it holds again.
void PredictionPanel::unitChanged() {
  entry_ = settingsOfAdapter();
  const auto chosen = margins_.find(adapter_->id());
  const bool holds = chosen != margins_.end() && chosen->second.settings == entry_;
  marginBy_ = holds ? Margin::Touched : Margin::Open;
  if (holds) {
    const QSignalBlocker quiet(margin_);
    margin_->setValue(chosen->second.margin);
    showFoot();
  }
}

/// A margin that a quarter of the predictions reach: once for these pictures, since a threshold that moves with every
/// edit is none. One that a person has chosen holds.
void PredictionPanel::suggestMargin() {
  const auto predictions = run_.predictions();
  if (marginBy_ != Margin::Open || !predictions || predictions->rows.empty() || !run_.isCurrent(document_->set)) {
    return;
  }
  marginBy_ = Margin::Suggested;
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
  for (QWidget* control : {static_cast<QWidget*>(marginLabel_), static_cast<QWidget*>(margin_),
                           static_cast<QWidget*>(accept_), static_cast<QWidget*>(why_), static_cast<QWidget*>(tally_)}) {
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
  const std::vector<Judged> judged = judgedHere();
  QString tally = tr("%1 of %2 sorted by you").arg(judged.size()).arg(predictions->rows.size());
  if (!judged.empty()) {
    const std::size_t last = std::min(judged.size(), kLast);
    const auto right = std::count_if(judged.end() - static_cast<std::ptrdiff_t>(last), judged.end(),
                                     [](const Judged& one) { return one.right; });
    tally += last < judged.size() ? tr(", %1 of the last %2 as predicted").arg(right).arg(last)
                                   : tr(", %1 as predicted").arg(right);
  }
  tally_->setText(tally);
  tally_->setAccessibleName(tally);
}

void PredictionPanel::choose() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Choose a folder of pictures to classify"));
  if (!folder.isEmpty()) {
    start({.pictures = {}, .captions = {}, .paths = {folder.toStdString()}});
  }
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
    start(payload);
  }
}

}  // namespace lix::app
