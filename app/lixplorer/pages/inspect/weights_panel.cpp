#include "pages/inspect/weights_panel.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "base/text.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/panel_parts.h"
#include "shared/reading_figures.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr double kLeastMixtureTau = 0.05, kMostMixtureTau = 50.0;
constexpr qsizetype kComboCharacters = 60;

}  // namespace

WeightsPanel::WeightsPanel(QWidget* parent)
    : InspectPanel(parent),
      controls_(new QWidget),
      first_(new QComboBox),
      second_(new QComboBox),
      slider_(new LogSlider(kLeastMixtureTau, kMostMixtureTau)),
      own_(new QToolButton),
      said_(mutedLabel()),
      view_(new widgets::FigureView) {
  first_->setObjectName("inspect.first");
  second_->setObjectName("inspect.second");
  first_->setAccessibleName(tr("First caption of the difference"));
  second_->setAccessibleName(tr("Second caption of the difference"));
  first_->setToolTip(tr("The difference is the weights of this caption minus those of the other. Arrow keys choose."));
  second_->setToolTip(
      tr("The difference is the weights of the other caption minus those of this one. Arrow keys choose."));
  for (QComboBox* box : {first_, second_}) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(5);
    box->setMinimumWidth(80);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
      if (!filling_) {
        wanted_ = {first_->currentIndex(), second_->currentIndex()};
        refresh();
      }
    });
  }
  slider_->setObjectName("inspect.tau");
  slider_->setNames(tr("Mixture temperature"),
                    tr("Divides the mixture's scores before the softmax, for evaluation only: the checkpoint is not "
                       "changed. Arrow keys move it."));
  own_->setObjectName("inspect.ownTau");
  own_->setIcon(widgets::icon("undo"));
  own_->setAccessibleName(tr("The checkpoint's temperature"));
  own_->setToolTip(tr("Takes the temperature that the checkpoint was trained with. Key: Space."));
  view_->setObjectName("inspect.weights");
  view_->setAccessibleName(tr("Mixture weights per caption"));
  view_->setHint([this](const QPointF& at) { return hint(at); });
  auto* row = new QHBoxLayout(controls_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(new QLabel(tr("Difference")));
  row->addWidget(first_, 1);
  row->addWidget(new QLabel(QStringLiteral("−")));
  row->addWidget(second_, 1);
  row->addSpacing(8);
  auto* name = new QLabel(tr("tau (evaluation only)"));
  name->setBuddy(slider_);
  row->addWidget(name);
  row->addWidget(slider_, 1);
  row->addWidget(own_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 8, 0, 0);
  layout->setSpacing(6);
  layout->addWidget(controls_);
  layout->addWidget(scrolled(view_), 1);
  controls_->setVisible(false);
  connect(slider_, &LogSlider::changed, this, [this](double value) {
    study::InspectSettings settings = settings_;
    settings.tau = value;
    Q_EMIT settingsAsked(settings);
  });
  connect(own_, &QToolButton::clicked, this, [this] {
    study::InspectSettings settings = settings_;
    settings.tau.reset();
    Q_EMIT settingsAsked(settings);
  });
}

void WeightsPanel::setEmptyText(const QString& text) { emptyText_ = text; }

std::pair<int, int> WeightsPanel::difference() const { return wanted_; }

void WeightsPanel::setDifference(int first, int second) {
  wanted_ = {std::max(first, 0), std::max(second, 0)};
  refresh();
}

QJsonObject WeightsPanel::state() const { return {{"difference", QJsonArray{wanted_.first, wanted_.second}}}; }

void WeightsPanel::restore(const QJsonObject& state) {
  const QJsonArray difference = state["difference"].toArray();
  setDifference(difference.at(0).toInt(0), difference.at(1).toInt(1));
}

void WeightsPanel::look(const InspectView& view) {
  answer_ = view.inAnswer < 0 ? nullptr : view.answer;
  picture_ = std::size_t(std::max(view.inAnswer, 0));
  settings_ = answer_ ? answer_->question.settings : study::InspectSettings();
  refresh();
}

void WeightsPanel::fillCaptions() {
  filling_ = true;
  for (QComboBox* box : {first_, second_}) {
    box->clear();
    for (const std::string& caption : answer_->question.captions) {
      QString text = QString::fromStdString(caption);
      box->addItem(text.size() > kComboCharacters ? text.left(kComboCharacters) + QStringLiteral("…") : text);
    }
  }
  const int last = first_->count() - 1;
  first_->setCurrentIndex(std::min(wanted_.first, last));
  second_->setCurrentIndex(std::min(wanted_.second, last));
  first_->setEnabled(last > 0);
  second_->setEnabled(last > 0);
  filling_ = false;
}

void WeightsPanel::refresh() {
  const bool mixture =
      answer_ && picture_ < answer_->reading.pictures.size() && answer_->reading.pictures[picture_].mixture.has_value();
  controls_->setVisible(mixture);
  if (!mixture) {
    figure_.reset();
    view_->setEmptyText(
        answer_ ? tr("%1 makes one vector of a picture, whatever is said of it: there are no mixture weights to show. "
                     "Choose a Llip checkpoint to see how each caption mixes a picture's tokens.")
                      .arg(QString::fromStdString(answer_->model()))
                : emptyText_);
    view_->setFigure(nullptr);
    return;
  }
  fillCaptions();
  const study::MixtureReading& reading = *answer_->reading.pictures[picture_].mixture;
  slider_->setValue(reading.tau);
  own_->setEnabled(settings_.tau.has_value());
  std::optional<std::pair<int, int>> difference;
  if (first_->count() > 1) {
    difference = std::pair(first_->currentIndex(), second_->currentIndex());
  }
  data_ = weightsData(reading, answer_->question.captions,
                      {*answer_->shown[picture_], answer_->question.pictures[picture_].label}, answer_->model(),
                      difference);
  figure_ = std::make_shared<const figures::WeightsFigure>(data_);
  view_->setFigure(figure_);
}

QString WeightsPanel::hint(const QPointF& at) const {
  if (!figure_) {
    return {};
  }
  const auto places = figure_->places(view_->figureRect());
  for (std::size_t i = 0; i < places.heatmaps.size(); ++i) {
    if (const auto cell = cellAt(places.heatmaps[i], data_.heads, data_.tokens, at)) {
      const float weight = data_.captions[i].weights[std::size_t(cell->first * data_.tokens + cell->second)];
      return tr("%1\nhead %2, token %3: weight %4 (an even share is %5)")
          .arg(captionIn(data_.captions[i].caption))
          .arg(cell->first)
          .arg(cell->second)
          .arg(QString::fromStdString(shortNumber(weight)), QString::fromStdString(shortNumber(1.0 / data_.tokens)));
    }
  }
  if (const auto cell = cellAt(places.difference, data_.heads, data_.tokens, at);
      cell && !figure_->differences().empty()) {
    return tr("head %1, token %2: difference %3")
        .arg(cell->first)
        .arg(cell->second)
        .arg(QString::fromStdString(
            shortNumber(figure_->differences()[std::size_t(cell->first * data_.tokens + cell->second)])));
  }
  return {};
}

}  // namespace lix::app
