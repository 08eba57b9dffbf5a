#include "pages/runs/run_details.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "frame/page_parts.h"
#include "pages/run_parts/run_buttons.h"
#include "pages/run_parts/run_text.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kSaveMs = 800;  // after the last key

QString toQt(const std::string& text) { return QString::fromStdString(text); }

QPushButton* linkButton(const char* name, const QString& icon, const QString& text, const QString& tip) {
  auto* button = new QPushButton(widgets::icon(icon), text);
  button->setObjectName(QLatin1String(name));
  button->setToolTip(tip);
  return button;
}

}  // namespace

RunDetails::RunDetails(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk) {
  build();
  timer_ = new QTimer(this);
  timer_->setSingleShot(true);
  timer_->setInterval(kSaveMs);
  connect(timer_, &QTimer::timeout, this, &RunDetails::save);
  const auto typed = [this] {
    dirty_ = true;
    timer_->start();
  };
  connect(tags_, &QLineEdit::textEdited, this, typed);
  connect(tags_, &QLineEdit::editingFinished, this, &RunDetails::save);
  connect(notes_, &QPlainTextEdit::textChanged, this, typed);
  connect(train_, &QPushButton::clicked, this, &RunDetails::showInTrain);
  connect(inspect_, &QPushButton::clicked, this, &RunDetails::inspect);
  connect(folder_, &QPushButton::clicked, this, &RunDetails::openFolder);
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &RunDetails::showCheckpoint);
  showCheckpoint();
}

RunDetails::~RunDetails() { save(); }

void RunDetails::build() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 0, 0, 0);
  column->setSpacing(8);
  addState(*column);
  addFields(*column);
}

void RunDetails::addState(QVBoxLayout& column) {
  name_ = new QLabel;
  name_->setObjectName("runs.name");
  name_->setProperty("heading", "section");
  name_->setWordWrap(true);
  auto* state = new QHBoxLayout;
  mark_ = new QLabel;
  status_ = new QLabel;
  status_->setObjectName("runs.status");
  state->addWidget(mark_);
  state->addWidget(status_, 1);
  message_ = new QLabel;
  message_->setObjectName("runs.message");
  message_->setWordWrap(true);
  message_->setProperty("muted", true);
  message_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  goesOn_ = new QLabel;
  goesOn_->setObjectName("runs.continueNote");
  goesOn_->setWordWrap(true);
  goesOn_->setProperty("muted", true);
  series_ = new QLabel;
  series_->setObjectName("runs.series");
  series_->setWordWrap(true);
  series_->setProperty("muted", true);
  series_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  buttons_ = new RunButtons(desk_, RunButtons::Look::Icons);
  train_ =
      linkButton("runs.train", "curves", tr("Curves"), tr("Shows the run on the Train page (double click, Return)."));
  inspect_ = linkButton("runs.inspect", "inspect", tr("Inspect"), {});
  folder_ =
      linkButton("runs.folder", "folder", tr("Folder"), tr("Opens the run's checkpoint folder in the file manager."));
  for (QLabel* words : {name_, status_, message_, goesOn_, series_}) {  // a long word does not widen the panel
    QSizePolicy policy = words->sizePolicy();
    policy.setHorizontalPolicy(QSizePolicy::Ignored);
    words->setSizePolicy(policy);
  }
  auto* links = new QHBoxLayout;
  links->setSpacing(6);
  for (QPushButton* link : {train_, inspect_, folder_}) {
    links->addWidget(link, 1);
  }
  column.addWidget(name_);
  column.addLayout(state);
  column.addWidget(message_);
  column.addWidget(series_);
  column.addWidget(goesOn_);
  column.addWidget(buttons_, 0, Qt::AlignLeft);
  column.addLayout(links);
}

void RunDetails::addFields(QVBoxLayout& column) {
  tags_ = new QLineEdit;
  tags_->setObjectName("runs.tags");
  tags_->setPlaceholderText(tr("words, separated by commas"));
  tags_->setToolTip(tr("Words to find the run by, separated by commas; kept as you type (Ctrl+T)."));
  notes_ = new QPlainTextEdit;
  notes_->setObjectName("runs.notes");
  notes_->setToolTip(tr("What you want to remember of this run; kept as you type."));
  notes_->setTabChangesFocus(true);
  notes_->setMaximumHeight(84);
  settings_ = new QTableWidget(0, 2);
  settings_->setObjectName("runs.settings");
  settings_->setAccessibleName(tr("Settings of the run"));
  settings_->setToolTip(tr("What the run was asked for, and with what it was computed."));
  settings_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  settings_->setSelectionMode(QAbstractItemView::SingleSelection);
  settings_->horizontalHeader()->hide();
  settings_->verticalHeader()->hide();
  settings_->setShowGrid(false);
  settings_->setWordWrap(false);
  settings_->setTextElideMode(Qt::ElideMiddle);
  settings_->verticalHeader()->setDefaultSectionSize(22);
  settings_->setTabKeyNavigation(false);
  settings_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  settings_->horizontalHeader()->setStretchLastSection(true);
  column.addWidget(labelled(tr("Tags"), tags_));
  column.addWidget(labelled(tr("Notes"), notes_));
  column.addWidget(labelled(tr("Settings"), settings_), 1);
}

void RunDetails::setRun(const std::optional<store::RunRow>& run) {
  const bool another = !run || !run_ || run->id != run_->id;
  if (another) {
    save();
    series_->clear();
  }
  const bool refill =
      another || run->settings != run_->settings || run->build != run_->build || run->threads != run_->threads;
  run_ = run;
  setEnabled(run.has_value());
  buttons_->setRun(run && run->trashedAt.empty() ? run : std::nullopt);
  if (!run) {
    name_->setText(tr("Choose a run"));
  }
  const auto theme = widgets::themeOf(palette());
  mark_->setPixmap(run ? statusPixmap(run->status, theme, 16) : QPixmap());
  status_->setText(run ? tr("%1, step %2 of %3").arg(statusText(*run)).arg(run->step).arg(run->stepsTotal)
                       : QString());
  message_->setText(run ? toQt(run->message) : QString());
  message_->setVisible(run && !run->message.empty());
  showCheckpoint();
  if (run) {
    name_->setText(toQt(run->name));
  }
  const bool writable = run && !desk_.isReadOnly() && run->trashedAt.empty();
  tags_->setReadOnly(!writable);
  notes_->setReadOnly(!writable);
  if (another || (!dirty_ && writing_ == 0)) {  // what is being typed is newer than what was read
    const QSignalBlocker quietTags(tags_), quietNotes(notes_);
    const QString tags = run ? toQt(run->tags) : QString(), notes = run ? toQt(run->notes) : QString();
    if (tags_->text() != tags) {
      tags_->setText(tags);
    }
    if (notes_->toPlainText() != notes) {
      notes_->setPlainText(notes);
    }
  }
  if (refill) {
    fillSettings();
  }
}

void RunDetails::setSeries(const std::map<std::string, store::SeriesEnd>& ends) {
  long long points = 0;
  QStringList broken;
  for (const auto& [name, end] : ends) {
    points += end.points;
    if (end.gaps > 0) {
      broken << tr("%1 (%2 of %3 points)").arg(toQt(name)).arg(end.gaps).arg(end.points);
    }
  }
  const QString count = ends.size() == 1 ? tr("1 series") : tr("%1 series").arg(ends.size());
  series_->setText(ends.empty()       ? tr("It has measured nothing: there are no metrics.")
                   : broken.isEmpty() ? tr("%1, %2 points").arg(count, QLocale().toString(points))
                                      : tr("%1, %2 points. Not a number: %3.")
                                            .arg(count, QLocale().toString(points), broken.join(", ")));
}

void RunDetails::showCheckpoint() {
  const QString goesOn = run_ ? continueText(desk_, *run_) : QString();
  goesOn_->setText(goesOn);
  goesOn_->setVisible(!goesOn.isEmpty());
  const bool saved = run_ && checkpointStep(desk_, *run_);
  inspect_->setEnabled(saved);
  inspect_->setToolTip(saved ? tr("Looks into the run's checkpoint on the Inspect page (Ctrl+I).")
                             : tr("This run has written no checkpoint yet, so there is nothing to look into."));
}

void RunDetails::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && run_) {
    mark_->setPixmap(statusPixmap(run_->status, widgets::themeOf(palette()), 16));
  }
}

void RunDetails::fillSettings() {
  const auto rows = run_ ? settingRows(*run_) : std::vector<std::pair<QString, QString>>();
  settings_->setRowCount(int(rows.size()));
  int at = 0;
  for (const auto& [key, value] : rows) {
    settings_->setItem(at, 0, new QTableWidgetItem(key));
    auto* item = new QTableWidgetItem(value);
    item->setToolTip(value);
    settings_->setItem(at, 1, item);
    ++at;
  }
}

void RunDetails::save() {
  timer_->stop();
  if (!dirty_ || !run_) {
    return;
  }
  dirty_ = false;
  ++writing_;
  run_->tags = tags_->text().trimmed().toStdString();
  run_->notes = notes_->toPlainText().toStdString();
  desk_.write([id = run_->id, tags = run_->tags, notes = run_->notes](
                  const store::Workspace& workspace) { return store::RunStore(workspace).annotate(id, tags, notes); },
              [self = QPointer<RunDetails>(this)](bool) {
                if (self) {
                  --self->writing_;
                  Q_EMIT self->kept();
                }
              });
}

void RunDetails::editTags() {
  tags_->setFocus(Qt::ShortcutFocusReason);
  tags_->selectAll();
}

}  // namespace lix::app
