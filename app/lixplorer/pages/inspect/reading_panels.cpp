#include "pages/inspect/reading_panels.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/score_matrix.h"
#include "shared/reading_figures.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr double kLeastMixtureTau = 0.05, kMostMixtureTau = 50.0;
constexpr qsizetype kComboCharacters = 60;

QLabel* mutedLabel() {
  auto* label = new QLabel;
  label->setProperty("muted", true);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  return label;
}

/// The cell of a grid over `rect` that a point lies in, row and column, if any.
std::optional<std::pair<int, int>> cellAt(const QRectF& rect, int rows, int columns, const QPointF& at) {
  if (!rect.contains(at) || rows <= 0 || columns <= 0) {
    return std::nullopt;
  }
  return std::pair(std::min(rows - 1, int((at.y() - rect.top()) / rect.height() * rows)),
                   std::min(columns - 1, int((at.x() - rect.left()) / rect.width() * columns)));
}

/// The largest difference of two captions' maps at one place; NaN where there is one map.
double largestDifference(const std::vector<figures::CaptionMap>& maps) {
  double largest = maps.size() < 2 ? NAN : 0.0;
  for (std::size_t i = 0; maps.size() > 1 && i < maps[0].values.size(); ++i) {
    const auto at = [i](const figures::CaptionMap& map) { return map.values[i]; };
    const auto [low, high] = std::ranges::minmax(maps, {}, at);
    largest = std::max(largest, double(at(high)) - double(at(low)));
  }
  return largest;
}

QString captionIn(const std::string& caption) {
  const QString text = QString::fromStdString(caption);
  return text.size() > 120 ? text.left(120) + QStringLiteral("…") : text;
}

}  // namespace

QScrollArea* scrolled(widgets::FigureView* view) {
  auto* area = new QScrollArea;
  area->setWidget(view);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setFocusPolicy(Qt::NoFocus);
  return area;
}

MatrixPanel::MatrixPanel(QWidget* parent)
    : QWidget(parent),
      model_(new ScoreModel(this)),
      matrix_(new ScoreMatrix),
      scale_(new ScaleStrip),
      kind_(new QComboBox),
      copy_(new QPushButton(tr("Copy scores"))),
      notes_(mutedLabel()) {
  matrix_->setModel(model_);
  kind_->setObjectName("inspect.score");
  kind_->addItems({tr("Cosine"), tr("Logit"), tr("Probability")});
  kind_->setAccessibleName(tr("Kind of score"));
  copy_->setObjectName("inspect.copyScores");
  copy_->setIcon(widgets::icon("copy"));
  copy_->setToolTip(tr("Copies the matrix as tab-separated text for a spreadsheet. Key: Ctrl+Shift+C."));
  notes_->setObjectName("inspect.notes");
  auto* title = new QLabel(tr("Scores"));
  title->setProperty("heading", "section");
  auto* head = new QHBoxLayout;
  head->setSpacing(10);
  head->addWidget(title);
  head->addWidget(kind_);
  head->addWidget(scale_);
  head->addStretch(1);
  head->addWidget(copy_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  layout->addLayout(head);
  layout->addWidget(matrix_, 1);
  layout->addWidget(notes_);
  connect(copy_, &QPushButton::clicked, this, &MatrixPanel::copy);
  connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_) {
      refresh();
      Q_EMIT wantedChanged();
    }
  });
  connect(matrix_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& now, const QModelIndex& before) {
            for (const QModelIndex& one : {now, before}) {
              matrix_->viewport()->update(matrix_->visualRect(one));
            }
            matrix_->horizontalHeader()->viewport()->update();
            matrix_->verticalHeader()->viewport()->update();
            if (!filling_ && now.isValid()) {
              Q_EMIT picked(now.row(), now.column());
            }
          });
  refresh();
}

void MatrixPanel::showReading(std::shared_ptr<const ReadAnswer> answer) {
  answer_ = std::move(answer);
  refresh();
}

void MatrixPanel::setEmptyText(const QString& text) { matrix_->setEmptyText(text); }

ScoreKind MatrixPanel::wanted() const { return static_cast<ScoreKind>(std::max(kind_->currentIndex(), 0)); }

void MatrixPanel::setWanted(ScoreKind kind) { kind_->setCurrentIndex(static_cast<int>(kind)); }

void MatrixPanel::refresh() {
  const QModelIndex before = matrix_->currentIndex();
  filling_ = true;
  model_->set(answer_, wanted());
  matrix_->setCurrentIndex(model_->index(std::min(before.row(), model_->rowCount() - 1),
                                         std::min(before.column(), model_->columnCount() - 1)));
  filling_ = false;
  matrix_->horizontalHeader()->setVisible(answer_ != nullptr);
  matrix_->verticalHeader()->setVisible(answer_ != nullptr);
  matrix_->fitColumns();
  const bool sigmoid = !answer_ || answer_->reading.scores.rule.sigmoid;
  auto* entries = qobject_cast<QStandardItemModel*>(kind_->model());
  entries->item(2)->setEnabled(sigmoid);
  const QString reason = tr("This model was trained with the softmax loss: its logits only rank captions.");
  entries->item(2)->setToolTip(sigmoid ? tr("sigmoid(logit): each pair by itself.") : reason);
  kind_->setToolTip(tr("What the matrix shows: cosine of the two vectors; logit = scale × cosine + bias; probability = "
                       "sigmoid(logit).") +
                    (sigmoid ? QString() : QStringLiteral(" ") + tr("No probability: ") + reason));
  scale_->setVisible(answer_ != nullptr);
  scale_->setScale(model_->low(), model_->high(), model_->kind());
  copy_->setEnabled(answer_ != nullptr);
  QStringList notes;
  if (answer_ && wanted() == ScoreKind::Probability && !sigmoid) {
    notes << tr("Cosines are shown: ") + reason;
  }
  if (answer_) {
    const auto cut = std::ranges::count_if(answer_->cut, [](const std::string& note) { return !note.empty(); });
    if (cut == 1) {
      notes << QString::fromStdString(
          *std::ranges::find_if(answer_->cut, [](const auto& note) { return !note.empty(); }));
    } else if (cut > 1) {
      notes << tr("%1 captions are longer than the %2 tokens that the model reads; the rest of them was cut off.")
                   .arg(cut)
                   .arg(answer_->facts.contextLength);
    }
    for (const std::string& note : answer_->notes) {
      notes << QString::fromStdString(note);
    }
  }
  notes_->setText(notes.join(' '));
  notes_->setVisible(!notes.isEmpty());
}

void MatrixPanel::setCurrent(int picture, int caption) {
  const QModelIndex wanted = model_->index(picture, caption);
  if (wanted.isValid() && wanted != matrix_->currentIndex()) {
    filling_ = true;
    matrix_->setCurrentIndex(wanted);
    filling_ = false;
  }
}

void MatrixPanel::copy() const {
  if (answer_) {
    QGuiApplication::clipboard()->setText(QString::fromStdString(scoresAsTable(*answer_, model_->kind())));
  }
}

WeightsPanel::WeightsPanel(QWidget* parent)
    : QWidget(parent),
      controls_(new QWidget),
      first_(new QComboBox),
      second_(new QComboBox),
      slider_(new LogSlider(kLeastMixtureTau, kMostMixtureTau)),
      own_(new QToolButton),
      said_(mutedLabel()),
      view_(new widgets::FigureView) {
  first_->setObjectName("inspect.first");
  second_->setObjectName("inspect.second");
  first_->setAccessibleName(tr("First caption of the difference"));
  second_->setAccessibleName(tr("Second caption of the difference"));
  first_->setToolTip(tr("The difference is the weights of this caption minus those of the other. Arrow keys choose."));
  second_->setToolTip(
      tr("The difference is the weights of the other caption minus those of this one. Arrow keys choose."));
  for (QComboBox* box : {first_, second_}) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(5);
    box->setMinimumWidth(80);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
      if (!filling_) {
        wanted_ = {first_->currentIndex(), second_->currentIndex()};
        refresh();
      }
    });
  }
  slider_->setObjectName("inspect.tau");
  slider_->setNames(tr("Mixture temperature"),
                    tr("Divides the mixture's scores before the softmax, for evaluation only: the checkpoint is not "
                       "changed. Arrow keys move it."));
  own_->setObjectName("inspect.ownTau");
  own_->setIcon(widgets::icon("undo"));
  own_->setAccessibleName(tr("The checkpoint's temperature"));
  own_->setToolTip(tr("Takes the temperature that the checkpoint was trained with. Key: Space."));
  view_->setObjectName("inspect.weights");
  view_->setAccessibleName(tr("Mixture weights per caption"));
  view_->setHint([this](const QPointF& at) { return hint(at); });
  auto* row = new QHBoxLayout(controls_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(new QLabel(tr("Difference")));
  row->addWidget(first_, 1);
  row->addWidget(new QLabel(QStringLiteral("−")));
  row->addWidget(second_, 1);
  row->addSpacing(8);
  auto* name = new QLabel(tr("tau (evaluation only)"));
  name->setBuddy(slider_);
  row->addWidget(name);
  row->addWidget(slider_, 1);
  row->addWidget(own_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 8, 0, 0);
  layout->setSpacing(6);
  layout->addWidget(controls_);
  layout->addWidget(scrolled(view_), 1);
  controls_->setVisible(false);
  connect(slider_, &LogSlider::changed, this, [this](double value) {
    tau_ = value;
    Q_EMIT tauChanged();
  });
  connect(own_, &QToolButton::clicked, this, [this] {
    tau_.reset();
    Q_EMIT tauChanged();
  });
}

void WeightsPanel::setEmptyText(const QString& text) { emptyText_ = text; }

std::pair<int, int> WeightsPanel::difference() const { return wanted_; }

void WeightsPanel::setDifference(int first, int second) {
  wanted_ = {std::max(first, 0), std::max(second, 0)};
  refresh();
}

void WeightsPanel::setTau(std::optional<double> tau) { tau_ = tau; }

void WeightsPanel::showReading(std::shared_ptr<const ReadAnswer> answer, std::size_t picture) {
  answer_ = std::move(answer);
  picture_ = picture;
  refresh();
}

void WeightsPanel::fillCaptions() {
  filling_ = true;
  for (QComboBox* box : {first_, second_}) {
    box->clear();
    for (const std::string& caption : answer_->question.captions) {
      QString text = QString::fromStdString(caption);
      box->addItem(text.size() > kComboCharacters ? text.left(kComboCharacters) + QStringLiteral("…") : text);
    }
  }
  const int last = first_->count() - 1;
  first_->setCurrentIndex(std::min(wanted_.first, last));
  second_->setCurrentIndex(std::min(wanted_.second, last));
  first_->setEnabled(last > 0);
  second_->setEnabled(last > 0);
  filling_ = false;
}

void WeightsPanel::refresh() {
  const bool mixture =
      answer_ && picture_ < answer_->reading.pictures.size() && answer_->reading.pictures[picture_].mixture.has_value();
  controls_->setVisible(mixture);
  if (!mixture) {
    figure_.reset();
    view_->setEmptyText(
        answer_ ? tr("%1 makes one vector of a picture, whatever is said of it: there are no mixture weights to show. "
                     "Choose a Llip checkpoint to see how each caption mixes a picture's tokens.")
                      .arg(QString::fromStdString(answer_->model()))
                : emptyText_);
    view_->setFigure(nullptr);
    return;
  }
  fillCaptions();
  const study::MixtureReading& reading = *answer_->reading.pictures[picture_].mixture;
  slider_->setValue(reading.tau);
  own_->setEnabled(tau_.has_value());
  std::optional<std::pair<int, int>> difference;
  if (first_->count() > 1) {
    difference = std::pair(first_->currentIndex(), second_->currentIndex());
  }
  data_ = weightsData(reading, answer_->question.captions,
                      {*answer_->shown[picture_], answer_->question.pictures[picture_].label}, answer_->model(),
                      difference);
  figure_ = std::make_shared<const figures::WeightsFigure>(data_);
  view_->setFigure(figure_);
}

QString WeightsPanel::hint(const QPointF& at) const {
  if (!figure_) {
    return {};
  }
  const auto places = figure_->places(view_->figureRect());
  for (std::size_t i = 0; i < places.heatmaps.size(); ++i) {
    if (const auto cell = cellAt(places.heatmaps[i], data_.heads, data_.tokens, at)) {
      const float weight = data_.captions[i].weights[std::size_t(cell->first * data_.tokens + cell->second)];
      return tr("%1\nhead %2, token %3: weight %4 (an even share is %5)")
          .arg(captionIn(data_.captions[i].caption))
          .arg(cell->first)
          .arg(cell->second)
          .arg(QString::fromStdString(shortNumber(weight)), QString::fromStdString(shortNumber(1.0 / data_.tokens)));
    }
  }
  if (const auto cell = cellAt(places.difference, data_.heads, data_.tokens, at);
      cell && !figure_->differences().empty()) {
    return tr("head %1, token %2: difference %3")
        .arg(cell->first)
        .arg(cell->second)
        .arg(QString::fromStdString(
            shortNumber(figure_->differences()[std::size_t(cell->first * data_.tokens + cell->second)])));
  }
  return {};
}

MapPanel::MapPanel(QWidget* parent) : QWidget(parent), view_(new widgets::FigureView) {
  view_->setObjectName("inspect.map");
  view_->setAccessibleName(tr("Maps over the picture"));
  view_->setHint([this](const QPointF& at) { return hint(at); });
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 8, 0, 0);
  layout->addWidget(scrolled(view_));
}

void MapPanel::setEmptyText(const QString& text) { view_->setEmptyText(text); }

void MapPanel::showReading(const std::shared_ptr<const ReadAnswer>& answer, std::size_t picture) {
  if (!answer || picture >= answer->reading.pictures.size()) {
    figure_.reset();
    view_->setFigure(nullptr);
    return;
  }
  data_ = mapData(answer->reading.pictures[picture].map, answer->question.captions,
                  {*answer->shown[picture], answer->question.pictures[picture].label}, answer->model());
  if (const double most = largestDifference(data_.captions); std::isfinite(most)) {
    std::string& notes = data_.headings.notes;
    notes += cat(notes.empty() ? "" : " ", "At one place, the maps of two captions differ by at most ",
                 shortNumber(most), " even shares.");
  }
  figure_ = std::make_shared<const figures::MapFigure>(data_);
  view_->setFigure(figure_);
}

QString MapPanel::hint(const QPointF& at) const {
  if (!figure_) {
    return {};
  }
  const auto places = figure_->places(view_->figureRect());
  for (std::size_t i = 1; i < places.size() && i - 1 < data_.captions.size(); ++i) {
    const figures::CaptionMap& map = data_.captions[i - 1];
    if (const auto cell = cellAt(places[i], map.rows, map.columns, at)) {
      return tr("%1\npatch in row %2, column %3: %4 × an even share")
          .arg(captionIn(map.caption))
          .arg(cell->first)
          .arg(cell->second)
          .arg(QString::fromStdString(shortNumber(map.values[std::size_t(cell->first * map.columns + cell->second)])));
    }
  }
  return {};
}

}  // namespace lix::app
