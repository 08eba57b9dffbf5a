#include "pages/compare/weights_pair_panel.h"

#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "base/text.h"
#include "figure_view/figure_view.h"
#include "pages/compare/caption_line.h"

namespace lix::app {
namespace {

double highestOf(const PairReading& reading) {
  double highest = 0.0;
  for (const ModelReading& one : reading) {
    for (const auto& caption : one.weights ? one.weights->captions : std::vector<figures::CaptionWeights>()) {
      for (const float weight : caption.weights) {
        highest = std::max(highest, double(weight));
      }
    }
  }
  return highest;
}

}  // namespace

std::optional<figures::HeatData> weightsDifference(const figures::WeightsData& a, const figures::WeightsData& b) {
  if (a.heads != b.heads || a.tokens != b.tokens || a.captions.size() != b.captions.size()) {
    return std::nullopt;
  }
  figures::HeatData data{.headings = {.title = "Mixture weights, B less A", .subtitle = "", .notes = ""},
                         .rowLabel = "Head",
                         .columnLabel = "Mixture token",
                         .valueLabel = "Weight of B less that of A",
                         .panels = {},
                         .range = {},
                         .scale = figures::HeatScale::Diverging};
  for (std::size_t j = 0; j < a.captions.size(); ++j) {
    if (a.captions[j].weights.size() != b.captions[j].weights.size()) {
      return std::nullopt;
    }
    figures::HeatPanel panel{.title = a.captions[j].caption, .rows = {}, .columns = {}, .values = {}};
    for (int head = 0; head < a.heads; ++head) {
      panel.rows.push_back(cat(head + 1));
    }
    for (int token = 0; token < a.tokens; ++token) {
      panel.columns.push_back(cat(token + 1));
    }
    for (std::size_t i = 0; i < a.captions[j].weights.size(); ++i) {
      panel.values.push_back(double(b.captions[j].weights[i]) - double(a.captions[j].weights[i]));
    }
    data.panels.push_back(std::move(panel));
  }
  return data;
}

WeightsPairPanel::WeightsPairPanel(QWidget* parent)
    : ComparePanel(parent),
      captions_(new CaptionLine("compare.weights.captions")),
      said_(words("compare.weights.said")),
      difference_(newFigure("compare.weights.difference", tr("Mixture weights of B less those of A"))) {
  weights_[0] = newFigure("compare.weights.a", tr("Mixture weights of A"));
  weights_[1] = newFigure("compare.weights.b", tr("Mixture weights of B"));
  column()->addWidget(captions_);
  column()->addWidget(said_);
  column()->addWidget(scrolling({weights_[0], weights_[1], difference_}), 1);
  connect(captions_, &CaptionLine::asked, this, &WeightsPairPanel::captionsAsked);
}

void WeightsPairPanel::look(const CompareView& view) {
  captions_->show(view.captions);
  if (view.reading != nullptr && view.reading == reading_) {
    return;
  }
  reading_ = view.reading;
  show(view);
}

void WeightsPairPanel::show(const CompareView& view) {
  const QString waiting = view.comparison == nullptr ? tr("Compare two checkpoints first.")
                          : !view.picture ? tr("Select a picture to see how a Llip mixes its tokens for its captions.")
                          : view.problem.isEmpty() ? tr("Reading the picture.")
                                                   : view.problem;
  const bool any = reading_ != nullptr && ((*reading_)[0].weights || (*reading_)[1].weights);
  said_->setText(reading_ == nullptr ? waiting
                 : any ? tr("Colours of A and B are on one scale.")
                       : tr("Neither of these is a Llip: only a Llip mixes tokens anew for each caption."));
  const double highest = reading_ != nullptr ? highestOf(*reading_) : 0.0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    const bool has = reading_ != nullptr && (*reading_)[i].weights;
    weights_[i]->setVisible(any);
    weights_[i]->setEmptyText(i == 0 ? tr("A is no Llip, so it has no mixture weights.")
                                     : tr("B is no Llip, so it has no mixture weights."));
    std::shared_ptr<const figures::Figure> figure;
    if (has) {
      figures::WeightsData shown = *(*reading_)[i].weights;
      shown.most = highest;
      figure = std::make_shared<const figures::WeightsFigure>(std::move(shown));
    }
    weights_[i]->setFigure(figure);
  }
  std::shared_ptr<const figures::Figure> difference;
  if (any && (*reading_)[0].weights && (*reading_)[1].weights) {
    if (const auto heat = weightsDifference(*(*reading_)[0].weights, *(*reading_)[1].weights)) {
      difference = std::make_shared<const figures::HeatFigure>(*heat);
    } else {
      said_->setText(tr("A and B have other numbers of heads or tokens, so there is no difference of their weights."));
    }
  }
  difference_->setVisible(difference != nullptr);
  difference_->setFigure(difference);
}

}  // namespace lix::app
