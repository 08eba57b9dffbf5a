#include "pages/compare/map_pair_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QResizeEvent>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "pages/compare/caption_line.h"
#include "pages/compare/map_key.h"

namespace lix::app {
namespace {

/// The lowest and highest value of all its maps.
std::pair<double, double> rangeOf(const figures::MapData& map) {
  double low = INFINITY, high = -INFINITY;
  for (const figures::CaptionMap& one : map.captions) {
    for (const float value : one.values) {
      low = std::isfinite(value) ? std::min(low, double(value)) : low;
      high = std::isfinite(value) ? std::max(high, double(value)) : high;
    }
  }
  return {low, high};
}

}  // namespace

MapPairPanel::MapPairPanel(QWidget* parent) : ComparePanel(parent), halves_(new QBoxLayout(QBoxLayout::LeftToRight)) {
  build();
  for (std::size_t i = 0; i < maps_.size(); ++i) {
    connect(maps_[i], &ZoomFigure::moved, this, [this, i](const ZoomPlace& place) { move(i, place); });
  }
  connect(shown_, &QComboBox::currentIndexChanged, this, &MapPairPanel::showTile);
  connect(lock_, &QToolButton::toggled, this, [this](bool on) {
    if (on) {
      maps_[1]->setPlace(maps_[0]->place());
    }
  });
  connect(whole_, &QToolButton::clicked, this, [this] {
    for (ZoomFigure* map : maps_) {
      map->setPlace({});
    }
  });
  connect(captions_, &CaptionLine::asked, this, &MapPairPanel::captionsAsked);
}

QWidget* MapPairPanel::buildTools() {
  shown_ = new QComboBox;
  shown_->setObjectName("compare.map.shown");
  shown_->setAccessibleName(tr("What is shown"));
  shown_->setToolTip(tr("The picture, or the map of a caption over it; arrows change it."));
  shown_->setMinimumContentsLength(8);
  shown_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  shown_->addItems({tr("Picture"), tr("Map")});
  shown_->setCurrentIndex(1);
  lock_ = new QToolButton;
  lock_->setObjectName("compare.map.lock");
  lock_->setText(tr("Locked"));
  lock_->setCheckable(true);
  lock_->setChecked(true);
  lock_->setAccessibleName(tr("Enlarge and move both together"));
  lock_->setToolTip(tr("Both pictures are enlarged and moved together (Ctrl+Shift+L)."));
  whole_ = new QToolButton;
  whole_->setObjectName("compare.map.whole");
  whole_->setText(tr("Whole"));
  whole_->setToolTip(tr("Shows all of both pictures (0 or a double click in one)."));
  captions_ = new CaptionLine("compare.map.captions");
  auto* tools = new QWidget;
  auto* line = new QHBoxLayout(tools);
  line->setContentsMargins(0, 0, 0, 0);
  line->addWidget(shown_);
  line->addWidget(captions_, 1);
  line->addWidget(lock_);
  line->addWidget(whole_);
  return tools;
}

void MapPairPanel::build() {
  column()->addWidget(buildTools());
  for (std::size_t i = 0; i < maps_.size(); ++i) {
    names_[i] = words(i == 0 ? "compare.map.name.a" : "compare.map.name.b");
    names_[i]->setWordWrap(false);
    names_[i]->setMinimumWidth(0);
    names_[i]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    maps_[i] = new ZoomFigure;
    maps_[i]->setObjectName(i == 0 ? "compare.map.a" : "compare.map.b");
    maps_[i]->setAccessibleName(i == 0 ? tr("Map of A") : tr("Map of B"));
    connect(maps_[i], &widgets::FigureView::failed, this, &MapPairPanel::failed);
    auto* half = new QVBoxLayout;
    half->setSpacing(2);
    keys_[i] = new MapKey;
    keys_[i]->setObjectName(i == 0 ? "compare.map.key.a" : "compare.map.key.b");
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(names_[i], 1);
    head->addWidget(keys_[i], 2);
    half->addLayout(head);
    half->addWidget(maps_[i], 1);
    halves_->addLayout(half, 1);
  }
  halves_->setSpacing(8);
  column()->addLayout(halves_, 1);
}

void MapPairPanel::look(const CompareView& view) {
  captions_->show(view.captions);
  if (view.reading == reading_ && reading_ != nullptr) {
    return;
  }
  reading_ = view.reading;
  for (std::size_t i = 0; i < maps_.size(); ++i) {
    const QString name = i == 0 ? view.a : view.b;
    const QString letter = i == 0 ? QStringLiteral("A") : QStringLiteral("B");
    names_[i]->setText(letter + "  " + name);
    names_[i]->setToolTip(name);
    if (reading_ == nullptr) {
      const QString what = view.comparison == nullptr ? tr("Compare two checkpoints first.")
                           : !view.picture            ? tr("Select a picture to see where both models look.")
                           : view.problem.isEmpty()   ? tr("Reading the picture.")
                                                      : view.problem;
      maps_[i]->setEmptyText(i == 0 ? what : QString());
      maps_[i]->setMap(nullptr, 0);
      keys_[i]->setRange(1.0, 0.0);
      continue;
    }
    const figures::MapData& map = (*reading_)[i].map;
    maps_[i]->setMap(std::make_shared<const figures::MapFigure>(map), int(map.captions.size()) + 1);
    const auto [low, high] = rangeOf(map);
    keys_[i]->setRange(low, high);
    names_[i]->setToolTip(name + "\n" + keys_[i]->text() + "\n" + QString::fromStdString(map.headings.notes));
  }
  if (reading_ != nullptr) {
    const QSignalBlocker quiet(shown_);
    const int before = shown_->currentIndex();
    shown_->clear();
    shown_->addItem(tr("Picture"));
    const auto& more = (*reading_)[0].map.captions.size() > (*reading_)[1].map.captions.size() ? (*reading_)[0]
                                                                                                : (*reading_)[1];
    for (const figures::CaptionMap& one : more.map.captions) {
      shown_->addItem(more.map.captions.size() == 1 ? tr("Map") : QString::fromStdString(one.caption));
    }
    shown_->setCurrentIndex(std::clamp(before, 0, shown_->count() - 1));
  }
  showTile();
}

void MapPairPanel::showTile() {
  for (ZoomFigure* map : maps_) {
    map->setTile(shown_->currentIndex());
  }
}

void MapPairPanel::move(std::size_t model, const ZoomPlace& place) {
  if (lock_->isChecked()) {
    maps_[1 - model]->setPlace(place);
  }
}

bool MapPairPanel::isLocked() const { return lock_->isChecked(); }

void MapPairPanel::toggleLock() { lock_->toggle(); }

bool MapPairPanel::isSideBySide() const { return halves_->direction() == QBoxLayout::LeftToRight; }

void MapPairPanel::resizeEvent(QResizeEvent* event) {
  ComparePanel::resizeEvent(event);
  halves_->setDirection(width() * 3 >= height() * 2 ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

QJsonObject MapPairPanel::state() const { return {{"locked", lock_->isChecked()}, {"shown", shown_->currentIndex()}}; }

void MapPairPanel::restore(const QJsonObject& state) {
  lock_->setChecked(state["locked"].toBool(true));
  shown_->setCurrentIndex(std::clamp(state["shown"].toInt(1), 0, shown_->count() - 1));
}

}  // namespace lix::app
