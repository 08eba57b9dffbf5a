#include "pages/runs/run_item.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cmath>

#include "chrome/job_strip.h"
#include "pages/run_parts/run_text.h"
#include "pages/run_parts/setting_words.h"

namespace lix::app {
namespace {

struct RunItems {
  Q_DECLARE_TR_FUNCTIONS(RunItems)
};

constexpr const char* kLoss = "loss";
const QString kNothing = QStringLiteral("–");
const QString kLater = QStringLiteral("~");  // behind all digits

QString toQt(const std::string& text) { return QString::fromStdString(text); }

/// Rows that were written whole by older programs have no start.
bool hasBegun(const store::RunRow& row) {
  return !row.startedAt.empty() || row.step > 0 || row.status == store::RunStatus::Done;
}

QJsonValue settingOf(const RunItem& run, const std::string& key) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(run.row.settings)).object().value(toQt(key));
}

QString textOfRow(const RunItem& run, RunColumn::Field field) {
  const store::RunRow& row = run.row;
  switch (field) {
    case RunColumn::Name:
      return toQt(row.name);
    case RunColumn::Status:
      return statusText(row);
    case RunColumn::Recipe:
      return toQt(row.recipe);
    case RunColumn::Data:
      return toQt(row.dataset);
    case RunColumn::Steps:
      return RunItems::tr("%1 / %2").arg(row.step).arg(row.stepsTotal);
    case RunColumn::Started:
      return hasBegun(row) ? momentText(row.startedAt.empty() ? row.createdAt : row.startedAt) : RunItems::tr("not started");
    case RunColumn::Duration: {
      const double seconds = secondsOf(row);
      return seconds < 0.0 ? QString() : widgets::durationText(seconds);
    }
    case RunColumn::Tags:
      return toQt(row.tags);
    default:
      return {};
  }
}

QString endText(const store::SeriesEnd* end) { return end == nullptr ? kNothing : numberText(end->lastValue); }

QString endTip(const store::SeriesEnd* end) {
  if (end == nullptr) {
    return RunItems::tr("This run has measured nothing of that.");
  }
  const QString last = RunItems::tr("%1 at step %2; %3 points").arg(numberText(end->lastValue)).arg(end->lastStep).arg(end->points);
  return end->gaps == 0 ? last : last + RunItems::tr(", %1 of them not a number").arg(end->gaps);
}

}  // namespace

const store::SeriesEnd* RunItem::end(const std::string& series) const {
  const auto found = std::ranges::find(ends, series, &std::pair<std::string, store::SeriesEnd>::first);
  return found == ends.end() ? nullptr : &found->second;
}

QString RunColumn::id() const {
  return of == Of::Setting ? "setting:" + toQt(key) : of == Of::Metric ? "series:" + toQt(key) : QString();
}

RunColumn RunColumn::from(const QString& id) {
  for (const auto& [prefix, of] : {std::pair("setting:", Of::Setting), {"series:", Of::Metric}}) {
    if (id.startsWith(QLatin1String(prefix)) && id.size() > int(std::string_view(prefix).size())) {
      return {.of = of, .key = id.mid(int(std::string_view(prefix).size())).toStdString()};
    }
  }
  return {};
}

QString RunColumn::title() const {
  if (of != Of::Row) {
    return of == Of::Setting ? settingTitle(toQt(key)) : seriesTitle(toQt(key));
  }
  const std::array<QString, kFields> titles{
      RunItems::tr("Name"), RunItems::tr("Status"),  RunItems::tr("Recipe"),   RunItems::tr("Data"), RunItems::tr("Steps"),
      RunItems::tr("Loss"), RunItems::tr("Started"), RunItems::tr("Duration"), RunItems::tr("Tags")};
  return titles.at(std::size_t(field));
}

bool RunColumn::isNumeric() const {
  return of != Of::Row || field == Steps || field == Loss || field == Duration;
}

std::string RunColumn::series() const { return of == Of::Metric ? key : of == Of::Row && field == Loss ? kLoss : ""; }

QString textOf(const RunItem& run, const RunColumn& column) {
  if (column.of == RunColumn::Of::Setting) {
    return settingText(run, column.key);
  }
  const std::string series = column.series();
  return series.empty() ? textOfRow(run, column.field) : endText(run.end(series));
}

QString tipOf(const RunItem& run, const RunColumn& column) {
  if (column.of == RunColumn::Of::Row && column.field == RunColumn::Status && !run.row.message.empty()) {
    return toQt(run.row.message);
  }
  const std::string series = column.series();
  return series.empty() ? textOf(run, column) : endTip(run.end(series));
}

QVariant sortKeyOf(const RunItem& run, const RunColumn& column) {
  if (column.of == RunColumn::Of::Setting) {
    const QJsonValue value = settingOf(run, column.key);
    return value.isDouble() ? QVariant(value.toDouble()) : value.isUndefined() ? QVariant() : settingText(run, column.key);
  }
  if (const std::string series = column.series(); !series.empty()) {
    const store::SeriesEnd* end = run.end(series);
    return end == nullptr || std::isnan(end->lastValue) ? QVariant() : QVariant(end->lastValue);
  }
  switch (column.field) {
    case RunColumn::Steps:
      return double(run.row.step);
    case RunColumn::Started:
      // The moments' texts sort as the moments do; runs that have not begun stand together, after all others.
      return !hasBegun(run.row)          ? kLater + toQt(run.row.createdAt)
             : run.row.startedAt.empty() ? toQt(run.row.createdAt)
                                         : toQt(run.row.startedAt);
    case RunColumn::Duration: {
      const double seconds = secondsOf(run.row);
      return seconds < 0.0 ? QVariant() : QVariant(seconds);
    }
    default:
      return textOfRow(run, column.field);
  }
}

QString settingText(const RunItem& run, const std::string& key) {
  const QJsonValue value = settingOf(run, key);
  return value.isUndefined() ? QString() : settingWords(toQt(key), value);
}

QString numberText(double value) {
  constexpr double kSmall = 0.1, kLarge = 1000.0;
  const double size = std::abs(value);
  const QString digits = std::isnan(value)                ? RunItems::tr("not a number")
                         : size >= kSmall && size < kLarge ? QString::number(value, 'f', 3)
                         : size >= kLarge                  ? QString::number(value, 'f', 1)
                                                           : QString::number(value, 'g', 4);
  return digits.startsWith('-') ? QStringLiteral("−") + digits.mid(1) : digits;
}

}  // namespace lix::app
