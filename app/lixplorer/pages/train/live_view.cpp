#include "pages/train/live_view.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "charts/series_chart.h"
#include "chrome/job_strip.h"
#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "desk/run_watch.h"
#include "frame/page_parts.h"
#include "pages/run_parts/run_buttons.h"
#include "pages/run_parts/run_text.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kTwoColumns = 560;  // pixels of width
constexpr int kLeastHeight = 190;
constexpr int kSpacing = 8;
constexpr int kMostSmoothing = 99;  // hundredths

}  // namespace

/// Charts in two columns where there is room, two of them over each other in sight.
class ChartArea : public QScrollArea {
 public:
  explicit ChartArea(const std::array<widgets::SeriesChart*, kLivePanels.size()>& charts) : charts_(charts) {
    auto* inner = new QWidget;
    grid_ = new QGridLayout(inner);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setSpacing(kSpacing);
    for (widgets::SeriesChart* chart : charts_) {
      chart->setParent(inner);
    }
    for (std::size_t i = 0; i < kLivePanels.size(); ++i) {
      shown_[i] = i < kAlwaysShown;
    }
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidget(inner);
    place();
  }

  /// The others leave no gap.
  void setShown(const std::array<bool, kLivePanels.size()>& shown) {
    if (shown != shown_) {
      shown_ = shown;
      columns_ = 0;
      place();
    }
  }

 protected:
  void resizeEvent(QResizeEvent* event) override {
    QScrollArea::resizeEvent(event);
    place();
  }

 private:
  void place() {
    if (const int columns = width() >= kTwoColumns ? 2 : 1; columns != columns_) {
      columns_ = columns;
      int cell = 0;
      for (std::size_t i = 0; i < kLivePanels.size(); ++i) {
        grid_->removeWidget(charts_[i]);
        charts_[i]->setVisible(shown_[i]);
        if (shown_[i]) {
          grid_->addWidget(charts_[i], cell / columns, cell % columns);
          ++cell;
        }
      }
      grid_->setColumnStretch(0, 1);
      grid_->setColumnStretch(1, columns - 1);
    }
    for (widgets::SeriesChart* chart : charts_) {
      chart->setFixedHeight(std::max(kLeastHeight, (viewport()->height() - kSpacing) / 2));
    }
  }

  const std::array<widgets::SeriesChart*, kLivePanels.size()> charts_;
  std::array<bool, kLivePanels.size()> shown_{};
  QGridLayout* grid_;
  int columns_ = 0;
};

LiveView::LiveView(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk) {
  build();
  connect(box_, &QComboBox::activated, this, [this] {
    chosen_ = true;
    show(box_->currentData().toLongLong());
  });
  connect(&desk.runs(), &RunWatch::changed, this, &LiveView::onRuns);
  connect(&desk.runs(), &RunWatch::seriesChanged, this, [this](qlonglong run) {
    if (run == run_) {
      showSeries();
    }
  });
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &LiveView::showStatus);
  onRuns();
}

LiveView::~LiveView() { follow(0); }

void LiveView::build() {
  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(8, 0, 0, 0);
  stack_ = new QStackedWidget;
  stack_->addWidget(new EmptyState("train", tr("No run yet"),
                                   tr("Set up a run at the left and press Start; its curves appear here. Runs that a "
                                      "terminal starts in this workspace appear too.")));
  auto* page = new QWidget;
  stack_->addWidget(page);
  whole->addWidget(stack_);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addLayout(topRow());
  addStatus(*column);
  constexpr std::array kNames{"loss",     "temperatures", "neighbours", "pace",         "canary", "mixture",
                              "gradient", "scale",        "bias",       "learningRate", "memory"};
  static_assert(kNames.size() == kLivePanels.size());
  for (std::size_t i = 0; i < kLivePanels.size(); ++i) {
    charts_[i] = new widgets::SeriesChart;
    charts_[i]->setObjectName(QStringLiteral("train.chart.%1").arg(QLatin1String(kNames[i])));
    connect(charts_[i], &widgets::SeriesChart::failed, this,
            [this](const QString& sentence) { desk_.say(widgets::Severity::Error, sentence); });
  }
  charts_[2]->setEmptyText(tr("This recipe has no context, so no effective neighbours."));
  area_ = new ChartArea(charts_);
  column->addWidget(area_, 1);
  column->addWidget(smoothingRow());
}

QLayout* LiveView::topRow() {
  auto* top = new QHBoxLayout;
  top->setSpacing(8);
  box_ = new QComboBox;
  box_->setObjectName("train.run");
  box_->setAccessibleName(tr("Run"));
  box_->setToolTip(tr("The run that is shown, newest first."));
  box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box_->setMinimumContentsLength(9);
  buttons_ = new RunButtons(desk_, RunButtons::Look::Words);
  box_->setMaximumWidth(320);
  top->addWidget(box_, 1);
  top->addWidget(buttons_);
  top->addStretch(0);
  return top;
}

void LiveView::addStatus(QVBoxLayout& column) {
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  mark_ = new QLabel;
  status_ = new QLabel;
  status_->setObjectName("train.status");
  row->addWidget(mark_);
  row->addWidget(status_, 1);
  row->addWidget(nextSteps());
  column.addLayout(row);
  progress_ = new QProgressBar;
  progress_->setObjectName("train.progress");
  progress_->setAccessibleName(tr("Steps done"));
  progress_->setTextVisible(false);
  progress_->setMaximum(1000);
  column.addWidget(progress_);
  latest_ = new QLabel;
  latest_->setObjectName("train.latest");
  latest_->setProperty("muted", true);
  latest_->setWordWrap(true);
  column.addWidget(latest_);
  message_ = new QLabel;
  message_->setObjectName("train.message");
  message_->setWordWrap(true);
  message_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  column.addWidget(message_);
  goesOn_ = new QLabel;
  goesOn_->setObjectName("train.continueNote");
  goesOn_->setWordWrap(true);
  goesOn_->setProperty("muted", true);
  column.addWidget(goesOn_);
}

QWidget* LiveView::nextSteps() {
  next_ = new QWidget;
  auto* row = new QHBoxLayout(next_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6);
  const auto add = [&](const char* name, const QString& icon, const QString& text, const QString& tip, PageId page) {
    auto* button = new QPushButton(widgets::icon(icon), text);
    button->setObjectName(QLatin1String(name));
    button->setToolTip(tip);
    connect(button, &QPushButton::clicked, this, [this, page] {
      if (const auto run = desk_.runs().run(run_)) {
        desk_.show(page, QStringLiteral("checkpoint:%1").arg(QString::fromStdString(run->out.string())));
      }
    });
    row->addWidget(button);
  };
  add("train.inspect", "inspect", tr("Inspect"), tr("Looks into the trained checkpoint on the Inspect page."),
      PageId::Inspect);
  add("train.measure", "curves", tr("Measure"), tr("Goes to the Curves page, where checkpoints are measured."),
      PageId::Curves);
  add("train.compare", "compare", tr("Compare"), tr("Sets the trained checkpoint beside another one."),
      PageId::Compare);
  return next_;
}

QWidget* LiveView::smoothingRow() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel(tr("&Smoothing"));
  label->setProperty("muted", true);
  slider_ = new QSlider(Qt::Horizontal);
  slider_->setObjectName("train.smoothing");
  slider_->setAccessibleName(tr("Smoothing"));
  slider_->setToolTip(
      tr("Share of the past in each drawn value; the values themselves stay faintly behind (arrow keys)."));
  slider_->setRange(0, kMostSmoothing);
  number_ = new QDoubleSpinBox;
  number_->setObjectName("train.smoothingNumber");
  number_->setAccessibleName(tr("Smoothing as a number"));
  number_->setToolTip(tr("Share of the past in each drawn value, 0 to 0.99."));
  number_->setRange(0.0, kMostSmoothing / 100.0);
  number_->setSingleStep(0.05);
  label->setBuddy(slider_);
  row->addWidget(label);
  row->addWidget(slider_, 1);
  row->addWidget(number_);
  connect(slider_, &QSlider::valueChanged, this, [this](int hundredths) { setSmoothing(hundredths / 100.0); });
  connect(number_, &QDoubleSpinBox::valueChanged, this, &LiveView::setSmoothing);
  return box;
}

double LiveView::smoothing() const { return number_->value(); }

void LiveView::setSmoothing(double weight) {
  const QSignalBlocker quietSlider(slider_), quietNumber(number_);
  number_->setValue(weight);
  slider_->setValue(int(std::lround(number_->value() * 100.0)));
  for (widgets::SeriesChart* chart : charts_) {
    chart->setSmoothing(number_->value());
  }
}

void LiveView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    fillBox();
    showStatus();
  }
}

void LiveView::choose(long long run) {
  chosen_ = true;
  show(run);
}

void LiveView::awaitNew() { chosen_ = false; }

void LiveView::setLive(bool live) {
  live_ = live;
  follow(live ? run_ : 0);
  if (live) {
    showSeries();
  }
}

void LiveView::follow(long long run) {
  if (run == followed_) {
    return;
  }
  if (followed_ != 0) {
    desk_.runs().unfollow(followed_);
  }
  followed_ = run;
  if (run != 0) {
    desk_.runs().follow(run);
  }
}

void LiveView::onRuns() {
  const auto& runs = desk_.runs().runs();
  stack_->setCurrentIndex(runs.empty() ? 0 : 1);
  fillBox();
  const bool shown = desk_.runs().run(run_).has_value();
  long long wanted = shown ? run_ : 0;
  if (!chosen_ || !shown) {
    const auto active = std::ranges::find_if(runs, [this](const auto& run) { return desk_.runs().isActive(run); });
    const long long first = runs.empty() ? 0 : runs.front().id;
    // A run so short that it was never seen active is shown all the same.
    wanted = active != runs.end() ? active->id : (first > newest_ || !shown ? first : run_);
  }
  newest_ = runs.empty() ? newest_ : std::max(newest_, runs.front().id);
  if (wanted != run_) {
    show(wanted);
  } else {
    showStatus();
  }
}

void LiveView::fillBox() {
  const QSignalBlocker quiet(box_);
  const auto theme = widgets::themeOf(palette());
  const auto& runs = desk_.runs().runs();
  while (box_->count() > int(runs.size())) {
    box_->removeItem(box_->count() - 1);
  }
  while (box_->count() < int(runs.size())) {
    box_->addItem(QString());
  }
  for (int i = 0; i < int(runs.size()); ++i) {
    const store::RunRow& run = runs[std::size_t(i)];
    box_->setItemText(i, QString::fromStdString(run.name));
    box_->setItemData(i, qlonglong(run.id));
    box_->setItemIcon(i, statusPixmap(run.status, theme, 16));
  }
  box_->setCurrentIndex(box_->findData(qlonglong(run_)));
}

void LiveView::show(long long run) {
  run_ = run;
  const QSignalBlocker quiet(box_);
  box_->setCurrentIndex(box_->findData(qlonglong(run)));
  if (live_) {
    follow(run);
  }
  showStatus();
  showSeries();
}

void LiveView::showStatus() {
  const auto run = desk_.runs().run(run_);
  buttons_->setRun(run);
  if (!run) {
    return;
  }
  const auto theme = widgets::themeOf(palette());
  mark_->setPixmap(statusPixmap(run->status, theme, 16));
  QString text = tr("%1, step %2 of %3").arg(statusText(*run)).arg(run->step).arg(run->stepsTotal);
  if (const double left = desk_.runs().secondsLeft(*run); left >= 0.0) {
    text += tr(", %1 left").arg(widgets::durationText(left));
  }
  status_->setText(text);
  progress_->setValue(run->stepsTotal > 0 ? int(1000.0 * double(run->step) / double(run->stepsTotal)) : 0);
  message_->setText(QString::fromStdString(run->message));
  message_->setVisible(!run->message.empty());
  const QString goesOn = continueText(desk_, *run);
  goesOn_->setText(goesOn);
  goesOn_->setVisible(!goesOn.isEmpty());
  next_->setVisible(run->status == store::RunStatus::Done);
}

void LiveView::showSeries() {
  const auto run = desk_.runs().run(run_);
  const auto& series = desk_.runs().series(run_);
  const LiveRun live{run ? run->name : "", run ? batchOf(*run) : 0, series};
  const auto panels = livePanels({&live, 1});
  std::array<bool, kLivePanels.size()> shown{};
  for (std::size_t i = 0; i < shown.size(); ++i) {
    charts_[i]->setPanel(panels[i]);
    shown[i] = i < kAlwaysShown || !panels[i].lines.empty();
  }
  area_->setShown(shown);
  latest_->setText(QString::fromStdString(latestText(series)));
}

}  // namespace lix::app
