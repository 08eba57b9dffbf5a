#include "pages/compare/neighbours_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QResizeEvent>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/desk.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/compare/comparison_text.h"

namespace lix::app {
namespace {

constexpr int kSide = 64, kUsualCount = 8, kMostCount = 50;
constexpr double kPercent = 100.0;
const QString kOtherClass = QStringLiteral("\u2260 ");  // not the cross of a wrong answer

QString text(const std::string& words) { return QString::fromStdString(words); }

}  // namespace

Result<study::NeighbourOverlap> pairOverlap(const PairVectors& vectors, std::size_t k, std::stop_token stop) {
  const std::size_t count = vectors.pictures.size(), kept = std::min(count, kMostOverlapped);
  if (kept == count) {
    return study::neighbourOverlap(vectors.matrix(0), vectors.matrix(1), k, stop);
  }
  std::array<std::vector<float>, 2> some;
  for (std::size_t model = 0; model < 2; ++model) {
    const adapt::Matrix all = vectors.matrix(model);
    for (std::size_t i = 0; i < kept; ++i) {
      const auto row = all.row(i * count / kept);
      some[model].insert(some[model].end(), row.begin(), row.end());
    }
  }
  return study::neighbourOverlap({some[0], kept, vectors.of[0].width}, {some[1], kept, vectors.of[1].width}, k, stop);
}

NeighboursPanel::NeighboursPanel(Desk& desk, jobs::Lane& lane, QWidget* parent)
    : ComparePanel(parent),
      relay_(lane),
      overlap_(lane),
      count_(new QSpinBox),
      said_(words("compare.neighbours.said")),
      whole_(words("compare.neighbours.whole")),
      halves_(new QBoxLayout(QBoxLayout::LeftToRight)) {
  for (auto& model : models_) {
    model = new PictureModel(desk, this);
  }
  build();
  connect(count_, &QSpinBox::valueChanged, this, [this] {
    overlap_.forget();
    ask();
    askOverlap();
  });
  for (std::size_t i = 0; i < grids_.size(); ++i) {
    connect(grids_[i], &QAbstractItemView::activated, this, [this, i](const QModelIndex& at) {
      if (at.isValid() && std::size_t(at.row()) < positions_[i].size()) {
        Q_EMIT pictureAsked(positions_[i][std::size_t(at.row())]);
      }
    });
  }
}

void NeighboursPanel::build() {
  count_->setObjectName("compare.neighbours.count");
  count_->setRange(1, kMostCount);
  count_->setValue(kUsualCount);
  count_->setAccessibleName(tr("Neighbours"));
  count_->setToolTip(tr("So many nearest pictures; arrows change it."));
  count_->setPrefix(tr("nearest "));
  auto* head = new QHBoxLayout;
  head->addWidget(count_, 0, Qt::AlignTop);
  head->addWidget(said_, 1);
  for (std::size_t i = 0; i < grids_.size(); ++i) {
    grids_[i] = new widgets::ImageGrid;
    grids_[i]->setObjectName(i == 0 ? "compare.neighbours.a" : "compare.neighbours.b");
    grids_[i]->setAccessibleName(i == 0 ? tr("Nearest by A") : tr("Nearest by B"));
    grids_[i]->setToolTip(tr("The nearest first. Enter or a double click chooses a picture."));
    grids_[i]->setModel(models_[i]);
    grids_[i]->setSide(kSide);
    grids_[i]->keepBadgeRoom();
    auto* half = new QVBoxLayout;
    half->setSpacing(2);
    half->addWidget(new QLabel(i == 0 ? tr("Nearest by A") : tr("Nearest by B")));
    half->addWidget(grids_[i], 1);
    halves_->addLayout(half, 1);
  }
  column()->addLayout(head);
  column()->addLayout(halves_, 1);
  column()->addWidget(whole_);
  clear({});
}

void NeighboursPanel::look(const CompareView& view) {
  const bool moved = view.comparison != comparison_ || view.picture != picture_;
  comparison_ = view.comparison;
  picture_ = view.picture;
  if (moved) {
    ask();
  }
  askOverlap();
}

void NeighboursPanel::rest() {
  if (relay_.busy()) {
    relay_.drop();
    comparison_ = nullptr;
  }
  overlap_.rest();
}

void NeighboursPanel::clear(const QString& why) {
  relay_.drop();
  said_->setText(why);
  for (std::size_t i = 0; i < grids_.size(); ++i) {
    positions_[i].clear();
    models_[i]->setItems(std::vector<PictureItem>());
  }
}

void NeighboursPanel::ask() {
  if (comparison_ == nullptr) {
    return clear(tr("Compare two checkpoints to see what is near to what."));
  }
  const auto row = picture_ ? comparison_->vectors.rowOf(*picture_) : std::nullopt;
  const std::size_t all = comparison_->vectors.pictures.size();
  if (!picture_ || !row || all < 2) {
    return clear(!picture_ ? tr("Select a picture to see its nearest others by A and by B.")
                 : all < 2 ? tr("There is no other picture.")
                           : tr("This picture is none of those whose vectors were kept; choose another."));
  }
  const std::size_t k = std::min(std::size_t(count_->value()), all - 1);
  relay_.ask(
      [comparison = comparison_, row = *row, k](std::stop_token) {
        return study::neighboursOf(comparison->vectors.matrix(0), comparison->vectors.matrix(1), row, k);
      },
      [this](const Result<study::PictureNeighbours>& found) {
        found ? show(*found) : clear(text(found.error().message));
      });
}

void NeighboursPanel::show(const study::PictureNeighbours& found) {
  const ComparedPicture& own = comparison_->pictures[*picture_];
  for (std::size_t i = 0; i < grids_.size(); ++i) {
    const auto& list = i == 0 ? found.first : found.second;
    const auto& changed = i == 0 ? found.left : found.entered;
    std::vector<PictureItem> items;
    positions_[i].clear();
    for (std::size_t at = 0; at < list.size(); ++at) {
      const std::size_t position = comparison_->vectors.pictures[list[at].row];
      const ComparedPicture& picture = comparison_->pictures[position];
      const QString name = text(comparison_->classes[std::size_t(picture.label)]);
      const QString cosine = signedNumber(double(list[at].cosine), 3);
      const QString change = !changed[at] ? QString() : i == 0 ? tr("left") : tr("entered");
      items.push_back({.picture = data::PictureRef::sample(comparison_->order.dataset, picture.key),
                       .caption = shownName(*comparison_, picture),
                       .detail = picture.label == own.label ? cosine : kOtherClass + cosine,
                       .badge = change,
                       .frame = picture.label == own.label ? widgets::GridFrame::Right : widgets::GridFrame::None,
                       .tip = tr("%1\nclass %2, cosine %3%4")
                                  .arg(text(picture.name), name, cosine, change.isEmpty() ? QString() : ", " + change)});
      positions_[i].push_back(position);
    }
    models_[i]->setItems(std::move(items));
  }
  const auto same = std::count(found.left.begin(), found.left.end(), false);
  QString words = tr("%1 of %2 are the same.").arg(same).arg(found.left.size());
  if (found.rankCorrelation) {
    words += " " + tr("Order of all others: Kendall's tau %1.").arg(signedNumber(*found.rankCorrelation, 2));
  }
  said_->setText(words);
}

void NeighboursPanel::askOverlap() {
  overlap_.look(
      comparison_,
      [k = std::size_t(count_->value())](const Comparison& comparison, std::stop_token stop) {
        const std::size_t all = comparison.vectors.pictures.size();
        return pairOverlap(comparison.vectors, std::min(k, all < 2 ? 1 : std::min(all, kMostOverlapped) - 1), stop);
      },
      [this] { showWords(); });
  if (overlap_.busy()) {
    whole_->setText(tr("All pictures: being counted."));
  }
}

void NeighboursPanel::showWords() {
  const auto* made = overlap_.made();
  if (made == nullptr || !*made) {
    whole_->setText(made == nullptr ? QString() : text(made->error().message));
    return;
  }
  const study::NeighbourOverlap& all = **made;
  whole_->setText(tr("Over %1 pictures the lists share %2 % in the mean; lists by chance would share %3 %. A green frame: "
                     "of the same class; \u2260: of another.")
                      .arg(all.of.size())
                      .arg(kPercent * all.mean, 0, 'f', 1)
                      .arg(kPercent * all.chance, 0, 'f', 1));
}

void NeighboursPanel::resizeEvent(QResizeEvent* event) {
  ComparePanel::resizeEvent(event);
  halves_->setDirection(width() >= height() ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

QJsonObject NeighboursPanel::state() const { return {{"count", count_->value()}}; }

void NeighboursPanel::restore(const QJsonObject& state) { count_->setValue(state["count"].toInt(kUsualCount)); }

}  // namespace lix::app
