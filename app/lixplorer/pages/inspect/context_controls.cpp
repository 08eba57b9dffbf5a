// What the context panel is made of, how it is kept, and what is dropped onto it.
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QKeyEvent>
#include <QLabel>
#include <QMimeData>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "charts/flow_layout.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "desk/thumbnails.h"
#include "frame/page_parts.h"
#include "pages/inspect/context_panel.h"
#include "pages/inspect/context_source.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/panel_parts.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kRedrawMs = 40;  // thumbnails come in crowds
constexpr int kTauWidth = 240;

QLabel* saidLabel(const char* name) {
  QLabel* label = mutedLabel();
  label->setObjectName(name);
  return label;
}

QWidget* flowOf(std::initializer_list<QWidget*> parts) {
  auto* row = new QWidget;
  auto* layout = new widgets::FlowLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  for (QWidget* part : parts) {
    layout->addWidget(part);
  }
  return row;
}

}  // namespace

ContextPanel::ContextPanel(Desk& desk, std::shared_ptr<PreparedPictures> prepared, QWidget* parent)
    : InspectPanel(parent), desk_(desk), prepared_(std::move(prepared)), reading_(desk.interactive()) {
  build();
  setAcceptDrops(true);
  connectParts();
  followHandOvers();
  ask();
  say(tr("Choose a checkpoint and a picture to see what the picture attends to."));
}

void ContextPanel::connectParts() {
  redraw_.setSingleShot(true);
  redraw_.setInterval(kRedrawMs);
  connect(&redraw_, &QTimer::timeout, this, &ContextPanel::draw);
  connect(&desk_.thumbnails(), &Thumbnails::ready, this, [this](const data::PictureRef& picture) {
    if (std::erase(waiting_, picture) > 0 && !redraw_.isActive()) {
      redraw_.start();
    }
  });
  connect(bar_, &SourceBar::changed, this, [this] {
    ask();
    Q_EMIT stateChanged();
  });
  connect(bar_, &SourceBar::setsRead, this, &ContextPanel::askWhereChanged);
  connect(slider_, &LogSlider::changed, this, [this](double value) {
    taus_[checkpoint_] = value;
    read();
    Q_EMIT stateChanged();
  });
  connect(own_, &QToolButton::clicked, this, [this] {
    taus_.erase(checkpoint_);
    read();
    Q_EMIT stateChanged();
  });
  connect(&desk_.tasks(), &Tasks::changed, this, &ContextPanel::onTasks);
  connect(order_, &QComboBox::currentIndexChanged, this, [this] {
    draw();
    Q_EMIT stateChanged();
  });
  connect(labelSet_, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_) {
      wantedSet_ = labelSet_->currentText().toStdString();
      describe();
      Q_EMIT stateChanged();
    }
  });
  connect(tabs_, &QTabBar::currentChanged, this, [this](int tab) {
    stack_->setCurrentIndex(tab);
    describe();
    if (showsCaptions()) {
      read();
    }
    Q_EMIT stateChanged();
  });
}

/// Pictures that another page hands over are at hand as a selection, until some are dropped here.
void ContextPanel::followHandOvers() {
  connect(&desk_, &Desk::handedOver, this, [this](PageId page, const Payload& payload) {
    if (page == PageId::Inspect && payload.pictures.size() > 1 && !selectionGiven_) {
      selection_ = payload.pictures;
      selection_.resize(std::min(selection_.size(), std::size_t(kMostContext)));
      if (bar_->source() == ContextChoice::Source::Selection) {
        ask();
      }
    }
  });
}

QWidget* ContextPanel::buildTau() {
  slider_ = new LogSlider(kLeastTau, kMostTau);
  slider_->setObjectName("inspect.contextTau");
  slider_->setNames(tr("Context temperature"),
                    tr("tau_ctx: the smaller, the fewer pictures get all the weight. Arrow keys move it."));
  own_ = new QToolButton;
  own_->setIcon(widgets::icon("undo"));
  own_->setObjectName("inspect.contextOwnTau");
  tauName_ = new QLabel(QStringLiteral("tau_ctx"));
  tauName_->setBuddy(slider_);
  neighbours_ = new QLabel;
  neighbours_->setObjectName("inspect.neighbours");
  neighbours_->setToolTip(
      tr("exp of the entropy of the weights: as many pictures with even weights would be as spread out."));
  auto* part = new QWidget;
  part->setMinimumWidth(kTauWidth);
  auto* layout = new QHBoxLayout(part);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  layout->addWidget(slider_, 1);
  layout->addWidget(own_);
  for (QLabel* label : {tauName_, neighbours_}) {
    label->setFixedHeight(part->sizeHint().height());  // in the middle of the line
  }
  return flowOf({tauName_, part, neighbours_});
}

QWidget* ContextPanel::buildShown() {
  tabs_ = new QTabBar;
  tabs_->setObjectName("inspect.contextTabs");
  tabs_->setAccessibleName(tr("What is shown of the context"));
  tabs_->setDrawBase(false);
  tabs_->setExpanding(false);
  tabs_->addTab(tr("Pictures"));
  tabs_->addTab(tr("Captions"));
  tabs_->setTabToolTip(0, tr("What the picture attends to. Left and Right switch."));
  tabs_->setTabToolTip(1, tr("The page's captions with and without the context. Left and Right switch."));
  order_ = new QComboBox;
  order_->setObjectName("inspect.contextOrder");
  order_->setAccessibleName(tr("Order of the pictures"));
  order_->setToolTip(tr("Which pictures come first: those with the highest weight, or with the highest contribution "
                        "(weight × norm of the vector). Arrow keys choose."));
  order_->addItems({tr("By weight"), tr("By contribution")});
  labelSet_ = new QComboBox;
  labelSet_->setObjectName("inspect.contextLabels");
  labelSet_->setAccessibleName(tr("Classes that the purity counts"));
  labelSet_->setToolTip(tr("By which classes to say how much of the attention goes to the picture's own class. Arrow "
                           "keys choose."));
  labelSet_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  return flowOf({tabs_, order_, labelSet_});
}

void ContextPanel::build() {
  bar_ = new SourceBar(desk_, "inspect.context", SourceBar::Kinds::Everything);
  tauRow_ = buildTau();
  shownRow_ = buildShown();
  tauSaid_ = saidLabel("inspect.contextTauSaid");
  purity_ = saidLabel("inspect.contextPurity");
  purity_->setToolTip(tr("The sum of the weights of pictures of the current picture's class; chance is their share of "
                         "the context, the picture itself left out."));
  compared_ = saidLabel("inspect.contextCompared");
  busy_ = new BusyLine;
  view_ = new widgets::FigureView;
  view_->setObjectName("inspect.context");
  view_->setAccessibleName(tr("What the picture attends to"));
  view_->setHint([this](const QPointF& at) { return hint(at); });
  captionsView_ = new widgets::FigureView;
  captionsView_->setObjectName("inspect.contextCaptions");
  captionsView_->setAccessibleName(tr("Captions with and without the context"));
  stack_ = new QStackedWidget;
  stack_->addWidget(scrolled(view_));
  stack_->addWidget(scrolled(captionsView_));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 6, 8, 0);
  layout->setSpacing(4);
  for (QWidget* part : std::initializer_list<QWidget*>{bar_, tauRow_, shownRow_, tauSaid_, purity_, compared_, busy_}) {
    layout->addWidget(part);
  }
  layout->addWidget(stack_, 1);
}

void ContextPanel::takeSelection(const QMimeData& mime) {
  const Payload payload = fromMime(mime);
  if (payload.pictures.empty()) {
    desk_.say(widgets::Severity::Warning,
              tr("A context is made of pictures: drop pictures here. Folders go to the Data page first."));
    return;
  }
  if (payload.pictures.size() > std::size_t(kMostContext)) {
    desk_.say(widgets::Severity::Warning, tr("A context holds %1 pictures; %2 more were left out.")
                                              .arg(kMostContext)
                                              .arg(payload.pictures.size() - std::size_t(kMostContext)));
  }
  selection_ = payload.pictures;
  selection_.resize(std::min(selection_.size(), std::size_t(kMostContext)));
  selectionGiven_ = true;
  if (bar_->source() == ContextChoice::Source::Selection) {
    ask();
    Q_EMIT stateChanged();
  } else {
    bar_->setSource(ContextChoice::Source::Selection);  // which asks
  }
}

bool ContextPanel::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Paste)) {
    event->accept();  // not the page's
  }
  return InspectPanel::event(event);
}

void ContextPanel::keyPressEvent(QKeyEvent* event) {
  const QMimeData* mime = QApplication::clipboard()->mimeData();
  if (event->matches(QKeySequence::Paste) && mime != nullptr && !fromMime(*mime).pictures.empty()) {
    takeSelection(*mime);
    return;
  }
  InspectPanel::keyPressEvent(event);  // captions are for the page
}

void ContextPanel::dragEnterEvent(QDragEnterEvent* event) {
  if (canRead(*event->mimeData())) {
    event->setDropAction(Qt::CopyAction);
    event->accept();
  }
}

void ContextPanel::dropEvent(QDropEvent* event) {
  event->setDropAction(Qt::CopyAction);
  event->accept();
  takeSelection(*event->mimeData());
}

QJsonObject ContextPanel::state() const {
  QJsonObject state = bar_->state();
  if (tau()) {
    state["tau"] = *tau();
    state["tauOf"] = QString::fromStdString(checkpoint_.string());
  }
  state["order"] = order_->currentIndex();
  state["labels"] = QString::fromStdString(wantedSet_);
  state["tab"] = tabs_->currentIndex();
  if (selectionGiven_) {
    QJsonArray selection;
    for (const data::PictureRef& picture : selection_) {
      selection.append(QString::fromStdString(data::toText(picture)));
    }
    state["selection"] = selection;
  }
  return state;
}

void ContextPanel::restore(const QJsonObject& state) {
  if (const double tau = state["tau"].toDouble(); tau >= kLeastTau && tau <= kMostTau) {
    taus_[state["tauOf"].toString().toStdString()] = tau;
  }
  order_->setCurrentIndex(std::clamp(state["order"].toInt(), 0, order_->count() - 1));
  tabs_->setCurrentIndex(std::clamp(state["tab"].toInt(), 0, tabs_->count() - 1));
  wantedSet_ = state["labels"].toString().toStdString();
  const QJsonArray selection = state["selection"].toArray();
  for (const QJsonValue& one : selection) {
    if (auto picture = data::pictureRefFromText(one.toString().toStdString());
        picture && selection_.size() < std::size_t(kMostContext)) {
      selection_.push_back(std::move(*picture));
      selectionGiven_ = true;
    }
  }
  bar_->restore(state);
}

}  // namespace lix::app
