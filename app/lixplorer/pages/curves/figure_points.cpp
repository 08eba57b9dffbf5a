#include "pages/curves/figure_points.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

namespace lix::app {
namespace {

QString text(const std::string& words) { return QString::fromStdString(words); }

/// "siglip, zero-shot, 61.20 %"
QString pointText(const store::CurvePoint& point) {
  const store::EvaluationRow& of = point.of;
  const bool classifies = of.metric == "top1" && (of.kind == "few-shot" || of.kind == "zero-shot");
  const QString how = !classifies     ? text(of.metric)
                      : of.shots == 0 ? QCoreApplication::translate("lix::app::FigurePane", "zero-shot")
                                      : text(adapterTitle(of.adapter) + ", " + shotsText(of.shots));
  return QStringLiteral("%1, %2, %3").arg(text(of.checkpointLabel), how, valueText(of.metric, point.mean));
}

}  // namespace

bool isShare(const std::string& metric) {
  static const std::set<std::string> kShares{"top1", "top5", "top1_top5_mean", "mean_per_class_recall", "worst_group"};
  return kShares.contains(metric) || metric.starts_with("image_to_text_r") || metric.starts_with("text_to_image_r");
}

QString numberText(const std::string& metric, double value) {
  return isShare(metric) ? QString::number(100.0 * value, 'f', 2) : QString::number(value, 'g', 6);
}

QString valueText(const std::string& metric, double value) {
  const QString number = numberText(metric, value);
  return isShare(metric) ? QCoreApplication::translate("lix::app::FigurePane", "%1 %").arg(number) : number;
}

std::vector<FigurePoint> figurePoints(const MadeFigure& made, const FigureRows& rows) {
  std::vector<FigurePoint> points;
  const std::vector<figures::Source> sources = made.figure->sources();
  if (made.behind == MadeFigure::Behind::Runs) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
      for (const long long key : sources[i].keys) {
        const auto run = std::ranges::find_if(rows.runs, [key](const FigureRun& one) { return one.row.id == key; });
        if (run != rows.runs.end()) {
          points.push_back({.text = text(run->row.name), .source = i, .point = {}, .run = key});
        }
      }
    }
    return points;
  }
  std::unordered_map<long long, const store::EvaluationRow*> byKey;
  for (const store::EvaluationRow& row : rows.evaluations) {
    byKey.emplace(row.id, &row);
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    std::vector<store::EvaluationRow> behind;
    for (const long long key : sources[i].keys) {
      if (const auto row = byKey.find(key); row != byKey.end()) {
        behind.push_back(*row->second);
      }
    }
    auto several = store::curvePoints(behind);
    std::set<std::string> datasets;
    for (const store::CurvePoint& point : several) {
      datasets.insert(point.of.dataset);
    }
    for (store::CurvePoint& point : several) {
      QString words = pointText(point);
      if (datasets.size() > 1 && !point.of.dataset.empty()) {
        words = QCoreApplication::translate("lix::app::FigurePane", "%1 on %2").arg(words, text(point.of.dataset));
      }
      if (!sources[i].name.empty() && sources[i].name != point.of.checkpointLabel) {
        words = QStringLiteral("%1: %2").arg(text(sources[i].name), words);
      }
      points.push_back({.text = words, .source = i, .point = std::move(point)});
    }
  }
  return points;
}

}  // namespace lix::app
