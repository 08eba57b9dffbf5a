#include "pages/run_parts/run_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QPainter>
#include <QPixmapCache>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "pages/run_parts/setting_words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {
using store::RunStatus;

struct RunTexts {
  Q_DECLARE_TR_FUNCTIONS(RunTexts)
};

const char* iconOf(RunStatus status) {
  switch (status) {
    case RunStatus::Queued:
      return "queued";
    case RunStatus::Running:
      return "play";
    case RunStatus::Paused:
      return "pause";
    case RunStatus::Done:
      return "check";
    case RunStatus::Failed:
      return "error";
    case RunStatus::Cancelled:
      return "cancel";
    case RunStatus::Interrupted:
      return "stop";
  }
  return "info";
}

/// A whole number of the run's settings, 0 where there is none.
int numberOf(const store::RunRow& run, const char* key) {
  const auto settings = nlohmann::json::parse(run.settings, nullptr, false);
  return settings.is_object() && settings.contains(key) && settings[key].is_number_integer() ? settings[key].get<int>()
                                                                                             : 0;
}

QDateTime dateTime(const std::string& moment) {
  return QDateTime::fromString(QString::fromStdString(moment), Qt::ISODateWithMs).toLocalTime();
}

}  // namespace

QString statusText(const store::RunRow& run) {
  switch (run.status) {
    case RunStatus::Queued:
      return !run.trashedAt.empty() ? RunTexts::tr("Never started")
             : run.queuePlace       ? RunTexts::tr("Queued")
                                    : RunTexts::tr("Starting");
    case RunStatus::Running:
      return RunTexts::tr("Running");
    case RunStatus::Paused:
      return RunTexts::tr("Paused");
    case RunStatus::Done:
      return RunTexts::tr("Done");
    case RunStatus::Failed:
      return RunTexts::tr("Failed");
    case RunStatus::Cancelled:
      return RunTexts::tr("Cancelled");
    case RunStatus::Interrupted:
      return run.message.starts_with("Stopped") ? RunTexts::tr("Stopped") : RunTexts::tr("Interrupted");
  }
  return {};
}

QColor statusColour(RunStatus status, figures::Theme theme) {
  const widgets::Colours& colours = widgets::colours(theme);
  switch (status) {
    case RunStatus::Running:
      return colours.accent;
    case RunStatus::Done:
      return colours.good;
    case RunStatus::Failed:
      return colours.bad;
    case RunStatus::Paused:
    case RunStatus::Interrupted:
      return colours.warning;
    default:
      return colours.muted;
  }
}

QPixmap statusPixmap(RunStatus status, figures::Theme theme, int side) {
  const QColor colour = statusColour(status, theme);
  const QString key = QStringLiteral("lix-status %1 %2 %3").arg(iconOf(status), colour.name()).arg(side);
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) {
    return pixmap;
  }
  pixmap = widgets::icon(iconOf(status)).pixmap(side, side);
  QPainter painter(&pixmap);
  painter.setCompositionMode(QPainter::CompositionMode_SourceIn);  // keeps the shape, takes the colour
  painter.fillRect(pixmap.rect(), colour);
  painter.end();
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

QString momentText(const std::string& moment) {
  const QDateTime time = dateTime(moment);
  if (!time.isValid()) {
    return {};
  }
  const QDate today = QDate::currentDate();
  const QLocale locale;
  if (time.date() == today) {
    return RunTexts::tr("today %1").arg(time.toString("HH:mm"));
  }
  return locale.toString(
      time, time.date().year() == today.year() ? QStringLiteral("d MMM HH:mm") : QStringLiteral("d MMM yyyy"));
}

double secondsOf(const store::RunRow& run) {
  const QDateTime begin = dateTime(run.startedAt);
  if (!begin.isValid()) {
    return -1.0;
  }
  const bool active = run.status == RunStatus::Running || run.status == RunStatus::Paused;
  const QDateTime end =
      active ? QDateTime::currentDateTime() : dateTime(run.finishedAt.empty() ? run.heartbeatAt : run.finishedAt);
  return end.isValid() ? std::max(0.0, double(begin.msecsTo(end)) / 1000.0) : -1.0;
}

std::vector<std::pair<QString, QString>> settingRows(const store::RunRow& run) {
  std::vector<std::pair<QString, QString>> rows;
  for (const SettingLine& line : settingLines(run)) {
    if (const QString words = settingWords(line.key, line.value); !words.isEmpty()) {
      rows.emplace_back(line.title, words);
    }
  }
  const auto add = [&](const QString& title, const std::string& value) {
    if (!value.empty()) {
      rows.emplace_back(title, QString::fromStdString(value));
    }
  };
  add(RunTexts::tr("Checkpoint"), run.out.string());
  add(RunTexts::tr("Device"), run.device);
  add(RunTexts::tr("Threads used"), run.threads > 0 ? std::to_string(run.threads) : std::string());
  add(RunTexts::tr("CPU instructions"), run.cpuCapability);
  add(RunTexts::tr("Program"), run.build);
  return rows;
}

int batchOf(const store::RunRow& run) { return numberOf(run, "batch"); }

std::optional<long long> checkpointStep(Desk& desk, const store::RunRow& run) {
  const auto& entries = desk.checkpoints().entries();
  const auto found = std::ranges::find_if(entries, [&](const CheckpointShelf::Entry& entry) {
    return entry.run == run.id && entry.folder == run.out;  // not a step that was kept, or the best one
  });
  return found == entries.end() ? std::nullopt : std::optional(found->step);
}

QString messageText(const store::RunRow& run) {
  const QString message = QString::fromStdString(run.message);
  if (run.status == RunStatus::Interrupted && message.startsWith("Stopped")) {
    return {};
  }
  return message.section(QStringLiteral("lixp train --resume"), 0, 0).trimmed();
}

bool isRemark(const QString& message) {
  return message.contains("tokens and cut off") || message.contains("is no longer clearly below its start") ||
         message.startsWith("Gradients are cached");
}

bool canBeContinued(const store::RunRow& run) {
  return run.trashedAt.empty() && (run.status == RunStatus::Interrupted || run.status == RunStatus::Failed ||
                                   run.status == RunStatus::Cancelled);
}

QString continueText(Desk& desk, const store::RunRow& run) {
  if (!canBeContinued(run)) {
    return {};
  }
  if (const auto step = checkpointStep(desk, run)) {
    return RunTexts::tr("Continue goes on from the checkpoint of step %1.").arg(*step);
  }
  const int every = numberOf(run, "checkpointEvery");
  if (every > 0 && run.step >= every) {  // killed between a checkpoint's end and its entry in the workspace
    return RunTexts::tr("Continue goes on from the checkpoint of step %1 if that was still completed, else it begins "
                        "again at step 0.")
        .arg(run.step / every * every);
  }
  return RunTexts::tr("There is no checkpoint yet, so Continue begins again at step 0.");
}

QString bytesText(double bytes) { return QLocale().formattedDataSize(qint64(bytes), 1, QLocale::DataSizeSIFormat); }

}  // namespace lix::app
