// What a person does to captions: edits, removes and splits them.
#include <QListWidget>
#include <QTimer>
#include <algorithm>
#include <numeric>

#include "pages/inspect/caption_entry.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/caption_rows.h"
#include "pages/inspect/caption_sentences.h"
#include "pages/inspect/inspect_reading.h"

namespace lix::app {

void CaptionPanel::edited(QListWidgetItem* item) {
  const int row = list_->row(item);
  if (filling_ || row < 0 || row >= int(order_.size())) {
    return;
  }
  const std::size_t caption = order_[std::size_t(row)];
  const QString line = cleanCaption(item->text());
  if (line.isEmpty()) {  // taken out when the view is done with its editor
    QTimer::singleShot(0, this, [this, caption, text = captions_[qsizetype(caption)]] {
      if (captions_.value(qsizetype(caption)) == text) {
        remove({caption}, tr("Remove a caption"));
      }
    });
    return;
  }
  filling_ = true;
  item->setText(line);
  dressCaption(*item, {}, caption < groups_.size() ? groups_[caption] : 0);
  filling_ = false;
  if (captions_[qsizetype(caption)] != line) {
    captions_[qsizetype(caption)] = line;
    Q_EMIT changed(tr("Edit a caption"));
  }
}

void CaptionPanel::removeSelected() {
  std::vector<std::size_t> gone;
  const auto selected = list_->selectionModel()->selectedRows();
  for (const QModelIndex& index : selected) {
    gone.push_back(order_[std::size_t(index.row())]);
  }
  if (!gone.empty()) {
    const int count = int(gone.size());
    remove(std::move(gone), tr("Remove %n captions", nullptr, count));
  }
}

void CaptionPanel::remove(std::vector<std::size_t> captions, const QString& step) {
  std::ranges::sort(captions);
  const auto isGone = [&](std::size_t caption) { return std::ranges::binary_search(captions, caption); };
  int row = 0;
  while (row < int(order_.size()) && !isGone(order_[std::size_t(row)])) {
    ++row;
  }
  std::erase_if(order_, isGone);
  for (std::size_t& caption : order_) {
    caption -= std::size_t(std::ranges::lower_bound(captions, caption) - captions.begin());
  }
  for (auto gone = captions.rbegin(); gone != captions.rend(); ++gone) {
    captions_.removeAt(qsizetype(*gone));
    if (*gone < groups_.size()) {
      groups_.erase(groups_.begin() + std::ptrdiff_t(*gone));
    }
    if (*gone < marks_.size()) {
      marks_.erase(marks_.begin() + std::ptrdiff_t(*gone));
    }
  }
  added_.clear();
  fill(row);
  offer();
  Q_EMIT changed(step);
}

void CaptionPanel::split(const std::vector<std::size_t>& captions) {
  QStringList all;
  int row = -1;
  for (qsizetype i = 0; i < captions_.size(); ++i) {
    const QStringList sentences = sentencesOf(captions_[i]);
    const bool wanted = std::ranges::find(captions, std::size_t(i)) != captions.end() && sentences.size() > 1;
    if (wanted && row < 0) {
      row = int(all.size());
    }
    all << (wanted ? sentences : QStringList{captions_[i]});
  }
  if (row < 0) {
    return;
  }
  if (const auto over = all.size() - qsizetype(kMostCaptions); over > 0) {
    Q_EMIT refused(int(over));  // nothing is split: cutting the list would lose captions
    return;
  }
  captions_ = all;
  order_.resize(std::size_t(all.size()));
  std::iota(order_.begin(), order_.end(), std::size_t(0));
  groups_.clear();
  marks_.clear();
  added_.clear();
  fill(row);
  offer();
  Q_EMIT changed(tr("Split into sentences"));
}

void CaptionPanel::splitIntoSentences() {
  if (!entry_->toPlainText().isEmpty() && entry_->hasFocus()) {
    acceptOffer();
    return;
  }
  std::vector<std::size_t> chosen;
  const auto selected = list_->selectionModel()->selectedRows();
  for (const QModelIndex& index : selected) {
    chosen.push_back(order_[std::size_t(index.row())]);
  }
  if (chosen.size() < 2) {
    chosen = order_;
  }
  split(chosen);
}

void CaptionPanel::offer() {
  const QString typed = entry_->toPlainText();
  const auto inTyped = sentencesOf(typed).size();
  if (inTyped > 1) {
    offer_->offer(tr("%n sentences typed.", nullptr, int(inTyped)));
    return;
  }
  qsizetype sentences = 0;
  for (const std::size_t caption : added_) {
    sentences += sentencesOf(captions_[qsizetype(caption)]).size();
  }
  offer_->offer(sentences == 0 ? QString() : tr("%n sentences added.", nullptr, int(sentences)));
}

void CaptionPanel::acceptOffer() {
  if (const QStringList sentences = sentencesOf(entry_->toPlainText()); sentences.size() > 1) {
    entry_->clear();
    Q_EMIT entry_->entered(sentences);
    return;
  }
  split(std::vector(added_));
}

}  // namespace lix::app
