#include "pages/compare/context_pair_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "desk/dataset_shelf.h"
#include "desk/desk.h"
#include "figure_view/figure_view.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/fit_area.h"
#include "shared/reading_figures.h"

namespace lix::app {
namespace {

constexpr double kLeastTauContext = 0.001, kMostTauContext = 10.0, kQuarter = 0.25;
constexpr std::size_t kTop = 10;
constexpr double kSmaller = 0.8;  // can still be read
constexpr int kCards = 12, kMostNeighbours = 512;

QString text(const std::string& words) { return QString::fromStdString(words); }

/// So many of the heaviest pictures are decoded.
std::vector<std::size_t> heaviest(const std::vector<double>& weights, std::size_t most) {
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return weights[i]; });
  order.resize(std::min(order.size(), most));
  return order;
}

figures::ContextPairFigure figureOf(std::array<figures::ContextData, 2> data, int most, const char* title) {
  for (figures::ContextData& one : data) {
    one.most = most;
  }
  return {figures::Headings{.title = title, .subtitle = "", .notes = ""}, data[0], data[1]};
}

}  // namespace

std::shared_ptr<const figures::Figure> fittedContext(const std::array<figures::ContextData, 2>& data, QSizeF room) {
  using figures::ContextPairFigure;
  const auto whole = std::make_shared<const ContextPairFigure>(figureOf(data, kCards, "What the picture attends to"));
  std::shared_ptr<const figures::Figure> best;
  int shown = 0;
  double scale = 1.0;
  for (const double size : {1.0, kSmaller}) {
    const auto fits = [&](const figures::Figure& figure) {
      return figure.heightFor(room.width() / size) * size <= room.height();
    };
    for (int most = kCards; most > shown; --most) {
      auto figure = std::make_shared<const ContextPairFigure>(figureOf(data, most, ""));  // the panel is titled
      if (fits(*figure)) {
        best = std::move(figure);
        shown = most;
        scale = size;
        break;
      }
    }
  }
  if (best == nullptr) {
    return whole;
  }
  return std::make_shared<const FittedFigure>(whole, best, room, scale);
}

Result<PairAttention> pairAttention(const Comparison& comparison, std::size_t picture,
                                    std::optional<double> neighbours) {
  const auto row = comparison.vectors.rowOf(picture);
  if (!row) {
    return fail(ErrorCode::BadInput, "This picture is none of those whose vectors were kept; choose another.");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (!comparison.context.sets[i]) {
      return fail(ErrorCode::BadInput, cat(i == 0 ? "A" : "B", " is a Llip: it has no image vector that could attend to ",
                                           "others, so there is no context to compare."));
    }
  }
  const std::uint64_t hash = comparison.hashes[picture];
  const auto query = [&](std::size_t i) { return comparison.vectors.matrix(i).row(*row); };
  const auto set = [&](std::size_t i) -> const study::ContextSet& { return *comparison.context.sets[i]; };
  PairAttention found;
  // Who leads has learned its tau_ctx; the other gets as many neighbours.
  const std::size_t lead = comparison.facts[1].tauContext || !comparison.facts[0].tauContext ? 1 : 0;
  const auto learned = comparison.facts[lead].tauContext;
  const double asked = neighbours.value_or(kQuarter * double(set(lead).hashes.size()));
  for (const std::size_t i : {lead, 1 - lead}) {
    const bool own = i == lead && learned && !neighbours;
    const double wanted = i == lead || neighbours ? asked : found.readings[lead].effectiveNeighbours;
    double tau = own ? *learned : 0.0;
    if (!own) {
      LIX_TRY(tau, study::tauOfNeighbours(query(i), hash, set(i), wanted, kLeastTauContext, kMostTauContext));
    }
    found.taus[i] = {tau, own ? study::ContextTau::Source::Checkpoint : study::ContextTau::Source::Given};
    LIX_TRY(found.readings[i], study::readContext(query(i), hash, set(i), tau));
  }
  found.overlap = study::weightOverlap(found.readings[0].weights, found.readings[0].masked, found.readings[1].weights,
                                       found.readings[1].masked, kTop);
  return found;
}

ContextPairPanel::ContextPairPanel(Desk& desk, jobs::Lane& lane, QWidget* parent)
    : ComparePanel(parent),
      desk_(desk),
      relay_(lane),
      neighbours_(new QSpinBox),
      said_(words("compare.context.said")),
      view_(newFigure("compare.context", tr("What A and B attend to"))) {
  neighbours_->setObjectName("compare.context.neighbours");
  neighbours_->setRange(0, kMostNeighbours);
  neighbours_->setSpecialValueText(tr("as learned"));
  neighbours_->setSuffix(tr(" neighbours"));
  neighbours_->setAccessibleName(tr("Effective neighbours"));
  neighbours_->setToolTip(tr("Both models attend to so many effective neighbours, whatever their temperatures; lowest: as "
                             "many as the checkpoint with a learned tau_ctx does. Arrows change it."));
  auto* head = new QHBoxLayout;
  head->addWidget(neighbours_, 0, Qt::AlignTop);
  head->addWidget(said_, 1);
  column()->addLayout(head);
  area_ = new FitArea(view_);
  column()->addWidget(area_, 1);
  connect(neighbours_, &QSpinBox::valueChanged, this, &ContextPairPanel::ask);
}

void ContextPairPanel::look(const CompareView& view) {
  if (view.comparison == comparison_ && view.picture == picture_ && comparison_ != nullptr) {
    return;
  }
  comparison_ = view.comparison;
  picture_ = view.picture;
  ask();
}

void ContextPairPanel::rest() {
  if (relay_.busy()) {
    relay_.drop();
    comparison_ = nullptr;
  }
}

void ContextPairPanel::clear(const QString& why) {
  relay_.drop();
  said_->clear();
  view_->setEmptyText(why);
  area_->setMake({});
}

Result<ContextPairPanel::Shown> ContextPairPanel::read(const Comparison& comparison, std::size_t picture,
                                                       std::optional<double> neighbours, const DatasetShelf& datasets,
                                                       std::stop_token stop) {
  Shown shown;
  LIX_TRY(shown.attention, pairAttention(comparison, picture, neighbours));
  const PairContext& context = comparison.context;
  const auto pixels = [&](const std::string& key) {
    const auto loaded = datasets.load(data::PictureRef::sample(comparison.order.dataset, key));
    return loaded ? *loaded : imaging::Image();  // its card says its class all the same
  };
  const imaging::Image query = pixels(comparison.pictures[picture].key);
  const std::string own = comparison.classes[std::size_t(comparison.pictures[picture].label)];
  for (std::size_t i = 0; i < 2; ++i) {
    const study::ContextReading& reading = shown.attention.readings[i];
    std::vector<LabelledPicture> others;
    for (const std::string& label : context.labels) {
      others.push_back({{}, label});
    }
    for (const std::size_t at : heaviest(reading.weights, std::size_t(kCards))) {
      if (stop.stop_requested()) {
        return fail(ErrorCode::Cancelled, "The context was not asked for any more.");
      }
      others[at].picture = pixels(context.keys[at]);
    }
    shown.data[i] = contextData(reading, std::move(others), {query, own},
                          {.model = comparison.facts[i].name,
                           .context = cat(context.keys.size(), context.support ? " pictures of the support" : " of the compared pictures"),
                           .tau = shown.attention.taus[i],
                           .most = kCards});
    shown.data[i].headings.title = cat(i == 0 ? "A" : "B");
    for (std::size_t at = 0; at < shown.data[i].items.size(); ++at) {
      shown.data[i].items[at].shared = shown.attention.overlap.both[at];
    }
  }
  return shown;
}

void ContextPairPanel::ask() {
  if (comparison_ == nullptr || !picture_) {
    return clear(comparison_ == nullptr ? tr("Compare two checkpoints to see what they attend to.")
                                        : tr("Select a picture to see what it attends to by A and by B."));
  }
  const auto wanted = neighbours_->value() == 0 ? std::nullopt : std::optional(double(neighbours_->value()));
  relay_.ask([comparison = comparison_, picture = *picture_, wanted, &datasets = desk_.datasets()](
                 std::stop_token stop) { return read(*comparison, picture, wanted, datasets, stop); },
             [this](const Result<Shown>& shown) {
               if (!shown) {
                 return clear(text(shown.error().message));
               }
               const PairAttention& both = shown->attention;
               QString words = tr("Effective neighbours: A %1, B %2; tau_ctx %3 and %4. Of the %5 highest weights %6 are "
                                  "the same.")
                                   .arg(both.readings[0].effectiveNeighbours, 0, 'f', 1)
                                   .arg(both.readings[1].effectiveNeighbours, 0, 'f', 1)
                                   .arg(text(shortNumber(both.taus[0].value)), text(shortNumber(both.taus[1].value)))
                                   .arg(both.overlap.top)
                                   .arg(both.overlap.shared);
               if (both.overlap.rankCorrelation) {
                 words += " " + tr("Order of all: Kendall's tau %1.").arg(signedNumber(*both.overlap.rankCorrelation, 2));
               }
               said_->setText(words);
               area_->setMake([data = shown->data](QSizeF room) { return fittedContext(data, room); });
             });
}

QJsonObject ContextPairPanel::state() const { return {{"neighbours", neighbours_->value()}}; }

void ContextPairPanel::restore(const QJsonObject& state) { neighbours_->setValue(state["neighbours"].toInt(0)); }

}  // namespace lix::app
