// The rows of the table of accuracies.
#include <QCheckBox>
#include <QHeaderView>
#include <QHelpEvent>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "adapt/adapter.h"
#include "pages/support/adapter_box.h"
#include "pages/support/score_panel.h"
#include "pages/support/words.h"
#include "study/metrics/wilson.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr double kPercent = 100.0;
constexpr double kNarrow = 0.03;         // an interval whose ends need a decimal
constexpr double kLeastChange = 0.0005;  // of what is shown with one decimal of a percent

/// "82\u201387", in percent.
QString rangeText(const study::Interval& interval) {
  const int decimals = interval.high - interval.low < kNarrow ? 1 : 0;
  return QString::number(interval.low * kPercent, 'f', decimals) + QStringLiteral("\u2013") +
         QString::number(interval.high * kPercent, 'f', decimals);
}

QString signedPercent(double difference) {
  if (std::abs(difference) < kLeastChange) {
    return QStringLiteral("=");
  }
  return (difference > 0 ? QStringLiteral("+") : QStringLiteral("\u2212")) +
         QString::number(std::abs(difference) * kPercent, 'f', 1);
}

QTableWidgetItem* cell(const QString& text, Qt::Alignment alignment) {
  auto* item = new QTableWidgetItem(text);
  item->setTextAlignment(alignment | Qt::AlignVCenter);
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
  return item;
}

}  // namespace

void ScorePanel::showRow(int row, const study::AdapterScore& score) {
  const QString name = QString::fromStdString(score.title);
  QString tip = QString::fromStdString(score.refusal);
  if (score.waiting) {
    tip = scores_.isFitting()
              ? tr("%1 is being fitted.").arg(name)
              : tr("%1 takes longer, and was not fitted after the last change: check Fitted adapters, or "
                   "press Ctrl+Return.")
                    .arg(name);
  } else if (tip.isEmpty()) {
    tip = tr("%1, measured on %2.").arg(name, pictureCount(score.scored));
    if (const QString settings = valuesText(score.id, score.settings); !settings.isEmpty()) {
      tip += " " + tr("Settings: %1.").arg(settings);
    }
    tip = (tip + " " + worthOfOne()).trimmed();
    if (const auto change = scores_.change(score.id)) {
      tip += "\n" + tr("Against the state before %1 became right and %2 wrong.").arg(change->gained).arg(change->lost);
    }
  }
  const bool byHand = scores_.settings().contains(score.id);
  auto* title = cell(byHand ? tr("%1 *").arg(name) : name, Qt::AlignLeft);
  title->setData(kIdRole, QString::fromStdString(score.id));
  title->setToolTip(byHand ? tip + " " + tr("* Settings were chosen by hand.") : tip);
  table_->setItem(row, kAdapter, title);
  showAccuracy(row, score, tip);
  showChange(row, score);
}

void ScorePanel::showAccuracy(int row, const study::AdapterScore& score, const QString& tip) {
  QString accuracy = QStringLiteral("\u2013"), interval;
  if (score.waiting && scores_.isFitting()) {
    accuracy = QStringLiteral("\u2026");
  } else if (score.accuracy) {
    accuracy = QString::number(*score.accuracy * kPercent, 'f', 1) + " %";
    const auto right = static_cast<std::size_t>(std::llround(*score.accuracy * static_cast<double>(score.scored)));
    interval = rangeText(study::wilsonInterval(right, score.scored));
  }
  const QString about =
      interval.isEmpty() ? tip : tr("95 % interval over query pictures, by Wilson: %1 %.").arg(interval) + "\n" + tip;
  auto* value = cell(accuracy, Qt::AlignRight);
  auto* range = cell(interval, Qt::AlignRight);
  range->setForeground(widgets::colours(widgets::themeOf(palette())).muted);
  for (QTableWidgetItem* item : {value, range}) {
    item->setToolTip(about);
  }
  table_->setItem(row, kAccuracy, value);
  table_->setItem(row, kInterval, range);
}

/// What is within noise stands in brackets, without a colour.
void ScorePanel::showChange(int row, const study::AdapterScore& score) {
  const auto change = scores_.change(score.id);
  auto* item = cell({}, Qt::AlignRight);
  if (change) {
    const auto& colours = widgets::colours(widgets::themeOf(palette()));
    const bool noise = change->isWithinNoise();
    const QString text = signedPercent(change->share.value);
    item->setText(noise && change->gained != change->lost ? "(" + text + ")" : text);
    item->setForeground(noise ? colours.muted : change->share.value > 0 ? colours.good : colours.bad);
    item->setToolTip(tr("Of %1 queries %2 became right and %3 wrong: %4 points, 95 % interval %5 to %6. %7")
                         .arg(change->pairs)
                         .arg(change->gained)
                         .arg(change->lost)
                         .arg(text, signedPercent(change->share.interval.low),
                              signedPercent(change->share.interval.high),
                              noise ? tr("This is within noise.") : tr("This is more than noise.")));
  }
  table_->setItem(row, kChange, item);
}

/// The row of the adapter that panels speak of is the chosen one.
void ScorePanel::showShown() {
  const QSignalBlocker quiet(table_);
  for (int row = 0; row < table_->rowCount(); ++row) {
    const QTableWidgetItem* item = table_->item(row, kAdapter);
    if (item != nullptr && item->data(kIdRole).toString().toStdString() == scores_.shown().id()) {
      table_->setCurrentCell(row, kAdapter);
      return;
    }
  }
  table_->setCurrentItem(nullptr);
}

void ScorePanel::chooseRow(int row) {
  if (const QTableWidgetItem* item = row >= 0 ? table_->item(row, kAdapter) : nullptr) {
    scores_.shown().choose(item->data(kIdRole).toString().toStdString());
  }
}

/// Names must be read: intervals, which tooltips tell, too, stand where there is room beside the longest name.
void ScorePanel::fitColumns() {
  const auto widthOf = [this](int column) {
    return std::max(static_cast<const QAbstractItemView*>(table_)->sizeHintForColumn(column),
                    table_->horizontalHeader()->sectionSizeHint(column));
  };
  int wanted = 2 * table_->frameWidth();
  for (int column = 0; column < kColumns; ++column) {
    wanted += widthOf(column);
  }
  table_->setColumnHidden(kInterval, wanted > table_->width());
}

/// Below the rows, of which it would cover some where the pointer is.
bool ScorePanel::showTip(const QPoint& at) {
  const QTableWidgetItem* item = table_->itemAt(at);
  const QString text = item != nullptr ? item->toolTip() : table_->toolTip();
  if (text.isEmpty() || table_->rowCount() == 0) {
    return false;
  }
  const int bottom = std::min(table_->viewport()->height(),
                              table_->rowViewportPosition(table_->rowCount() - 1) + kRowHeight);
  const QRect row = item != nullptr ? table_->visualItemRect(item) : QRect();
  QToolTip::showText(table_->viewport()->mapToGlobal(QPoint(0, bottom)), text, table_->viewport(), row);
  return true;
}

bool ScorePanel::eventFilter(QObject* object, QEvent* event) {
  if (object == table_->viewport() && event->type() == QEvent::ToolTip) {
    return showTip(static_cast<QHelpEvent*>(event)->pos());
  }
  return SupportPanel::eventFilter(object, event);
}

void ScorePanel::showFitting() {
  const QSignalBlocker quiet(fitted_);
  fitted_->setChecked(scores_.fits());
  const auto time = scores_.fittingTime();
  const QString tip = tr(
      "Fits the adapters that learn, too, after every change, once the quick ones have answered; otherwise only when "
      "they are asked for (Ctrl+Return).");
  fitted_->setToolTip(time ? tip + " " + tr("The last time they took %1 s.").arg(*time / 1000.0, 0, 'f', 2) : tip);
}

}  // namespace lix::app
