// What the map panel shows.
#include "pages/inspect/map_panel.h"

#include <QCheckBox>
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
  if (!same) {
    known_.clear();
    showMaps();
    askKnown();
  } else if (known_.empty() && !knowing_.busy()) {
    askKnown();  // it rested before the answer came
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
  overlay_->clear();
  thumbs_->show({}, {}, 0.0, 1.0);
  title_->clear();
  said_->clear();
  kind_->clear();
  onTasks();
}

void MapPanel::showMaps() {
  const study::MapReading& map = answer_->reading.pictures[picture_].map;
  auto maps = mapData(map, answer_->question.captions, {}, {}).captions;
  std::tie(low_, high_) = endsOf(maps);
  const std::pair key(answer_->facts.weightsHash, answer_->question.pictures[picture_].hash);
  if (key != largeOf_) {
    enlarging_.drop();
    large_.reset();
    largeOf_ = key;
  }
  const QImage small = figures::toQImage(*answer_->shown[picture_]);
  overlay_->setPicture(large_ ? figures::toQImage(*large_) : small);
  const QSignalBlocker quiet(list_->selectionModel());
  thumbs_->show(small, std::move(maps), low_, high_);
  kind_->setText(firstSentence(map.explanation));
  kind_->setToolTip(QString::fromStdString(map.explanation));
}

int MapPanel::currentMap() const {
  return answer_ && answer_->reading.pictures[picture_].map.perCaption ? caption_ : 0;
}

void MapPanel::showCaption() {
  const int row = currentMap();
  const auto& maps = thumbs_->maps();
  if (row >= int(maps.size())) {
    return;
  }
  overlay_->setMap(maps[std::size_t(row)], low_, high_);
  title_->setText(captionIn(answer_->question.captions[std::size_t(caption_)]));
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
          return;
        }
        known_ = std::move(*known);
        std::vector<QString> lines;
        for (std::size_t i = 0; i < known_.size() && thumbs_->maps().size() == known_.size(); ++i) {
          const auto& one = known_[i];
          lines.push_back(one && one->pointing ? (one->pointing->hit ? tr("hit, %1 %") : tr("miss, %1 %"))
                                                     .arg(100.0 * one->pointing->share, 0, 'f', 0)
                                               : QString());
        }
        thumbs_->setLines(std::move(lines));
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
    lines += cell;
  }
  if (const QString pointing = answer_ ? pointingText(std::size_t(caption_)) : QString(); !pointing.isEmpty()) {
    lines += pointing;
  }
  said_->setText(lines.join(QLatin1Char('\n')));
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
  overlay_->setCells(cells);
  overlay_->setUnder(grey_->isChecked() ? MapOverlay::Under::Grey : MapOverlay::Under::Colour);
  overlay_->setOpacity(opacity_->value());
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
  figures::MapData drawn =
      mapData(reading.map, answer_->question.captions,
              {*answer_->shown[picture_], answer_->question.pictures[picture_].label}, answer_->model());
  if (drawn.captions.size() > kMostInFigure) {  // around the current one
    const std::size_t first = std::min(std::size_t(std::max(currentMap() - int(kMostInFigure) / 2, 0)),
                                       drawn.captions.size() - kMostInFigure);
    drawn.headings.notes += cat(" Captions ", first + 1, " to ", first + kMostInFigure, " of ", drawn.captions.size(), ".");
    drawn.captions = {drawn.captions.begin() + std::ptrdiff_t(first),
                     drawn.captions.begin() + std::ptrdiff_t(first + kMostInFigure)};
  }
  return std::make_shared<const figures::MapFigure>(std::move(drawn));
}

QJsonObject MapPanel::state() const {
  return {{"opacity", opacity_->value()}, {"smooth", smooth_->isChecked()},   {"grey", grey_->isChecked()},
          {"outline", outline_->isChecked()}, {"tab", tabs_->currentIndex()}, {"most", most_->value()}};
}

void MapPanel::restore(const QJsonObject& state) {
  filling_ = true;
  opacity_->setValue(state["opacity"].toInt(opacity_->value()));
  smooth_->setChecked(state["smooth"].toBool(true));
  grey_->setChecked(state["grey"].toBool(true));
  outline_->setChecked(state["outline"].toBool(true));
  tabs_->setCurrentIndex(std::clamp(state["tab"].toInt(0), 0, tabs_->count() - 1));
  most_->setValue(state["most"].toInt(most_->value()));
  filling_ = false;
  changeLook();
}

}  // namespace lix::app
