#include "pages/data/explore_map.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <numeric>

#include "frame/picture_model.h"
#include "pages/data/explore_card.h"
#include "pages/data/picture_text.h"
#include "scatter_view/scatter_view.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

// Classes with a colour of their own: all where there are colours for all, else those before the palette's own grey, for the
// others are grey.
constexpr std::size_t kAllNamed = figures::kCategoricalCount, kMostNamed = 6;
constexpr int kLeastWidth = 280;  // of a map whose points can be told apart and taken
constexpr int kSplits = -1, kPlain = -2;

QString percent(double share) { return QString::number(100 * share, 'f', 1); }

/// Groups of the rows by split, or by a label set: its classes with most pictures, the rest -1.
struct Colouring {
  std::shared_ptr<std::vector<std::int8_t>> groups = std::make_shared<std::vector<std::int8_t>>();
  std::vector<std::string> names;
  std::string other;
};

Colouring bySplit(const ExploreVectors& vectors) {
  Colouring colouring;
  std::array<bool, 3> there{};
  for (const std::uint32_t sample : vectors.samples) {
    there[std::size_t(vectors.of->set.samples[sample].split)] = true;
  }
  const std::array<QString, 3> names{ExploreMap::tr("train"), ExploreMap::tr("validation"), ExploreMap::tr("test")};
  std::array<std::int8_t, 3> place{};
  for (std::size_t split = 0; split < 3; ++split) {
    place[split] = std::int8_t(colouring.names.size());
    if (there[split]) {
      colouring.names.push_back(names[split].toStdString());
    }
  }
  for (const std::uint32_t sample : vectors.samples) {
    colouring.groups->push_back(place[std::size_t(vectors.of->set.samples[sample].split)]);
  }
  return colouring;
}

Colouring byClass(const ExploreVectors& vectors, std::size_t labelSet) {
  const data::LabelSet& set = vectors.of->set.labelSets[labelSet];
  std::vector<std::size_t> counts(set.classes.size(), 0), order(set.classes.size());
  for (const std::uint32_t sample : vectors.samples) {
    if (const int label = vectors.of->set.samples[sample].labels[labelSet]; label >= 0) {
      ++counts[std::size_t(label)];
    }
  }
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t c) { return counts[c]; });
  Colouring colouring;
  std::vector<std::int8_t> place(set.classes.size(), -1);
  std::size_t named = 0;
  const auto all = std::size_t(std::ranges::count_if(counts, [](std::size_t count) { return count > 0; }));
  for (const std::size_t c : order) {
    if (counts[c] > 0 && colouring.names.size() < (all <= kAllNamed ? kAllNamed : kMostNamed)) {
      place[c] = std::int8_t(colouring.names.size());
      colouring.names.push_back(set.classes[c]);
      named += counts[c];
    }
  }
  for (const std::uint32_t sample : vectors.samples) {
    const int label = vectors.of->set.samples[sample].labels[labelSet];
    colouring.groups->push_back(label < 0 ? std::int8_t(-1) : place[std::size_t(label)]);
  }
  if (all > colouring.names.size()) {
    colouring.other = ExploreMap::tr("%1 other classes").arg(all - colouring.names.size()).toStdString();
  } else if (named < vectors.samples.size()) {
    colouring.other = ExploreMap::tr("no class").toStdString();
  }
  return colouring;
}

}  // namespace

ExploreMap::ExploreMap(ExploreSource& source) : ExplorePanel(source, "data.map") {
  build();
  connect(make_, &QPushButton::clicked, this, &ExploreMap::make);
  connect(colour_, &QComboBox::currentIndexChanged, this, [this] {
    wantedColour_ = colour_->currentText();
    colour();
  });
  connect(lasso_, &QPushButton::toggled, this, [this](bool on) {
    view_->setDrag(on ? widgets::ScatterView::Drag::Lassoes : widgets::ScatterView::Drag::Moves);
  });
  connect(view_, &widgets::ScatterView::dragChanged, this,
          [this] { lasso_->setChecked(view_->drag() == widgets::ScatterView::Drag::Lassoes); });
  connect(all_, &QPushButton::clicked, view_, &widgets::ScatterView::showAll);
  connect(view_, &widgets::ScatterView::chosen, this, &ExploreMap::take);
  connect(view_, &widgets::ScatterView::currentChanged, this, &ExploreMap::point);
  connect(view_, &widgets::ScatterView::failed, this,
          [this](const QString& sentence) { this->source().desk().say(widgets::Severity::Error, sentence); });
  connect(&source, &ExploreSource::changed, this, &ExploreMap::follow);
  connect(&source.page(), &DataPage::selectionChanged, this, &ExploreMap::mark);
  follow();
}

void ExploreMap::buildControls() {
  make_ = button("Make", tr("Make map"), tr("Make the map of the shown dataset"),
                 tr("Reads all pictures of the dataset with the checkpoint (once) and lays them out (Space)."));
  make_->setProperty("primary", true);
  lasso_ = button("Lasso", tr("Lasso"), tr("Dragging takes pictures together"),
                  tr("Dragging in the map draws a lasso instead of moving it (L in the map; Shift does the other one)."));
  lasso_->setCheckable(true);
  all_ = button("All", tr("All"), tr("Show the whole map"), tr("Shows the whole map again (0 in the map)."));
  colour_ = new QComboBox;
  colour_->setObjectName("data.mapColour");
  colour_->setAccessibleName(tr("Colour by"));
  colour_->setToolTip(tr("What the colours of the map say: the largest classes, or the splits (Up and Down choose)."));
  colour_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  colour_->setMinimumContentsLength(8);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->addWidget(make_);
  row->addWidget(colour_, 1);
  auto* second = new QHBoxLayout;
  second->setSpacing(6);
  second->addWidget(lasso_);
  second->addWidget(all_);
  second->addStretch(1);
  column()->addLayout(row);
  column()->addLayout(second);
}

void ExploreMap::build() {
  buildControls();
  view_ = new widgets::ScatterView;
  view_->setObjectName("data.mapView");
  view_->setAccessibleName(tr("Map of the pictures"));
  view_->setToolTip(tr("The wheel zooms, dragging moves, Shift and dragging takes pictures into the grid. Arrows step from "
                       "picture to picture, + and - zoom, 0 shows all, Ctrl+A takes what is in view, Ctrl+C copies the map."));
  view_->setToolTipDuration(4000);
  view_->setEmptyText(tr("Press \"Make map\": every picture becomes a point, alike ones lie together."));
  view_->setDescription([this](std::uint32_t point) { return describe(point); });
  card_ = new HoverCard(source().desk(), view_);
  column()->addWidget(view_, 1);
  setMinimumWidth(kLeastWidth);
  finish();
}

void ExploreMap::fillColours() {
  const auto collection = source().collection();
  if (collection == colourOf_) {
    return;
  }
  colourOf_ = collection;
  const QSignalBlocker quiet(colour_);
  colour_->clear();
  if (collection) {
    const auto& sets = collection->set->set.labelSets;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      colour_->addItem(sets[i].name.empty() ? tr("By class") : tr("By %1").arg(QString::fromStdString(sets[i].name)), int(i));
    }
    if (!collection->isLoose()) {
      colour_->addItem(tr("By split"), kSplits);
    }
  }
  colour_->addItem(tr("One colour"), kPlain);
  colour_->setCurrentIndex(std::max(0, colour_->findText(wantedColour_)));
}

QJsonObject ExploreMap::state() const { return {{"colour", wantedColour_}, {"lasso", lasso_->isChecked()}}; }

void ExploreMap::restore(const QJsonObject& state) {
  wantedColour_ = state["colour"].toString();
  colour_->setCurrentIndex(std::max(0, colour_->findText(wantedColour_)));
  lasso_->setChecked(state["lasso"].toBool());
}

void ExploreMap::follow() {
  fillColours();
  make_->setEnabled(source().problem().isEmpty() && !source().isBusy());
  if (vectors_ && vectors_ != source().vectors()) {
    vectors_.reset();
    plane_.reset();
    view_->setData({});
    card_->hide();
    say({});
  }
  const bool there = plane_ != nullptr;
  lasso_->setEnabled(there);
  all_->setEnabled(there);
}

void ExploreMap::make() {
  source().withVectors([this](const ExploreSource::Vectors& vectors) {
    source().start<Plane>(
        tr("Making the map"),
        [vectors](const Progress& progress) -> Result<Plane> {
          LIX_TRY(auto plane, study::principalPlane(vectors->rows, progress));
          return std::make_shared<const study::Projection>(std::move(plane));
        },
        [this, vectors](const Plane& plane) {
          if (vectors == source().vectors()) {
            show(vectors, plane);
          }
        });
  });
}

void ExploreMap::show(const ExploreSource::Vectors& vectors, const Plane& plane) {
  vectors_ = vectors;
  plane_ = plane;
  figures::ScatterData shown;
  shown.points = std::shared_ptr<const std::vector<float>>(plane, &plane->points);
  shown.xLabel = tr("component 1 (%1 % of the variance)").arg(percent(plane->share[0])).toStdString();
  shown.yLabel = tr("component 2 (%1 %)").arg(percent(plane->share[1])).toStdString();
  shown.name = [vectors](std::size_t point) { return vectors->of->set.samples[vectors->samples[point]].key; };
  view_->setData(std::move(shown));
  colour();
  mark();
  follow();
  say(tr("%1 pictures by %2, seen along the two directions of largest variance (PCA): %3 % of the variance are seen, what "
         "lies along others is not.")
          .arg(vectors->samples.size())
          .arg(QString::fromStdString(vectors->model), percent(plane->share[0] + plane->share[1])));
  Q_EMIT made();
}

void ExploreMap::colour() {
  if (!plane_) {
    return;
  }
  const int by = colour_->currentData().toInt();
  Colouring colouring;
  if (by == kSplits) {
    colouring = bySplit(*vectors_);
  } else if (by >= 0 && by < int(vectors_->of->set.labelSets.size())) {
    colouring = byClass(*vectors_, std::size_t(by));
  } else {
    colouring.groups->assign(vectors_->samples.size(), -1);
  }
  view_->setGroups(colouring.groups, std::move(colouring.names), std::move(colouring.other));
}

void ExploreMap::mark() {
  if (plane_) {
    view_->setMarked(vectors_->rowsOf(source().page().selectedSamples()));
  }
}

void ExploreMap::take(const std::vector<std::uint32_t>& points) {
  if (!plane_) {
    return;
  }
  if (points.empty()) {
    say(tr("There is no picture within the lasso."));
    return;
  }
  std::vector<std::uint32_t> samples;
  for (const std::uint32_t point : points) {
    samples.push_back(vectors_->samples[point]);
  }
  source().show(tr("Taken in the map"), std::move(samples));
}

QString ExploreMap::describe(std::uint32_t point) const {
  const auto collection = source().collection();
  if (!plane_ || point >= vectors_->samples.size() || !collection) {
    return {};
  }
  const int by = colour_->currentData().toInt();
  const PictureItem item = itemOf(*collection, vectors_->samples[point], std::size_t(std::max(0, by)));
  return item.detail.isEmpty() ? item.caption : tr("%1\n%2").arg(item.caption, item.detail);
}

void ExploreMap::point() {
  const auto current = view_->current();
  const auto collection = source().collection();
  if (!current || !plane_ || !collection) {
    card_->hide();
    return;
  }
  card_->show(collection->picture(vectors_->samples[*current]), describe(*current), view_->placeOf(*current));
}

}  // namespace lix::app
