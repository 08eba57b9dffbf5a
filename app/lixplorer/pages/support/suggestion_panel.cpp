#include "pages/support/suggestion_panel.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSignalBlocker>
#include <algorithm>
#include <utility>

#include "frame/choices.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/support_column.h"
#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

using study::SuggestBy;

constexpr int kSide = 96;
constexpr int kOneLine = 640;  // from this width on the controls stand in one line
constexpr int kCharacters = 9;

void keepNarrow(QComboBox* box) {
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(kCharacters);
}

}  // namespace

SuggestionPanel::SuggestionPanel(Desk& desk, LiveScores& scores, const PredictionRun& predictions, QWidget* parent)
    : SupportPanel(parent),
      desk_(desk),
      scores_(scores),
      predictions_(predictions),
      run_(desk, scores),
      pool_(new DatasetBox(desk)),
      class_(new QComboBox),
      by_(new QComboBox),
      caption_(new QLineEdit),
      read_(new QPushButton(tr("Read them"))),
      add_(new QPushButton(widgets::icon("add"), tr("Add"))),
      not_(new QPushButton(tr("Not this one"))),
      status_(new QLabel),
      grid_(new widgets::ImageGrid),
      model_(new PictureModel(desk, this)) {
  setObjectName("support.suggestions");
  setAcceptDrops(true);
  build();
  connect(pool_, &DatasetBox::chosen, this, [this] {
    // Chosen by a person, but for the dataset of the set itself, which is followed.
    poolChosen_ = pool_->name() != mainDataset(document_.set);
    usePool();
  });
  for (QComboBox* box : {class_, by_}) {
    connect(box, &QComboBox::currentIndexChanged, this, &SuggestionPanel::ask);
  }
  connect(caption_, &QLineEdit::editingFinished, this, [this] {
    if (caption_->isModified()) {
      caption_->setModified(false);
      ask();
    }
  });
  connect(read_, &QPushButton::clicked, &run_, &SuggestionRun::read);
  connect(add_, &QPushButton::clicked, this, &SuggestionPanel::add);
  connect(not_, &QPushButton::clicked, this, &SuggestionPanel::hideSelected);
  connect(grid_, &QAbstractItemView::activated, this, &SuggestionPanel::add);
  connect(grid_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SuggestionPanel::showButtons);
  connect(model_, &PictureModel::dropped, this, [this](const QMimeData* mime) { take(fromMime(*mime)); });
  connect(&run_, &SuggestionRun::changed, this, &SuggestionPanel::show);
  show();
}

void SuggestionPanel::build() {
  buildControls();
  buildGrid();
  status_->setObjectName("support.suggestionStatus");
  status_->setProperty("muted", true);
  status_->setWordWrap(true);
  auto* first = new QHBoxLayout;
  first->setSpacing(8);
  first->addWidget(pool_, 1);
  first->addWidget(class_, 1);
  auto* second = new QHBoxLayout;
  second->setSpacing(8);
  second->addWidget(by_, 1);
  second->addWidget(caption_, 1);
  head_ = new QBoxLayout(QBoxLayout::TopToBottom);
  head_->setSpacing(6);
  head_->addLayout(first, 1);
  head_->addLayout(second, 1);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addWidget(status_, 1);
  foot->addWidget(read_);
  foot->addWidget(add_);
  foot->addWidget(not_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 0);
  column->setSpacing(6);
  column->addLayout(head_);
  column->addLayout(foot);
  column->addWidget(grid_, 1);
}

void SuggestionPanel::buildControls() {
  pool_->setObjectName("support.pool");
  pool_->setNoneText(tr("Own pictures"));
  pool_->setAccessibleName(tr("Pool"));
  pool_->setToolTip(tr("Pictures are suggested from the training pictures of this dataset, or from a folder or pictures "
                       "that are dropped here."));
  class_->setObjectName("support.suggestClass");
  class_->setAccessibleName(tr("Class to suggest for"));
  class_->setToolTip(tr("The class that pictures are suggested for and that Return adds them to."));
  by_->setObjectName("support.suggestBy");
  by_->setAccessibleName(tr("Suggest by"));
  const std::pair<SuggestBy, std::pair<QString, QString>> ways[] = {
      {SuggestBy::Nearest, {tr("Nearest"), tr("Nearest to the class: the largest cosine with the mean of its pictures.")}},
      {SuggestBy::Uncertain,
       {tr("Most uncertain"), tr("In doubt between the class and another: the smallest margin of the adapter that "
                                 "Predictions has chosen.")}},
      {SuggestBy::Farthest,
       {tr("Farthest"), tr("Of what looks like the class, the farthest from all that it has and from each other.")}},
      {SuggestBy::Caption, {tr("By caption"), tr("The largest cosine with a caption that you type.")}}};
  for (const auto& [by, texts] : ways) {
    by_->addItem(texts.first, static_cast<int>(by));
    by_->setItemData(by_->count() - 1, texts.second, Qt::ToolTipRole);
  }
  by_->setToolTip(tr("Nearest to the class, most uncertain, farthest from what it has, or by a caption."));
  caption_->setObjectName("support.suggestCaption");
  caption_->setPlaceholderText(tr("caption"));
  caption_->setAccessibleName(tr("Caption to suggest by"));
  caption_->setToolTip(tr("What the pictures should show; Return suggests by it. Empty: the name of the class."));
  read_->setObjectName("support.readPool");
  read_->setToolTip(tr("Embeds all pictures of the pool with the checkpoint; they are kept for the next time."));
  add_->setObjectName("support.addSuggested");
  add_->setToolTip(tr("Adds the selection to the class (Return); number keys and drags add it to any class."));
  not_->setObjectName("support.notThis");
  not_->setToolTip(tr("Hides the selection here until another pool is chosen (Backspace)."));
  add_->setEnabled(false);
  not_->setEnabled(false);
  keepNarrow(pool_);
  keepNarrow(class_);
  keepNarrow(by_);
}

void SuggestionPanel::buildGrid() {
  grid_->setObjectName("support.suggestionGrid");
  grid_->setAccessibleName(tr("Suggested pictures"));
  grid_->setModel(model_);
  grid_->setSide(kSide);
  grid_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  grid_->setDragEnabled(true);
  grid_->setAcceptDrops(true);
  grid_->viewport()->setAcceptDrops(true);
  grid_->setDragDropMode(QAbstractItemView::DragDrop);
  model_->setDropAccepted(true);
  grid_->setToolTip(tr("Return adds the selection to the class, 1 to 9 to another one, Backspace hides it, Space shows it "
                       "large; or drag it into a class."));
  grid_->installEventFilter(this);
}

void SuggestionPanel::resizeEvent(QResizeEvent* event) {
  head_->setDirection(width() >= kOneLine ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  SupportPanel::resizeEvent(event);
}

void SuggestionPanel::setActive(bool active) {
  active_ = active;
  if (active) {
    if (std::exchange(stale_, false)) {
      takeDocument();
    }
    ask();
  } else {
    run_.rest();
  }
}

void SuggestionPanel::setDocument(const SupportDocument& document) {
  document_ = document;
  stale_ = !active_;  // large sets cost more than an edit should while nobody looks
  if (active_) {
    takeDocument();
  }
}

void SuggestionPanel::takeDocument() {
  const SupportDocument& document = document_;
  known_ = std::set<data::PictureRef>(document.unsorted.begin(), document.unsorted.end());
  for (const auto& one : document.set.classes) {
    known_.insert(one.pictures.begin(), one.pictures.end());
  }
  showClasses();
  if (!poolChosen_ && pool_->name() != mainDataset(document.set)) {
    pool_->setName(mainDataset(document.set));
  }
  show();
}

void SuggestionPanel::setScored() {
  if (active_) {
    ask();
  }
}

void SuggestionPanel::showClasses() {
  const QSignalBlocker quiet(class_);
  const QString before = class_->currentText();
  const int place = class_->currentIndex();
  class_->clear();
  for (const auto& one : document_.set.classes) {
    class_->addItem(QString::fromStdString(one.name));
  }
  const int found = class_->findText(before);
  class_->setCurrentIndex(found >= 0 ? found : std::clamp(place, 0, std::max(0, class_->count() - 1)));
}

void SuggestionPanel::usePool() {
  hidden_.clear();
  run_.usePool(pool_->name());
  ask();
}

void SuggestionPanel::ask() {
  const auto by = static_cast<SuggestBy>(by_->currentData().toInt());
  caption_->setVisible(by == SuggestBy::Caption);
  caption_->setPlaceholderText(class_->currentText());
  if (active_ && class_->currentIndex() >= 0) {
    const QString caption = caption_->text().trimmed().isEmpty() ? class_->currentText() : caption_->text().trimmed();
    run_.ask({by, class_->currentText().toStdString(), caption.toStdString(), predictions_.adapter()}, document_.set);
  }
  show();
}

/// Whether what is shown was suggested for the class that is chosen: the answer to another wish may be on its way.
bool SuggestionPanel::canAdd() const {
  return !desk_.isReadOnly() && class_->currentIndex() >= 0 && run_.isAnswered() &&
         run_.list()->wish.className == class_->currentText().toStdString();
}

void SuggestionPanel::showButtons() {
  const bool any = grid_->selectionModel()->hasSelection();
  add_->setEnabled(any && canAdd());
  not_->setEnabled(any);
}

void SuggestionPanel::add() {
  const auto pictures = model_->pictures(grid_->selectionModel()->selectedIndexes());
  if (!pictures.empty() && canAdd()) {
    Q_EMIT addAsked(pictures, class_->currentIndex());
  }
}

void SuggestionPanel::hideSelected() {
  const auto pictures = model_->pictures(grid_->selectionModel()->selectedIndexes());
  hidden_.insert(pictures.begin(), pictures.end());
  show();
}

/// What the score of a picture means, in one sentence.
QString SuggestionPanel::sentence() const {
  const auto& wish = run_.list()->wish;
  const QString name = QString::fromStdString(wish.className);
  switch (wish.by) {
    case SuggestBy::Nearest:
      return tr("cosine with the mean of %1").arg(name);
    case SuggestBy::Uncertain:
      return tr("margin between %1 and the next class").arg(name);
    case SuggestBy::Farthest:
      return tr("distance (1 - cosine) from what %1 has and what is suggested before").arg(name);
    case SuggestBy::Caption:
      break;
  }
  return tr("cosine with \"%1\"").arg(QString::fromStdString(wish.caption));
}

void SuggestionPanel::show() {
  const auto list = run_.list();
  auto rows = std::make_shared<std::vector<SuggestionList::Row>>();
  if (list) {
    std::ranges::copy_if(list->rows, std::back_inserter(*rows), [this](const SuggestionList::Row& row) {
      return !known_.contains(row.picture) && !hidden_.contains(row.picture);
    });
  }
  QStringList words;
  if (!run_.status().isEmpty()) {
    words << run_.status();
  } else if (list) {
    words << tr("%1 of %2, by %3").arg(rows->size()).arg(pictureCount(list->pool), sentence());
    const auto& counts = list->counts;
    QStringList out;
    const auto leftOut = [&](std::size_t count, const QString& why) {
      if (count > 0) {
        out << why.arg(count);
      }
    };
    leftOut(counts.inSet, tr("%1 in the set"));
    leftOut(counts.inQueries, tr("%1 equal to a query"));
    leftOut(counts.copies, tr("%1 copies"));
    leftOut(counts.nearOnes, tr("%1 near copies of queries or of the set"));
    leftOut(hidden_.size(), tr("%1 hidden by you"));
    if (!out.isEmpty()) {
      words << tr("left out: %1").arg(out.join(", "));
    }
  }
  status_->setText(words.isEmpty() ? QString() : words.join("; ") + (words.back().endsWith('.') ? "" : "."));
  status_->setVisible(!words.isEmpty());
  read_->setVisible(run_.waiting() > 0);
  read_->setText(tr("Read %1").arg(pictureCount(run_.waiting())));
  grid_->setEmptyText(document_.set.classes.empty() ? tr("Make a class first: pictures are suggested for a class.")
                      : run_.poolSize() == 0 ? tr("Choose a dataset above, or drop a folder of pictures here to suggest from.")
                                             : tr("Nothing to suggest."));
  const int current = grid_->currentIndex().row();
  const QString meaning = list ? sentence() : QString();
  model_->setItems(static_cast<int>(rows->size()), [this, rows, meaning](int row) {
    const auto& one = (*rows)[static_cast<std::size_t>(row)];
    PictureItem item{.picture = one.picture};
    item.caption = captionOf(desk_, one.picture);
    item.badge = QString::number(static_cast<double>(one.score), 'f', 3);
    item.tip = item.caption + "\n" + QString::fromStdString(data::shortName(one.picture)) + "\n" + item.badge + ": " + meaning;
    return item;
  });
  if (current >= 0 && model_->rowCount() > 0) {
    grid_->setCurrentIndex(model_->index(std::min(current, model_->rowCount() - 1)));
  }
  showButtons();
}

bool SuggestionPanel::eventFilter(QObject* object, QEvent* event) {
  if (object == grid_ && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Backspace) {
    hideSelected();
    return true;
  }
  return SupportPanel::eventFilter(object, event);
}

void SuggestionPanel::take(const Payload& payload) {
  // Pictures let go where they were taken from are no new pool.
  if (const auto list = run_.list(); list && payload.paths.empty()) {
    const bool known = std::ranges::all_of(payload.pictures, [&](const auto& picture) {
      return std::ranges::find(list->rows, picture, &SuggestionList::Row::picture) != list->rows.end();
    });
    if (known) {
      return;
    }
  }
  if (!payload.pictures.empty() || !payload.paths.empty()) {
    poolChosen_ = true;
    const QSignalBlocker quiet(pool_);
    pool_->setName({});
    hidden_.clear();
    run_.usePool(payload);
    ask();
  }
}

QJsonObject SuggestionPanel::state() const {
  return {{"pool", poolChosen_ ? QString::fromStdString(pool_->name()) : QString()},
          {"by", by_->currentIndex()},
          {"caption", caption_->text()}};
}

void SuggestionPanel::restore(const QJsonObject& state) {
  by_->setCurrentIndex(std::clamp(state["by"].toInt(0), 0, by_->count() - 1));
  caption_->setText(state["caption"].toString());
  if (const QString pool = state["pool"].toString(); !pool.isEmpty()) {
    poolChosen_ = true;
    pool_->setName(pool.toStdString());
  }
}

}  // namespace lix::app
