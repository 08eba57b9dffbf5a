#include "figures/context_figure.h"

#include <algorithm>
#include <cmath>

#include "base/csv.h"
#include "base/text.h"
#include "figures/axis.h"
#include "figures/parts.h"

namespace lix::figures {
namespace {

constexpr double kGap = 16.0;
constexpr double kBarHeight = 6.0;
constexpr double kBarLine = 13.0;
constexpr double kNumberGap = 5.0;  // between a bar and its number
constexpr int kLabelLines = 2;
constexpr double kQueryGap = 24.0;

constexpr double kNarrow = 360.0;     // below it the query stands above the cards
constexpr double kPairWidth = 680.0;  // below it the two of a pair stand one below the other
constexpr int kSharedColour = 2;

std::vector<LegendEntry> legendOf(const std::vector<ContextItem>& items, Theme theme) {
  std::vector<LegendEntry> entries{
      {QStringLiteral("weight"), {categorical(theme, 0)}, Swatch::Box},
      {QStringLiteral("contribution (weight × norm of value)"), {categorical(theme, 1)}, Swatch::Box}};
  if (std::ranges::find(items, true, &ContextItem::shared) != items.end()) {
    entries.push_back({QStringLiteral("in the top list of both"), {categorical(theme, kSharedColour)}, Swatch::Frame});
  }
  return entries;
}

double finite(double value) { return std::isfinite(value) ? std::max(value, 0.0) : 0.0; }

}  // namespace

struct ContextFigure::Grid {
  double query = 1.0;
  int columns = 1;
  int rows = 1;
  double card = 1.0;
  double cardHeight = 1.0;
  double legend = 0.0;
  double number = 0.0;      // room for the widest number beside a bar
  double left = 0.0, top = 0.0;  // of legend and cards in the body
  bool above() const { return left == 0.0; }
};

ContextFigure::ContextFigure(ContextData data) : data_(std::move(data)), highestWeight_(finite(data_.highestWeight)) {
  const auto key = data_.order == ContextOrder::Weight ? &ContextItem::weight : &ContextItem::contribution;
  std::stable_sort(data_.items.begin(), data_.items.end(), [&](const ContextItem& a, const ContextItem& b) {
    return a.masked != b.masked ? a.masked : finite(a.*key) > finite(b.*key);
  });
  for (const ContextItem& item : data_.items) {
    if (!item.masked) {
      highestWeight_ = std::max(highestWeight_, finite(item.weight));
      highestContribution_ = std::max(highestContribution_, finite(item.contribution));
    }
  }
}

int ContextFigure::shown() const { return std::min(int(data_.items.size()), std::max(data_.most, 1)); }

Headings ContextFigure::headings() const {
  Headings headings = data_.headings;
  int context = 0;
  for (const ContextItem& item : data_.items) {
    context += item.masked ? 0 : 1;
  }
  const std::string said =
      cat("Effective neighbours: ", shortText(data_.effectiveNeighbours).toStdString(), " of ", context, ".");
  headings.subtitle = headings.subtitle.empty() ? said : headings.subtitle + (headings.subtitle.ends_with('.') ? " " : ". ") + said;
  if (const int hidden = int(data_.items.size()) - shown(); hidden > 0) {
    double rest = 0.0;
    for (std::size_t i = std::size_t(shown()); i < data_.items.size(); ++i) {
      rest += finite(data_.items[i].weight);
    }
    const std::string more =
        cat("Not shown: ", hidden, " more with a total weight of ", shortText(rest).toStdString(), ".");
    headings.notes = headings.notes.empty() ? more : headings.notes + " " + more;
  }
  return headings;
}

ContextFigure::Grid ContextFigure::grid(double bodyWidth) const {
  Grid grid;
  const bool narrow = bodyWidth < kNarrow;
  grid.query = narrow ? 64.0 : bodyWidth < 520 ? 96.0 : 136.0;
  grid.left = narrow ? 0.0 : grid.query + kQueryGap;
  grid.top = narrow ? grid.query + 16.0 : 0.0;
  const double area = std::max(bodyWidth - grid.left, 60.0);
  grid.columns = std::max(1, int(std::floor((area + kGap) / (88.0 + kGap))));
  grid.rows = std::max(1, (shown() + grid.columns - 1) / grid.columns);
  grid.card = std::min((area - (grid.columns - 1) * kGap) / grid.columns, 120.0);
  double label = 0.0;
  for (int i = 0; i < shown(); ++i) {
    for (const double value : {data_.items[std::size_t(i)].weight, data_.items[std::size_t(i)].contribution}) {
      grid.number = std::max(grid.number, kNumberGap + textWidth(shortText(value), font(TextRole::Small)));
    }
    const TextBlock block(data_.items[std::size_t(i)].label, font(TextRole::Small), grid.card, kLabelLines);
    label = std::max(label, block.height());
  }
  grid.legend = placeLegend(legendOf(data_.items, Theme::Light), {}, area, nullptr, Theme::Light) + 9;
  grid.cardHeight = grid.card + 5 + 2 * kBarLine + 3 + label;
  return grid;
}

double ContextFigure::naturalWidth() const { return 780.0; }

double ContextFigure::heightFor(double width) const {
  const Grid part = grid(width - 2 * kMargin);
  const double cards = part.top + part.legend + part.rows * part.cardHeight + (part.rows - 1) * 12;
  return headingsHeight(headings(), width) + (part.above() ? cards : std::max(cards, part.legend + part.query + 40));
}

std::vector<ContextFigure::Card> ContextFigure::cards(const QRectF& rect) const {
  const QRectF body = placeHeadings(headings(), rect, nullptr, Theme::Light);
  const Grid part = grid(body.width());
  std::vector<Card> cards;
  for (int i = 0; i < shown(); ++i) {
    const double x = body.left() + part.left + (i % part.columns) * (part.card + kGap);
    const double y = body.top() + part.top + part.legend + (i / part.columns) * (part.cardHeight + 12);
    const double bar = std::max(part.card - part.number, 8.0);
    const double first = y + part.card + 5 + (kBarLine - kBarHeight) / 2;
    const double labelTop = y + part.card + 5 + 2 * kBarLine + 3;
    cards.push_back({.item = i,
                     .picture = QRectF(x, y, part.card, part.card),
                     .weightBar = QRectF(x, first, bar, kBarHeight),
                     .contributionBar = QRectF(x, first + kBarLine, bar, kBarHeight),
                     .label = QRectF(x, labelTop, part.card, part.cardHeight - (labelTop - y))});
  }
  return cards;
}

namespace {

void drawBar(QPainter& painter, const QRectF& track, double right, double value, double highest, const QColor& colour, Theme theme) {
  painter.fillRect(track, palette(theme).grid);
  const double share = highest > 0 ? finite(value) / highest : 0.0;
  painter.fillRect(QRectF(track.left(), track.top(), track.width() * std::min(share, 1.0), track.height()), colour);
  drawLine(painter, {right, track.center().y()}, shortText(value), font(TextRole::Small),
           palette(theme).muted, Anchor::Right);
}

void drawMaskedSelf(QPainter& painter, const ContextFigure::Card& card, const QRectF& shown, Theme theme) {
  QColor veil = palette(theme).background;
  veil.setAlphaF(0.62F);
  painter.fillRect(shown, veil);
  drawHatch(painter, shown, palette(theme).ink);
  painter.setPen(penOf(palette(theme).ink, 1.2, Dash::Dashed));
  painter.drawRect(shown);
  const TextBlock text(QStringLiteral("masked: weight 0"), font(TextRole::Small), card.picture.width(), 2);
  text.draw(painter, {card.picture.left(), card.picture.bottom() + 5}, palette(theme).ink);
}

void drawShared(QPainter& painter, const QRectF& shown, Theme theme) {
  const QColor colour = categorical(theme, kSharedColour);
  QPen pen = penOf(colour, 2.5);
  pen.setJoinStyle(Qt::MiterJoin);
  painter.setPen(pen);
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(shown);
  const QString text = QStringLiteral("both");
  const QRectF tag(shown.topLeft(), QSizeF(textWidth(text, font(TextRole::Small)) + 10, 15));
  painter.fillRect(tag, colour);
  drawLine(painter, tag.center(), text, font(TextRole::Small), palette(theme).background, Anchor::Middle);
}

}  // namespace

void ContextFigure::drawQuery(QPainter& painter, const QPointF& topLeft, const Grid& part, Theme theme) const {
  const double top = topLeft.y() + (part.above() ? 0.0 : part.legend);
  const QRectF query(topLeft.x(), top, part.query, part.query);
  const QRectF shown = drawPicture(painter, query, toQImage(data_.query), theme);
  const double x = part.above() ? query.right() + 10 : topLeft.x();
  drawLine(painter, {x, topLeft.y() + 8.5}, QStringLiteral("query"), font(TextRole::PanelTitle), palette(theme).ink);
  const double width = part.above() ? std::max(part.card * part.columns - part.query, 60.0) : part.query;
  const TextBlock label(data_.queryLabel, font(TextRole::Label), width, 3);
  label.draw(painter, {x, part.above() ? topLeft.y() + 18 : shown.bottom() + 6}, palette(theme).ink);
}

void ContextFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(headings(), rect, &painter, theme);
  const Grid part = grid(body.width());
  const QColor weightColour = categorical(theme, 0);
  const QColor contributionColour = categorical(theme, 1);
  const double left = body.left() + part.left;
  placeLegend(legendOf(data_.items, theme), {left, body.top() + part.top}, body.right() - left, &painter, theme);
  drawQuery(painter, body.topLeft(), part, theme);
  for (const Card& card : cards(rect)) {
    const ContextItem& item = data_.items[std::size_t(card.item)];
    const QRectF shown = drawPicture(painter, card.picture, toQImage(item.picture), theme);
    if (item.masked) {
      drawMaskedSelf(painter, card, shown, theme);
    } else {
      if (item.shared) {
        drawShared(painter, shown, theme);
      }
      drawBar(painter, card.weightBar, card.picture.right(), item.weight, highestWeight_, weightColour, theme);
      drawBar(painter, card.contributionBar, card.picture.right(), item.contribution, highestContribution_,
              contributionColour, theme);
    }
    const TextBlock text(item.label, font(TextRole::Small), card.label.width(), kLabelLines);
    text.draw(painter, card.label.topLeft(), palette(theme).ink);
  }
  if (data_.items.empty()) {
    drawNothing(painter, body.adjusted(part.left, part.top, 0, 0), QStringLiteral("No context"), theme);
  }
  painter.restore();
}

namespace {

ContextData upTo(ContextData data, double weight) {
  data.highestWeight = weight;
  return data;
}

}  // namespace

ContextPairFigure::ContextPairFigure(Headings headings, const ContextData& first, const ContextData& second)
    : headings_(std::move(headings)),
      names_{first.headings.title, second.headings.title},
      first_(upTo(first, ContextFigure(second).highestWeight())),
      second_(upTo(second, first_.highestWeight())) {}

std::pair<QRectF, QRectF> ContextPairFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(headings_, rect, nullptr, Theme::Light).adjusted(-kMargin, 0, kMargin, kMargin);
  if (rect.width() < kPairWidth) {
    const double height = first_.heightFor(body.width());
    return {QRectF(body.topLeft(), QSizeF(body.width(), height)), body.adjusted(0, height, 0, 0)};
  }
  const QSizeF half(body.width() / 2, body.height());
  return {QRectF(body.topLeft(), half), QRectF(QPointF(body.center().x(), body.top()), half)};
}

double ContextPairFigure::heightFor(double width) const {
  const bool stacked = width < kPairWidth;
  const double each = stacked ? width : width / 2;
  const double first = first_.heightFor(each), second = second_.heightFor(each);
  return headingsHeight(headings_, width) - kMargin + (stacked ? first + second : std::max(first, second));
}

void ContextPairFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  placeHeadings(headings_, rect, &painter, theme);
  const auto [first, second] = places(rect);
  first_.draw(painter, first, theme);
  second_.draw(painter, second, theme);
}

std::string ContextPairFigure::table() const {
  std::string text = "model,label,weight,contribution,masked,both\n";
  for (int i = 0; i < 2; ++i) {
    for (const ContextItem& item : part(i).items()) {
      text += cat(csvField(names_[std::size_t(i)]), ",", csvField(item.label), ",", item.weight, ",", item.contribution,
                  item.masked ? ",yes" : ",no", item.shared ? ",yes\n" : ",no\n");
    }
  }
  return text;
}

}  // namespace lix::figures
