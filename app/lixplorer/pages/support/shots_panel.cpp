#include "pages/support/shots_panel.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "desk/desk.h"
#include "figure_view/figure_view.h"
#include "figures/curves_figure.h"
#include "frame/page_parts.h"
#include "pages/support/adapter_box.h"

namespace lix::app {
namespace {

constexpr const char* kAny = "knn";  // answers wherever curves can be drawn
constexpr int kWidest = 620;

figures::CurvePoint pointOf(const study::ShotsPoint& point) {
  const double mean = point.summary.mean, half = point.summary.interval.value_or(NAN);
  return {.x = static_cast<double>(point.shots),
          .mean = mean,
          .low = std::isnan(half) ? NAN : std::max(0.0, mean - half),
          .high = std::isnan(half) ? NAN : std::min(1.0, mean + half),
          .n = static_cast<int>(point.values.size())};
}

/// "Tip-Adapter (Alpha 0.5), Prototypes (Share of text 1)", or "" where all are at their defaults.
QString settingsText(const study::AdapterSettings& settings) {
  QStringList adapters;
  for (const auto& [id, values] : settings) {
    const auto adapter = adapt::find(id);
    if (const QString text = valuesText(id, values); adapter && !text.isEmpty()) {
      adapters << QString::fromStdString((*adapter)->title) + " (" + text + ")";
    }
  }
  return adapters.join(", ");
}

}  // namespace

ShotsPanel::ShotsPanel(Desk& desk, LiveScores& scores, QWidget* parent)
    : SupportPanel(parent),
      scores_(scores),
      relay_(scores.slowLane()),
      figure_(new widgets::FigureView),
      status_(new QLabel) {
  build();
  connect(figure_, &widgets::FigureView::failed, this,
          [&desk](const QString& sentence) { desk.say(widgets::Severity::Error, sentence); });
  connect(&scores_, &LiveScores::scored, this, &ShotsPanel::refresh);
  connect(&scores_, &LiveScores::statusChanged, this, [this] {
    if (active_ && !scores_.scores()) {
      ask();
    }
  });
}

void ShotsPanel::build() {
  figure_->setObjectName("support.shots");
  figure_->setAccessibleName(tr("Accuracy against shots"));
  figure_->setToolTip(
      tr("Accuracy with 1, 2, 4, ... pictures of each class, drawn from the set. Ctrl+C copies the "
         "figure, Ctrl+Shift+S saves it."));
  figure_->setFocusPolicy(Qt::StrongFocus);
  figure_->setMaximumWidth(kWidest);
  status_->setObjectName("support.shotsStatus");
  status_->setWordWrap(true);
  status_->setProperty("muted", true);
  auto* inside = new QWidget;
  auto* column = new QVBoxLayout(inside);
  column->setContentsMargins(8, 6, 8, 6);
  column->setSpacing(6);
  column->addWidget(status_);
  column->addWidget(figure_);
  column->addStretch(1);
  auto* outside = new QVBoxLayout(this);
  outside->setContentsMargins(0, 0, 0, 0);
  outside->addWidget(scrolled(inside));
  figure_->hide();
}

void ShotsPanel::setActive(bool active) {
  active_ = active;
  if (active && stale_) {
    ask();
  } else if (!active) {
    stale_ = stale_ || relay_.busy();
    relay_.drop();
  }
}

void ShotsPanel::refresh() {
  stale_ = true;
  if (active_) {
    ask();
  }
}

void ShotsPanel::ask() {
  relay_.drop();
  if (const QString why = whyNothing(scores_, kAny); !why.isEmpty()) {
    curves_.clear();
    draw(why);
    return;
  }
  relay_.ask(
      [task = scores_.scores()->task, settings = scores_.settings()](std::stop_token stop) {
        return study::shotsCurves(task->task(), {.adapters = settings},
                                  [&stop](std::string_view, long long, long long) { return !stop.stop_requested(); });
      },
      [this, byHand = settingsText(scores_.settings())](Result<std::vector<study::ShotsCurve>> curves) {
        stale_ = false;
        byHand_ = byHand;
        curves_ = curves.value_or(std::vector<study::ShotsCurve>());
        draw(curves ? QString() : QString::fromStdString(curves.error().message));
      });
}

void ShotsPanel::draw(const QString& status) {
  status_->setText(status);
  status_->setVisible(!status.isEmpty());
  figure_->setVisible(!curves_.empty());
  if (curves_.empty()) {
    figure_->setFigure(nullptr);
    return;
  }
  figures::CurvesPanel panel;
  std::size_t draws = 0;
  for (const study::ShotsCurve& curve : curves_) {
    figures::CurveSeries series{.label = curve.title, .group = {}, .points = {}};
    std::ranges::transform(curve.points, std::back_inserter(series.points), pointOf);
    for (const study::ShotsPoint& point : curve.points) {
      draws = std::max(draws, point.values.size());
    }
    if (!series.points.empty()) {
      panel.series.push_back(std::move(series));
    }
  }
  const auto largest = std::ranges::max(curves_, {}, [](const auto& one) { return one.points.size(); });
  const std::size_t smallest = largest.points.empty() ? 0 : largest.points.back().shots;
  const QString settings =
      byHand_.isEmpty() ? tr("Every adapter by default settings") : tr("As set in Settings: %1; the rest by default").arg(byHand_);
  const QString subtitle =
      tr("%1 draws from the set, up to its smallest class (%2). %3.").arg(draws).arg(smallest).arg(settings);
  figures::CurvesData curves{
      .headings =
          {.title = tr("Accuracy against shots").toStdString(),
           .subtitle = subtitle.toStdString(),
           .notes = {}},
      .bandLabel = tr("95 % interval over draws of this set, on the same queries").toStdString(),
      .panels = {std::move(panel)}};
  figure_->setFigure(std::make_shared<figures::CurvesFigure>(std::move(curves)));
  figure_->setAccessibleDescription(subtitle);
}

}  // namespace lix::app
