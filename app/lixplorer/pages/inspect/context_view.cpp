// What the context panel shows, and how it is kept.
#include <QHBoxLayout>
#include <QPixmap>
#include <QScrollArea>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <initializer_list>
#include <tuple>

#include "desk/desk.h"
#include "desk/thumbnails.h"
#include "frame/choices.h"
#include "pages/inspect/context_panel.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/panel_parts.h"
#include "shared/reading_figures.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kCards = 24;

imaging::Image toImage(const QPixmap& pixmap) {
  const QImage from = pixmap.toImage().convertToFormat(QImage::Format_RGB888);
  imaging::Image image{from.width(), from.height(), {}};
  image.pixels.resize(std::size_t(from.width()) * std::size_t(from.height()) * 3);
  for (int y = 0; y < from.height(); ++y) {
    std::copy_n(from.constScanLine(y), std::size_t(from.width()) * 3, image.row(y));
  }
  return image;
}

constexpr std::array kSourceNames{"dataset", "support", "page"};

}  // namespace

QWidget* ContextPanel::buildSource() {
  source_ = new QComboBox;
  source_->setObjectName("inspect.contextSource");
  source_->setAccessibleName(tr("What the context is made of"));
  source_->setToolTip(tr("Which pictures the current picture may attend to. Arrow keys choose."));
  source_->addItems({tr("A dataset"), tr("A support set"), tr("The pictures of this page")});
  dataset_ = new DatasetBox(desk_);
  dataset_->setObjectName("inspect.contextDataset");
  dataset_->setName("emoji");
  split_ = new QComboBox;
  split_->setObjectName("inspect.contextSplit");
  split_->setAccessibleName(tr("Split"));
  split_->setToolTip(tr("The part of the dataset that the context is drawn from. Arrow keys choose."));
  split_->addItems({tr("train"), tr("validation"), tr("test")});
  split_->setCurrentIndex(2);
  support_ = new QComboBox;
  support_->setObjectName("inspect.contextSupport");
  support_->setAccessibleName(tr("Support set"));
  support_->setToolTip(tr("A support set of the Support page, as it stands there. Arrow keys choose."));
  support_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  support_->setMinimumContentsLength(14);
  most_ = new QSpinBox;
  most_->setObjectName("inspect.contextMost");
  most_->setRange(2, kMostContext);
  most_->setValue(128);
  most_->setKeyboardTracking(false);
  most_->setPrefix(tr("at most "));
  most_->setAccessibleName(tr("Pictures in the context"));
  most_->setToolTip(
      tr("How many pictures the context holds, up to %1; of more, so many are drawn at random, always the "
         "same ones. Training batches hold 128. Up and Down change it.")
          .arg(kMostContext));
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(source_);
  layout->addWidget(dataset_);
  layout->addWidget(split_);
  layout->addWidget(support_);
  layout->addWidget(most_);
  layout->addStretch(1);
  return row;
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
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(tauName_);
  layout->addWidget(slider_, 1);
  layout->addWidget(own_);
  layout->addSpacing(8);
  layout->addWidget(neighbours_);
  return row;
}

void ContextPanel::build() {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 8, 0, 0);
  layout->setSpacing(6);
  layout->addWidget(buildSource());
  layout->addWidget(buildTau());
  tauSaid_ = new QLabel;
  tauSaid_->setObjectName("inspect.contextTauSaid");
  tauSaid_->setProperty("muted", true);
  tauSaid_->setWordWrap(true);
  busy_ = new BusyLine;
  view_ = new widgets::FigureView;
  view_->setObjectName("inspect.context");
  view_->setAccessibleName(tr("What the picture attends to"));
  view_->setHint([this](const QPointF& at) { return hint(at); });
  layout->addWidget(tauSaid_);
  layout->addWidget(busy_);
  layout->addWidget(scrolled(view_), 1);
  connect(view_, &widgets::FigureView::failed, this,
          [this](const QString& sentence) { desk_.say(widgets::Severity::Error, sentence); });
}

std::optional<double> ContextPanel::tau() const {
  const auto found = taus_.find(checkpoint_);
  return found == taus_.end() ? std::nullopt : std::optional(found->second);
}

void ContextPanel::describeTau() {
  for (QWidget* part : std::initializer_list<QWidget*>{tauName_, slider_, own_, tauSaid_, neighbours_}) {
    part->setVisible(answer_ != nullptr);
  }
  if (!answer_) {
    return;
  }
  slider_->setValue(answer_->tau.value);
  const auto others = std::ranges::count(answer_->reading.masked, false);
  neighbours_->setText(tr("effective neighbours %1 of %2")
                           .arg(QString::number(answer_->reading.effectiveNeighbours, 'f', 1))
                           .arg(others));
  const bool given = answer_->tau.source == study::ContextTau::Source::Given;
  const bool learned = answer_->learned.has_value();
  own_->setAccessibleName(learned ? tr("The checkpoint's tau_ctx") : tr("The start value of tau_ctx"));
  own_->setToolTip(
      learned ? tr("Takes the tau_ctx that the checkpoint learned. Key: Space.")
              : tr("Takes the tau_ctx at which the effective neighbours are a quarter of the context. Key: Space."));
  own_->setEnabled(tau().has_value());
  tauName_->setText(given ? tr("tau_ctx, set here") : tr("tau_ctx, learned"));
  tauSaid_->setVisible(given);
  tauSaid_->setText(!given             ? tr("tau_ctx is the one that this checkpoint learned.")
                    : answer_->quarter ? tr("tau_ctx is not in this checkpoint. It starts where the effective "
                                            "neighbours are a quarter of the context.")
                    : learned
                        ? tr("tau_ctx is set here; the checkpoint learned %1.")
                              .arg(QString::fromStdString(shortNumber(*answer_->learned)))
                        : tr("tau_ctx is not in this checkpoint, which was not trained with LIxP: it is set here."));
}

void ContextPanel::draw() {
  if (!answer_) {
    return;
  }
  const ContextBase& base = *answer_->question.base;
  std::vector<std::size_t> order(base.pictures.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  const auto& reading = answer_->reading;
  const auto first = std::min<std::size_t>(kCards, order.size());
  std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(first), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return std::tuple(!reading.masked[a], -reading.weights[a], a) <
                             std::tuple(!reading.masked[b], -reading.weights[b], b);
                    });
  std::vector<LabelledPicture> others(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    others[i].label = base.labels[i];
  }
  waiting_.clear();
  for (std::size_t rank = 0; rank < first; ++rank) {
    const data::PictureRef& ref = base.pictures[order[rank]];
    if (const QPixmap small = desk_.thumbnails().get(ref); !small.isNull()) {
      others[order[rank]].picture = toImage(small);
    } else {
      waiting_.push_back(ref);
    }
  }
  figure_ = std::make_shared<const figures::ContextFigure>(
      contextData(reading, std::move(others), {*answer_->shown, answer_->question.picture.label},
                  {answer_->model, base.name, answer_->tau, kCards}));
  view_->setFigure(figure_);
}

QString ContextPanel::hint(const QPointF& at) const {
  if (!figure_) {
    return {};
  }
  for (const auto& card : figure_->cards(view_->figureRect())) {
    if (card.picture.united(card.label).contains(at)) {
      const figures::ContextItem& item = figure_->items()[std::size_t(card.item)];
      const QString label = QString::fromStdString(item.label).left(200);
      return item.masked ? tr("%1\nThe picture itself: masked, as in training, so its weight is 0.").arg(label)
                         : tr("%1\nweight %2: its share of the attention\ncontribution %3: weight × norm of its vector")
                               .arg(label, QString::fromStdString(shortNumber(item.weight)),
                                    QString::fromStdString(shortNumber(item.contribution)));
    }
  }
  return {};
}

QJsonObject ContextPanel::state() const {
  QJsonObject state{{"source", kSourceNames[std::size_t(std::max(source_->currentIndex(), 0))]},
                    {"dataset", QString::fromStdString(dataset_->name())},
                    {"split", split_->currentIndex()},
                    {"support", QString::fromStdString(wantedSupport_)},
                    {"most", most_->value()}};
  if (tau()) {
    state["tau"] = *tau();
    state["tauOf"] = QString::fromStdString(checkpoint_.string());
  }
  return state;
}

void ContextPanel::restore(const QJsonObject& state) {
  filling_ = true;
  for (std::size_t i = 0; i < kSourceNames.size(); ++i) {
    if (state["source"].toString() == kSourceNames[i]) {
      source_->setCurrentIndex(int(i));
    }
  }
  if (const QString name = state["dataset"].toString(); !name.isEmpty()) {
    dataset_->setName(name.toStdString());
  }
  split_->setCurrentIndex(std::clamp(state["split"].toInt(split_->currentIndex()), 0, split_->count() - 1));
  most_->setValue(state["most"].toInt(most_->value()));
  wantedSupport_ = state["support"].toString().toStdString();
  if (const double tau = state["tau"].toDouble(); tau >= kLeastTau && tau <= kMostTau) {
    taus_[state["tauOf"].toString().toStdString()] = tau;
  }
  filling_ = false;
  onSource();
}

}  // namespace lix::app
