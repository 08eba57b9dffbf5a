#include "pages/compare/picture_panel.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

#include "charts/curve_chart.h"
#include "figure_view/figure_view.h"
#include "frame/page_parts.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kWeightsTab = 1;
constexpr int kSideBySide = 620;  // from this width on
constexpr int kLeastChart = 190, kLeastNotes = 36, kMostNotes = 72;

QLabel* words(const char* objectName, const char* property) {
  auto* label = new QLabel;
  label->setObjectName(objectName);
  label->setWordWrap(true);
  if (*property != 0) {
    label->setProperty(property, property == std::string_view("heading") ? QVariant("section") : QVariant(true));
  }
  return label;
}

}  // namespace

PicturePanel::PicturePanel(QWidget* parent) : QWidget(parent) {
  setObjectName("compare.panel");
  setMinimumWidth(340);
  title_ = words("compare.panel.title", "heading");
  said_ = words("compare.panel.said", "muted");
  inspect_ = new QPushButton(widgets::icon("inspect"), tr("Inspect"));
  inspect_->setObjectName("compare.inspect");
  inspect_->setAccessibleName(tr("Open in Inspect"));
  inspect_->setToolTip(tr("Hands the selected pictures to the Inspect page (Ctrl+I)."));
  inspect_->setEnabled(false);
  tabs_ = new QTabWidget;
  tabs_->setObjectName("compare.tabs");
  tabs_->setAccessibleName(tr("What both models make of the picture"));
  tabs_->addTab(pairTab(0, "map", maps_), tr("Maps"));
  tabs_->addTab(pairTab(kWeightsTab, "weights", weights_), tr("Weights"));
  tabs_->addTab(curvesTab(), tr("Curves"));
  tabs_->setTabToolTip(0, tr("Where in the picture either model looks."));
  tabs_->setTabToolTip(kWeightsTab, tr("How a Llip mixes its tokens for the classes that were named."));
  tabs_->setTabToolTip(2, tr("Few-shot accuracy of both checkpoints on this dataset."));
  tabs_->setCornerWidget(inspect_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addWidget(title_);
  column->addWidget(said_);
  column->addSpacing(4);
  column->addWidget(tabs_, 1);
  connect(inspect_, &QPushButton::clicked, this, &PicturePanel::inspectAsked);
  setPicture({}, {});
}

QWidget* PicturePanel::pairTab(int tab, const char* name, std::array<widgets::FigureView*, 2>& views) {
  auto* inside = new QWidget;
  auto* pair = new QBoxLayout(QBoxLayout::TopToBottom, inside);
  pair->setContentsMargins(0, 8, 0, 0);
  pair->setSpacing(12);
  pairs_[std::size_t(tab)] = pair;
  for (std::size_t i = 0; i < views.size(); ++i) {
    views[i] = new widgets::FigureView;
    views[i]->setObjectName(QString("compare.%1.%2").arg(name, i == 0 ? "a" : "b"));
    views[i]->setAccessibleName(i == 0 ? tr("Figure of A") : tr("Figure of B"));
    connect(views[i], &widgets::FigureView::failed, this, &PicturePanel::failed);
    auto* half = new QVBoxLayout;
    half->setSpacing(4);
    half->addWidget(new QLabel(i == 0 ? tr("Checkpoint A") : tr("Checkpoint B")));
    half->addWidget(views[i]);
    half->addStretch(1);
    pair->addLayout(half, 1);
  }
  return scrolled(inside);
}

QWidget* PicturePanel::curvesTab() {
  auto* tab = new QWidget;
  chart_ = new widgets::CurveChart;
  chart_->setMinimumHeight(kLeastChart);
  chart_->setObjectName("compare.curves");
  chart_->setAccessibleName(tr("Few-shot curves of both checkpoints"));
  notes_ = words("compare.curves.notes", "muted");
  noCurves_ = words("compare.curves.none", "muted");
  noCurves_->setText(tr("Neither checkpoint has few-shot curves on this dataset and label set."));
  measure_ = new QPushButton(widgets::icon("curves"), tr("Measure on the Curves page"));
  measure_->setObjectName("compare.curves.measure");
  measure_->setToolTip(tr("Goes to the Curves page, where curves are measured."));
  connect(measure_, &QPushButton::clicked, this, &PicturePanel::measureAsked);
  auto* column = new QVBoxLayout(tab);
  column->setContentsMargins(0, 8, 0, 0);
  column->addWidget(chart_, 1);
  notesRoom_ = scrolled(notes_);
  notesRoom_->setMinimumHeight(kLeastNotes);
  notesRoom_->setMaximumHeight(kMostNotes);
  column->addWidget(notesRoom_);
  column->addWidget(noCurves_);
  column->addWidget(measure_, 0, Qt::AlignLeft);
  column->addStretch(0);
  setCurves({});
  return tab;
}

void PicturePanel::setPicture(const QString& title, const QString& said, const QString& tip) {
  title_->setText(title.isEmpty() ? tr("No picture selected") : title);
  title_->setToolTip(tip);
  said_->setText(said);
  inspect_->setEnabled(!title.isEmpty());
  if (title.isEmpty()) {
    clearReading(tr("Select a picture to see what both models make of it."));
  }
}

void PicturePanel::setReading(const PairReading& reading) {
  const bool mixes = reading[0].weights || reading[1].weights;
  tabs_->setTabEnabled(kWeightsTab, mixes);
  tabs_->setTabToolTip(kWeightsTab, mixes ? tr("How a Llip mixes its tokens for the classes that were named.")
                                          : tr("Only a Llip has mixture weights, and neither of these is one."));
  for (std::size_t i = 0; i < reading.size(); ++i) {
    maps_[i]->setFigure(std::make_shared<const figures::MapFigure>(reading[i].map));
    weights_[i]->setEmptyText(i == 0 ? tr("A is no Llip, so it has no mixture weights.")
                                     : tr("B is no Llip, so it has no mixture weights."));
    weights_[i]->setFigure(reading[i].weights ? std::make_shared<const figures::WeightsFigure>(*reading[i].weights)
                                              : nullptr);
  }
}

void PicturePanel::clearReading(const QString& why) {
  for (const auto& views : {maps_, weights_}) {
    views[0]->setEmptyText(why);
    views[1]->setEmptyText({});
    views[0]->setFigure(nullptr);
    views[1]->setFigure(nullptr);
  }
}

void PicturePanel::setCurves(const PairCurves& curves) {
  const bool any = !curves.panel.series.empty();
  chart_->setVisible(any);
  notesRoom_->setVisible(any);
  noCurves_->setVisible(!any);
  measure_->setVisible(!any);
  notes_->setText(QString::fromStdString(curves.notes));
  if (any) {
    chart_->setPanel(curves.panel);
  }
}

bool PicturePanel::isSideBySide() const { return pairs_[0]->direction() == QBoxLayout::LeftToRight; }

void PicturePanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  for (QBoxLayout* pair : pairs_) {
    pair->setDirection(width() >= kSideBySide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  }
}

int PicturePanel::tab() const { return tabs_->currentIndex(); }

void PicturePanel::setTab(int tab) {
  if (tab >= 0 && tab < tabs_->count() && tabs_->isTabEnabled(tab)) {
    tabs_->setCurrentIndex(tab);
  }
}

}  // namespace lix::app
