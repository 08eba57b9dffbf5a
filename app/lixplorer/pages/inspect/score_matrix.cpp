#include "pages/inspect/score_matrix.h"

#include <QHeaderView>
#include <QLinearGradient>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>

#include "figures/colour_map.h"
#include "figures/text_block.h"
#include "pages/inspect/caption_panel.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kThumbnail = 32;
constexpr int kRowHeight = 38;
constexpr int kColumnLines = 1, kRowLines = 2;  // of a header's text; tooltips have the whole
constexpr int kLeastColumn = 68, kMostColumn = 220;
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
    const auto* view = qobject_cast<const QTableView*>(option.widget);
    if (view != nullptr && view->currentIndex() == index) {
      painter->setRenderHint(QPainter::Antialiasing);
      painter->setPen(QPen(textOn(colour), 2));
      painter->drawRect(QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5));
    }
    painter->restore();
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

  QSize sizeHint() const override {
    const int line = fontMetrics().lineSpacing();
    return orientation() == Qt::Horizontal ? QSize(100, kColumnLines * line + 12) : QSize(kThumbnail + 112, 100);
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
    const figures::TextBlock block(text, face, area.width(), across ? kColumnLines : kRowLines,
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

QString scoreText(double value, ScoreKind kind) {
  const QString text = QString::number(value, 'f', kind == ScoreKind::Logit ? 2 : 3);
  return QString(text).replace(QChar('-'), QChar(0x2212));
}

void ScoreModel::set(std::shared_ptr<const ReadAnswer> answer, ScoreKind kind) {
  beginResetModel();
  answer_ = std::move(answer);
  kind_ = answer_ && kind == ScoreKind::Probability && !answer_->reading.scores.rule.sigmoid ? ScoreKind::Cosine : kind;
  low_ = 0.0;
  high_ = 1.0;
  if (answer_ && kind_ != ScoreKind::Probability) {
    const auto& values = valuesOf(answer_->reading.scores, kind_);
    const auto [least, most] = std::ranges::minmax_element(values);
    low_ = *least;
    high_ = *most;
  }
  endResetModel();
}

QColor ScoreModel::colour(double value, figures::Theme theme) const {
  return figures::viridis(high_ > low_ ? (value - low_) / (high_ - low_) : 0.5, theme);
}

int ScoreModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !answer_ ? 0 : int(answer_->reading.scores.pictures);
}

int ScoreModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() || !answer_ ? 0 : int(answer_->reading.scores.captions);
}

QVariant ScoreModel::data(const QModelIndex& index, int role) const {
  if (!answer_ || !index.isValid()) {
    return {};
  }
  const auto& scores = answer_->reading.scores;
  const double value =
      valuesOf(scores, kind_)[std::size_t(index.row()) * scores.captions + std::size_t(index.column())];
  switch (role) {
    case Qt::DisplayRole:
      return scoreText(value, kind_);
    case ValueRole:
      return value;
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
      return meaning(std::size_t(index.row()), std::size_t(index.column()));
    default:
      return {};
  }
}

QVariant ScoreModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (!answer_ || section < 0 || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) {
    return {};
  }
  const auto& question = answer_->question;
  const auto at = std::size_t(section);
  const std::size_t count = orientation == Qt::Horizontal ? question.captions.size() : question.pictures.size();
  if (at >= count) {
    return {};
  }
  if (orientation == Qt::Horizontal) {
    const QString caption = QString::fromStdString(question.captions[at]);
    return role == Qt::ToolTipRole ? tooltipText(caption) : caption;
  }
  return role == Qt::ToolTipRole ? tooltipText(QString::fromStdString(question.pictures[at].label))
                                 : QString::fromStdString(question.pictures[at].name);
}

QString ScoreModel::meaning(std::size_t row, std::size_t column) const {
  const auto& scores = answer_->reading.scores;
  const std::size_t at = row * scores.captions + column;
  QString text = tr("Picture: %1\nCaption: %2\n\ncosine %3: of the picture's vector%4 and the caption's, -1 to 1.\n"
                    "logit %5 = %6 × cosine %7 %8.")
                     .arg(QString::fromStdString(answer_->question.pictures[row].label),
                          QString::fromStdString(answer_->question.captions[column]).left(300),
                          scoreText(scores.cosines[at], ScoreKind::Cosine),
                          answer_->facts.mixture ? tr(", mixed for this caption,") : QString(),
                          scoreText(scores.logits[at], ScoreKind::Logit), QString::number(scores.rule.scale, 'f', 2),
                          scores.rule.bias < 0 ? QStringLiteral("−") : QStringLiteral("+"),
                          QString::number(std::abs(scores.rule.bias), 'f', 2));
  if (scores.rule.sigmoid) {
    text += tr("\nprobability %1 = sigmoid(logit): that this caption belongs to this picture, each pair by itself.")
                .arg(scoreText(scores.probabilities[at], ScoreKind::Probability));
  } else {
    text += tr("\nNo probability: this model was trained with the softmax loss, which only ranks captions.");
  }
  return tooltipText(text);
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
  if (count > 0) {
    horizontalHeader()->setDefaultSectionSize(std::clamp(viewport()->width() / count, kLeastColumn, kMostColumn));
  }
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
  setToolTip(tr("What the colours of the matrix mean: from the lowest score, dark, to the highest, bright."));
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ScaleStrip::setScale(double low, double high, ScoreKind kind) {
  low_ = low;
  high_ = high;
  kind_ = kind;
  updateGeometry();
  update();
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
    gradient.setColorAt(i / 10.0, figures::viridis(i / 10.0, theme));
  }
  painter.fillRect(bar, gradient);
  painter.setPen(widgets::colours(theme).muted);
  painter.drawText(QRect(0, 0, side, height()), Qt::AlignRight | Qt::AlignVCenter, scoreText(low_, kind_));
  painter.drawText(QRect(width() - side, 0, side, height()), Qt::AlignLeft | Qt::AlignVCenter, scoreText(high_, kind_));
}

}  // namespace lix::app
