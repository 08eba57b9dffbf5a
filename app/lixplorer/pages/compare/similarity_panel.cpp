#include "pages/compare/similarity_panel.h"

#include <QLabel>
#include <QVBoxLayout>
#include <cmath>

#include "figure_view/figure_view.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/fit_area.h"

namespace lix::app {
namespace {

constexpr std::size_t kBins = 48;  // more than are drawn with a mark each
constexpr double kPercent = 100.0, kLeastHeight = 230.0;

}  // namespace

std::optional<PairSimilarity> pairSimilarity(const Comparison& comparison) {
  std::vector<std::span<const float>> groups;
  for (const auto& cosines : comparison.cosines) {
    if (cosines) {
      groups.insert(groups.end(), {cosines->own, cosines->other});
    }
  }
  if (groups.empty()) {
    return std::nullopt;
  }
  const study::Bins bins = study::binsOver(groups, kBins);
  PairSimilarity made;
  made.plot = {.headings = {.title = "Cosines of pictures with their own class and with the best other one",
                            .subtitle = "Zero-shot, by the names of the classes; both panels have the same axes.",
                            .notes = ""},
               .xLabel = "Cosine",
               .yLabel = "Pictures, %",
               .panels = {}};
  for (std::size_t i = 0; i < 2; ++i) {
    figures::PlotPanel panel{.title = i == 0 ? "A" : "B", .series = {}};
    if (const auto& cosines = comparison.cosines[i]) {
      const auto own = study::sharesIn(bins, cosines->own), other = study::sharesIn(bins, cosines->other);
      made.overlap[i] = study::overlapOf(own, other);
      double sum = 0.0;
      for (std::size_t at = 0; at < cosines->own.size(); ++at) {
        sum += double(cosines->own[at]) - double(cosines->other[at]);
      }
      made.margin[i] = sum / double(std::max<std::size_t>(1, cosines->own.size()));
      for (const auto& [label, shares] : {std::pair("true class", &own), {"best other class", &other}}) {
        figures::PlotSeries series{.label = label, .group = label, .joined = figures::Joined::Line, .points = {}};
        for (std::size_t bin = 0; bin < kBins; ++bin) {
          series.points.push_back({.x = bins.middle(bin), .y = kPercent * (*shares)[bin]});
        }
        panel.series.push_back(std::move(series));
      }
    }
    made.plot.panels.push_back(std::move(panel));
  }
  return made;
}

SimilarityPanel::SimilarityPanel(jobs::Lane& lane, QWidget* parent)
    : ComparePanel(parent),
      made_(lane),
      said_(words("compare.similarity.said")),
      view_(newFigure("compare.similarity", tr("Histograms of cosines of A and of B"))) {
  column()->addWidget(said_);
  area_ = new FitArea(view_);
  column()->addWidget(area_, 1);
}

void SimilarityPanel::look(const CompareView& view) {
  const bool moved = picture_ != view.picture;
  picture_ = view.picture;
  made_.look(view.comparison, [](const Comparison& comparison, std::stop_token) { return pairSimilarity(comparison); },
             [this] { show(); });
  if (moved && made_.comparison() == view.comparison) {
    show();
  }
}

void SimilarityPanel::show() {
  const PairSimilarity* made = made_.made() != nullptr && *made_.made() ? &**made_.made() : nullptr;
  if (made == nullptr) {
    said_->clear();
    view_->setEmptyText(made_.comparison() == nullptr
                            ? tr("Compare two checkpoints to see how far they keep the true class from the others.")
                            : tr("Cosines of a Llip by names of classes take a mixture for each picture and class, which "
                                 "is too many here; compare by Zero-shot, or fewer pictures."));
    area_->setMake({});
    return;
  }
  QStringList lines;
  figures::PlotData plot = made->plot;
  for (std::size_t i = 0; i < 2; ++i) {
    const QString name = i == 0 ? QStringLiteral("A") : QStringLiteral("B");
    const auto& cosines = made_.comparison()->cosines[i];
    if (!cosines) {
      lines << tr("%1 has no cosines here: it would mix each picture for each class.").arg(name);
      continue;
    }
    lines << tr("%1: mean margin %2, histograms overlap by %3 %.")
                 .arg(name)
                 .arg(signedNumber(made->margin[i], 3))
                 .arg(kPercent * made->overlap[i], 0, 'f', 0);
    if (picture_ && *picture_ < cosines->own.size()) {
      figures::PlotSeries here{.label = "selected picture", .group = "selected picture", .joined = figures::Joined::Dots,
                               .points = {}};
      here.points.push_back({.x = double(cosines->own[*picture_]), .y = 0.0, .label = "true"});
      here.points.push_back({.x = double(cosines->other[*picture_]), .y = 0.0, .label = "other"});
      plot.panels[i].series.push_back(std::move(here));
    }
  }
  said_->setText(lines.join(" "));
  area_->setMake([figure = std::make_shared<const figures::PlotFigure>(std::move(plot))](QSizeF room) {
    return stretched(figure, room, kLeastHeight);
  });
}

}  // namespace lix::app
