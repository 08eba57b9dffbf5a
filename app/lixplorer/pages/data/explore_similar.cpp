#include "pages/data/explore_similar.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <span>

#include "desk/checkpoint_shelf.h"
#include "desk/payload.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kUsual = 200, kMost = 100'000;

QString counted(std::size_t pictures) {
  return pictures == 1 ? ExploreSimilar::tr("the selected picture")
                       : ExploreSimilar::tr("%1 selected pictures").arg(pictures);
}

}  // namespace

ExploreSimilar::ExploreSimilar(ExploreSource& source)
    : ExplorePanel(source, "data.similar"), asking_(source.desk().interactive()) {
  setAcceptDrops(true);
  build();
  connect(selected_, &QPushButton::clicked, this, &ExploreSimilar::findSelected);
  connect(find_, &QPushButton::clicked, this, &ExploreSimilar::findCaption);
  connect(caption_, &QLineEdit::returnPressed, this, &ExploreSimilar::findCaption);
  connect(caption_, &QLineEdit::textChanged, this, &ExploreSimilar::follow);
  connect(&source, &ExploreSource::changed, this, &ExploreSimilar::follow);
  connect(&source.page(), &DataPage::selectionChanged, this, &ExploreSimilar::follow);
  say(tr("Select pictures, type a caption, or drop a picture here: the nearest ones come into the grid."));
  follow();
}

void ExploreSimilar::build() {
  selected_ = button("Selected", tr("Nearest to the selected"), tr("Find the pictures nearest to the selected ones"),
                     tr("Finds what lies nearest to the mean of the selected pictures (Ctrl+Shift+N)."));
  selected_->setIcon(widgets::icon("picture"));
  caption_ = new QLineEdit;
  caption_->setObjectName("data.similarCaption");
  caption_->setAccessibleName(tr("Caption to look near to"));
  caption_->setPlaceholderText(tr("a caption"));
  caption_->setToolTip(tr("Finds the pictures that the checkpoint's text tower puts nearest to this caption (Return)."));
  caption_->setClearButtonEnabled(true);
  caption_->setMaxLength(2000);
  caption_->setAcceptDrops(false);
  find_ = button("Find", tr("Find"), tr("Find the pictures nearest to the caption"),
                 tr("Finds the pictures nearest to the caption (Return in its field)."));
  find_->setIcon(widgets::icon("search"));
  count_ = new QSpinBox;
  count_->setObjectName("data.similarCount");
  count_->setAccessibleName(tr("How many pictures are found"));
  count_->setToolTip(tr("How many of the nearest pictures come into the grid (Up and Down change it)."));
  count_->setRange(1, kMost);
  count_->setValue(kUsual);
  count_->setGroupSeparatorShown(true);
  auto* howMany = new QLabel(tr("How many"));
  howMany->setBuddy(count_);
  auto* words = new QHBoxLayout;
  words->addWidget(caption_, 1);
  words->addWidget(find_);
  auto* number = new QHBoxLayout;
  number->addWidget(howMany);
  number->addWidget(count_);
  number->addStretch(1);
  column()->addWidget(selected_);
  column()->addLayout(words);
  column()->addLayout(number);
  finish();
  column()->addStretch(1);
}

QJsonObject ExploreSimilar::state() const { return {{"caption", caption_->text()}, {"count", count_->value()}}; }

void ExploreSimilar::restore(const QJsonObject& state) {
  caption_->setText(state["caption"].toString());
  count_->setValue(state["count"].toInt(kUsual));
}

void ExploreSimilar::follow() {
  const bool can = source().problem().isEmpty();
  selected_->setEnabled(can && !source().page().selectedSamples().empty());
  find_->setEnabled(can && !caption_->text().trimmed().isEmpty());
}

void ExploreSimilar::findSelected() {
  const std::vector<std::uint32_t> selected = source().page().selectedSamples();
  if (selected.empty()) {
    say(tr("Select pictures in the grid first: Ctrl and a click takes several."));
    return;
  }
  find(tr("Nearest to %1").arg(counted(selected.size())),
       [selected](const ExploreVectors& vectors, std::stop_token) -> Result<std::vector<float>> {
         const auto rows = vectors.rowsOf(selected);
         if (rows.empty()) {
           return fail(ErrorCode::BadInput, "None of the selected pictures could be read; select others.");
         }
         return vectors.rows.meanDirection(rows);
       });
}

void ExploreSimilar::findCaption() {
  const QString caption = caption_->text().trimmed();
  if (caption.isEmpty()) {
    say(tr("Type a caption first."));
    return;
  }
  find(tr("Nearest to \"%1\"").arg(caption),
       [shelf = &source().desk().checkpoints(), text = caption.toStdString()](
           const ExploreVectors& vectors, std::stop_token) -> Result<std::vector<float>> {
         LIX_TRY(const auto reader, shelf->open(vectors.checkpoint));
         if (reader->facts().towerKey != vectors.towerKey) {
           return fail(ErrorCode::BadInput, "The checkpoint's weights were replaced meanwhile; choose another checkpoint "
                                            "and this one again.");
         }
         LIX_TRY(auto found, reader->captionVectors({text}));
         return std::move(found.values);
       });
}

void ExploreSimilar::findPicture(const data::PictureRef& picture) {
  find(tr("Nearest to %1").arg(QString::fromStdString(data::shortName(picture))),
       [shelf = &source().desk().checkpoints(), sets = &source().desk().datasets(), picture](
           const ExploreVectors& vectors, std::stop_token) -> Result<std::vector<float>> {
         LIX_TRY(const auto reader, shelf->open(vectors.checkpoint));
         LIX_TRY(const imaging::Image image, sets->load(picture));
         LIX_TRY(const auto features, reader->embed(std::span(&image, 1)));
         return reader->unitVectors(features).values;
       });
}

void ExploreSimilar::find(const QString& title, Query query) {
  source().withVectors([this, title, query = std::move(query)](const ExploreSource::Vectors& vectors) {
    using Found = Result<std::vector<adapt::Neighbour>>;
    asking_.ask(
        [vectors, query, count = std::size_t(count_->value())](std::stop_token stop) -> Found {
          LIX_TRY(const auto vector, query(*vectors, stop));
          return adapt::nearest(vector, vectors->rows.view(), count);
        },
        [this, title, vectors](Found found) {
          if (!found) {
            say(QString::fromStdString(found.error().message));
          } else if (vectors == source().vectors()) {
            show(title, *vectors, *found);
          }
        });
  });
}

void ExploreSimilar::show(const QString& title, const ExploreVectors& vectors,
                          const std::vector<adapt::Neighbour>& found) {
  std::vector<std::uint32_t> samples;
  std::vector<QString> notes;
  for (const adapt::Neighbour& one : found) {
    samples.push_back(vectors.samples[one.row]);
    notes.push_back(tr("cosine %1").arg(double(one.cosine), 0, 'f', 3));
  }
  const QString range = found.empty() ? QString()
                                      : tr(" with cosines from %1 to %2")
                                            .arg(double(found.front().cosine), 0, 'f', 3)
                                            .arg(double(found.back().cosine), 0, 'f', 3);
  say(tr("%1: %2 pictures%3, by %4%5.")
          .arg(title)
          .arg(found.size())
          .arg(range, QString::fromStdString(vectors.model),
               vectors.pooled ? tr(" (the even mixture of a picture's tokens)") : QString()));
  source().show(title, std::move(samples), std::move(notes));
}

void ExploreSimilar::dragEnterEvent(QDragEnterEvent* event) {
  if (canRead(*event->mimeData())) {
    event->setDropAction(Qt::CopyAction);
    event->accept();
  }
}

void ExploreSimilar::dropEvent(QDropEvent* event) {
  const Payload payload = fromMime(*event->mimeData());
  event->setDropAction(Qt::CopyAction);
  event->accept();
  if (!payload.pictures.empty()) {
    findPicture(payload.pictures.front());
  } else if (!payload.captions.empty()) {
    caption_->setText(QString::fromStdString(payload.captions.front()));
    findCaption();
  } else {
    say(tr("Drop a picture or a caption here; folders and tables go onto the page."));
  }
}

}  // namespace lix::app
