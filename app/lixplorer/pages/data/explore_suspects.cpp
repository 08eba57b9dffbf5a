#include "pages/data/explore_suspects.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <set>

#include "pages/data/picture_text.h"
#include "study/explore/suspects.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kSteps = 1000;         // of the limit's slider, over a cosine of 0 to 1
constexpr int kLeastStep = 500;
constexpr double kUsualLimit = 0.95;
constexpr std::size_t kMostRows = 2000;       // of the list; all come into the grid
constexpr std::size_t kMostSuspects = 10'000;  // of outliers

constexpr std::array<std::string_view, 5> kKindNames{"equal", "near", "crossing", "alone", "doubtful"};  // as they are kept

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

QString splitsOf(const ExploreVectors& vectors, const study::Group& group) {
  const QStringList names{ExploreSuspects::tr("train"), ExploreSuspects::tr("validation"), ExploreSuspects::tr("test")};
  std::set<int> splits;
  for (const std::uint32_t row : group) {
    splits.insert(int(vectors.of->set.samples[vectors.samples[row]].split));
  }
  QStringList found;
  for (const int split : splits) {
    found << names[split];
  }
  return found.join(", ");
}

/// "1 group of 3 pictures".
QString groupsOf(std::size_t groups, std::size_t pictures) {
  return (groups == 1 ? ExploreSuspects::tr("1 group of %2 pictures") : ExploreSuspects::tr("%1 groups of %2 pictures").arg(groups))
      .replace("%2", QString::number(pictures));
}

/// What a checkpoint to which nearly everything is alike has found says nothing of the pictures.
constexpr double kTooMany = 0.5;

}  // namespace

ExploreSuspects::ExploreSuspects(ExploreSource& source)
    : ExplorePanel(source, "data.suspects"), asking_(source.desk().interactive()) {
  build();
  connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
    follow();
    if (this->source().vectors()) {
      look();
    }
  });
  connect(labels_, &QComboBox::currentIndexChanged, this, [this] {
    wantedLabels_ = labels_->currentText();
    if (this->source().vectors() && kind() == Kind::Doubtful) {
      look();
    }
  });
  connect(look_, &QPushButton::clicked, this, &ExploreSuspects::look);
  connect(all_, &QPushButton::clicked, this, [this] { showRows({}); });
  connect(limit_, &QSlider::valueChanged, this, [this](int value) {
    const QSignalBlocker quiet(limitField_);
    limitField_->setValue(double(value) / kSteps);
    if (this->source().graph()) {
      look();
    }
  });
  connect(limitField_, &QDoubleSpinBox::valueChanged, this, [this](double value) { limit_->setValue(qRound(value * kSteps)); });
  connect(list_, &QListWidget::itemSelectionChanged, this, [this] {
    std::vector<int> rows;
    for (const QModelIndex& index : list_->selectionModel()->selectedRows()) {
      rows.push_back(index.row());
    }
    std::ranges::sort(rows);
    if (!rows.empty()) {
      showRows(rows);
    }
  });
  connect(&source, &ExploreSource::changed, this, &ExploreSuspects::follow);
  say(tr("Choose what to look for and press \"Look\"."));
  follow();
}

void ExploreSuspects::buildControls() {
  kind_ = new QComboBox;
  kind_->setObjectName("data.suspectsKind");
  kind_->setAccessibleName(tr("What to look for"));
  kind_->setToolTip(tr("Equal or nearly equal pictures, those in more than one split, those that lie alone, and those with "
                       "doubtful labels (Up and Down choose)."));
  kind_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  kind_->setMinimumContentsLength(10);
  for (const QString& name : {tr("Equal pictures"), tr("Near duplicates"), tr("Leaks between splits"), tr("Outliers"),
                              tr("Doubtful labels")}) {
    kind_->addItem(name);
  }
  look_ = button("Look", tr("Look"), tr("Look for such pictures"),
                 tr("Reads and compares all pictures of the dataset, once for a checkpoint (Space)."));
  look_->setProperty("primary", true);
  labels_ = new QComboBox;
  labels_->setObjectName("data.suspectsLabels");
  labels_->setAccessibleName(tr("Labels to doubt"));
  labels_->setToolTip(tr("Which of the dataset's label sets is doubted (Up and Down choose)."));
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->addWidget(kind_, 1);
  row->addWidget(look_);
  column()->addLayout(row);
  column()->addWidget(labels_);
  column()->addWidget(buildLimit());
}

QWidget* ExploreSuspects::buildLimit() {
  limitBox_ = new QWidget;
  auto* row = new QHBoxLayout(limitBox_);
  row->setContentsMargins(0, 0, 0, 0);
  auto* name = new QLabel(tr("Cosine from"));
  limit_ = new QSlider(Qt::Horizontal);
  limit_->setObjectName("data.suspectsLimit");
  limit_->setRange(kLeastStep, kSteps);
  limit_->setPageStep(10);
  limit_->setValue(qRound(kUsualLimit * kSteps));
  limitField_ = new QDoubleSpinBox;
  limitField_->setObjectName("data.suspectsLimitField");
  limitField_->setRange(double(kLeastStep) / kSteps, 1.0);
  limitField_->setDecimals(3);
  limitField_->setSingleStep(0.005);
  limitField_->setValue(kUsualLimit);
  for (QWidget* part : {static_cast<QWidget*>(limit_), static_cast<QWidget*>(limitField_)}) {
    part->setAccessibleName(tr("Least cosine of near duplicates"));
    part->setToolTip(tr("From which cosine on pictures are near duplicates; groups are formed anew at once (arrows)."));
  }
  name->setBuddy(limitField_);
  row->addWidget(name);
  row->addWidget(limit_, 1);
  row->addWidget(limitField_);
  return limitBox_;
}

void ExploreSuspects::build() {
  buildControls();
  list_ = new QListWidget;
  list_->setObjectName("data.suspectsList");
  list_->setAccessibleName(tr("What was found"));
  list_->setToolTip(tr("What was found, the most conspicuous first. Choosing rows shows their pictures in the grid (arrows, "
                       "Shift and Ctrl take several)."));
  list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  list_->setUniformItemSizes(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  column()->addWidget(list_, 1);
  all_ = button("All", tr("All into the grid"), tr("Show all that was found in the grid"),
                tr("Shows the pictures of all rows in the grid, in their order (Space)."));
  column()->addWidget(all_);
  finish();
}

ExploreSuspects::Kind ExploreSuspects::kind() const { return Kind(kind_->currentIndex()); }

void ExploreSuspects::setKind(Kind kind) { kind_->setCurrentIndex(int(kind)); }

void ExploreSuspects::follow() {
  limitBox_->setVisible(kind() == Kind::Near || kind() == Kind::Crossing);
  const auto collection = source().collection();
  const auto names = [&] {
    QStringList found;
    for (const data::LabelSet& set : collection ? collection->set->set.labelSets : std::vector<data::LabelSet>()) {
      found << (set.name.empty() ? tr("classes") : text(set.name));
    }
    return found;
  }();
  QStringList shown;
  for (int i = 0; i < labels_->count(); ++i) {
    shown << labels_->itemText(i);
  }
  if (names != shown) {
    const QSignalBlocker quiet(labels_);
    labels_->clear();
    labels_->addItems(names);
    labels_->setCurrentIndex(std::max(names.empty() ? -1 : 0, labels_->findText(wantedLabels_)));
  }
  labels_->setVisible(kind() == Kind::Doubtful && labels_->count() > 1);
  if (listedOf_ && listedOf_ != source().vectors()) {
    listedOf_.reset();
    show({});
    say(tr("Choose what to look for and press \"Look\"."));
  }
  look_->setEnabled(source().problem().isEmpty() && !source().isBusy());
  all_->setEnabled(!listing_.rows.empty());
}

QJsonObject ExploreSuspects::state() const {
  return {{"kind", QString::fromLatin1(kKindNames[std::size_t(kind())].data())}, {"limit", limitField_->value()}, {"labels", wantedLabels_}};
}

void ExploreSuspects::restore(const QJsonObject& state) {
  const std::string kind = state["kind"].toString().toStdString();
  const auto found = std::ranges::find(kKindNames, kind);
  const QSignalBlocker quietKind(kind_), quietLabels(labels_), quietLimit(limit_), quietField(limitField_);
  kind_->setCurrentIndex(found == kKindNames.end() ? 0 : int(found - kKindNames.begin()));
  limit_->setValue(qRound(state["limit"].toDouble(kUsualLimit) * kSteps));
  limitField_->setValue(double(limit_->value()) / kSteps);
  wantedLabels_ = state["labels"].toString();
  labels_->setCurrentIndex(labels_->count() == 0 ? -1 : std::max(0, labels_->findText(wantedLabels_)));
  follow();
}

void ExploreSuspects::look() {
  const Kind kind = this->kind();
  const float least = float(limitField_->value());
  if (kind == Kind::Equal) {
    source().withVectors([this](const ExploreSource::Vectors& vectors) {
      list([vectors](std::stop_token) -> Result<Listing> {
        return listGroups(*vectors, Kind::Equal, study::equalGroups(vectors->hashes), 1.f);
      });
    });
  } else if (kind == Kind::Doubtful) {
    source().withVectors([this, set = std::size_t(std::max(0, labels_->currentIndex()))](const ExploreSource::Vectors& vectors) {
      list([vectors, set](std::stop_token stop) { return listDoubtful(*vectors, set, stop); });
    });
  } else {
    source().withGraph([this, kind, least](const ExploreSource::Vectors& vectors, const ExploreSource::Graph& graph) {
      list([vectors, graph, kind, least](std::stop_token) -> Result<Listing> {
        return kind == Kind::Alone ? listAlone(*vectors, *graph)
                                   : listGroups(*vectors, kind, study::nearGroups(*graph, least), least);
      });
    });
  }
}

void ExploreSuspects::list(Make make) {
  asking_.ask([make = std::move(make)](std::stop_token stop) { return make(stop); },
              [this, vectors = source().vectors()](Result<Listing> made) {
                if (!made) {
                  show({});
                  say(QString::fromStdString(made.error().message));
                } else if (vectors && vectors == source().vectors()) {
                  listedOf_ = vectors;
                  const QString sentence = made->sentence;
                  show(std::move(*made));
                  say(sentence);
                  showRows({});
                  Q_EMIT listed();
                }
              });
}

ExploreSuspects::Listing ExploreSuspects::listGroups(const ExploreVectors& vectors, Kind kind,
                                                     const std::vector<study::Group>& all, float least) {
  std::vector<std::uint8_t> splits;
  for (const std::uint32_t sample : vectors.samples) {
    splits.push_back(std::uint8_t(vectors.of->set.samples[sample].split));
  }
  const auto crossing = study::crossingGroups(all, splits);
  const auto& groups = kind == Kind::Crossing ? crossing : all;
  Listing listing;
  std::size_t pictures = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Row row{.text = tr("%1 pictures in %2").arg(groups[g].size()).arg(splitsOf(vectors, groups[g])), .samples = {}, .notes = {}};
    for (const std::uint32_t member : groups[g]) {
      row.samples.push_back(vectors.samples[member]);
      row.notes.push_back(tr("group %1").arg(g + 1));
    }
    pictures += groups[g].size();
    listing.rows.push_back(std::move(row));
  }
  const QString limit = QString::number(double(least), 'f', 3);
  listing.title = kind == Kind::Equal  ? tr("Equal pictures")
                  : kind == Kind::Near ? tr("Near duplicates from cosine %1").arg(limit)
                                       : tr("In more than one split, from cosine %1").arg(limit);
  listing.sentence = groups.empty()
                         ? tr("%1: none.").arg(listing.title)
                         : tr("%1: %2, %3 of them with pictures in more than one split.")
                               .arg(listing.title, groupsOf(groups.size(), pictures)).arg(crossing.size());
  std::size_t largest = 0;
  for (const study::Group& group : groups) {
    largest = std::max(largest, group.size());
  }
  if (kind != Kind::Equal && double(largest) > kTooMany * double(vectors.samples.size())) {
    listing.sentence += tr(" One of them has %1 of %2: to this checkpoint nearly all pictures are alike. Raise the cosine, or take "
                           "another checkpoint.")
                            .arg(largest).arg(vectors.samples.size());
  }
  return listing;
}

ExploreSuspects::Listing ExploreSuspects::listAlone(const ExploreVectors& vectors, const study::NeighbourGraph& graph) {
  Listing listing{.title = tr("Outliers"), .sentence = {}, .rows = {}};
  for (const study::Outlier& one : study::outliers(graph, kMostSuspects)) {
    const std::uint32_t sample = vectors.samples[one.row];
    const QString note = tr("distance %1").arg(double(one.distance), 0, 'f', 3);
    listing.rows.push_back({tr("%1  %2").arg(double(one.distance), 0, 'f', 3).arg(nameOf(vectors.of->set, vectors.of->set.samples[sample])),
                            {sample}, {note}});
  }
  listing.sentence = tr("The pictures that lie farthest from their %1 nearest ones (1 - mean cosine), farthest first.").arg(graph.k);
  return listing;
}

Result<ExploreSuspects::Listing> ExploreSuspects::listDoubtful(const ExploreVectors& vectors, std::size_t labelSet,
                                                               const std::stop_token& stop) {
  const data::Dataset& set = vectors.of->set;
  if (labelSet >= set.labelSets.size()) {
    return fail(ErrorCode::BadInput, "This dataset has no classes, so that no label can be doubted.");
  }
  std::vector<int> labels;
  for (const std::uint32_t sample : vectors.samples) {
    labels.push_back(set.samples[sample].labels[labelSet]);
  }
  const auto& classes = set.labelSets[labelSet].classes;
  LIX_TRY(const auto doubts, study::labelDoubts(vectors.rows, labels, classes.size(),
                                                [&](auto, auto, auto) { return !stop.stop_requested(); }));
  Listing listing{.title = tr("Doubtful labels"), .sentence = {}, .rows = {}};
  for (const study::LabelDoubt& one : doubts) {
    const std::uint32_t sample = vectors.samples[one.row];
    const QString nearer = tr("%1, nearer to %2 by %3")
                               .arg(text(classes[std::size_t(one.label)]), text(classes[std::size_t(one.nearer)]))
                               .arg(double(one.margin()), 0, 'f', 3);
    listing.rows.push_back({tr("%1: %2").arg(nearer, nameOf(set, set.samples[sample])), {sample}, {nearer}});
  }
  listing.sentence = doubts.empty() ? tr("Every picture is nearest to the mean of the others of its class.")
                                    : tr("%1 of %2 pictures are nearer to the mean of another class than to that of the "
                                         "others of their own, the clearest first.")
                                          .arg(doubts.size())
                                          .arg(vectors.samples.size());
  if (double(doubts.size()) > kTooMany * double(vectors.samples.size())) {
    listing.sentence += tr(" That is most of them: this checkpoint hardly tells these classes apart, so that it says little of "
                           "the labels. Take another one.");
  }
  return listing;
}

void ExploreSuspects::show(Listing listing) {
  listing_ = std::move(listing);
  const QSignalBlocker quiet(list_);
  list_->clear();
  // Of outliers the end of a path says most, of doubts the beginning.
  list_->setTextElideMode(kind() == Kind::Alone ? Qt::ElideMiddle : Qt::ElideRight);
  const std::size_t count = std::min(listing_.rows.size(), kMostRows);
  for (std::size_t i = 0; i < count; ++i) {
    auto* item = new QListWidgetItem(listing_.rows[i].text, list_);
    item->setToolTip(listing_.rows[i].text);
  }
  all_->setEnabled(!listing_.rows.empty());
  all_->setText(listing_.rows.size() > count ? tr("All %1 into the grid").arg(listing_.rows.size()) : tr("All into the grid"));
}

/// The pictures of some rows, of all for none.
void ExploreSuspects::showRows(const std::vector<int>& which) {
  std::vector<std::uint32_t> samples;
  std::vector<QString> notes;
  const auto add = [&](const Row& row) {
    samples.insert(samples.end(), row.samples.begin(), row.samples.end());
    notes.insert(notes.end(), row.notes.begin(), row.notes.end());
  };
  if (which.empty()) {
    std::ranges::for_each(listing_.rows, add);
  }
  for (const int row : which) {
    add(listing_.rows[std::size_t(row)]);
  }
  if (!samples.empty()) {
    source().show(listing_.title, std::move(samples), std::move(notes));
  }
}

}  // namespace lix::app
