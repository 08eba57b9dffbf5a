#include "pages/compare/confusion_pair_panel.h"

#include <QKeyEvent>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "figure_view/figure_view.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/fit_area.h"
#include "study/compare/confusion_change.h"
#include "study/metrics/accuracy.h"

namespace lix::app {
namespace {

constexpr double kPercent = 100.0;

std::vector<double> sharesOf(const Comparison& comparison, const std::vector<int>& labels, int ComparedPicture::*said) {
  const std::size_t classes = comparison.classes.size();
  return study::rowShares(study::confusion(comparison.answers(said), labels, classes), classes);
}

/// As far as differences and mistakes go; what is right is often far more, and has the colour of the scale's end then.
std::pair<double, double> rangeOf(const std::vector<figures::HeatPanel>& panels, std::size_t classes) {
  double most = 1.0;
  for (std::size_t panel = 0; panel < panels.size(); ++panel) {
    for (std::size_t i = 0; i < panels[panel].values.size(); ++i) {
      const double value = std::abs(panels[panel].values[i]);
      const bool counts = std::isfinite(value) && (panel == 2 || i / classes != i % classes);
      most = counts ? std::max(most, value) : most;
    }
  }
  return {-most, most};
}

}  // namespace

PairConfusion pairConfusion(const Comparison& comparison, std::size_t most) {
  const std::size_t all = comparison.classes.size();
  const std::vector<int> labels = comparison.answers(&ComparedPicture::label);
  const auto a = sharesOf(comparison, labels, &ComparedPicture::saidA);
  const auto b = sharesOf(comparison, labels, &ComparedPicture::saidB);
  PairConfusion made{.classes = study::mostChanged(a, b, all, most), .all = all, .heat = {}};
  std::vector<std::string> names;
  for (const std::size_t c : made.classes) {
    names.push_back(comparison.classes[c]);
  }
  made.heat = {.headings = {.title = "Confusions, in percent of each true class",
                            .subtitle = "",
                            .notes = made.classes.size() < all
                                         ? cat("The ", made.classes.size(), " of ", all,
                                               " classes whose rows and columns differ most between A and B.")
                                         : ""},
               .rowLabel = "True class",
               .columnLabel = "Said class",
               .valueLabel = "%, points",
               .panels = {},
               .range = {},
               .scale = figures::HeatScale::Diverging,
               .sharedRows = true};
  for (const char* title : {"A", "B", "B less A"}) {
    figures::HeatPanel panel{.title = title, .rows = names, .columns = names, .values = {}};
    for (const std::size_t row : made.classes) {
      for (const std::size_t column : made.classes) {
        const double of[]{a[row * all + column], b[row * all + column]};
        const std::size_t which = made.heat.panels.size();
        panel.values.push_back(kPercent * (which < 2 ? of[which] : of[1] - of[0]));
      }
    }
    made.heat.panels.push_back(std::move(panel));
  }
  made.heat.range = rangeOf(made.heat.panels, names.size());
  return made;
}

ConfusionPairPanel::ConfusionPairPanel(jobs::Lane& lane, QWidget* parent)
    : ComparePanel(parent),
      confusion_(lane),
      view_(newFigure("compare.confusion", tr("Confusions of A, of B, and B less A"))),
      said_(words("compare.confusion.said")) {
  view_->setToolTip(tr("Rows: what pictures are; columns: what they are taken for. A click shows a cell's pictures; so "
                       "do the arrows and Enter, Ctrl+arrows go to the next matrix."));
  view_->installEventFilter(this);
  view_->setHint([this](const QPointF& at) {
    const auto cell = cellAt(at);
    return cell ? textOf(*cell) : QString();
  });
  column()->addWidget(said_);
  area_ = new FitArea(view_);
  column()->addWidget(area_, 1);
  connect(view_, &widgets::FigureView::clicked, this, [this](const QPointF& at) {
    if (const auto cell = cellAt(at)) {
      choose(*cell);
      askPictures(*cell);
    }
  });
}

/// Of the difference those of the model that takes more pictures for the class.
void ConfusionPairPanel::askPictures(const Cell& cell) {
  const std::size_t classes = confusion_.made()->classes.size();
  const double more =
      confusion_.made()->heat.panels[Difference].values[std::size_t(cell.row) * classes + std::size_t(cell.column)];
  PictureFilter filter;
  filter.label = int(confusion_.made()->classes[std::size_t(cell.row)]);
  const bool ofB = cell.panel == OfB || (cell.panel == Difference && more >= 0.0);
  (ofB ? filter.saidB : filter.saidA) = int(confusion_.made()->classes[std::size_t(cell.column)]);
  Q_EMIT filterAsked(filter);
}

void ConfusionPairPanel::look(const CompareView& view) {
  confusion_.look(view.comparison, [](const Comparison& comparison, std::stop_token) { return pairConfusion(comparison); },
                  [this] {
                    cell_.reset();
                    show();
                  });
}

void ConfusionPairPanel::show() {
  if (confusion_.made() == nullptr) {
    view_->setEmptyText(tr("Compare two checkpoints to see which classes they take for which."));
    said_->clear();
    figure_ = nullptr;
  } else {
    figures::HeatData heat = confusion_.made()->heat;
    if (cell_) {
      heat.panels[std::size_t(cell_->panel)].marked = std::pair(cell_->row, cell_->column);
    }
    figure_ = std::make_shared<const figures::HeatFigure>(std::move(heat));
    said_->setText(cell_ ? textOf(*cell_) : tr("Choose a cell to see its pictures beside."));
  }
  area_->setMake(figure_ == nullptr ? FitArea::Make() : [figure = figure_](QSizeF room) {
    return stretched(figure, {room.width(), std::min(room.height(), figure->heightFor(room.width()))},
                     figure->leastHeightFor(room.width()));
  });
}

void ConfusionPairPanel::choose(Cell cell) {
  cell_ = cell;
  show();
}

QString ConfusionPairPanel::textOf(const Cell& cell) const {
  const std::size_t classes = confusion_.made()->classes.size();
  const auto value = [&](int panel) {
    const double share =
        confusion_.made()->heat.panels[std::size_t(panel)].values[std::size_t(cell.row) * classes + std::size_t(cell.column)];
    return std::isfinite(share) ? signedNumber(share, 1) : QStringLiteral("–");
  };
  const auto name = [&](int at) { return QString::fromStdString(confusion_.made()->heat.panels[0].rows[std::size_t(at)]); };
  return tr("%1 is taken for %2: A %3 %, B %4 %, B less A %5 points.")
      .arg(name(cell.row), name(cell.column), value(OfA), value(OfB), value(Difference));
}

std::optional<ConfusionPairPanel::Cell> ConfusionPairPanel::cellAt(const QPointF& at) const {
  if (figure_ == nullptr) {
    return std::nullopt;
  }
  const auto places = figure_->places(view_->figureRect());
  const int classes = int(confusion_.made()->classes.size());
  for (int panel = 0; panel < int(places.grids.size()); ++panel) {
    const QRectF& grid = places.grids[std::size_t(panel)];
    if (grid.contains(at) && classes > 0) {
      const int row = std::clamp(int((at.y() - grid.top()) / grid.height() * classes), 0, classes - 1);
      const int column = std::clamp(int((at.x() - grid.left()) / grid.width() * classes), 0, classes - 1);
      return Cell{panel, row, column};
    }
  }
  return std::nullopt;
}

bool ConfusionPairPanel::step(int key) {
  const int last = int(confusion_.made()->classes.size()) - 1;
  Cell cell = cell_.value_or(Cell{});
  if (cell_) {
    cell.row = std::clamp(cell.row + (key == Qt::Key_Down) - (key == Qt::Key_Up), 0, last);
    cell.column = std::clamp(cell.column + (key == Qt::Key_Right) - (key == Qt::Key_Left), 0, last);
  }
  choose(cell);
  return true;
}

bool ConfusionPairPanel::eventFilter(QObject* object, QEvent* event) {
  if (event->type() != QEvent::KeyPress || confusion_.made() == nullptr || confusion_.made()->classes.empty()) {
    return ComparePanel::eventFilter(object, event);
  }
  const auto* key = static_cast<QKeyEvent*>(event);
  const bool control = key->modifiers() & Qt::ControlModifier;
  switch (key->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
      if (control) {
        Cell cell = cell_.value_or(Cell{});
        cell.panel = std::clamp(cell.panel + (key->key() == Qt::Key_Right ? 1 : -1), int(OfA), int(Difference));
        choose(cell);
        return true;
      }
      return step(key->key());
    case Qt::Key_Up:
    case Qt::Key_Down:
      return step(key->key());
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (cell_) {
        askPictures(*cell_);
      }
      return true;
    default:
      return ComparePanel::eventFilter(object, event);
  }
}

}  // namespace lix::app
