#include "figures/weights_figure.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "figures/axis.h"
#include "figures/colour_map.h"
#include "figures/parts.h"
#include "figures/weights_heat.h"

namespace lix::figures {
namespace {

constexpr double kGap = 22.0;
constexpr double kRowGap = 14.0;
constexpr double kTitleGap = 5.0;
constexpr int kTitleLines = 3;
constexpr double kNoPictureBelow = 400;  // the panels need the room

std::string titleOf(const WeightsContrast& contrast) {
  return contrast.title.empty() ? cat("Difference: ", quotedShort(contrast.first), " minus ", quotedShort(contrast.second))
                                : contrast.title;
}

}  // namespace

std::string quotedShort(const std::string& caption) {
  // Each side is shortened alone, so that a long first caption cannot push the second out of the title.
  const QString text = cleaned(captionText(caption));
  const QString fits = text.size() > 60 ? text.left(58).trimmed() + QStringLiteral("…") : text;
  return cat("“", fits.toStdString(), "”");
}

struct WeightsFigure::Grid {
  double pictureColumn = 0.0;  // with its gap
  double gutter = 0.0;
  int columns = 1, rows = 1;
  double panelWidth = 1.0, heatHeight = 1.0;
  double said = 0.0;           // height of a score below a title
  std::vector<double> titles;  // heights, one a row
  int contrastColumns = 1;
  double contrastWidth = 0.0;
  std::vector<double> contrastTitles;  // heights, one a row; none: no differences

  double below() const { return heatHeight + kMeanGap + kMeanHeight + kTokenAxis; }  // a heatmap's top
  double heatTop(int row) const {
    double top = 0.0;
    for (int i = 0; i < row; ++i) {
      top += titles[std::size_t(i)] + said + kTitleGap + below() + kRowGap;
    }
    return top + titles[std::size_t(row)] + said + kTitleGap;
  }
  double captionsHeight() const { return heatTop(rows - 1) + below() + kTokenAxisName; }
  double contrastTop(std::size_t row) const {
    double top = captionsHeight() + kRowGap;
    for (std::size_t i = 0; i < row; ++i) {
      top += contrastTitles[i] + kTitleGap + below() + kTokenAxisName + kRowGap;
    }
    return top + contrastTitles[row] + kTitleGap;
  }
  double height() const {
    return contrastTitles.empty() ? captionsHeight()
                                  : contrastTop(contrastTitles.size() - 1) + below() + kTokenAxisName;
  }
};

WeightsFigure::WeightsFigure(WeightsData data) : data_(std::move(data)) {
  data_.heads = std::max(data_.heads, 0);
  data_.tokens = std::max(data_.tokens, 0);
  const auto cells = std::size_t(data_.heads) * std::size_t(data_.tokens);
  for (CaptionWeights& caption : data_.captions) {
    if (caption.weights.size() != cells) {
      caption.weights.assign(cells, NAN);
    }
    for (const float weight : caption.weights) {
      highest_ = std::isfinite(weight) ? std::max(highest_, double(weight)) : highest_;
    }
  }
  takeContrasts();
  blankWhatDoesNotCount();
  if (!contrasts_.empty()) {
    differences_ = contrasts_.front().values;
  }
  highest_ = std::max(highest_, data_.most);
  highest_ = highest_ > 0 ? highest_ : 1.0;
  widest_ = widest_ > 0 ? widest_ : highest_;  // equal captions: all zero on the scale of the weights
}

void WeightsFigure::takeContrasts() {
  const auto cells = std::size_t(data_.heads) * std::size_t(data_.tokens);
  const int count = int(data_.captions.size());
  if (data_.difference) {
    const auto [a, b] = *data_.difference;
    if (a < 0 || b < 0 || a >= count || b >= count || cells == 0) {
      data_.difference.reset();
    } else {
      const CaptionWeights &first = data_.captions[std::size_t(a)], &second = data_.captions[std::size_t(b)];
      contrasts_.push_back({first.caption, second.caption, first.weights});
      for (std::size_t i = 0; i < cells; ++i) {
        contrasts_.front().values[i] -= second.weights[i];
      }
    }
  }
  for (const WeightsContrast& contrast : data_.contrasts) {
    if (cells > 0 && contrast.values.size() == cells) {
      contrasts_.push_back(contrast);
    }
  }
}

void WeightsFigure::blankWhatDoesNotCount() {
  std::erase_if(data_.counted, [&](int head) { return head < 0 || head >= data_.heads; });
  std::erase_if(data_.without, [&](int token) { return token < 0 || token >= data_.tokens; });
  for (int head = 0; head < data_.heads; ++head) {
    const bool counts = data_.counted.empty() || std::ranges::find(data_.counted, head) != data_.counted.end();
    for (int token = 0; token < data_.tokens; ++token) {
      const bool out = std::ranges::find(data_.without, token) != data_.without.end();
      const auto cell = std::size_t(head) * std::size_t(data_.tokens) + std::size_t(token);
      for (CaptionWeights& caption : data_.captions) {
        caption.weights[cell] = counts && !out ? caption.weights[cell] : NAN;
      }
      for (WeightsContrast& contrast : contrasts_) {
        float& value = contrast.values[cell];
        value = counts ? value : NAN;
        widest_ = std::isfinite(value) ? std::max(widest_, double(std::abs(value))) : widest_;
      }
    }
  }
}

TextBlock WeightsFigure::title(std::size_t caption, double width) const {
  const bool current = int(caption) == data_.current;
  return TextBlock(captionText(data_.captions[caption].caption),
                   font(current ? TextRole::PanelTitle : TextRole::Label), width, kTitleLines);
}

Headings WeightsFigure::headings() const {
  Headings headings = data_.headings;
  if (data_.tokens > 0 && data_.heads > 0) {
    const bool all = data_.counted.empty();
    const auto heads = all ? std::size_t(data_.heads) : data_.counted.size();
    const std::string said =
        cat("Bars: mean over the ", heads, heads == 1 ? " head" : " heads", all ? "" : heads == 1 ? " that counts" : " that count",
            "; dotted line: uniform, 1/", data_.tokens, " = ", shortText(1.0 / data_.tokens).toStdString(), ".",
            data_.without.empty() ? "" : " Struck through: knocked out.");
    headings.notes = headings.notes.empty() ? said : headings.notes + " " + said;
  }
  return headings;
}

WeightsFigure::Grid WeightsFigure::grid(double bodyWidth) const {
  Grid grid;
  const bool picture = data_.picture.width > 0 && bodyWidth >= kNoPictureBelow;
  grid.pictureColumn = picture ? (bodyWidth < 520 ? 84.0 : 124.0) + 20 : 0.0;
  grid.gutter = textWidth(QString::number(std::max(data_.heads - 1, 0)), font(TextRole::Tick)) + 8 + 15;
  const int count = std::max(int(data_.captions.size()), 1);
  const auto columns = [&](double room) {
    return columnsFor(count, room, std::clamp(9.0 * data_.tokens, 150.0, 230.0), kGap, count > 6 ? 6 : 3);
  };
  const double all = std::max(bodyWidth - grid.gutter - kColourBarWidth - 14, 60.0);
  if (columns(all) > columns(all - grid.pictureColumn) && columns(all - grid.pictureColumn) < 3) {
    grid.pictureColumn = 0.0;  // more captions beside each other say more than the picture
  }
  const double area = std::max(all - grid.pictureColumn, 60.0);
  grid.columns = columns(area);
  grid.rows = (count + grid.columns - 1) / grid.columns;
  grid.panelWidth = (area - (grid.columns - 1) * kGap) / grid.columns;
  const int heads = std::max(data_.heads, 1);
  const double square = grid.panelWidth / std::max(data_.tokens, 1);
  grid.heatHeight = heads * std::clamp(std::max(square, 72.0 / heads), 7.0, 18.0);
  grid.titles.assign(std::size_t(grid.rows), 14.0);
  for (std::size_t i = 0; i < data_.captions.size(); ++i) {
    double& height = grid.titles[i / std::size_t(grid.columns)];
    height = std::max(height, title(i, grid.panelWidth).height());
    for (const std::string& said : {data_.captions[i].said, data_.saidRoom}) {
      if (!data_.captions[i].said.empty() && !said.empty()) {
        grid.said = std::max(grid.said, TextBlock(said, font(TextRole::Small), grid.panelWidth, 2).height());
      }
    }
  }
  const int differences = int(contrasts_.size());
  grid.contrastColumns = std::clamp(differences, 1, grid.columns);
  grid.contrastWidth = differences == 1 && grid.columns > 1 ? 2 * grid.panelWidth + kGap : grid.panelWidth;
  grid.contrastTitles.assign(std::size_t((differences + grid.contrastColumns - 1) / grid.contrastColumns), 14.0);
  for (std::size_t i = 0; i < contrasts_.size(); ++i) {
    const TextBlock title(titleOf(contrasts_[i]), font(TextRole::Label), grid.contrastWidth, kTitleLines);
    double& height = grid.contrastTitles[i / std::size_t(grid.contrastColumns)];
    height = std::max(height, title.height());
  }
  return grid;
}

double WeightsFigure::naturalWidth() const { return data_.captions.size() > 1 ? 780.0 : 560.0; }

double WeightsFigure::heightFor(double width) const {
  return headingsHeight(headings(), width) + std::max(grid(width - 2 * kMargin).height(), 90.0);
}

WeightsFigure::Places WeightsFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(headings(), rect, nullptr, Theme::Light);
  const Grid part = grid(body.width());
  Places places;
  const double left = body.left() + part.pictureColumn + part.gutter;
  const double heatTop = part.heatTop(0);
  if (part.pictureColumn > 0) {
    places.picture = QRectF(body.left(), body.top() + heatTop, part.pictureColumn - 20, part.pictureColumn - 20);
  }
  for (std::size_t i = 0; i < data_.captions.size(); ++i) {
    const double x = left + double(int(i) % part.columns) * (part.panelWidth + kGap);
    places.heatmaps.emplace_back(x, body.top() + part.heatTop(int(i) / part.columns), part.panelWidth, part.heatHeight);
  }
  const double barLeft = body.right() - kColourBarWidth;
  const double barHeight = std::max(part.heatHeight, 84.0);
  places.colourBar = QRectF(barLeft, body.top() + heatTop - 18, kColourBarWidth, barHeight + 18);
  for (std::size_t i = 0; i < contrasts_.size(); ++i) {
    const double x = left + double(int(i) % part.contrastColumns) * (part.contrastWidth + kGap);
    const double y = body.top() + part.contrastTop(i / std::size_t(part.contrastColumns));
    places.contrasts.emplace_back(x, y, part.contrastWidth, part.heatHeight);
  }
  if (!places.contrasts.empty()) {
    places.difference = places.contrasts.front();
    const QRectF& last = places.contrasts[std::size_t(part.contrastColumns) - 1];  // of the first row
    places.differenceBar = QRectF(last.right() + 14, last.top() - 18, kColourBarWidth, barHeight + 18);
  }
  return places;
}

void WeightsFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(headings(), rect, &painter, theme);
  const Grid part = grid(body.width());
  const Places where = places(rect);
  const auto weightColour = [&](double value) { return viridis(value / highest_, theme); };
  if (part.pictureColumn > 0) {
    drawPicture(painter, where.picture, toQImage(data_.picture), theme);
  }
  double meanHigh = data_.tokens > 0 ? 1.0 / data_.tokens : 1.0;  // the strips of all captions share one scale
  for (const CaptionWeights& caption : data_.captions) {
    for (const double mean : meanOverHeads(caption.weights, data_.heads, data_.tokens)) {
      meanHigh = std::isfinite(mean) ? std::max(meanHigh, mean) : meanHigh;
    }
  }
  for (std::size_t i = 0; i < where.heatmaps.size(); ++i) {
    const TextBlock name = title(i, part.panelWidth);
    const QRectF& heat = where.heatmaps[i];
    name.draw(painter, {heat.left(), heat.top() - kTitleGap - part.said - name.height()}, palette(theme).ink);
    if (const std::string& said = data_.captions[i].said; !said.empty()) {
      const TextBlock score(said, font(TextRole::Small), part.panelWidth, 2);
      score.draw(painter, {heat.left(), heat.top() - kTitleGap - score.height()}, palette(theme).muted);
    }
    const bool first = int(i) % part.columns == 0;
    const bool lowest = i + std::size_t(part.columns) >= where.heatmaps.size();
    const HeatNames names = first    ? (lowest ? HeatNames::Both : HeatNames::Rows)
                            : lowest ? HeatNames::Columns
                                     : HeatNames::None;
    const QColor bars = palette(theme).muted;
    drawWeightsHeat(painter,
                    {heat, data_.captions[i].weights, data_.heads, data_.tokens, data_.without, 0.0, meanHigh, bars,
                     bars},
                    weightColour, names, theme);
  }
  if (where.heatmaps.empty()) {
    drawNothing(painter, body, QStringLiteral("No captions"), theme);
  } else {
    drawColourBar(painter, where.colourBar, 0.0, highest_, QStringLiteral("weight"), weightColour, theme);
  }
  drawContrasts(painter, where, theme);
  painter.restore();
}

void WeightsFigure::drawContrasts(QPainter& painter, const Places& where, Theme theme) const {
  const auto colour = [&](double value) { return diverging(value / widest_, theme); };
  double meanWidest = 0.0;
  for (const WeightsContrast& contrast : contrasts_) {
    for (const double mean : meanOverHeads(contrast.values, data_.heads, data_.tokens)) {
      meanWidest = std::isfinite(mean) ? std::max(meanWidest, std::abs(mean)) : meanWidest;
    }
  }
  meanWidest = meanWidest > 0 ? meanWidest : 1.0;
  for (std::size_t i = 0; i < contrasts_.size(); ++i) {
    const QRectF& heat = where.contrasts[i];
    const TextBlock title(titleOf(contrasts_[i]), font(TextRole::Label), heat.width(), kTitleLines);
    title.draw(painter, {heat.left(), heat.top() - kTitleGap - title.height()}, palette(theme).ink);
    drawWeightsHeat(painter,
                    {heat, contrasts_[i].values, data_.heads, data_.tokens, data_.without, -meanWidest, meanWidest,
                     diverging(0.65, theme), diverging(-0.65, theme)},
                    colour, heat.left() == where.difference.left() ? HeatNames::Both : HeatNames::Columns, theme);
  }
  if (!contrasts_.empty()) {
    drawColourBar(painter, where.differenceBar, -widest_, widest_, QStringLiteral("difference"), colour, theme);
  }
}

}  // namespace lix::figures
