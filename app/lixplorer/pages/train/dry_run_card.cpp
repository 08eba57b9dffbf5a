#include "pages/train/dry_run_card.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include "base/memory.h"
#include "chrome/job_strip.h"
#include "pages/train/warning_list.h"

namespace lix::app {
namespace {

struct DryRunTexts {
  Q_DECLARE_TR_FUNCTIONS(DryRunTexts)
};

/// As exact as three timed steps are.
QString secondsText(double seconds) {
  return seconds < 10.0 ? DryRunTexts::tr("%1 s").arg(seconds, 0, 'g', 2) : widgets::durationText(seconds);
}

/// In the units of the forecast.
QString memoryText(double bytes) { return QString::fromStdString(lix::bytesText(bytes)); }

}  // namespace

std::optional<DryRunText> dryRunText(const QByteArray& json) {
  const QJsonObject told = QJsonDocument::fromJson(json).object();
  const auto number = [&](const char* key) { return told.value(QLatin1String(key)).toDouble(-1.0); };
  if (number("parameters") < 0.0 || number("seconds_per_step") < 0.0) {
    return {};
  }
  const QLocale locale;
  DryRunText text;
  text.numbers = {{DryRunTexts::tr("Parameters"), locale.toString(qint64(number("parameters")))},
                  {DryRunTexts::tr("Peak memory of the whole program"), memoryText(number("peak_memory_bytes"))},
                  {DryRunTexts::tr("A step"), secondsText(number("seconds_per_step"))},
                  {DryRunTexts::tr("Pictures a second"), locale.toString(qRound64(number("images_per_second")))},
                  {DryRunTexts::tr("All %1 steps").arg(locale.toString(qint64(number("steps")))),
                   DryRunTexts::tr("about %1").arg(secondsText(number("estimated_seconds")))}};
  if (const double step = told.value("stated").toObject().value("step_bytes").toDouble(-1.0); step >= 0.0) {
    text.numbers.push_back({DryRunTexts::tr("of that a step, as forecast below the form"), memoryText(step)});
  }
  for (const QJsonValue& warning : told.value("warnings").toArray()) {
    text.warnings << warning.toString();
  }
  return text;
}

DryRunCard::DryRunCard(QWidget* parent) : QFrame(parent) {
  setProperty("card", true);
  setObjectName("train.dryRunCard");
  setAccessibleName(tr("Dry run"));
  auto* column = new QVBoxLayout(this);
  title_ = new QLabel;
  title_->setProperty("heading", "section");
  title_->setWordWrap(true);
  column->addWidget(title_);
  auto* grid = new QWidget;
  grid_ = new QGridLayout(grid);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setColumnStretch(0, 1);
  column->addWidget(grid);
  auto* how =
      new QLabel(tr("At the pace of three steps measured just now, without preparing data and writing checkpoints."));
  how->setProperty("muted", true);
  how->setWordWrap(true);
  column->addWidget(how);
  warnings_ = new WarningList("train.dryRunWarnings");
  column->addWidget(warnings_);
  hide();
}

void DryRunCard::setText(const DryRunText& text) {
  while (QLayoutItem* item = grid_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  int row = 0;
  for (const auto& [name, value] : text.numbers) {
    auto* label = new QLabel(name);
    label->setProperty("muted", true);
    auto* number = new QLabel(value);
    number->setObjectName(QStringLiteral("train.dryRun.%1").arg(row));
    number->setTextInteractionFlags(Qt::TextSelectableByMouse);
    grid_->addWidget(label, row, 0);
    grid_->addWidget(number, row, 1, Qt::AlignRight);
    ++row;
  }
  title_->setText(tr("Dry run"));
  warnings_->setSentences(text.warnings);
  show();
}

void DryRunCard::setOutdated() { title_->setText(tr("Dry run, before the last change")); }

}  // namespace lix::app
