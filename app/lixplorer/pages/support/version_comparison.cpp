#include "pages/support/version_comparison.h"

#include <QLabel>
#include <QPointer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "desk/tasks.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/running.h"
#include "pages/support/support_column.h"
#include "pages/support/words.h"
#include "study/support/class_report.h"

namespace lix::app {
namespace {

constexpr int kSide = 64;

QString joined(const std::vector<std::string>& names) {
  QStringList list;
  for (const std::string& name : names) {
    list << QString::fromStdString(name);
  }
  return list.join(", ");
}

QString percent(double share) { return QString::number(100.0 * share, 'f', 1); }

QString signedPercent(double share) {
  return (share < 0.0 ? QString(QChar(0x2212)) : QString("+")) + percent(std::abs(share));
}

const study::AdapterScore* scoreOf(const SupportScores& scores, const std::string& id) {
  const auto found = std::ranges::find(scores.adapters, id, &study::AdapterScore::id);
  return found == scores.adapters.end() || !found->accuracy ? nullptr : &*found;
}

}  // namespace

VersionComparison::VersionComparison(Desk& desk, SupportBook& book, LiveScores& scores,
                                     const PredictionRun& predictions, QWidget* parent)
    : QWidget(parent),
      desk_(desk),
      book_(book),
      scores_(scores),
      predictions_(predictions),
      lookRelay_(desk.interactive()),
      scoreRelay_(desk.interactive()),
      classes_(new QLabel),
      accuracies_(new QLabel),
      grid_(new widgets::ImageGrid),
      model_(new PictureModel(desk, this)) {
  for (QLabel* label : {accuracies_, classes_}) {
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  }
  accuracies_->setObjectName("support.versionAccuracies");
  classes_->setObjectName("support.versionClasses");
  classes_->setProperty("muted", true);
  grid_->setObjectName("support.versionChanges");
  grid_->setAccessibleName(tr("Pictures that differ"));
  grid_->setToolTip(tr("Pictures that entered, left or moved between the two states; drag them into a class."));
  grid_->setModel(model_);
  grid_->setSide(kSide);
  grid_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  grid_->setDragEnabled(true);
  grid_->setDragDropMode(QAbstractItemView::DragOnly);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  column->addWidget(accuracies_);
  column->addWidget(classes_);
  column->addWidget(grid_, 1);
  hide();
  connect(&scores_, &LiveScores::readerChanged, this, &VersionComparison::stopTask);
  for (auto signal : {&LiveScores::settingsChanged, &LiveScores::readerChanged, &LiveScores::planChanged}) {
    connect(&scores_, signal, this, &VersionComparison::forgetAccuracies);
  }
  connect(&desk.tasks(), &Tasks::changed, this, [this] {
    // Over before its answer came: cancelled, or failed and told.
    if (!task_.isEmpty() && !isRunning(desk_.tasks(), task_)) {
      task_.clear();
      stopped_ = true;
      sayAccuracies(tr("Reading the pictures was stopped, so that accuracies are missing. Compare again to go on."));
    }
  });
}

VersionComparison::~VersionComparison() { stopTask(); }

void VersionComparison::stopTask() {
  stopped_ = false;
  if (!task_.isEmpty()) {
    desk_.tasks().cancel(std::exchange(task_, {}));
  }
}

void VersionComparison::sayAccuracies(const QString& text, const QString& tip) {
  accuracies_->setText(text);
  accuracies_->setToolTip(tip);
  accuracies_->setVisible(!text.isEmpty());
}

/// They are of another model, other settings or other queries now; refresh() brings those that hold.
void VersionComparison::forgetAccuracies() {
  scoreRelay_.drop();
  if (task_.isEmpty() && !stopped_) {
    sayAccuracies({});
  }
}

QString VersionComparison::nameOf(long long version) const {
  return version == kAsItStands ? tr("the set as it stands") : tr("version %1").arg(version);
}

void VersionComparison::clear() {
  lookRelay_.drop();
  scoreRelay_.drop();
  stopTask();
  asked_ = false;
  before_ = after_ = {};
  model_->setItems({});
  hide();
}

void VersionComparison::compare(long long before, long long after) {
  clear();
  asked_ = true;
  before_.version = before;
  after_.version = after;
  show({});
  accuracies_->hide();
  classes_->setText(tr("Reading %1...").arg(nameOf(before)));
  setVisible(true);
  read(before_);
}

/// One side after the other: the book reads one version at a time.
void VersionComparison::read(Side& side) {
  const auto next = [this, &side] {
    if (&side == &before_) {
      read(after_);
    } else {
      look();
      score();
    }
  };
  if (side.version == kAsItStands) {
    side.set = book_.document().set;
    next();
    return;
  }
  book_.readVersion(side.version, [this, &side, version = side.version, next](const Result<SupportDocument>& document) {
    if (!asked_ || side.version != version) {
      return;
    }
    if (!document) {
      classes_->setText(tr("%1 cannot be read, so that nothing is compared. %2")
                            .arg(nameOf(version), QString::fromStdString(document.error().message)));
      return;
    }
    side.set = document->set;
    next();
  });
}

void VersionComparison::refresh() {
  if (!asked_ || !before_.set || !after_.set) {
    return;
  }
  for (Side* side : {&before_, &after_}) {
    if (side->version == kAsItStands && *side->set != book_.document().set) {
      side->set = book_.document().set;
    }
  }
  look();
  score();
}

void VersionComparison::look() {
  lookRelay_.ask([before = *before_.set, after = *after_.set](
                     std::stop_token) { return support::difference(before, after); },
                 [this](const support::SetDifference& difference) { show(difference); });
}

/// Both sides by the model, the queries and the settings of the scores as they stand; until there are any, none.
void VersionComparison::score() {
  if (!task_.isEmpty() || stopped_) {
    return;  // the end of the task asks again
  }
  const auto current = scores_.isCurrent() ? scores_.scores() : nullptr;
  if (!current || !scores_.reader() || !current->task->queries) {
    forgetAccuracies();  // refresh() comes with the scores
    return;
  }
  const Basis basis{scores_.reader()->facts().weightsHash, current->task->queries, scores_.settings()};
  for (Side* side : {&before_, &after_}) {
    if (side->version == kAsItStands) {
      side->scores = current;
      continue;
    }
    if (side->scores && side->basis == basis) {
      continue;
    }
    forgetAccuracies();
    scoreRelay_.ask(
        [reader = scores_.reader(), scorer = scores_.scorer(), basis,
         set = *side->set](std::stop_token) -> Result<std::shared_ptr<const SupportScores>> {
          if (scorer->missing(*reader, set) > kMostAtOnce) {
            return nullptr;
          }
          LIX_TRY(auto scores, scorer->score(*reader, set, basis.queries, basis.settings));
          return std::make_shared<const SupportScores>(std::move(scores));
        },
        [this, side, basis](Result<std::shared_ptr<const SupportScores>> scores) {
          if (!scores) {
            desk_.say(scores.error());
            return;
          }
          if (*scores == nullptr) {
            prepare(*side);
            return;
          }
          side->scores = std::move(*scores);
          side->basis = basis;
          score();
        });
    return;  // the other one after it
  }
  showAccuracies();
}

void VersionComparison::prepare(const Side& side) {
  sayAccuracies(tr("Reading the pictures of %1...").arg(nameOf(side.version)));
  task_ = desk_.tasks().start(
      tr("Pictures of %1").arg(nameOf(side.version)),
      [reader = scores_.reader(), scorer = scores_.scorer(), set = *side.set,
       cache = desk_.featureCache()](const Progress& progress) -> Result<bool> {
        LIX_CHECK(scorer->prepare(*reader, set, cache, progress));
        return true;
      },
      [self = QPointer<VersionComparison>(this)](bool) {
        if (self) {
          self->task_.clear();
          self->score();
        }
      });
}

/// Each accuracy is of the queries that its state can be measured on; the change is of those that both share.
void VersionComparison::showAccuracies() {
  QStringList all;
  QString chosen;
  for (const study::AdapterScore& now : after_.scores->adapters) {
    const study::AdapterScore* then = scoreOf(*before_.scores, now.id);
    if (!now.accuracy || then == nullptr) {
      continue;
    }
    const QString title = QString::fromStdString(now.title);
    QString line = tr("%1: %2 % to %3 %").arg(title, percent(*then->accuracy), percent(*now.accuracy));
    if (const auto change = study::changeBetween(*then, now)) {
      const auto& interval = change->share.interval;
      line += tr(" (%1, 95 % interval %2 to %3%4, on %5 queries that both were measured on)")
                  .arg(signedPercent(change->share.value), signedPercent(interval.low), signedPercent(interval.high),
                       change->isWithinNoise() ? tr(": within noise") : QString())
                  .arg(change->pairs);
    } else {
      line += tr(" (on no query in common)");
    }
    all << line;
    if (now.id == predictions_.adapter() || chosen.isEmpty()) {
      chosen = line;
    }
  }
  sayAccuracies(all.isEmpty() ? tr("No adapter has an accuracy on both.") : chosen + ".", all.join("\n"));
}

void VersionComparison::show(const support::SetDifference& difference) {
  QStringList lines;
  const auto add = [&](const std::vector<std::string>& names, const QString& what) {
    if (!names.empty()) {
      lines << what.arg(joined(names));
    }
  };
  add(difference.added, tr("Classes added: %1."));
  add(difference.removed, tr("Classes removed: %1."));
  for (const auto& [from, to] : difference.renamed) {
    lines << tr("Class %1 renamed to %2.").arg(QString::fromStdString(from), QString::fromStdString(to));
  }
  if (difference.isEmpty()) {
    lines << tr("%1 and %2 hold the same.").arg(nameOf(before_.version), nameOf(after_.version));
  } else {
    lines << tr("%1 entered, %2 left, %3 moved.")
                 .arg(difference.entered.size())
                 .arg(difference.left.size())
                 .arg(difference.moved.size());
  }
  classes_->setText(lines.join(" "));
  classes_->setToolTip(lines.join("\n"));
  std::vector<PictureItem> items;
  const auto show = [&](const std::vector<support::PictureChange>& changes, const QString& badge) {
    for (const support::PictureChange& one : changes) {
      PictureItem item{.picture = one.picture};
      const QString from = QString::fromStdString(one.from), to = QString::fromStdString(one.to);
      item.badge = badge;
      item.caption = to.isEmpty() ? from : to;
      item.frame = to.isEmpty() ? widgets::GridFrame::Muted : widgets::GridFrame::None;
      item.tip = captionOf(desk_, one.picture) + "\n" +
                 (to.isEmpty()     ? tr("left %1").arg(from)
                  : from.isEmpty() ? tr("entered %1").arg(to)
                                   : tr("moved from %1 to %2").arg(from, to));
      items.push_back(std::move(item));
    }
  };
  show(difference.moved, tr("moved"));
  show(difference.entered, tr("entered"));
  show(difference.left, tr("left"));
  grid_->setVisible(!items.empty());
  model_->setItems(std::move(items));
}

}  // namespace lix::app
