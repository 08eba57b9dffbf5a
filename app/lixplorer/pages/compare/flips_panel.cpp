#include "pages/compare/flips_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include "base/text.h"
#include "figure_view/figure_export.h"
#include "figures/table_figure.h"
#include "pages/compare/comparison_text.h"

namespace lix::app {
namespace {

constexpr double kPercent = 100.0;
constexpr int kNumber = Qt::UserRole;  // what a cell is sorted by
constexpr int kMostName = 180, kSortMark = 14;

class NumberItem : public QTableWidgetItem {
 public:
  NumberItem(const QString& text, double number) : QTableWidgetItem(text) {
    setData(kNumber, number);
    setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled);
  }
  bool operator<(const QTableWidgetItem& other) const override {
    return data(kNumber).toDouble() < other.data(kNumber).toDouble();
  }
};

NumberItem* count(std::size_t number) { return new NumberItem(QString::number(number), double(number)); }

NumberItem* points(double share) {
  const QString text = QString::number(kPercent * std::abs(share), 'f', 1);
  const QString sign = share < -0.0005 ? QString::fromUtf8("\u2212") : share > 0.0005 ? QString("+") : QString();
  return new NumberItem(sign + text, share);
}

}  // namespace

PairFlips pairFlips(const Comparison& comparison) {
  const auto a = comparison.answers(&ComparedPicture::saidA), b = comparison.answers(&ComparedPicture::saidB),
             labels = comparison.answers(&ComparedPicture::label);
  const std::size_t classes = comparison.classes.size();
  return {study::agreement(a, b, labels, classes), study::classFlips(a, b, labels, classes)};
}

QString agreementText(const study::Agreement& agreement) {
  QString text = FlipsPanel::tr("A and B say the same of %1 % of the pictures").arg(kPercent * agreement.same, 0, 'f', 1);
  if (agreement.kappa) {
    text += FlipsPanel::tr(" (Cohen's kappa %1)").arg(signedNumber(*agreement.kappa, 2));
  }
  text += ".";
  if (agreement.bothWrong > 0) {
    text += " " + FlipsPanel::tr("Where both are wrong they say the same in %1 of %2.")
                      .arg(agreement.sameMistake)
                      .arg(agreement.bothWrong);
  }
  return text;
}

FlipsPanel::FlipsPanel(jobs::Lane& lane, QWidget* parent)
    : ComparePanel(parent), flips_(lane), said_(words("compare.flips.said")), table_(new QTableWidget) {
  table_->setObjectName("compare.flips");
  table_->setAccessibleName(tr("Classes with what changed from A to B"));
  table_->setToolTip(tr("A click or Enter shows the pictures of a class; on what was lost or gained those. A click on a "
                        "head sorts.") +
                     "\n" + widgets::FigureExport::hint());
  table_->setColumnCount(Columns);
  table_->setHorizontalHeaderLabels({tr("Class"), tr("B − A"), tr("from"), tr("to"), tr("Lost"), tr("Gained"),
                                     tr("Pictures"), tr("A right"), tr("B right")});
  const QStringList tips{tr("True class"),
                         tr("Accuracy of B less that of A, in points"),
                         tr("Lower end of its 95 % interval for paired answers"),
                         tr("Upper end of its 95 % interval for paired answers"),
                         tr("Right by A, wrong by B"),
                         tr("Wrong by A, right by B"),
                         tr("Pictures of this class"),
                         tr("Right by A"),
                         tr("Right by B")};
  for (int column = 0; column < Columns; ++column) {
    table_->horizontalHeaderItem(column)->setToolTip(tips[column]);
  }
  table_->verticalHeader()->hide();
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setTabKeyNavigation(false);
  table_->setAlternatingRowColors(true);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
  column()->addWidget(said_);
  column()->addWidget(table_, 1);
  connect(table_, &QTableWidget::cellClicked, this, &FlipsPanel::askPictures);
  connect(table_, &QTableWidget::cellActivated, this, &FlipsPanel::askPictures);
  auto* save = new widgets::FigureExport(table_, [this] { return figure(); });
  save->serve(table_->viewport());
  connect(save, &widgets::FigureExport::failed, this, &FlipsPanel::failed);
  show();
}

void FlipsPanel::look(const CompareView& view) {
  flips_.look(view.comparison, [](const Comparison& comparison, std::stop_token) { return pairFlips(comparison); },
              [this] { show(); });
}

void FlipsPanel::fillRow(int row, std::size_t c) {
  const study::ClassFlips& one = flips_.made()->classes[c];
  auto* name = new QTableWidgetItem(QString::fromStdString(flips_.comparison()->classes[c]));
  name->setData(kNumber, int(c));
  name->setToolTip(name->text());
  name->setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled);
  table_->setItem(row, Class, name);
  const std::size_t counts[]{one.lost, one.gained, one.samples, one.firstRight, one.secondRight};
  for (int column = Lost; column <= RightB; ++column) {
    table_->setItem(row, column, count(counts[column - Lost]));
  }
  const auto difference = study::pairedDifference(one.samples, one.lost, one.gained);
  const double values[]{difference->value, difference->low, difference->high};
  for (int column = Difference; column <= High; ++column) {
    table_->setItem(row, column, points(values[column - Difference]));
  }
}

void FlipsPanel::show() {
  table_->setSortingEnabled(false);
  table_->setRowCount(0);
  if (flips_.made() == nullptr) {
    said_->setText(tr("Compare two checkpoints to see which classes gain and which lose."));
    return;
  }
  said_->setText(flips_.made()->agreement ? agreementText(*flips_.made()->agreement) : QString());
  std::vector<std::size_t> asked;  // classes with pictures
  for (std::size_t c = 0; c < flips_.made()->classes.size(); ++c) {
    if (flips_.made()->classes[c].samples > 0) {
      asked.push_back(c);
    }
  }
  table_->setRowCount(int(asked.size()));
  for (int row = 0; row < int(asked.size()); ++row) {
    fillRow(row, asked[std::size_t(row)]);
  }
  table_->resizeColumnsToContents();
  table_->setColumnWidth(Difference, table_->columnWidth(Difference) + kSortMark);
  table_->setColumnWidth(Class, std::min(table_->columnWidth(Class), kMostName));
  table_->setSortingEnabled(true);
  table_->sortByColumn(Difference, Qt::DescendingOrder);
}

void FlipsPanel::askPictures(int row, int column) {
  if (flips_.made() == nullptr || table_->item(row, Class) == nullptr) {
    return;
  }
  PictureFilter filter;
  filter.label = table_->item(row, Class)->data(kNumber).toInt();
  if (column == Lost) {
    filter.verdict = Verdict::OnlyA;
  } else if (column == Gained) {
    filter.verdict = Verdict::OnlyB;
  }
  Q_EMIT filterAsked(filter);
}

std::shared_ptr<const figures::Figure> FlipsPanel::figure() const {
  if (flips_.made() == nullptr) {
    return nullptr;
  }
  figures::TableData table{.headings = {.title = "What changes from A to B",
                                       .subtitle = "",
                                       .notes = said_->text().toStdString()},
                          .corner = "Class",
                          .columns = {},
                          .rows = {}};
  for (int column = Class + 1; column < Columns; ++column) {
    table.columns.push_back(table_->horizontalHeaderItem(column)->text().toStdString());
  }
  for (int row = 0; row < table_->rowCount(); ++row) {
    figures::TableRow one{.name = table_->item(row, Class)->text().toStdString(), .cells = {}};
    for (int column = Class + 1; column < Columns; ++column) {
      one.cells.push_back(table_->item(row, column)->text().toStdString());
    }
    table.rows.push_back(std::move(one));
  }
  return std::make_shared<const figures::TableFigure>(std::move(table));
}

}  // namespace lix::app
