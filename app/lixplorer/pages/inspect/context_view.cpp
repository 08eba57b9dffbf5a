// What the context panel shows.
#include <QComboBox>
#include <QLabel>
#include <QPixmap>
#include <QTabBar>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <tuple>

#include "base/text.h"
#include "desk/desk.h"
#include "desk/thumbnails.h"
#include "figures/table_figure.h"
#include "pages/inspect/context_panel.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/panel_parts.h"
#include "shared/reading_figures.h"

namespace lix::app {
namespace {

constexpr int kCards = 24;
constexpr const char* kCosine = "%.3f";
constexpr const char* kDifference = "%+.3f";

imaging::Image toImage(const QPixmap& pixmap) {
  const QImage from = pixmap.toImage().convertToFormat(QImage::Format_RGB888);
  imaging::Image image{from.width(), from.height(), {}};
  image.pixels.resize(std::size_t(from.width()) * std::size_t(from.height()) * 3);
  for (int y = 0; y < from.height(); ++y) {
    std::copy_n(from.constScanLine(y), std::size_t(from.width()) * 3, image.row(y));
  }
  return image;
}

std::string formatted(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

QString percent(double share) { return QString::number(100.0 * share, 'f', share < 0.1 ? 1 : 0) + QStringLiteral("\u00a0%"); }

QString number(double value) { return QString::fromStdString(shortNumber(value)); }

/// Rows that a figure may show: masked ones and the first by weight or contribution.
std::vector<std::size_t> firstRows(const study::ContextReading& reading, figures::ContextOrder order) {
  const auto& keys = order == figures::ContextOrder::Weight ? reading.weights : reading.contributions;
  std::vector<std::size_t> rows(keys.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = i;
  }
  const auto first = std::min<std::size_t>(kCards, rows.size());
  const auto key = [&](std::size_t row) { return std::isfinite(keys[row]) ? -keys[row] : INFINITY; };  // those last
  std::ranges::partial_sort(rows, rows.begin() + std::ptrdiff_t(first), [&](std::size_t a, std::size_t b) {
    return std::tuple(!reading.masked[a], key(a), a) < std::tuple(!reading.masked[b], key(b), b);
  });
  rows.resize(first);
  return rows;
}

/// Three columns of the captions' table, of one model.
void addColumns(const ContextAnswer& answer, const std::string& prefix, figures::TableData& data) {
  for (const char* name : {"own vector", "with context", "difference"}) {
    data.columns.push_back(prefix + name);
  }
  const auto own = std::ranges::max_element(answer.captions, {}, &CaptionCosines::own);
  const auto contextual = std::ranges::max_element(answer.captions, {}, &CaptionCosines::contextual);
  for (std::size_t j = 0; j < answer.captions.size(); ++j) {
    const CaptionCosines& one = answer.captions[j];
    figures::TableRow& row = data.rows[j];
    row.cells.insert(row.cells.end(), {formatted(kCosine, one.own), formatted(kCosine, one.contextual),
                                       formatted(kDifference, one.difference())});
    row.best.insert(row.best.end(), {one.own == own->own, one.contextual == contextual->contextual, false});
  }
}

}  // namespace

std::optional<double> ContextPanel::tau() const {
  const auto found = taus_.find(checkpoint_);
  return found == taus_.end() ? std::nullopt : std::optional(found->second);
}

bool ContextPanel::showsCaptions() const { return tabs_->currentIndex() == 1; }

void ContextPanel::describeTau() {
  for (QWidget* part : std::initializer_list<QWidget*>{tauRow_, shownRow_, tauSaid_}) {
    part->setVisible(pair_.first != nullptr);
  }
  if (!pair_.first) {
    return;
  }
  const ContextAnswer& answer = *pair_.first;
  slider_->setValue(answer.tau.value);
  neighbours_->setText(tr("effective neighbours %1 of %2")
                           .arg(QString::number(answer.reading.effectiveNeighbours, 'f', 1))
                           .arg(std::ranges::count(answer.reading.masked, false)));
  const bool given = answer.tau.source == study::ContextTau::Source::Given;
  const bool learned = answer.learned.has_value();
  own_->setAccessibleName(learned ? tr("The checkpoint's tau_ctx") : tr("The start value of tau_ctx"));
  own_->setToolTip(
      learned ? tr("Takes the tau_ctx that the checkpoint learned. Key: Space.")
              : tr("Takes the tau_ctx at which the effective neighbours are a quarter of the context. Key: Space."));
  own_->setEnabled(tau().has_value());
  tauName_->setText(given ? tr("tau_ctx, set here") : tr("tau_ctx, learned"));
  tauSaid_->setVisible(given);
  tauSaid_->setText(!given            ? tr("tau_ctx is the one that this checkpoint learned.")
                    : answer.quarter ? tr("tau_ctx is not in this checkpoint. It starts where the effective "
                                           "neighbours are a quarter of the context.")
                    : learned
                        ? tr("tau_ctx is set here; the checkpoint learned %1.").arg(number(*answer.learned))
                        : tr("tau_ctx is not in this checkpoint, which was not trained with LIxP: it is set here."));
}

QString ContextPanel::purityText() const {
  if (!pair_.first) {
    return {};
  }
  const auto found = std::ranges::find(pair_.first->purities, labelSet_->currentText().toStdString(), &LabelPurity::set);
  if (found == pair_.first->purities.end()) {
    return {};
  }
  const QString set = QString::fromStdString(found->set), own = QString::fromStdString(found->own);
  if (!found->purity) {
    return own.isEmpty() ? tr("Label purity: the class of the current picture under “%1” is not known.").arg(set)
                         : tr("Label purity: no picture of the context has a class under “%1”.").arg(set);
  }
  if (found->purity->chance == 0.0) {
    return tr("Label purity: no other picture of the context is of the class “%1”, so that none can be attended.").arg(own);
  }
  QString text = tr("Label purity: %1 of the weight lies on pictures of the same class, “%2”; even weights would put %3 "
                    "there.")
                     .arg(percent(found->purity->weight), own, percent(found->purity->chance));
  if (pair_.second) {
    const auto other = std::ranges::find(pair_.second->purities, found->set, &LabelPurity::set);
    if (other != pair_.second->purities.end() && other->purity) {
      text += tr(" Under B it is %1.").arg(percent(other->purity->weight));
    }
  }
  return text;
}

QString ContextPanel::pairText() const {
  const QString problem = otherProblem_.isEmpty() ? QString::fromStdString(pair_.problem) : otherProblem_;
  if (!problem.isEmpty() && !other_.empty()) {
    return tr("Not compared: %1").arg(problem);
  }
  if (!pair_.first || !pair_.second) {
    return otherTask_.isEmpty() ? QString() : tr("The second checkpoint's context is being embedded…");
  }
  const double first = pair_.first->reading.effectiveNeighbours, second = pair_.second->reading.effectiveNeighbours;
  QString text = tr("A: %1 at tau_ctx %2. B: %3 at tau_ctx %4, ")
                     .arg(QString::fromStdString(pair_.first->model), number(pair_.first->tau.value),
                          QString::fromStdString(pair_.second->model), number(pair_.second->tau.value));
  // Repeated pictures, or the ends of what tau may be, can keep B from it.
  text += std::abs(first - second) < 0.01 * first
              ? tr("where its effective neighbours are as many (%1).").arg(QString::number(second, 'f', 1))
              : tr("as near as it comes: %1 effective neighbours.").arg(QString::number(second, 'f', 1));
  text += tr(" Both attend to %1 of the same top %2.").arg(pair_.overlap.shared).arg(pair_.overlap.top);
  if (pair_.overlap.rankCorrelation) {
    text += tr(" Kendall's tau of all weights: %1.").arg(QString::number(*pair_.overlap.rankCorrelation, 'f', 2));
  }
  return text;
}

void ContextPanel::describe() {
  describeTau();
  filling_ = true;
  labelSet_->clear();
  if (pair_.first) {
    for (const LabelPurity& purity : pair_.first->purities) {
      labelSet_->addItem(QString::fromStdString(purity.set));
    }
  }
  labelSet_->setCurrentIndex(std::max(labelSet_->findText(QString::fromStdString(wantedSet_)), labelSet_->count() ? 0 : -1));
  filling_ = false;
  labelSet_->setVisible(labelSet_->count() > 1 && !showsCaptions());
  order_->setVisible(!showsCaptions());
  shownRow_->updateGeometry();
  const QString purity = showsCaptions() ? QString() : purityText(), compared = pair_.first ? pairText() : QString();
  purity_->setText(purity);
  purity_->setVisible(!purity.isEmpty());
  compared_->setText(compared);
  compared_->setVisible(!compared.isEmpty());
}

figures::ContextData ContextPanel::dataOf(const ContextAnswer& answer, const std::vector<bool>& shared) {
  const ContextBase& base = *answer.question.base;
  const auto order = static_cast<figures::ContextOrder>(order_->currentIndex());
  std::vector<LabelledPicture> others(base.pictures.size());
  for (std::size_t i = 0; i < others.size(); ++i) {
    others[i].label = base.labels[i];
  }
  for (const std::size_t row : firstRows(answer.reading, order)) {
    if (const QPixmap small = desk_.thumbnails().get(base.pictures[row]); !small.isNull()) {
      others[row].picture = toImage(small);
    } else {
      waiting_.push_back(base.pictures[row]);
    }
  }
  auto shown = contextData(answer.reading, std::move(others), {*answer.shown, answer.question.picture.label},
                          {answer.model, base.name, answer.tau, kCards});
  for (std::size_t i = 0; i < std::min(shared.size(), shown.items.size()); ++i) {
    shown.items[i].shared = shared[i];
  }
  shown.order = order;
  return shown;
}

void ContextPanel::draw() {
  if (!pair_.first) {
    return;
  }
  waiting_.clear();
  figure_.reset();
  pairFigure_.reset();
  if (!pair_.second) {
    figure_ = std::make_shared<const figures::ContextFigure>(dataOf(*pair_.first, {}));
    view_->setFigure(figure_);
    return;
  }
  auto first = dataOf(*pair_.first, pair_.overlap.first), second = dataOf(*pair_.second, pair_.overlap.second);
  for (auto [shown, answer, letter] : {std::tuple(&first, pair_.first.get(), "A: "), {&second, pair_.second.get(), "B: "}}) {
    shown->headings.title = letter + answer->model;
    shown->headings.subtitle = cat("tau_ctx ", shortNumber(answer->tau.value),
                                  answer->tau.source == study::ContextTau::Source::Checkpoint ? " (learned)." : ".");
  }
  const ContextOverlap& overlap = pair_.overlap;
  pairFigure_ = std::make_shared<const figures::ContextPairFigure>(
      figures::Headings{.title = "What the picture attends to",
                        .subtitle = cat(pair_.first->question.base->name, "; both attend to ", overlap.shared,
                                        " of the same top ", overlap.top, "."),
                        .notes = ""},
      first, second);
  view_->setFigure(pairFigure_);
}

void ContextPanel::drawCaptions() {
  if (!pair_.first || pair_.first->captions.empty()) {
    captionsView_->setEmptyText(tr("Type captions at the left: this shows what the context changes for each."));
    captionsView_->setFigure(nullptr);
    return;
  }
  const ContextAnswer& first = *pair_.first;
  figures::TableData shown{.headings = {.title = "Captions with and without the context",
                                       .subtitle = cat("Cosine of the caption with the vector of ",
                                                       first.question.picture.label, "; context: ",
                                                       first.question.base->name, ". Bold: the nearest caption."),
                                       .notes = ""},
                          .corner = "caption",
                          .columns = {},
                          .rows = {}};
  for (const std::string& caption : first.question.captions) {
    shown.rows.push_back({.name = caption, .cells = {}});
  }
  const bool pair = pair_.second && pair_.second->captions.size() == first.captions.size();
  addColumns(first, pair ? "A: " : "", shown);
  shown.headings.notes = cat(pair ? "A: " : "", first.model, ", tau_ctx ", shortNumber(first.tau.value), ".");
  if (pair) {
    addColumns(*pair_.second, "B: ", shown);
    shown.headings.notes += cat(" B: ", pair_.second->model, ", tau_ctx ", shortNumber(pair_.second->tau.value), ".");
  }
  captionsView_->setFigure(std::make_shared<const figures::TableFigure>(std::move(shown)));
}

QString ContextPanel::hint(const QPointF& at) const {
  const QRectF rect = view_->figureRect();
  const auto hintOf = [&](const figures::ContextFigure& figure, const QRectF& place) -> QString {
    for (const auto& card : figure.cards(place)) {
      if (!card.picture.united(card.label).contains(at)) {
        continue;
      }
      const figures::ContextItem& item = figure.items()[std::size_t(card.item)];
      const QString label = QString::fromStdString(item.label).left(200);
      if (item.masked) {
        return tr("%1\nThe picture itself: masked, as in training, so its weight is 0.").arg(label);
      }
      const QString text = tr("%1\nweight %2: its share of the attention\ncontribution %3: weight × norm of its vector")
                               .arg(label, number(item.weight), number(item.contribution));
      return item.shared ? text + tr("\nOne of the top %1 under both checkpoints.").arg(pair_.overlap.top) : text;
    }
    return {};
  };
  if (pairFigure_) {
    const auto [first, second] = pairFigure_->places(rect);
    const QString text = hintOf(pairFigure_->part(0), first);
    return text.isEmpty() ? hintOf(pairFigure_->part(1), second) : text;
  }
  return figure_ ? hintOf(*figure_, rect) : QString();
}

}  // namespace lix::app
