// The map panel's parts, and pointing over the test split.
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QSlider>
#include <QSpinBox>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "charts/flow_layout.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "figure_view/figure_export.h"
#include "frame/page_parts.h"
#include "pages/inspect/map_panel.h"
#include "pages/inspect/map_thumbs.h"
#include "pages/inspect/panel_parts.h"

namespace lix::app {
namespace {

constexpr int kLeastWide = 560;  // pixels
constexpr int kLeastPair = 330;  // for two maps beside each other

}  // namespace

MapPanel::MapPanel(Desk& desk, QWidget* parent)
    : InspectPanel(parent), desk_(desk), knowing_(desk.interactive()), enlarging_(desk.interactive()) {
  title_ = new QLabel;
  title_->setObjectName("inspect.mapCaption");
  title_->setTextFormat(Qt::PlainText);
  title_->setWordWrap(true);
  title_->setProperty("heading", "section");
  kind_ = mutedLabel();
  kind_->setObjectName("inspect.mapKind");
  said_ = new QuietLine;
  said_->setObjectName("inspect.mapSaid");
  auto* upper = new QWidget;
  auto* above = new QVBoxLayout(upper);
  above->setContentsMargins(0, 0, 0, 0);
  above->setSpacing(4);
  above->addWidget(title_);
  above->addWidget(buildPair(), 1);
  above->addWidget(said_);
  above->addWidget(buildLook());
  tabs_ = new QTabWidget;
  tabs_->setObjectName("inspect.mapTabs");
  tabs_->tabBar()->setToolTip(tr("What is shown of the map: Left and Right choose."));
  tabs_->setDocumentMode(true);
  tabs_->addTab(buildMaps(), tr("Captions"));
  tabs_->addTab(buildTest(), tr("Test split"));
  split_ = new QSplitter(Qt::Horizontal);  // the lower of the two until the size is known
  split_->setChildrenCollapsible(false);
  split_->addWidget(upper);
  split_->addWidget(tabs_);
  split_->setStretchFactor(0, 3);
  split_->setStretchFactor(1, 2);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 6, 8, 0);
  layout->addWidget(split_);
  connectParts();
  changeLook();
  showPointing();
}

void MapPanel::resizeEvent(QResizeEvent* event) {
  // A wide panel has the small maps beside the large one, which then is as tall as the panel.
  split_->setOrientation(width() >= kLeastWide && width() > height() ? Qt::Horizontal : Qt::Vertical);
  pair_->setDirection(width() < kLeastPair ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  describe();
  InspectPanel::resizeEvent(event);
}

QWidget* MapPanel::buildPair() {
  const auto side = [](MapOverlay*& overlay, QuietLine*& name) {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    name = new QuietLine;
    overlay = new MapOverlay;
    overlay->setToolTip(tr("The caption's map over the picture. The mouse or arrow keys name a patch, PageUp and PageDown "
                           "another caption, + and − make the map stronger or weaker. %1")
                            .arg(widgets::FigureExport::hint()));
    column->addWidget(name);
    column->addWidget(overlay, 1);
    return box;
  };
  auto* both = new QWidget;
  pair_ = new QBoxLayout(QBoxLayout::LeftToRight, both);
  pair_->setContentsMargins(0, 0, 0, 0);
  pair_->setSpacing(8);
  pair_->addWidget(side(overlay_, side_), 1);
  otherBox_ = side(otherOverlay_, otherSide_);
  pair_->addWidget(otherBox_, 1);
  overlay_->setObjectName("inspect.map");
  overlay_->setAccessibleName(tr("Map over the picture"));
  side_->setObjectName("inspect.mapModel");
  otherOverlay_->setObjectName("inspect.mapOther");
  otherOverlay_->setAccessibleName(tr("The second checkpoint's map over the picture"));
  otherSide_->setObjectName("inspect.mapOtherModel");
  side_->hide();
  otherBox_->hide();
  return both;
}

QWidget* MapPanel::buildDifference() {
  what_ = new QComboBox;
  what_->setObjectName("inspect.mapOf");
  what_->setAccessibleName(tr("What is shown of the map"));
  what_->addItems({tr("The map"), tr("Minus the mean"), tr("Minus a caption"), QStringLiteral("A − B")});
  minus_ = new QComboBox;
  minus_->setObjectName("inspect.mapMinus");
  minus_->setAccessibleName(tr("The caption whose map is subtracted"));
  minus_->setToolTip(tr("The map of this caption is subtracted from the current one's. Arrow keys choose."));
  for (QComboBox* box : {what_, minus_}) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(box == what_ ? 12 : 5);
    box->setMinimumWidth(44);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
      if (!filling_) {
        of_ = static_cast<MapOf>(std::max(what_->currentIndex(), 0));
        less_ = std::max(minus_->currentIndex(), 0);
        showMaps();
        showCaption();
        Q_EMIT stateChanged();
      }
    });
  }
  auto* row = new QWidget;
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  auto* name = new QLabel(tr("Sho&w"));
  name->setBuddy(what_);
  line->addWidget(name);
  line->addWidget(what_);
  line->addWidget(minus_, 1);
  line->addStretch(0);
  minus_->hide();
  return row;
}

QWidget* MapPanel::buildLook() {
  opacity_ = new QSlider(Qt::Horizontal);
  opacity_->setObjectName("inspect.mapOpacity");
  opacity_->setAccessibleName(tr("Strength of the map"));
  opacity_->setToolTip(tr("How strongly the map covers the picture. Keys: arrows here, + and − on the picture."));
  opacity_->setRange(0, 100);
  opacity_->setValue(65);
  opacity_->setMinimumWidth(90);
  opacity_->setMaximumWidth(180);
  const auto box = [](const char* name, const QString& text, const QString& tip) {
    auto* made = new QCheckBox(text);
    made->setObjectName(name);
    made->setChecked(true);
    made->setToolTip(tip);
    return made;
  };
  smooth_ = box("inspect.mapSmooth", tr("S&mooth"), tr("Joins the patches smoothly; else each patch is one colour. Key: "
                                                      "Alt+M."));
  grey_ = box("inspect.mapGrey", tr("&Grey"), tr("Draws the picture in grey, so that colours are those of the scale. "
                                                "Key: Alt+G."));
  outline_ = box("inspect.mapOutline", tr("Out&line"),
                 tr("Outlines what the caption speaks of, where the dataset knows it (scenes). Key: Alt+L."));
  auto* strength = new QWidget;
  auto* line = new QHBoxLayout(strength);
  line->setContentsMargins(0, 0, 0, 0);
  auto* name = new QLabel(tr("Map"));
  name->setBuddy(opacity_);
  line->addWidget(name);
  line->addWidget(opacity_);
  auto* row = new QWidget;
  auto* flow = new widgets::FlowLayout(row);
  flow->setContentsMargins(0, 0, 0, 0);
  for (QWidget* part : std::initializer_list<QWidget*>{buildDifference(), strength, smooth_, grey_, outline_}) {
    flow->addWidget(part);
  }
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  row->setSizePolicy(policy);
  return row;
}

QWidget* MapPanel::buildMaps() {
  thumbs_ = new MapThumbs(this);
  list_ = new QListView;
  list_->setObjectName("inspect.mapList");
  list_->setAccessibleName(tr("Maps of the captions"));
  list_->setToolTip(tr("Every caption's map on one scale; arrow keys or a click show one large."));
  list_->setViewMode(QListView::IconMode);
  list_->setMovement(QListView::Static);
  list_->setResizeMode(QListView::Adjust);
  list_->setUniformItemSizes(true);
  list_->setIconSize({MapThumbs::kSide, MapThumbs::kSide});
  list_->setGridSize({MapThumbs::kSide + 24, MapThumbs::kSide + 3 * fontMetrics().height() + 12});
  list_->setWordWrap(true);
  list_->setTextElideMode(Qt::ElideRight);
  list_->setFrameShape(QFrame::NoFrame);
  list_->setModel(thumbs_);
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(0, 0, 0, 6);
  layout->setSpacing(6);
  layout->addWidget(list_, 1);
  layout->addWidget(kind_);
  return page;
}

QWidget* MapPanel::buildTest() {
  start_ = new QPushButton;
  start_->setObjectName("inspect.pointingStart");
  most_ = new QSpinBox;
  most_->setObjectName("inspect.pointingMost");
  most_->setAccessibleName(tr("Scenes of the test split, at most"));
  most_->setToolTip(tr("How many pictures of the test split are looked at, at most. Arrow keys change it."));
  most_->setRange(10, 100'000);
  most_->setSingleStep(50);
  most_->setValue(200);
  most_->setSuffix(tr(" pictures"));
  testSaid_ = mutedLabel();
  testSaid_->setObjectName("inspect.pointingSaid");
  bars_ = new widgets::FigureView;
  bars_->setObjectName("inspect.pointing");
  bars_->setAccessibleName(tr("Pointing over the test split"));
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(0, 6, 0, 0);
  auto* row = new QWidget;
  auto* flow = new widgets::FlowLayout(row);
  flow->setContentsMargins(0, 0, 0, 0);
  flow->addWidget(start_);
  flow->addWidget(most_);
  layout->addWidget(row);
  layout->addWidget(testSaid_);
  layout->addWidget(scrolled(bars_), 1);
  return page;
}

void MapPanel::connectParts() {
  auto* save = new widgets::FigureExport(overlay_, [this] { return figure(); });
  save->serve(list_);
  connect(save, &widgets::FigureExport::failed, this,
          [this](const QString& sentence) { desk_.say(widgets::Severity::Error, sentence); });
  save->serve(otherOverlay_);
  for (const auto& [own, twin] : {std::pair(overlay_, otherOverlay_), {otherOverlay_, overlay_}}) {
    connect(own, &MapOverlay::cellChanged, this, [this, own = own, twin = twin] {
      if (own->map().rows == twin->map().rows && own->map().columns == twin->map().columns) {
        twin->setCell(own->cell());  // the same patch of both models
      }
      describe();
    });
    connect(own, &MapOverlay::captionStepAsked, this, [this](int by) { stepCaption(by); });
    connect(own, &MapOverlay::opacityAsked, opacity_, &QSlider::setValue);
  }
  connect(opacity_, &QSlider::valueChanged, this, [this](int percent) {
    overlay_->setOpacity(percent);
    otherOverlay_->setOpacity(percent);
    if (!filling_) {
      Q_EMIT stateChanged();
    }
  });
  for (QCheckBox* box : {smooth_, grey_, outline_}) {
    connect(box, &QCheckBox::toggled, this, [this] {
      if (!filling_) {
        changeLook();
        Q_EMIT stateChanged();
      }
    });
  }
  connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& current) {
    if (!filling_ && current.isValid() && answer_ && answer_->reading.pictures[picture_].map.perCaption &&
        current.row() != caption_) {
      Q_EMIT captionAsked(current.row());
    }
  });
  connect(tabs_, &QTabWidget::currentChanged, this, [this] {
    if (!filling_) {
      Q_EMIT stateChanged();
    }
  });
  connect(most_, &QSpinBox::valueChanged, this, [this] {
    showPointing();
    if (!filling_) {
      Q_EMIT stateChanged();
    }
  });
  connect(start_, &QPushButton::clicked, this, [this] {
    if (task_.isEmpty()) {
      startPointing();
    } else {
      desk_.tasks().cancel(task_);
    }
  });
  connect(&desk_.tasks(), &Tasks::changed, this, [this] { onTasks(); });
}

PointingQuestion MapPanel::pointingQuestion() const {
  PointingQuestion question{.checkpoint = answer_->question.checkpoint,
                            .most = std::size_t(most_->value()),
                            .settings = answer_->facts.mixture ? answer_->question.settings : study::InspectSettings()};
  const data::PictureRef& ref = answer_->question.pictures[picture_].ref;
  const bool masks = std::ranges::any_of(known_, [](const auto& one) { return one.has_value(); });
  if (masks && !ref.isFile()) {
    question.dataset = ref.dataset;
  }
  return question;
}

void MapPanel::startPointing() {
  if (!answer_) {
    return;
  }
  const PointingQuestion question = pointingQuestion();
  const auto work = [question, checkpoints = &desk_.checkpoints(), datasets = &desk_.datasets()](
                        const Progress& progress) { return pointOver(*checkpoints, *datasets, question, progress); };
  task_ = desk_.tasks().start(tr("Pointing over the test split"), work,
                              [this, guard = QPointer(this)](std::shared_ptr<const PointingAnswer> answer) {
                                if (guard) {
                                  pointed_ = std::move(answer);
                                  task_.clear();
                                  showPointing();
                                }
                              });
  showPointing();
}

void MapPanel::onTasks() {
  if (!task_.isEmpty()) {
    const auto lines = desk_.tasks().lines();
    if (std::ranges::find(lines, task_, &widgets::JobLine::id) == lines.end()) {
      task_.clear();  // failed or cancelled
    }
  }
  showPointing();
}

void MapPanel::showPointing() {
  const bool running = !task_.isEmpty();
  const bool ready = answer_ && !known_.empty();  // else nobody knows yet of which dataset
  const QString dataset = ready ? QString::fromStdString(pointingQuestion().dataset) : QStringLiteral("scenes");
  const bool own = std::ranges::any_of(known_, [](const auto& one) { return one.has_value(); });
  start_->setText(running ? tr("Cancel") : tr("Pointing over %1").arg(dataset));
  start_->setToolTip(running  ? tr("Stops it; what was shown before stays. Key: Space.")
                     : !ready ? tr("Not yet: what the captions speak of is being looked up.")
                     : own ? tr("Compares the maps of the captions of %1's test split with what they speak of. Key: Space.")
                                 .arg(dataset)
                           : tr("No mask is known for the captions of this picture, so the test split of the built-in "
                                "scenes is measured. Key: Space."));
  start_->setEnabled(running || ready);
  most_->setEnabled(!running);
  if (running) {
    testSaid_->setText(tr("Looking at the test split; progress and time left stand in the strip below."));
  } else if (!pointed_) {
    testSaid_->setText(tr("Press the button: how often this model's maps point at what captions of scenes speak of, "
                          "against chance."));
  } else if (answer_ && (pointed_->towerKey != answer_->facts.towerKey || pointed_->question != pointingQuestion())) {
    testSaid_->setText(tr("These numbers are of another checkpoint, dataset or setting; press the button to measure anew."));
  } else {
    testSaid_->clear();
  }
  testSaid_->setVisible(!testSaid_->text().isEmpty());
  if (drawnPointing_ != pointed_) {
    drawnPointing_ = pointed_;
    bars_->setFigure(pointed_ ? std::make_shared<const figures::BarsFigure>(pointingBars(*pointed_)) : nullptr);
  }
}

}  // namespace lix::app
