// What ScorePanel says of the accuracies: what they are over, what is waited for, and what was left out.
#include <QComboBox>
#include <QLabel>
#include <QToolButton>
#include <algorithm>

#include "pages/support/folder_listing.h"
#include "pages/support/score_panel.h"
#include "pages/support/words.h"

namespace lix::app {
namespace {

constexpr double kPercent = 100.0;

QString queryCount(std::size_t count) {
  return count == 1 ? ScorePanel::tr("1 query") : ScorePanel::tr("%1 queries").arg(count);
}

/// The one sentence with which every adapter refuses that was asked, or "".
QString commonRefusal(const SupportScores& scores) {
  std::string common;
  for (const study::AdapterScore& one : scores.adapters) {
    if (one.waiting) {
      continue;
    }
    if (one.refusal.empty() || (!common.empty() && one.refusal != common)) {
      return {};
    }
    common = one.refusal;
  }
  return QString::fromStdString(common);
}

}  // namespace

/// "One of 160 queries is 0.6 points.", or "" where there are none.
QString ScorePanel::worthOfOne() const {
  const std::size_t measured = this->measured();
  if (measured == 0) {
    return {};
  }
  return tr("One of %1 queries is %2 points.")
      .arg(measured)
      .arg(QString::number(kPercent / static_cast<double>(measured), 'f', 1));
}

std::size_t ScorePanel::measured() const {
  const auto scores = scores_.scores();
  std::size_t most = 0;
  for (const study::AdapterScore& one : scores ? scores->adapters : std::vector<study::AdapterScore>()) {
    most = std::max(most, one.accuracy ? one.scored : 0);
  }
  return most;
}

/// Each list of unreadable pictures once, not after every edit.
void ScorePanel::tellUnreadable() {
  const auto scores = scores_.scores();
  const std::string lines = scores ? linesOf(scores->unreadable, scores->unreadable.size()) : std::string();
  if (lines != told_ && !lines.empty()) {
    const auto& first = scores->unreadable.front();
    const int more = static_cast<int>(scores->unreadable.size()) - 1;
    const QString name = QString::fromStdString(first.key);
    desk_.say(widgets::Severity::Warning,
              more == 0 ? tr("The support picture %1 cannot be read and is left out.").arg(name)
                        : tr("The support picture %1 and %2 more cannot be read and are left out.").arg(name).arg(more),
              QString::fromStdString(lines));
  }
  told_ = lines;
}

void ScorePanel::showNotes() {
  const auto scores = scores_.scores();
  const QString refusal = scores && scores_.isCurrent() ? commonRefusal(*scores) : QString();
  status_->setText(scores_.status().isEmpty() ? refusal : scores_.status());
  status_->setVisible(!status_->text().isEmpty());
  const QueryPlan& plan = scores_.plan();
  const std::size_t left = scores && scores_.isCurrent() ? std::min(scores->leftOut, plan.pictures.size()) : 0;
  const std::size_t queries = plan.pictures.size() - left;
  fold_->setText(plan.dataset.empty() ? tr("Queries: none")
                                      : tr("Queries: %1, %2 (%3)")
                                            .arg(QString::fromStdString(plan.dataset), split_->currentText())
                                            .arg(queries));
  fold_->setAccessibleName(fold_->text());
  QStringList notes;
  if (plan.dataset.empty()) {
    notes << tr("No queries: choose a dataset to measure the set on.");
  } else if (plan.labelSets.empty()) {
    notes << tr("%1 has no labels, so that nothing can be measured on it.").arg(QString::fromStdString(plan.dataset));
  } else {
    notes << tr("%1 of %2 %3 pictures of %4 are queries.")
                 .arg(queries)
                 .arg(plan.available)
                 .arg(split_->currentText(), QString::fromStdString(plan.dataset));
    notes << tr("%1 of %2 class names stand in its label set %3.")
                 .arg(plan.matched)
                 .arg(plan.classes)
                 .arg(QString::fromStdString(plan.labelSet));
  }
  if (scores && scores->leftOut > 0) {
    notes << tr("Left out, because it stands in the set: %1.").arg(pictureCount(scores->leftOut));
  }
  if (scores && scores->task && measured() > 0) {
    const auto asked = static_cast<std::size_t>(
        std::ranges::count_if(scores->task->queryLabels, [](int label) { return label >= 0; }));
    if (asked > measured()) {
      notes << tr("Not measured, as their classes have no pictures: %1.").arg(queryCount(asked - measured()));
    }
  }
  if (scores && !scores->unreadable.empty()) {
    notes << tr("Unreadable in the set: %1.").arg(pictureCount(scores->unreadable.size()));
  }
  notes_->setText(notes.join(' '));
}

}  // namespace lix::app
