#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "frame/page_parts.h"
#include "pages/curves/check_list.h"
#include "pages/curves/curve_charts.h"
#include "pages/curves/curves_page.h"
#include "pages/curves/figure_pane.h"
#include "pages/curves/grouping_bar.h"
#include "pages/curves/measure_form.h"
#include "pages/curves/point_panel.h"
#include "pages/curves/reach_bar.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kMargin = 16, kSpacing = 12;
constexpr int kChoicesWidth = 190;

QComboBox* choiceBox(const char* objectName, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(objectName);
  box->setToolTip(tip);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(8);
  return box;
}

}  // namespace

QWidget* CurvesPage::buildHeader() {
  auto* header = new PageHeader(pageTitle(id()), tr("Few-shot accuracy against shots, from every measurement here."));
  measure_ = new QPushButton(widgets::icon("add"), tr("Measure..."));
  measure_->setObjectName("curves.measure.open");
  measure_->setCheckable(true);
  measure_->setToolTip(tr("Opens the form that measures more curves (Ctrl+M)."));
  save_ = new QToolButton;
  save_->setObjectName("curves.save");
  save_->setText(tr("Save"));
  save_->setIcon(widgets::icon("save"));
  save_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  save_->setPopupMode(QToolButton::InstantPopup);
  save_->setAccessibleName(tr("Save or copy the figure"));
  save_->setToolTip(
      tr("Saves what can be seen as a picture (Ctrl+Shift+S) or as numbers (Ctrl+Alt+S), or copies it "
         "(Ctrl+Shift+C)."));
  auto* menu = new QMenu(save_);
  menu->addAction(tr("Picture..."), this, [this] { askForFile(tr("Pictures (*.svg *.pdf *.png)"), "svg"); });
  menu->addAction(tr("Numbers..."), this, [this] { askForFile(tr("Tables (*.csv)"), "csv"); });
  menu->addAction(tr("Copy picture"), this, &CurvesPage::copyPicture);
  save_->setMenu(menu);
  save_->setEnabled(false);
  figureBox_ = choiceBox("curves.figure.choice", tr("What is drawn from the results here; arrows change it."));
  figureBox_->setAccessibleName(tr("Figure"));
  figureBox_->setMinimumContentsLength(34);
  for (const FigureKind& kind : figureKinds()) {
    figureBox_->addItem(QCoreApplication::translate("figures", kind.title.data()),
                        QString::fromLatin1(kind.id.data(), int(kind.id.size())));
  }
  header->addControl(figureBox_);
  header->addControl(save_);
  header->addControl(measure_);
  return header;
}

void CurvesPage::build() {
  QWidget* header = buildHeader();
  form_ = new MeasureForm(desk());
  form_->hide();
  empty_ = new EmptyState(
      "curves", tr("No curves yet"),
      tr("A curve tells how well a checkpoint classifies from a few pictures of each class, without training. Measure "
         "one here, or with lixp eval few-shot: it appears as soon as it is in the workspace."));
  connect(empty_->addButton(tr("Measure...")), &QPushButton::clicked, this, [this] { showForm(true); });

  splitter_ = new QSplitter;
  splitter_->setObjectName("curves.splitter");
  splitter_->setChildrenCollapsible(false);
  side_ = buildChoices();
  splitter_->addWidget(side_);
  middle_ = new QStackedWidget;
  middle_->addWidget(buildCurves());
  pane_ = new FigurePane(desk());
  middle_->addWidget(pane_);
  splitter_->addWidget(middle_);
  point_ = new PointPanel;
  point_->hide();
  splitter_->addWidget(point_);
  splitter_->setStretchFactor(1, 1);
  splitter_->setSizes({kChoicesWidth, 800, 300});
  stack_ = new QStackedWidget;
  stack_->addWidget(empty_);
  stack_->addWidget(splitter_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  column->setSpacing(kSpacing);
  column->addWidget(header);
  column->addWidget(form_);
  column->addWidget(stack_, 1);
}

QWidget* CurvesPage::buildChoices() {
  auto* side = new QWidget;
  side->setMinimumWidth(150);
  suiteBox_ = choiceBox("curves.suite", tr("A suite leaves its datasets alone; arrows change it."));
  suiteBox_->addItem(tr("All results"), QString());
  datasetBox_ = choiceBox("curves.dataset", tr("What was measured on this dataset; arrows change it."));
  labelBox_ = choiceBox("curves.labels", tr("Which labels are told apart; arrows change it."));
  checkpoints_ = new CheckList(tr("Checkpoints"));
  checkpoints_->setObjectName("curves.checkpoints");
  adapters_ = new CheckList(tr("Adapters"));
  adapters_->setObjectName("curves.adapters");
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(labelled(tr("Suite"), suiteBox_));
  column->addWidget(labelled(tr("Dataset"), datasetBox_));
  column->addWidget(labelled(tr("Label set"), labelBox_));
  column->addWidget(labelled(tr("Checkpoints"), checkpoints_), 3);
  column->addWidget(labelled(tr("Adapters"), adapters_), 2);
  return side;
}

QWidget* CurvesPage::buildCurves() {
  auto* middle = new QWidget;
  charts_ = new CurveCharts;
  nothing_ = new QLabel(tr("Check a checkpoint and an adapter at the left to see curves."));
  nothing_->setObjectName("curves.nothing");
  nothing_->setProperty("muted", true);
  nothing_->setAlignment(Qt::AlignCenter);
  nothing_->setWordWrap(true);
  nothing_->hide();
  notes_ = new QLabel;
  notes_->setObjectName("curves.notes");
  notes_->setProperty("muted", true);
  notes_->setWordWrap(true);
  notes_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  reach_ = new ReachBar;
  grouping_ = new GroupingBar;
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(grouping_);
  column->addWidget(charts_, 1);
  column->addWidget(nothing_, 1);
  column->addWidget(notes_);
  column->addWidget(reach_);
  return middle;
}

void CurvesPage::connectParts() {
  connect(measure_, &QPushButton::clicked, this, [this](bool on) { showForm(on); });
  connect(form_, &MeasureForm::closed, this, [this] { showForm(false); });
  connect(form_, &MeasureForm::started, this, [this] { showForm(false); });
  connect(form_, &MeasureForm::finished, this, [this] { refresh(When::Always); });
  connect(figureBox_, &QComboBox::currentIndexChanged, this, &CurvesPage::chooseFigure);
  connect(pane_, &FigurePane::changed, this, &CurvesPage::showPart);
  connect(pane_, &FigurePane::pointAsked, this, [this](const store::CurvePoint& point) {
    clicked_ = point;
    point_->setPoint(point, QString::fromStdString(desk().folder().string()));
    point_->show();
  });
  connect(datasetBox_, &QComboBox::currentIndexChanged, this, [this] {
    dataset_ = datasetBox_->currentData().toString().toStdString();
    recompute();
  });
  connect(labelBox_, &QComboBox::currentIndexChanged, this, [this] {
    labelSet_ = labelBox_->currentData().toString().toStdString();
    recompute();
  });
  connect(suiteBox_, &QComboBox::currentIndexChanged, this, [this] {
    suite_ = suiteBox_->currentData().toString().toStdString();
    dataset_.clear();
    labelSet_.clear();
    recompute();
  });
  connect(grouping_, &GroupingBar::changed, this, &CurvesPage::recompute);
  connect(reach_, &ReachBar::asked, this, &CurvesPage::answerReach);
  connect(point_, &PointPanel::againAsked, this, &CurvesPage::measureAgain);
  connect(point_, &PointPanel::runAsked, this, &CurvesPage::openRun);
  connect(adapters_, &CheckList::changed, this, &CurvesPage::recompute);
  connect(checkpoints_, &CheckList::changed, this, &CurvesPage::recompute);
  connect(charts_, &CurveCharts::pointClicked, this, &CurvesPage::showPoint);
  connect(charts_, &CurveCharts::failed, this,
          [this](const QString& sentence) { desk().say(widgets::Severity::Error, sentence); });
  connect(point_, &PointPanel::closed, point_, &QWidget::hide);
}

}  // namespace lix::app
