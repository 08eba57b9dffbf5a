#include "pages/support/duplicate_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kLeastText = 60;

/// One line, cut where there is no room.
class Line : public QLabel {
 public:
  Line() { setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); }
  QSize minimumSizeHint() const override { return {kLeastText, QLabel::minimumSizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(text(), Qt::ElideRight, width()));
  }
};

}  // namespace

DuplicateBar::DuplicateBar(Desk& desk, LiveScores& scores, QPushButton* add, QWidget* parent)
    : QFrame(parent),
      desk_(desk),
      scores_(scores),
      relay_(scores.slowLane()),
      text_(new Line),
      icon_(new QToolButton),
      select_(new QPushButton(tr("Select"))),
      remove_(new QPushButton),
      name_(new QPushButton(tr("Name by label"))),
      menu_(new QMenu(this)) {
  setObjectName("support.duplicates");
  build(add);
  buildMenu();
  connect(remove_, &QPushButton::clicked, this, [this] { Q_EMIT removeAsked(found_->extra); });
  connect(name_, &QPushButton::clicked, this, &DuplicateBar::namesAsked);
  tell();
}

void DuplicateBar::build(QPushButton* add) {
  icon_->setIcon(widgets::icon("warning"));  // which follows the theme; it is no control
  icon_->setAutoRaise(true);
  icon_->setFocusPolicy(Qt::NoFocus);
  icon_->setAttribute(Qt::WA_TransparentForMouseEvents);
  icon_->setAccessibleName(tr("Warning"));
  text_->setObjectName("support.duplicateText");
  select_->setObjectName("support.selectDuplicates");
  select_->setToolTip(tr("Selects such pictures in their columns, where Delete or a number key takes them elsewhere."));
  remove_->setObjectName("support.removeCopies");
  remove_->setToolTip(tr("Takes all but the first of equal pictures out of each class; Ctrl+Z brings them back. "
                         "Conflicts and near duplicates stay."));
  name_->setObjectName("support.nameByLabel");
  name_->setToolTip(tr("Names every class after the label that its pictures share in their dataset; Ctrl+Z takes it "
                       "back."));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(icon_);
  row->addWidget(text_, 1);
  for (QPushButton* button : {name_, select_, remove_, add}) {
    row->addWidget(button);
  }
  setFixedHeight(add->sizeHint().height());
}

void DuplicateBar::buildMenu() {
  const auto entry = [this](const char* name, const QString& text, auto pictures) {
    QAction* action = menu_->addAction(text, this, [this, pictures] { Q_EMIT selectAsked(pictures(*found_)); });
    action->setObjectName(name);
    return action;
  };
  one_ = entry("support.selectOne", tr("One of each pair"), [](const Duplicates& found) { return found.oneOfEach; });
  queries_ = entry("support.selectQueries", tr("Copies of queries"),
                   [](const Duplicates& found) { return found.ofQueries; });
  all_ = entry("support.selectAll", tr("All of them"), [](const Duplicates& found) { return found.pictures(); });
  select_->setMenu(menu_);
}

void DuplicateBar::clear() {
  relay_.drop();
  seen_ = {};
  take({});
}

void DuplicateBar::look(const support::SupportSet& set) {
  if (!scores_.reader()) {
    return;  // what was found before says so itself
  }
  relay_.ask(
      [reader = scores_.reader(), scorer = scores_.scorer(), queries = scores_.queries(),
       set](std::stop_token stop) -> Result<Duplicates> {
        if (const std::size_t missing = scorer->missing(*reader, set); missing > kMostAtOnce) {
          Duplicates unread;
          unread.unread = missing;
          return unread;
        }
        LIX_TRY(const SetFeatures features, scorer->features(*reader, set));
        QueryContent content;
        if (queries && queries->weightsHash == reader->facts().weightsHash) {
          const EmbeddedPictures& embedded = queries->embedded;
          content = {embedded.pictures, embedded.hashes,
                     {embedded.vectors.values, embedded.vectors.size(), embedded.vectors.width}};
        }
        return findDuplicates(features, content, stop);
      },
      [this, set](Result<Duplicates> found) {
        if (found) {
          seen_ = set;
          take(std::move(*found));
        } else if (found.error().code != ErrorCode::Cancelled) {
          desk_.say(found.error());
        }
      });
}

void DuplicateBar::setSet(const support::SupportSet& set) {
  set_ = set;
  tell();
}

void DuplicateBar::setNaming(const QString& sentence, bool canName) {
  naming_ = sentence;
  canName_ = canName;
  tell();
}

void DuplicateBar::showButtons() {
  const bool isOfIt = seen_ == set_, isNaming = !naming_.isEmpty();
  name_->setVisible(isNaming && canName_);
  name_->setEnabled(!desk_.isReadOnly());
  select_->setVisible(!isNaming && !found_->flags.empty());
  select_->setEnabled(isOfIt);
  one_->setEnabled(!found_->oneOfEach.empty());
  queries_->setEnabled(!found_->ofQueries.empty());
  remove_->setVisible(!isNaming && !found_->extra.empty());
  remove_->setEnabled(isOfIt && !desk_.isReadOnly());
  remove_->setText(found_->extra.size() == 1 ? tr("Remove the extra copy")
                                             : tr("Remove %1 extra copies").arg(found_->extra.size()));
}

/// What is said of a set that nothing is wrong with.
QString DuplicateBar::quietText() const {
  if (set_.classes.empty()) {
    return tr("Drop pictures beside the columns to make a class of them.");
  }
  const QString size = set_.classes.size() == 1
                           ? tr("1 class, %1").arg(pictureCount(set_.size()))
                           : tr("%1 classes, %2").arg(set_.classes.size()).arg(pictureCount(set_.size()));
  return seen_ == set_ && set_.size() > 0 ? tr("%1, no copies").arg(size) : size;
}

void DuplicateBar::tell() {
  const QString summary = summaryOf(*found_);
  const QString said = naming_.isEmpty() ? summary : naming_;
  icon_->setVisible(!said.isEmpty());
  text_->setText(said.isEmpty() ? quietText() : said);
  text_->setProperty("muted", said.isEmpty());
  text_->setStyleSheet(said.isEmpty() ? QString() : "font-weight: 600;");  // which polishes it anew
  QStringList tip{text_->text()};
  if (!naming_.isEmpty() && !summary.isEmpty()) {
    tip << summary;
  }
  tip << tr("Copies are found by the content of their files. Near ones are pictures whose cosine, by the checkpoint "
            "that is chosen, is above %1; the tooltips of the pictures say of what.")
             .arg(static_cast<double>(kNearCosine));
  text_->setToolTip(tip.join("\n\n"));
  showButtons();
}

void DuplicateBar::take(Duplicates found) {
  found_ = std::make_shared<const Duplicates>(std::move(found));
  tell();
  Q_EMIT changed();
}

}  // namespace lix::app
