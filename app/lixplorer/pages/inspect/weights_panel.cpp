// The controls of the mixture weights, and what they ask for.
#include "pages/inspect/weights_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "charts/flow_layout.h"
#include "desk/desk.h"
#include "frame/page_parts.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/panel_parts.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr double kLeastMixtureTau = 0.05, kMostMixtureTau = 50.0;
constexpr int kOneLine = 620;  // from this width on heads and temperature stand beside each other
constexpr int kTwoLines = 400;
constexpr std::array kDifferenceNames{"captions", "checkpoints", "both", "trained", "nothing"};

QHBoxLayout* rowIn(QWidget* box) {
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 4, 0);
  row->setSpacing(6);
  return row;
}

}  // namespace

WeightsPanel::WeightsPanel(Desk& desk, std::shared_ptr<PreparedPictures> prepared, QWidget* parent)
    : InspectPanel(parent), desk_(desk), prepared_(std::move(prepared)), reading_(desk.interactive()) {
  build();
  connectView();
  controls_->setVisible(false);
}

QWidget* WeightsPanel::buildHeads() {
  auto* box = new QWidget;
  heads_ = new widgets::FlowLayout(box);
  heads_->setContentsMargins(0, 0, 0, 0);
  isolate_ = new QToolButton;
  isolate_->setObjectName("inspect.isolate");
  isolate_->setText(tr("Isolate"));
  isolate_->setCheckable(true);
  isolate_->setToolTip(
      tr("Shows and counts the selected heads alone; the others' parts of the mixed vector are 0. For evaluation only. "
         "Keys: Space here; Enter on the figure isolates the head under the cursor."));
  connect(isolate_, &QToolButton::clicked, this, &WeightsPanel::isolate);
  auto* name = new QLabel(tr("Heads"));
  name->setMinimumHeight(isolate_->sizeHint().height());  // in the middle of its line
  heads_->addWidget(name);
  return box;
}

QWidget* WeightsPanel::buildTau() {
  slider_ = new LogSlider(kLeastMixtureTau, kMostMixtureTau);
  slider_->setObjectName("inspect.tau");
  slider_->setNames(tr("Mixture temperature"),
                    tr("Divides the mixture's scores before the softmax, for evaluation only: the checkpoint is not "
                       "changed. Arrow keys move it."));
  connect(slider_, &LogSlider::changed, this, [this](double value) {
    study::InspectSettings wanted = settings();
    wanted.tau = value;
    ask(std::move(wanted));
  });
  auto* box = new QWidget;
  QHBoxLayout* row = rowIn(box);
  auto* name = new QLabel(tr("tau"));
  name->setBuddy(slider_);
  row->addWidget(name);
  row->addWidget(slider_, 1);
  asTrained_ = new QPushButton(widgets::icon("undo"), tr("As trained"));
  asTrained_->setObjectName("inspect.asTrained");
  asTrained_->setToolTip(tr("Takes the temperature, heads and tokens that the checkpoint was trained with. Key: Esc on "
                            "the figure."));
  connect(asTrained_, &QPushButton::clicked, this, &WeightsPanel::reset);
  return box;
}

QWidget* WeightsPanel::buildDifference() {
  what_ = new QComboBox;
  what_->setObjectName("inspect.differenceOf");
  what_->setAccessibleName(tr("What the difference is of"));
  what_->setToolTip(tr("What is subtracted from what, on one scale of colours. Arrow keys choose."));
  what_->addItems({tr("two captions"), tr("two checkpoints"), tr("both"), tr("from as trained"), tr("none")});
  first_ = new QComboBox;
  second_ = new QComboBox;
  first_->setObjectName("inspect.first");
  second_->setObjectName("inspect.second");
  first_->setAccessibleName(tr("First caption of the difference"));
  second_->setAccessibleName(tr("Second caption of the difference"));
  first_->setToolTip(tr("The difference is the weights of this caption minus those of the other. Arrow keys choose."));
  second_->setToolTip(
      tr("The difference is the weights of the other caption minus those of this one. Arrow keys choose."));
  minus_ = new QLabel(QStringLiteral("−"));
  for (QComboBox* box : {what_, first_, second_}) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(box == what_ ? 8 : 5);
    box->setMinimumWidth(44);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
      if (!filling_) {
        of_ = static_cast<DifferenceOf>(std::max(what_->currentIndex(), 0));
        wanted_ = answer_ && first_->count() > 0 ? std::pair(first_->currentIndex(), second_->currentIndex()) : wanted_;
        refresh();
        Q_EMIT stateChanged();
      }
    });
  }
  auto* box = new QWidget;
  QHBoxLayout* row = rowIn(box);
  auto* name = new QLabel(tr("Difference"));
  name->setBuddy(what_);
  row->addWidget(name);
  row->addWidget(what_);
  row->addWidget(first_, 1);
  row->addWidget(minus_);
  row->addWidget(second_, 1);
  return box;
}

QWidget* WeightsPanel::buildPages() {
  pages_ = new QWidget;
  pageSaid_ = mutedLabel();
  pageSaid_->setObjectName("inspect.weightsPage");
  previous_ = new QToolButton;
  next_ = new QToolButton;
  const auto set = [this](QToolButton* button, const char* name, const QString& text, Qt::ArrowType arrow, int by) {
    button->setObjectName(name);
    button->setArrowType(arrow);
    button->setAccessibleName(text);
    button->setToolTip(tr("%1: takes the first of them as the current caption. Key: Space.").arg(text));
    connect(button, &QToolButton::clicked, this, [this, by] { stepPage(by); });
  };
  set(previous_, "inspect.weightsPrevious", tr("The captions before"), Qt::LeftArrow, -1);
  set(next_, "inspect.weightsNext", tr("The captions after"), Qt::RightArrow, 1);
  QHBoxLayout* row = rowIn(pages_);
  row->addWidget(previous_);
  row->addWidget(next_);
  row->addWidget(pageSaid_, 1);
  pages_->setVisible(false);
  return pages_;
}

void WeightsPanel::build() {
  said_ = new QuietLine;
  said_->setObjectName("inspect.weightsSaid");
  noDifference_ = mutedLabel();
  noDifference_->setObjectName("inspect.noDifference");
  view_ = new WeightsView;
  view_->setObjectName("inspect.weights");
  view_->setAccessibleName(tr("Mixture weights per caption"));
  view_->setHint([this](const QPointF& at) { return hint(at); });
  effect_ = new widgets::FigureView;
  effect_->setObjectName("inspect.weightsEffect");
  effect_->setAccessibleName(tr("What it does to the scores"));
  controls_ = new QWidget;
  auto* lines = new QVBoxLayout(controls_);
  lines->setContentsMargins(8, 0, 8, 0);
  lines->setSpacing(4);
  top_ = new QBoxLayout(QBoxLayout::TopToBottom);
  top_->setSpacing(4);
  top_->addWidget(buildHeads());
  top_->addWidget(buildTau(), 1);
  lines->addLayout(top_);
  auto* choices = new QWidget;
  auto* flow = new widgets::FlowLayout(choices);
  flow->setContentsMargins(0, 0, 0, 0);
  flow->addWidget(buildDifference());
  flow->addWidget(asTrained_);
  lines->addWidget(choices);
  lines->addWidget(said_);
  lines->addWidget(noDifference_);
  lines->addWidget(buildPages());
  auto* figures = new QWidget;
  auto* column = new QVBoxLayout(figures);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(view_);
  column->addWidget(effect_);
  column->addStretch(1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 6, 0, 0);
  layout->setSpacing(6);
  layout->addWidget(controls_);
  layout->addWidget(scrolled(figures), 1);
}

void WeightsPanel::resizeEvent(QResizeEvent* event) {
  InspectPanel::resizeEvent(event);
  top_->setDirection(event->size().width() >= kOneLine ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  said_->setLines(event->size().width() >= kOneLine ? 1 : event->size().width() >= kTwoLines ? 2 : 4);
}

void WeightsPanel::connectView() {
  connect(view_, &WeightsView::cellMoved, this, &WeightsPanel::describeCell);
  connect(view_, &WeightsView::captionStepped, this, &WeightsPanel::stepCaption);
  connect(view_, &WeightsView::captionChosen, this, [this](int panel) {
    Q_EMIT captionAsked(int(shownCaptions(answer_->question.captions.size(), caption_).first) + panel);
  });
  connect(view_, &WeightsView::headToggled, this, &WeightsPanel::toggleHead);
  connect(view_, &WeightsView::headIsolated, this, &WeightsPanel::isolateHead);
  connect(view_, &WeightsView::tokenToggled, this, &WeightsPanel::toggleToken);
  connect(view_, &WeightsView::resetAsked, this, &WeightsPanel::reset);
}

void WeightsPanel::ask(study::InspectSettings settings) {
  asked_ = settings;
  late_ = 0;
  fillHeads();
  Q_EMIT settingsAsked(settings);
}

void WeightsPanel::toggleHead(int head) {
  const auto at = std::ranges::lower_bound(selected_, std::size_t(head));
  if (at != selected_.end() && *at == std::size_t(head)) {
    selected_.erase(at);
  } else {
    selected_.insert(at, std::size_t(head));
  }
  if (!settings().heads.empty()) {
    isolate(true);
  } else {
    fillHeads();
  }
}

void WeightsPanel::isolate(bool on) {
  study::InspectSettings wanted = settings();
  const bool some = !selected_.empty() && mixture() != nullptr && selected_.size() < mixture()->heads;
  wanted.heads = on && some ? selected_ : std::vector<std::size_t>();
  ask(std::move(wanted));
}

void WeightsPanel::isolateHead(int head) {
  const std::vector<std::size_t> alone{std::size_t(head)};
  const bool already = settings().heads == alone;
  selected_ = already ? std::vector<std::size_t>() : alone;
  isolate(!already);
}

void WeightsPanel::toggleToken(int token) {
  study::InspectSettings wanted = settings();
  std::vector<std::size_t>& out = wanted.withoutTokens;
  const auto at = std::ranges::lower_bound(out, std::size_t(token));
  if (at != out.end() && *at == std::size_t(token)) {
    out.erase(at);
  } else if (mixture() != nullptr && out.size() + 1 < mixture()->tokens) {
    out.insert(at, std::size_t(token));
  } else {
    said_->say(tr("Token %1 stays: it is the only one that is left to mix.").arg(token));
    return;
  }
  ask(std::move(wanted));
}

void WeightsPanel::knockOutCurrent() {
  if (mixture() != nullptr) {
    toggleToken(view_->cell().token);
  }
}

void WeightsPanel::reset() {
  selected_.clear();
  ask({});
}

void WeightsPanel::stepPage(int by) {
  if (!answer_) {
    return;
  }
  const int first = int(shownCaptions(answer_->question.captions.size(), caption_).first);
  Q_EMIT captionAsked(std::clamp(first + by * int(kMostShown), 0, int(answer_->question.captions.size()) - 1));
}

void WeightsPanel::stepCaption(int by) {
  const int next = caption_ + by;
  if (answer_ && next >= 0 && next < int(answer_->question.captions.size())) {
    Q_EMIT captionAsked(next);
  }
}

QJsonObject WeightsPanel::state() const {
  return {{"difference", QJsonArray{wanted_.first, wanted_.second}},
          {"differenceOf", kDifferenceNames[std::size_t(of_)]}};
}

void WeightsPanel::restore(const QJsonObject& state) {
  const QJsonArray difference = state["difference"].toArray();
  wanted_ = {std::max(difference.at(0).toInt(0), 0), std::max(difference.at(1).toInt(1), 0)};
  const auto found = std::ranges::find(kDifferenceNames, state["differenceOf"].toString().toStdString());
  of_ = found == kDifferenceNames.end() ? DifferenceOf::Captions : DifferenceOf(found - kDifferenceNames.begin());
  filled_.clear();
  refresh();
}

}  // namespace lix::app
