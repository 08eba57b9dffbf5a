#include "pages/inspect/score_matrix.h"

#include <QHeaderView>
#include <QLinearGradient>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "figures/colour_map.h"
#include "figures/text_block.h"
#include "pages/inspect/caption_panel.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kThumbnail = 32;
constexpr int kRowHeight = 38;
constexpr int kMostColumnLines = 5, kRowLines = 2;  // of a header's text; tooltips have the whole
constexpr int kRowsSeen = 3;                         // that headers of several lines leave room for
constexpr int kLeastColumn = 68, kMostColumn = 220;
constexpr double kBestSide = 7.0;
constexpr qsizetype kHeaderCharacters = 200;  // more is never seen in a header

QColor textOn(const QColor& colour) {
  const QColor dark(16, 18, 22), light(255, 255, 255);
  return figures::contrast(dark, colour) >= figures::contrast(light, colour) ? dark : light;
}

/// Draws a cell in its colour with its number; the current one has a frame in the ink of the number.
class CellDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const auto& model = static_cast<const ScoreModel&>(*index.model());
    const QColor colour = model.colour(index.data(ScoreModel::ValueRole).toDouble(), widgets::themeOf(option.palette));
    painter->save();
    painter->fillRect(option.rect, colour);
    painter->setPen(textOn(colour));
    painter->drawText(option.rect, Qt::AlignCenter, index.data().toString());
    if (index.data(ScoreModel::BestRole).toBool()) {
      drawBest(*painter, option.rect);
    }
    const auto* view = qobject_cast<const QTableView*>(option.widget);
    if (view != nullptr && view->currentIndex() == index) {
      painter->setRenderHint(QPainter::Antialiasing);
      painter->setPen(QPen(textOn(colour), 2));
      painter->drawRect(QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5));
    }
    painter->restore();
  }

 private:
  /// A small triangle in the corner, in the ink of the number: the best of its row or column.
  static void drawBest(QPainter& painter, const QRect& cell) {
    const QPointF corner(cell.right() - 2, cell.top() + 3);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(painter.pen().color());
    const QPointF points[] = {corner, corner - QPointF(kBestSide, 0), corner + QPointF(0, kBestSide)};
    painter.drawPolygon(points, 3);
    painter.setBrush(Qt::NoBrush);
  }
};

/// Headers that wrap long names and show thumbnails; the row and column of the current cell stand out.
class MatrixHeader : public QHeaderView {
 public:
  MatrixHeader(Qt::Orientation orientation, QWidget* parent) : QHeaderView(orientation, parent) {
    setSectionsClickable(false);
    setHighlightSections(true);
  }
  std::function<QPixmap(int)> thumbnails;
  int lines = 1;  // of names above columns

  QSize sizeHint() const override {
    const int line = fontMetrics().lineSpacing();
    return orientation() == Qt::Horizontal ? QSize(100, lines * line + 12) : QSize(kThumbnail + 112, 100);
  }

 protected:
  void paintSection(QPainter* painter, const QRect& rect, int section) const override {
    const auto theme = widgets::themeOf(palette());
    const auto& colours = widgets::colours(theme);
    const auto* view = qobject_cast<const QTableView*>(parentWidget());
    const QModelIndex current = view == nullptr ? QModelIndex() : view->currentIndex();
    const bool marked =
        current.isValid() && section == (orientation() == Qt::Horizontal ? current.column() : current.row());
    painter->save();
    if (marked) {
      painter->fillRect(rect, colours.raised);
    }
    QRect area = rect.adjusted(6, 4, -6, -4);
    if (orientation() == Qt::Vertical) {
      const QRect box(rect.left() + 4, rect.top() + (rect.height() - kThumbnail) / 2, kThumbnail, kThumbnail);
      drawThumbnail(*painter, box, section, colours.border);
      area.setLeft(box.right() + 8);
    }
    QFont face = font();
    face.setBold(marked);
    const QString text =
        model()->headerData(section, orientation(), Qt::DisplayRole).toString().left(kHeaderCharacters);
    const bool across = orientation() == Qt::Horizontal;
    const figures::TextBlock block(text, face, area.width(), across ? lines : kRowLines,
                                   across ? figures::Align::Centre : figures::Align::Start);
    const double top = across ? area.bottom() + 1 - block.height() : area.center().y() + 1 - block.height() / 2;
    block.draw(*painter, {double(area.left()), top}, palette().color(QPalette::Text));
    painter->restore();
  }

 private:
  void drawThumbnail(QPainter& painter, const QRect& box, int section, const QColor& quiet) const {
    const QPixmap pixmap = thumbnails ? thumbnails(section) : QPixmap();
    if (pixmap.isNull()) {
      painter.fillRect(box.adjusted(4, 4, -4, -4), quiet);
      return;
    }
    const QSize size = pixmap.size().scaled(box.size(), Qt::KeepAspectRatio);
    const QRect place(box.left() + (box.width() - size.width()) / 2, box.top() + (box.height() - size.height()) / 2,
                      size.width(), size.height());
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawPixmap(place, pixmap);
  }
};

}  // namespace

void ScoreModel::set(ScoreSheet sheet) {
  beginResetModel();
  sheet_ = std::move(sheet);
  findOrder();
  findBest();
  endResetModel();
}

void ScoreModel::setOrder(std::vector<std::size_t> order) {
  wanted_ = std::move(order);
  const auto before = order_;
  findOrder();
  if (order_ != before && columnCount() > 0) {
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
  }
}

void ScoreModel::setBest(BestMark best) {
  best_ = best;
  findBest();
  if (columnCount() > 0) {
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {BestRole});
  }
}

void ScoreModel::findOrder() {
  std::vector<bool> met(sheet_.captions());
  std::size_t found = 0;
  for (const std::size_t caption : wanted_) {
    if (caption < met.size() && !met[caption]) {
      met[caption] = true;
      ++found;
    }
  }
  if (wanted_.size() == met.size() && found == met.size()) {
    order_ = wanted_;
  } else {
    order_.resize(met.size());
    std::iota(order_.begin(), order_.end(), std::size_t(0));
  }
}

void ScoreModel::findBest() {
  const std::size_t pictures = sheet_.pictures(), captions = sheet_.captions();
  const bool perPicture = best_ == BestMark::CaptionOfPicture;
  bestValues_.assign(best_ == BestMark::None ? 0 : perPicture ? pictures : captions,
                     -std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < (bestValues_.empty() ? 0 : pictures); ++i) {
    for (std::size_t j = 0; j < captions; ++j) {
      float& most = bestValues_[perPicture ? i : j];
      most = std::max(most, sheet_.at(i, j));
    }
  }
}

int ScoreModel::columnOf(int caption) const {
  const auto found = std::ranges::find(order_, std::size_t(std::max(caption, 0)));
  return caption < 0 || found == order_.end() ? -1 : int(found - order_.begin());
}

QColor ScoreModel::colour(double value, figures::Theme theme) const {
  if (sheet_.diverging()) {
    return figures::diverging(value / sheet_.high(), theme);
  }
  return figures::viridis(high() > low() ? (value - low()) / (high() - low()) : 0.5, theme);
}

int ScoreModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(sheet_.pictures()); }

int ScoreModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(sheet_.captions()); }

QVariant ScoreModel::data(const QModelIndex& index, int role) const {
  if (sheet_.isEmpty() || !index.isValid()) {
    return {};
  }
  const auto picture = std::size_t(index.row());
  const std::size_t caption = order_[std::size_t(index.column())];
  const float value = sheet_.at(picture, caption);
  switch (role) {
    case Qt::DisplayRole:
      return sheet_.diverging() ? differenceText(value, kind()) : scoreText(value, kind());
    case ValueRole:
      return double(value);
    case BestRole:
      return !bestValues_.empty() && !sheet_.diverging() && value == bestValues_[best_ == BestMark::CaptionOfPicture ? picture : caption];
    case Qt::ToolTipRole:
      return tooltipText(sheet_.meaning(picture, caption));
    case Qt::AccessibleDescriptionRole:
      return sheet_.meaning(picture, caption);
    default:
      return {};
  }
}

QVariant ScoreModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (sheet_.isEmpty() || section < 0 || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) {
    return {};
  }
  const auto& question = sheet_.first()->question;
  const auto at = std::size_t(section);
  const std::size_t count = orientation == Qt::Horizontal ? order_.size() : question.pictures.size();
  if (at >= count) {
    return {};
  }
  if (orientation == Qt::Horizontal) {
    const QString caption = QString::fromStdString(question.captions[order_[at]]);
    return role == Qt::ToolTipRole ? tooltipText(caption) : caption;
  }
  return role == Qt::ToolTipRole ? tooltipText(QString::fromStdString(question.pictures[at].label))
                                 : QString::fromStdString(question.pictures[at].name);
}

ScoreMatrix::ScoreMatrix(QWidget* parent) : QTableView(parent) {
  setObjectName("inspect.matrix");
  setAccessibleName(tr("Scores of pictures and captions"));
  setToolTip(
      tr("Scores: a row a picture, a column a caption. Arrows move; the chosen cell chooses picture and caption."));
  setItemDelegate(new CellDelegate(this));
  setHorizontalHeader(new MatrixHeader(Qt::Horizontal, this));
  setVerticalHeader(new MatrixHeader(Qt::Vertical, this));
  setSelectionMode(QAbstractItemView::SingleSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setShowGrid(false);
  setCornerButtonEnabled(false);
  setTabKeyNavigation(false);
  setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setMinimumSectionSize(kRowHeight);
  verticalHeader()->setDefaultSectionSize(kRowHeight);
  horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  horizontalHeader()->setMinimumSectionSize(kLeastColumn);
  setMinimumHeight(110);
}

void ScoreMatrix::setThumbnails(std::function<QPixmap(int row)> thumbnails) {
  static_cast<MatrixHeader*>(verticalHeader())->thumbnails = std::move(thumbnails);
}

void ScoreMatrix::setEmptyText(const QString& text) {
  emptyText_ = text;
  viewport()->update();
}

void ScoreMatrix::fitColumns() {
  const int count = model() == nullptr ? 0 : model()->columnCount();
  if (count == 0) {
    return;
  }
  const int width = std::clamp(viewport()->width() / count, kLeastColumn, kMostColumn);
  horizontalHeader()->setDefaultSectionSize(width);
  auto* header = static_cast<MatrixHeader*>(horizontalHeader());
  if (const int lines = headerLines(width); lines != header->lines) {
    header->lines = lines;
    updateGeometries();
    header->viewport()->update();
  }
}

int ScoreMatrix::headerLines(int width) const {
  QFont bold = horizontalHeader()->font();
  bold.setBold(true);
  const QFontMetrics metrics(bold);
  const int rows = std::min(model()->rowCount(), kRowsSeen);
  const bool scrolls = width * model()->columnCount() > viewport()->width();
  const int bar = scrolls ? horizontalScrollBar()->sizeHint().height() : 0;
  const int room = height() - 2 * frameWidth() - rows * kRowHeight - bar - 12;
  const int most = std::clamp(room / metrics.lineSpacing(), 1, kMostColumnLines);
  int lines = 1;
  for (int column = 0; column < model()->columnCount() && lines < most; ++column) {
    const QString name = model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().left(60);
    const int needed = metrics.horizontalAdvance(name);
    // Words that wrap leave some of each line empty.
    lines = std::max(lines, needed <= width - 12 ? 1 : 1 + (needed + needed / 4) / (width - 12));
  }
  return std::min(lines, most);
}

void ScoreMatrix::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fitColumns();
}

void ScoreMatrix::paintEvent(QPaintEvent* event) {
  QTableView::paintEvent(event);
  if ((model() == nullptr || model()->rowCount() == 0) && !emptyText_.isEmpty()) {
    QPainter painter(viewport());
    painter.setPen(widgets::colours(widgets::themeOf(palette())).muted);
    painter.drawText(viewport()->rect().adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
  }
}

ScaleStrip::ScaleStrip(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Colour scale of the scores"));
  setScale({});
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ScaleStrip::setScale(const ScoreSheet& sheet) {
  low_ = sheet.low();
  high_ = sheet.high();
  kind_ = sheet.kind();
  diverging_ = sheet.diverging();
  setToolTip(diverging_ ? tr("What the colours of the matrix mean: blue where B scores higher, orange where A does, the "
                             "theme's neutral where both score alike.")
                        : tr("What the colours of the matrix mean: from the lowest score, dark, to the highest, bright."));
  updateGeometry();
  update();
}

QString ScaleStrip::end(double value) const {
  return diverging_ ? differenceText(value, kind_) : scoreText(value, kind_);
}

QSize ScaleStrip::sizeHint() const {
  return {80 + 2 * fontMetrics().horizontalAdvance("-00.000") + 12, fontMetrics().height() + 4};
}

void ScaleStrip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto theme = widgets::themeOf(palette());
  const int side = fontMetrics().horizontalAdvance("-00.000");
  const QRect bar(side + 6, (height() - 10) / 2, width() - 2 * side - 12, 10);
  QLinearGradient gradient(bar.topLeft(), bar.topRight());
  for (int i = 0; i <= 10; ++i) {
    gradient.setColorAt(i / 10.0,
                        diverging_ ? figures::diverging(i / 5.0 - 1.0, theme) : figures::viridis(i / 10.0, theme));
  }
  painter.fillRect(bar, gradient);
  painter.setPen(widgets::colours(theme).muted);
  painter.drawText(QRect(0, 0, side, height()), Qt::AlignRight | Qt::AlignVCenter, end(low_));
  painter.drawText(QRect(width() - side, 0, side, height()), Qt::AlignLeft | Qt::AlignVCenter, end(high_));
}

}  // namespace lix::app
