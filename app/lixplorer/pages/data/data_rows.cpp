// Which pictures stand in the grid and in which order, and which of them are selected.
#include <QTabBar>
#include <algorithm>

#include "frame/picture_model.h"
#include "pages/data/data_page.h"

namespace lix::app {
namespace {

constexpr int kSelectionKept = 2000;  // pictures whose selection outlives another filter

}  // namespace

void DataPage::announce() {
  if (announced_ != shownOf_) {
    announced_ = shownOf_;
    Q_EMIT collectionChanged();
  }
}

void DataPage::setMatches(const QString& title, std::vector<std::uint32_t> samples, std::vector<QString> notes) {
  if (!shownOf_) {
    return;
  }
  auto said = std::make_shared<MatchNotes>();
  for (std::size_t i = 0; i < std::min(samples.size(), notes.size()); ++i) {
    said->texts.emplace(samples[i], std::move(notes[i]));
  }
  std::erase_if(samples, [count = shownOf_->samples().size()](std::uint32_t sample) { return sample >= count; });
  Filter filter = browser_->filter();
  filter.matches = std::make_shared<const Matches>(Matches{shownOf_->set, std::move(samples)});
  said->of = filter.matches;
  said->set = shownOf_->set;
  matched_.notes = std::move(said);
  matched_.title = title;
  matched_.opened = {};
  tabs_->setCurrentIndex(int(Tab::Pictures));
  browser_->setFilter(filter);
}

void DataPage::clearMatches() {
  Filter filter = browser_->filter();
  filter.matches = nullptr;
  matched_.opened = matched_.wanted = {};
  browser_->setFilter(filter);
}

std::vector<std::uint32_t> DataPage::selectedSamples() const {
  std::vector<std::uint32_t> rows;
  for (const QItemSelectionRange& range : grid_->selectionModel()->selection()) {
    for (int row = range.top(); row <= range.bottom(); ++row) {
      rows.push_back(std::uint32_t(row));
    }
  }
  std::ranges::sort(rows);
  for (std::uint32_t& row : rows) {
    row = rows_->rows[row];
  }
  return rows;
}

/// What is selected, by key, so that it survives another filter and another reading.
ChosenPictures DataPage::chosenNow() const {
  const auto keyAt = [&](const QModelIndex& index) { return shownOf_->samples()[rows_->rows[std::size_t(index.row())]].key; };
  ChosenPictures chosen;
  if (grid_->currentIndex().isValid()) {
    chosen.current = keyAt(grid_->currentIndex());
  }
  if (selectedCount() <= kSelectionKept) {
    for (const QModelIndex& index : grid_->selectionModel()->selectedIndexes()) {
      chosen.selected.push_back(keyAt(index));
    }
  }
  return chosen;
}

void DataPage::choose(const ChosenPictures& chosen) {
  QItemSelection selection;
  for (const std::string& key : chosen.selected) {
    if (const int row = rowOf(key); row >= 0) {
      selection.select(model_->index(row), model_->index(row));
    }
  }
  if (const int row = rowOf(chosen.current); row >= 0) {
    grid_->selectionModel()->setCurrentIndex(model_->index(row), QItemSelectionModel::NoUpdate);
    grid_->scrollTo(model_->index(row));
  }
  grid_->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

/// Row of a picture in the grid, -1 where it is not shown.
int DataPage::rowOf(const std::string& key) const {
  const auto sample = shownOf_->set->byKey.find(key);
  if (sample == shownOf_->set->byKey.end()) {
    return -1;
  }
  return rowOfSample(*rows_, sample->second);
}

/// Those that came from another page.
void DataPage::selectPictures() {
  ChosenPictures chosen{.current = {}, .selected = std::move(wanted_)};
  wanted_.clear();
  const auto first = std::ranges::find_if(chosen.selected, [&](const std::string& key) { return rowOf(key) >= 0; });
  if (first != chosen.selected.end()) {
    chosen.current = *first;
    choose(chosen);
  }
}

}  // namespace lix::app
