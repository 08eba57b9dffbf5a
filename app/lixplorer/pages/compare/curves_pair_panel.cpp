#include "pages/compare/curves_pair_panel.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "charts/curve_chart.h"
#include "frame/page_parts.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kLeastChart = 150, kLeastNotes = 36, kMostNotes = 72;

}  // namespace

CurvesPairPanel::CurvesPairPanel(QWidget* parent)
    : ComparePanel(parent),
      chart_(new widgets::CurveChart),
      notes_(words("compare.curves.notes")),
      none_(words("compare.curves.none")),
      room_(scrolled(notes_)),
      measure_(new QPushButton(widgets::icon("curves"), tr("Measure on the Curves page"))) {
  chart_->setMinimumHeight(kLeastChart);
  chart_->setObjectName("compare.curves");
  chart_->setAccessibleName(tr("Few-shot curves of both checkpoints"));
  measure_->setObjectName("compare.curves.measure");
  measure_->setToolTip(tr("Goes to the Curves page, where curves are measured (Ctrl+5)."));
  connect(measure_, &QPushButton::clicked, this, &CurvesPairPanel::measureAsked);
  room_->setMinimumHeight(kLeastNotes);
  room_->setMaximumHeight(kMostNotes);
  column()->addWidget(none_);
  column()->addWidget(measure_, 0, Qt::AlignLeft);
  column()->addWidget(chart_, 1);
  column()->addWidget(room_);
  column()->addStretch(0);
  setCurves({});
}

void CurvesPairPanel::look(const CompareView& view) {
  none_->setText(view.comparison == nullptr
                     ? tr("Compare two checkpoints first.")
                     : tr("Neither checkpoint has few-shot curves on this dataset and label set."));
}

void CurvesPairPanel::setCurves(const PairCurves& curves) {
  const bool any = !curves.panel.series.empty();
  chart_->setVisible(any);
  room_->setVisible(any);
  none_->setVisible(!any);
  measure_->setVisible(!any);
  notes_->setText(QString::fromStdString(curves.notes));
  if (any) {
    chart_->setPanel(curves.panel);
  }
}

}  // namespace lix::app
