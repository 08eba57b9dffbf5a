#include "pages/compare/spectrum_pair_panel.h"

#include <QLabel>
#include <QVBoxLayout>

#include "base/text.h"
#include "figure_view/figure_view.h"
#include "pages/compare/fit_area.h"
#include "shared/reading_figures.h"
#include "study/probes/spectrum.h"

namespace lix::app {
namespace {

constexpr const char* kNone = "–";
constexpr double kLeastPlot = 190.0, kMostPlot = 560.0;
constexpr int kBeside = 540;  // from here on table and plot stand beside each other

/// Three significant digits, of large numbers with thousands and millions by their letters.
std::string sizeText(double value) {
  constexpr double kThousand = 1e3, kMillion = 1e6;
  return value >= kMillion    ? cat(shortNumber(value / kMillion), " M")
         : value >= 10000.0 ? cat(shortNumber(value / kThousand), " k")
                              : shortNumber(value);
}

std::string numberOr(const std::optional<double>& value) { return value ? sizeText(*value) : kNone; }

figures::TableRow row(const char* name, const std::optional<double>& a, const std::optional<double>& b) {
  const bool both = a && b && *a != 0.0;
  return {.name = name, .cells = {numberOr(a), numberOr(b), both ? shortNumber(*b / *a) : kNone}};
}

std::optional<double> positive(double value) { return value > 0.0 ? std::optional(value) : std::nullopt; }

figures::TableData tableOf(const std::array<study::ReaderFacts, 2>& facts,
                           const std::array<std::optional<double>, 2>& ranks) {
  const auto& [a, b] = facts;
  const auto bias = [](const study::ReaderFacts& one) {
    return one.rule.sigmoid ? std::optional(one.rule.bias) : std::nullopt;
  };
  figures::TableData table{.headings = {.title = "Temperatures and sizes", .subtitle = "", .notes = ""},
                           .corner = "",
                           .columns = {"A", "B", "B / A"},
                           .rows = {}};
  table.rows = {row("scale of the logits", a.rule.scale, b.rule.scale),
                row("bias of the logits", bias(a), bias(b)),
                row("tau_ctx of the context", a.tauContext, b.tauContext),
                row("tau of the mixture", a.tauMixture, b.tauMixture),
                row("effective rank", ranks[0], ranks[1]),
                row("width of the embedding", positive(a.embedWidth), positive(b.embedWidth)),
                row("mixture tokens", positive(a.tokens), positive(b.tokens)),
                row("parameters", double(a.parameters), double(b.parameters))};
  std::erase_if(table.rows, [](const figures::TableRow& one) { return one.cells[0] == kNone && one.cells[1] == kNone; });
  return table;
}

}  // namespace

PairSpectrum pairSpectrum(const Comparison& comparison) {
  PairSpectrum made;
  made.plot = {.headings = {.title = "Spectrum of the image vectors",
                            .subtitle = cat("Singular values of their covariance over ",
                                            comparison.vectors.pictures.size(), " pictures."),
                            .notes = ""},
               .xLabel = "Dimension",
               .yLabel = "Share of the largest",
               .x = figures::Scale::Log,
               .y = figures::Scale::Log,
               .panels = {{.title = "", .series = {}}}};
  std::array<std::optional<double>, 2> ranks;
  for (std::size_t i = 0; i < 2; ++i) {
    const char* name = i == 0 ? "A" : "B";
    study::Covariance covariance(comparison.vectors.of[i].width);
    const auto added = covariance.add(comparison.vectors.matrix(i));
    const auto spectrum = added ? covariance.spectrum() : Result<study::Spectrum>(std::unexpected(added.error()));
    if (!spectrum) {
      made.problem[i] = cat(name, ": ", spectrum.error().message);
      continue;
    }
    ranks[i] = spectrum->effectiveRank;
    figures::PlotSeries series{.label = cat(name, ", effective rank ", shortNumber(spectrum->effectiveRank)),
                               .group = name,
                               .joined = figures::Joined::Line,
                               .points = {}};
    // No more directions than pictures less one can vary; what is left is rounding.
    const std::size_t most = std::min(spectrum->values.size(), comparison.vectors.pictures.size() - 1);
    for (std::size_t at = 0; at < most; ++at) {
      series.points.push_back({.x = double(at + 1), .y = spectrum->values[at] / spectrum->values[0]});
    }
    made.plot.panels[0].series.push_back(std::move(series));
  }
  made.table = tableOf(comparison.facts, ranks);
  return made;
}

SpectrumPairPanel::SpectrumPairPanel(jobs::Lane& lane, QWidget* parent)
    : ComparePanel(parent),
      made_(lane),
      said_(words("compare.spectrum.said")),
      plot_(newFigure("compare.spectrum", tr("Spectra of A and of B"))),
      table_(newFigure("compare.temperatures", tr("Temperatures and sizes of A and of B"))) {
  column()->addWidget(said_);
  halves_ = new QBoxLayout(QBoxLayout::LeftToRight);
  areas_ = {new FitArea(table_), new FitArea(plot_)};
  halves_->addWidget(areas_[0], 1);
  halves_->addWidget(areas_[1], 1);
  column()->addLayout(halves_, 1);
}

void SpectrumPairPanel::look(const CompareView& view) {
  made_.look(view.comparison, [](const Comparison& comparison, std::stop_token) { return pairSpectrum(comparison); },
             [this] { show(); });
}

void SpectrumPairPanel::show() {
  const PairSpectrum* made = made_.made();
  for (FitArea* area : areas_) {
    area->setVisible(made != nullptr);
  }
  if (made == nullptr) {
    said_->setText(tr("Compare two checkpoints to see their temperatures and spectra."));
    said_->show();
    return;
  }
  QStringList problems;
  for (const std::string& one : made->problem) {
    if (!one.empty()) {
      problems << QString::fromStdString(one);
    }
  }
  said_->setText(problems.join(" "));
  said_->setVisible(!problems.isEmpty());
  areas_[0]->setMake([table = std::make_shared<const figures::TableFigure>(made->table)](QSizeF) { return table; });
  areas_[1]->setMake([plot = std::make_shared<const figures::PlotFigure>(made->plot)](QSizeF room) {
    return stretched(plot, {room.width(), std::min(room.height(), kMostPlot)}, kLeastPlot);
  });
}

void SpectrumPairPanel::resizeEvent(QResizeEvent* event) {
  ComparePanel::resizeEvent(event);
  halves_->setDirection(width() >= kBeside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

}  // namespace lix::app
