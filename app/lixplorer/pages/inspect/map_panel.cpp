// What the map panel shows.
#include "pages/inspect/map_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QTabWidget>
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "desk/desk.h"
#include "figures/bars_figure.h"
#include "figures/parts.h"
#include "pages/inspect/map_thumbs.h"
#include "pages/inspect/panel_parts.h"
#include "shared/reading_figures.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostInFigure = 24;
constexpr int kOneLineEach = 360;  // from this width on

/// The ends of the colour scale that all captions share.
std::pair<double, double> endsOf(const std::vector<figures::CaptionMap>& maps) {
  double low = INFINITY, high = -INFINITY;
  for (const figures::CaptionMap& map : maps) {
    for (const float value : map.values) {
      low = std::isfinite(value) ? std::min(low, double(value)) : low;
      high = std::isfinite(value) ? std::max(high, double(value)) : high;
    }
  }
  return low <= high ? std::pair(low, high) : std::pair(0.0, 1.0);
}

/// "Each map is ... as shares of the patches.": the first sentence.
QString firstSentence(const std::string& text) {
  const std::size_t end = text.find(". ");
  return QString::fromStdString(end == std::string::npos ? text : text.substr(0, end + 1));
}

}  // namespace

void MapPanel::setEmptyText(const QString& text) {
  emptyText_ = text;
  overlay_->setEmptyText(scoresAlone_ ? tr("So many pictures and captions leave this picture with scores alone: remove "
                                           "some to see its maps.")
                                      : emptyText_);
}

void MapPanel::rest() {
  knowing_.drop();
  enlarging_.drop();
  if (answer_) {
    rested_ = std::exchange(answer_, nullptr);  // readings are large: a panel that nobody sees holds none
  }
  other_.reset();
  otherMaps_.clear();
}

void MapPanel::look(const InspectView& view) {
  const auto picture = std::size_t(std::max(view.inAnswer, 0));
  const auto before = answer_ ? answer_ : std::exchange(rested_, {}).lock();
  const bool read = view.answer && view.inAnswer >= 0 && picture < view.answer->reading.pictures.size();
  scoresAlone_ = read && view.answer->reading.pictures[picture].map.values.empty();
  setEmptyText(emptyText_);
  if (!read || scoresAlone_) {
    showNothing();
    return;
  }
  const bool same = before == view.answer && picture_ == picture;
  answer_ = view.answer;
  picture_ = picture;
  caption_ = view.captionInAnswer < 0 ? caption_ : view.captionInAnswer;  // not read yet: the one before
  caption_ = std::clamp(caption_, 0, int(answer_->question.captions.size()) - 1);
  const auto otherBefore = other_;
  takeOther(view);
  if (!same) {
    known_.clear();
    showMaps();
    askKnown();
  } else {
    if (other_ != otherBefore) {
      showMaps();
    }
    if (known_.empty() && !knowing_.busy()) {
      askKnown();  // it rested before the answer came
    }
  }
  if (!large_ && !enlarging_.busy()) {
    askLarge();
  }
  showCaption();
  onTasks();
}

void MapPanel::showNothing() {
  knowing_.drop();
  enlarging_.drop();
  answer_.reset();
  rested_.reset();
  known_.clear();
  large_.reset();
  largeOf_ = {};
  other_.reset();
  otherMaps_.clear();
  overlay_->clear();
  otherOverlay_->clear();
  showSides();
  fillDifference();
  thumbs_->show({}, {}, 0.0, 1.0);
  title_->clear();
  said_->clear();
  kind_->clear();
  onTasks();
}

void MapPanel::showMaps() {
  if (!answer_) {
    return;
  }
  auto maps = mapsOf(*answer_, picture_);
  otherMaps_ = otherMap() != nullptr && shownOf() != MapOf::Models ? mapsOf(*other_, otherPicture_)
                                                                    : std::vector<figures::CaptionMap>();
  std::vector<figures::CaptionMap> all = maps;
  all.insert(all.end(), otherMaps_.begin(), otherMaps_.end());
  std::tie(low_, high_) = endsOf(all);
  const bool difference = shownOf() != MapOf::Map;
  if (difference) {
    const double end = std::max(std::abs(low_), std::abs(high_));
    high_ = end > 0.0 ? end : 1.0;
    low_ = -high_;
  }
  const std::pair key(answer_->facts.weightsHash, answer_->question.pictures[picture_].hash);
  if (key != largeOf_) {
    enlarging_.drop();
    large_.reset();
    largeOf_ = key;
  }
  const QImage small = figures::toQImage(*answer_->shown[picture_]);
  overlay_->setPicture(large_ ? figures::toQImage(*large_) : small);
  const QSignalBlocker quiet(list_->selectionModel());
  thumbs_->show(small, std::move(maps), low_, high_,
                difference ? figures::MapScale::Diverging : figures::MapScale::Rising);
  showLines();
  showSides();
  fillDifference();
  kind_->setText(firstSentence(map()->explanation));
  kind_->setToolTip(QString::fromStdString(map()->explanation));
}

int MapPanel::currentMap() const { return map() != nullptr && map()->perCaption ? caption_ : 0; }

void MapPanel::showCaption() {
  const int row = currentMap();
  const auto& maps = thumbs_->maps();
  if (!answer_ || row >= int(maps.size())) {
    return;
  }
  const bool difference = shownOf() != MapOf::Map;
  const auto scale = difference ? figures::MapScale::Diverging : figures::MapScale::Rising;
  overlay_->setMap(maps[std::size_t(row)], low_, high_, scale);
  if (!otherMaps_.empty() && otherMap() != nullptr) {
    const auto at = otherMap()->perCaption ? std::size_t(caption_) : 0;
    otherOverlay_->setMap(otherMaps_[at], low_, high_, scale);
  }
  title_->setText(titleOf(caption_));
  overlay_->setAccessibleDescription(title_->text());
  filling_ = true;
  list_->setCurrentIndex(thumbs_->index(row));
  filling_ = false;
  const bool known = std::size_t(caption_) < known_.size() && known_[std::size_t(caption_)];
  overlay_->setOutline(known && outline_->isChecked() ? std::optional(known_[std::size_t(caption_)]->mask)
                                                      : std::nullopt);
  describe();
}

void MapPanel::askKnown() {
  knowing_.ask(
      [answer = answer_, picture = picture_, &checkpoints = desk_.checkpoints(),
       &datasets = desk_.datasets()](std::stop_token) { return knownParts(checkpoints, datasets, *answer, picture); },
      [this](Result<std::vector<std::optional<KnownPart>>> known) {
        if (!known) {
          desk_.say(known.error());
          known_.assign(answer_->question.captions.size(), std::nullopt);
          showPointing();
          return;
        }
        known_ = std::move(*known);
        showLines();
        showOutlineReason();
        showPointing();
        showCaption();
      });
}

void MapPanel::askLarge() {
  enlarging_.ask(
      [answer = answer_, picture = picture_, &checkpoints = desk_.checkpoints()](std::stop_token) {
        return largePicture(checkpoints, *answer, picture);
      },
      [this](Result<std::shared_ptr<const imaging::Image>> large) {
        if (large && answer_) {  // else the small one stays
          large_ = std::move(*large);
          overlay_->setPicture(figures::toQImage(*large_));
        }
      });
}

QString MapPanel::pointingText(std::size_t caption) const {
  if (caption >= known_.size() || !known_[caption] || !known_[caption]->pointing) {
    return {};
  }
  const study::Pointing& one = *known_[caption]->pointing;
  const QString share = tr("%1 % of the map lies in what the caption says (chance %2 %)")
                            .arg(100.0 * one.share, 0, 'f', 1)
                            .arg(100.0 * one.chance, 0, 'f', 1);
  return one.hit ? tr("Hit: %1").arg(share) : tr("Miss: %1").arg(share);
}

void MapPanel::describe() {
  QStringList lines;
  if (const QString cell = overlay_->cellText(); !cell.isEmpty()) {
    const QString theirs = otherOverlay_->isEmpty() ? QString() : otherOverlay_->cellValue();
    lines += theirs.isEmpty() ? cell : tr("%1; B: %2").arg(cell, theirs);
  } else if (answer_) {
    lines += tr("Point at a patch to read its number.");  // the line keeps its room
  }
  if (const QString pointing = answer_ ? pointingText(std::size_t(caption_)) : QString(); !pointing.isEmpty()) {
    lines += pointing;
  }
  lines += differences();
  said_->setLines(std::max(1, int(lines.size())) * (width() < kOneLineEach ? 2 : 1));
  said_->say(lines.join(QChar::LineSeparator));
}

void MapPanel::stepCaption(int by) {
  if (answer_) {
    const int last = int(answer_->question.captions.size()) - 1;
    if (const int next = std::clamp(caption_ + by, 0, last); next != caption_) {
      Q_EMIT captionAsked(next);
    }
  }
}

void MapPanel::changeLook() {
  const auto cells = smooth_->isChecked() ? MapOverlay::Cells::Smooth : MapOverlay::Cells::Patches;
  for (MapOverlay* overlay : {overlay_, otherOverlay_}) {
    overlay->setCells(cells);
    overlay->setUnder(grey_->isChecked() ? MapOverlay::Under::Grey : MapOverlay::Under::Colour);
    overlay->setOpacity(opacity_->value());
  }
  thumbs_->setLook(cells, widgets::themeOf(palette()), devicePixelRatioF());
  if (answer_) {
    showCaption();
  }
}

std::shared_ptr<const figures::Figure> MapPanel::figure() const {
  if (!answer_) {
    return nullptr;
  }
  const study::PictureReading& reading = answer_->reading.pictures[picture_];
  const std::string models =
      otherMap() == nullptr ? answer_->model() : cat("A: ", answer_->model(), ", B: ", other_->model());
  figures::MapData drawn = mapData(reading.map, answer_->question.captions,
                                   {*answer_->shown[picture_], answer_->question.pictures[picture_].label}, models);
  drawn.captions = thumbs_->maps();
  std::vector<figures::CaptionMap> theirs = otherMaps_;
  if (shownOf() != MapOf::Map) {
    drawn.scale = figures::MapScale::Diverging;
    drawn.headings.subtitle = cat(models, ", ", answer_->question.pictures[picture_].label, "; ",
                                  what_->currentText().toStdString(),
                                  shownOf() == MapOf::LessCaption ? cat(": ", minus_->currentText().toStdString()) : "");
    drawn.scaleLabel = "difference, × even share";
  }
  const auto cut = [this](std::vector<figures::CaptionMap>& maps, std::size_t most) {  // around the current one
    if (maps.size() > most) {
      const std::size_t first = std::min(std::size_t(std::max(currentMap() - int(most) / 2, 0)), maps.size() - most);
      maps = {maps.begin() + std::ptrdiff_t(first), maps.begin() + std::ptrdiff_t(first + most)};
      return cat(" Captions ", first + 1, " to ", first + most, " only.");
    }
    return std::string();
  };
  const std::size_t most = theirs.empty() ? kMostInFigure : kMostInFigure / 2;
  drawn.headings.notes += cut(drawn.captions, most);
  cut(theirs, most);
  if (!theirs.empty()) {
    for (figures::CaptionMap& one : drawn.captions) {
      one.caption = cat("A: ", one.caption);
    }
    for (figures::CaptionMap& one : theirs) {
      drawn.captions.push_back(one);
      drawn.captions.back().caption = cat("B: ", one.caption);
    }
  }
  return std::make_shared<const figures::MapFigure>(std::move(drawn));
}

QJsonObject MapPanel::state() const {
  return {{"opacity", opacity_->value()},     {"smooth", smooth_->isChecked()},  {"grey", grey_->isChecked()},
          {"outline", outline_->isChecked()}, {"tab", tabs_->currentIndex()},    {"most", most_->value()},
          {"of", static_cast<int>(of_)},      {"minus", less_}};
}

void MapPanel::restore(const QJsonObject& state) {
  filling_ = true;
  opacity_->setValue(state["opacity"].toInt(opacity_->value()));
  smooth_->setChecked(state["smooth"].toBool(true));
  grey_->setChecked(state["grey"].toBool(true));
  outline_->setChecked(state["outline"].toBool(true));
  tabs_->setCurrentIndex(std::clamp(state["tab"].toInt(0), 0, tabs_->count() - 1));
  most_->setValue(state["most"].toInt(most_->value()));
  of_ = static_cast<MapOf>(std::clamp(state["of"].toInt(0), 0, int(MapOf::Models)));
  less_ = std::max(state["minus"].toInt(0), 0);
  filling_ = false;
  fillDifference();
  showMaps();
  changeLook();
}

}  // namespace lix::app
