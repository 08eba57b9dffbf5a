#include "pages/compare/verdict_cards.h"

#include <QHBoxLayout>
#include <QPushButton>

#include "pages/compare/comparison_text.h"

namespace lix::app {
namespace {

constexpr int kLeastWidth = 112;

}  // namespace

VerdictCards::VerdictCards(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    auto* card = new QPushButton;
    card->setObjectName(QString("compare.card.%1").arg(i));
    card->setCheckable(true);
    card->setToolTip(tr("Shows these pictures alone; again shows all (Alt+%1).").arg(i + 1));
    card->setShortcut(QKeySequence(QString("Alt+%1").arg(i + 1)));
    card->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    card->setMinimumWidth(kLeastWidth);
    connect(card, &QPushButton::clicked, this, [this, verdict](bool on) {
      setChosen(on ? std::optional(verdict) : std::nullopt);
      Q_EMIT changed();
    });
    row->addWidget(card, 1);
    cards_[i] = card;
  }
  setCounts({});
}

void VerdictCards::setCounts(const VerdictCounts& counts) {
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    const double share = counts.all() == 0 ? 0.0 : 100.0 * double(counts.of[i]) / double(counts.all());
    const QString title = verdictTitle(static_cast<Verdict>(i));
    const QKeySequence key = cards_[i]->shortcut();  // setText clears it
    cards_[i]->setText(tr("%1\n%2 (%3 %)").arg(title).arg(counts.of[i]).arg(share, 0, 'f', 1));
    cards_[i]->setShortcut(key);
    cards_[i]->setAccessibleName(tr("%1: %2 pictures").arg(title).arg(counts.of[i]));
  }
}

void VerdictCards::setChosen(std::optional<Verdict> verdict) {
  chosen_ = verdict;
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    cards_[i]->setChecked(verdict == static_cast<Verdict>(i));
  }
}

}  // namespace lix::app
