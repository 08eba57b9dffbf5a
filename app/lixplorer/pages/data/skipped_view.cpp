#include "pages/data/skipped_view.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "pages/data/dropped_paths.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

/// The reason with the file's bare name where it says the whole path: that stands beside it.
std::string shortReason(const data::Skipped& skipped) {
  const std::string& reason = skipped.reason;
  const std::size_t at = skipped.key.empty() ? std::string::npos : reason.find(skipped.key + "'");
  const std::size_t quote = at == std::string::npos ? at : reason.rfind('\'', at);
  if (quote == std::string::npos) {
    return reason;
  }
  const std::size_t slash = skipped.key.rfind('/');
  const std::string name = slash == std::string::npos ? skipped.key : skipped.key.substr(slash + 1);
  return reason.substr(0, quote + 1) + name + reason.substr(at + skipped.key.size());
}

}  // namespace

void SkippedModel::setSkipped(std::shared_ptr<const Collection> collection, std::vector<data::Skipped> later) {
  beginResetModel();
  collection_ = std::move(collection);
  later_ = std::move(later);
  choose();
  endResetModel();
}

std::size_t SkippedModel::total() const { return (collection_ ? collection_->skipped.size() : 0) + later_.size(); }

const data::Skipped& SkippedModel::at(std::size_t index) const {
  const std::size_t first = collection_ ? collection_->skipped.size() : 0;
  return index < first ? collection_->skipped[index] : later_[index - first];
}

void SkippedModel::setWords(std::vector<std::string> words) {
  if (words == words_) {
    return;
  }
  beginResetModel();
  words_ = std::move(words);
  choose();
  endResetModel();
}

void SkippedModel::choose() {
  rows_.clear();
  const std::size_t first = collection_ ? collection_->skipped.size() : 0;
  for (std::size_t i = 0; i < total(); ++i) {
    if (words_.empty() || holdsAll(i < first ? collection_->foldedSkipped[i] : folded(at(i).key + '\n' + at(i).reason), words_)) {
      rows_.push_back(i);
    }
  }
}

int SkippedModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(rows_.size()); }

QVariant SkippedModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) {
    return {};
  }
  const data::Skipped& one = at(rows_[std::size_t(index.row())]);
  return QString::fromStdString(index.column() == 0 ? one.key : role == Qt::ToolTipRole ? one.reason : shortReason(one));
}

QVariant SkippedModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) {
    return {};
  }
  if (role == Qt::TextAlignmentRole) {
    return int(Qt::AlignLeft | Qt::AlignVCenter);
  }
  return role == Qt::DisplayRole ? QVariant(section == 0 ? tr("File") : tr("Why it was left out")) : QVariant();
}

SkippedView::SkippedView(QWidget* parent)
    : QWidget(parent), model_(new SkippedModel(this)), table_(new QTableView), note_(new QLabel) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  table_->setObjectName("data.skipped");
  table_->setAccessibleName(tr("Files that were left out"));
  table_->setToolTip(tr("Files that could not be used. Ctrl+A selects all, Ctrl+C copies the selected ones."));
  table_->setModel(model_);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(table_->fontMetrics().height() + 8);
  table_->setShowGrid(false);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setWordWrap(false);
  table_->setTabKeyNavigation(false);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->horizontalHeader()->resizeSection(0, 200);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setStyleSheet("QHeaderView::section { padding: 6px 4px; }");  // in line with the cells
  auto* foot = new QHBoxLayout;
  note_->setProperty("muted", true);
  auto* copyButton = new QPushButton(widgets::icon("copy"), tr("Copy list"));
  copyButton->setObjectName("data.copySkipped");
  copyButton->setAccessibleName(tr("Copy the list of files that were left out"));
  copyButton->setToolTip(tr("Copies the selected rows, or all that are shown, as text (Ctrl+C in the list)."));
  foot->addWidget(note_, 1);
  foot->addWidget(copyButton);
  column->addWidget(table_, 1);
  column->addLayout(foot);
  connect(copyButton, &QPushButton::clicked, this, &SkippedView::copy);
  connect(model_, &QAbstractItemModel::modelReset, this, &SkippedView::updateNote);
  updateNote();
}

void SkippedView::updateNote() {
  const auto shown = std::size_t(model_->rowCount());
  QString text = counted(model_->total(), tr("1 file was left out."), tr("%1 files were left out."));
  if (model_->total() == 0) {
    text = tr("No file was left out.");
  } else if (shown != model_->total()) {
    text += " " + counted(shown, tr("1 holds the searched words."), tr("%1 hold the searched words."));
  }
  note_->setText(text);
}

void SkippedView::copy() const {
  QModelIndexList rows = table_->selectionModel()->selectedRows();
  if (rows.isEmpty()) {
    for (int row = 0; row < model_->rowCount(); ++row) {
      rows << model_->index(row, 0);
    }
  }
  std::ranges::sort(rows, {}, &QModelIndex::row);
  QStringList lines;
  for (const QModelIndex& index : rows) {
    lines << index.data().toString() + "\t" + index.siblingAtColumn(1).data().toString();
  }
  QApplication::clipboard()->setText(lines.join('\n'));
}

}  // namespace lix::app
