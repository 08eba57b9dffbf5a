// The map panel's differences and its second checkpoint.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QStandardItemModel>
#include <algorithm>

#include "figures/parts.h"
#include "pages/inspect/map_panel.h"
#include "pages/inspect/map_thumbs.h"
#include "pages/inspect/panel_parts.h"
#include "pages/inspect/weights_reading.h"
#include "shared/reading_figures.h"
#include "study/inspect/map_contrast.h"

namespace lix::app {

const study::MapReading* MapPanel::map() const {
  return answer_ ? &answer_->reading.pictures[picture_].map : nullptr;
}

const study::MapReading* MapPanel::otherMap() const {
  return answer_ && other_ ? &other_->reading.pictures[otherPicture_].map : nullptr;
}

void MapPanel::takeOther(const InspectView& view) {
  other_.reset();
  if (const auto at = view.otherAnswer ? samePictureIn(*view.otherAnswer, *answer_, picture_) : std::nullopt;
      at && !view.otherAnswer->reading.pictures[*at].map.values.empty()) {
    other_ = view.otherAnswer;
    otherPicture_ = *at;
  }
}

QString MapPanel::whyNot(MapOf of) const {
  if (map() == nullptr || of == MapOf::Map) {
    return {};
  }
  if (of != MapOf::Models) {
    return !map()->perCaption ? tr("%1 has one map for every caption: there is no other to subtract.")
                                    .arg(QString::fromStdString(answer_->model()))
           : answer_->question.captions.size() < 2 ? tr("Type a second caption to see a difference.")
                                                   : QString();
  }
  if (otherMap() == nullptr) {
    return tr("Choose a second checkpoint above to see the difference of two.");
  }
  if (!map()->perCaption && otherMap()->perCaption) {
    return tr("A has one map for every caption, B one for each: choose them the other way round to subtract them.");
  }
  const auto &mine = *answer_->shown[picture_], &theirs = *other_->shown[otherPicture_];
  if (map()->rows != otherMap()->rows || map()->columns != otherMap()->columns) {
    return tr("A has %1 × %2 patches, B %3 × %4: their maps cannot be subtracted patch by patch.")
        .arg(map()->rows)
        .arg(map()->columns)
        .arg(otherMap()->rows)
        .arg(otherMap()->columns);
  }
  return mine.width != theirs.width || mine.height != theirs.height || mine.pixels != theirs.pixels
             ? tr("The two checkpoints read different parts of the picture: their maps lie over different places.")
             : QString();
}

MapOf MapPanel::shownOf() const { return whyNot(of_).isEmpty() ? of_ : MapOf::Map; }

std::vector<figures::CaptionMap> MapPanel::mapsOf(const ReadAnswer& answer, std::size_t picture) const {
  const study::MapReading& maps = answer.reading.pictures[picture].map;
  auto found = mapData(maps, answer.question.captions, {}, {}).captions;
  const MapOf of = shownOf();
  const std::vector<float> mean = of == MapOf::LessMean ? study::meanMap(maps) : std::vector<float>();
  const auto even = float(maps.rows * maps.columns);  // maps are shown as multiples of an even share
  for (std::size_t i = 0; of != MapOf::Map && i < found.size(); ++i) {
    const auto last = answer.question.captions.size() - 1;
    const std::span<const float> less = of == MapOf::LessMean      ? std::span(mean)
                                        : of == MapOf::LessCaption ? study::mapOf(maps, std::min(std::size_t(less_), last))
                                                                   : study::mapOf(*otherMap(), i);
    for (std::size_t patch = 0; patch < less.size(); ++patch) {
      found[i].values[patch] -= less[patch] * even;
    }
  }
  return found;
}

void MapPanel::showSides() {
  const bool two = otherMap() != nullptr;
  const bool both = two && shownOf() != MapOf::Models;
  side_->setVisible(two);
  otherBox_->setVisible(both);
  if (!two) {
    otherOverlay_->clear();
    return;
  }
  const auto name = [](const QString& letter, const ReadAnswer& answer, const study::MapReading& map) {
    const QString model = QString::fromStdString(answer.model());
    return map.perCaption ? tr("%1: %2").arg(letter, model) : tr("%1, every caption: %2").arg(letter, model);
  };
  const QString mine = name(QStringLiteral("A"), *answer_, *map());
  const QString theirs = name(QStringLiteral("B"), *other_, *otherMap());
  side_->say(both ? mine : tr("%1 − %2").arg(mine, theirs));
  otherSide_->say(theirs);
  otherOverlay_->setAccessibleDescription(theirs);
  if (both) {
    otherOverlay_->setPicture(figures::toQImage(*other_->shown[otherPicture_]));
  } else {
    otherOverlay_->clear();
  }
}

void MapPanel::fillDifference() {
  filling_ = true;
  auto* entries = qobject_cast<QStandardItemModel*>(what_->model());
  for (int i = 0; i < what_->count(); ++i) {
    const QString why = whyNot(MapOf(i));
    entries->item(i)->setEnabled(why.isEmpty());
    entries->item(i)->setToolTip(why);
  }
  what_->setCurrentIndex(int(shownOf()));
  const QString why = whyNot(of_);
  what_->setToolTip(tr("The caption's map itself; or minus the mean of the captions' maps, minus another caption's, or minus "
                       "the second checkpoint's, with zero in the middle of the colours. Arrow keys choose.") +
                    (why.isEmpty() ? QString() : QStringLiteral(" ") + why));
  if (answer_ && filled_ != answer_->question.captions) {
    filled_ = answer_->question.captions;
    QStringList captions;
    for (const std::string& caption : filled_) {
      captions << captionIn(caption);
    }
    minus_->clear();
    minus_->addItems(captions);
  }
  minus_->setCurrentIndex(std::min(less_, minus_->count() - 1));
  minus_->setVisible(shownOf() == MapOf::LessCaption);
  filling_ = false;
}

QString MapPanel::titleOf(int caption) const {
  const auto& captions = answer_->question.captions;
  const bool one = !map()->perCaption && (otherMap() == nullptr || !otherMap()->perCaption);
  const QString own = one ? tr("every caption") : captionIn(captions[std::size_t(caption)]);
  switch (shownOf()) {
    case MapOf::LessMean:
      return tr("%1 − mean of %2 captions").arg(own).arg(captions.size());
    case MapOf::LessCaption:
      return tr("%1 − %2").arg(own, captionIn(captions[std::min(std::size_t(less_), captions.size() - 1)]));
    default:
      return own;
  }
}

QStringList MapPanel::differences() const {
  if (map() == nullptr) {
    return {};
  }
  QStringList lines;
  const auto& captions = answer_->question.captions;
  const auto own = study::mapOf(*map(), std::size_t(caption_));
  const auto say = [&](std::span<const float> from, const auto& sentence) {
    if (const auto distance = study::mapDistance(own, from)) {
      lines << sentence(QString::number(100.0 * *distance, 'f', 1));
    }
  };
  if (shownOf() == MapOf::LessCaption) {
    const std::size_t less = std::min(std::size_t(less_), captions.size() - 1);
    say(study::mapOf(*map(), less), [&](const QString& share) {
      return tr("%1 % of this map lies elsewhere than in that of “%2”.").arg(share, captionIn(captions[less]));
    });
  } else if (shownOf() != MapOf::Models && whyNot(MapOf::LessMean).isEmpty()) {
    say(study::meanMap(*map()), [](const QString& share) {
      return tr("%1 % of this map lies elsewhere than in the captions' mean.").arg(share);
    });
  }
  if (otherMap() != nullptr && whyNot(MapOf::Models).isEmpty()) {
    say(study::mapOf(*otherMap(), std::size_t(caption_)),
        [](const QString& share) { return tr("%1 % of A's map lies elsewhere than in B's.").arg(share); });
  }
  return lines;
}

void MapPanel::showLines() {
  if (thumbs_->maps().size() != known_.size()) {
    return;
  }
  std::vector<QString> lines;
  for (const auto& one : known_) {
    lines.push_back(one && one->pointing ? (one->pointing->hit ? tr("hit, %1 %") : tr("miss, %1 %"))
                                               .arg(100.0 * one->pointing->share, 0, 'f', 0)
                                         : QString());
  }
  thumbs_->setLines(std::move(lines));
}

void MapPanel::showOutlineReason() {
  const bool any = std::ranges::any_of(known_, [](const auto& one) { return one.has_value(); });
  outline_->setEnabled(any);
  outline_->setToolTip(any ? tr("Outlines what the caption speaks of, where the dataset knows it (scenes). Key: Alt+L.")
                           : tr("Nothing to outline: no mask is known for these captions on this picture. Pictures of "
                                "the built-in scenes have masks of their own captions."));
}

}  // namespace lix::app
