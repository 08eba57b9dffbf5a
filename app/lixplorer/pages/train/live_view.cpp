#include "pages/train/live_view.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
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
#include "pages/train/chart_controls.h"
#include "pages/train/checkpoint_list.h"
#include "pages/train/overlay_button.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr std::array kChartNames{"loss",  "temperatures", "neighbours", "pace", "canary",       "guard",
                                 "mixture", "gradient",   "scale",      "bias", "learningRate", "memory"};
static_assert(kChartNames.size() == kLivePanels.size());
constexpr std::size_t kMostListed = 200;  // in the box; all are on the Runs page

}  // namespace

LiveView::LiveView(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk) {
  build();
  connect(box_, &QComboBox::activated, this, [this] { choose(box_->currentData().toLongLong()); });
  connect(&desk.runs(), &RunWatch::changed, this, &LiveView::onRuns);
  connect(overlay_, &OverlayButton::changed, this, [this] {
    follow();
    showSeries();
  });
  connect(controls_, &ChartControls::changed, this, &LiveView::styleCharts);
  connect(&desk.runs(), &RunWatch::seriesChanged, this, [this](qlonglong run) {
    if (followed_.contains(run)) {
      showSeries();
    }
  });
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &LiveView::showStatus);
  onRuns();
}

LiveView::~LiveView() {
  live_ = false;
  follow();
}

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
  addCharts(*column);
}

void LiveView::addCharts(QVBoxLayout& column) {
  for (std::size_t i = 0; i < kLivePanels.size(); ++i) {
    charts_[i] = new widgets::SeriesChart;
    charts_[i]->setObjectName(QStringLiteral("train.chart.%1").arg(QLatin1String(kChartNames[i])));
    connect(charts_[i], &widgets::SeriesChart::failed, this,
            [this](const QString& sentence) { desk_.say(widgets::Severity::Error, sentence); });
  }
  for (std::size_t i = 0; i < kAlwaysShown; ++i) {
    charts_[i]->setEmptyText(tr("Drawn from the first step on."));
  }
  charts_[2]->setEmptyText(tr("This recipe has no context, so no effective neighbours."));
  area_ = new ChartArea(charts_);
  column.addWidget(area_, 1);
  controls_ = new ChartControls;
  column.addWidget(controls_);
}

QLayout* LiveView::topRow() {
  auto* top = new QHBoxLayout;
  top->setSpacing(8);
  box_ = new QComboBox;
  box_->setObjectName("train.run");
  box_->setAccessibleName(tr("Run"));
  box_->setToolTip(tr("The run that is shown, newest first (arrow keys); older ones open from the Runs page."));
  box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box_->setMinimumContentsLength(9);
  buttons_ = new RunButtons(desk_, RunButtons::Look::Words);
  box_->setMaximumWidth(320);
  overlay_ = new OverlayButton(desk_);
  top->addWidget(box_, 1);
  top->addWidget(overlay_);
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
  guard_ = new QLabel;
  guard_->setObjectName("train.guard");
  guard_->setWordWrap(true);
  column.addWidget(guard_);
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
  checkpoints_ = new CheckpointList(desk_);
  column.addWidget(checkpoints_);
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

void LiveView::styleCharts() {
  using Range = widgets::SeriesChart::Range;
  for (widgets::SeriesChart* chart : charts_) {
    chart->setSmoothing(controls_->smoothing());
    chart->setRange(controls_->leavesOutliersOut() ? Range::WithoutOutliers : Range::All);
    chart->setLogarithmic(controls_->isLogarithmic());
  }
}

QJsonObject LiveView::state() const {
  QJsonArray over;
  for (const long long run : overlay_->chosen()) {
    over.append(double(run));
  }
  return {{"charts", controls_->state()}, {"overlay", over}};
}

void LiveView::restore(const QJsonObject& state) {
  controls_->restore(state.value("charts").toObject());
  std::vector<long long> over;
  for (const QJsonValue& run : state.value("overlay").toArray()) {
    over.push_back(static_cast<long long>(run.toDouble()));
  }
  overlay_->choose(std::move(over));
}

void LiveView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    fillBox();
    showStatus();
    showGuard();
  }
}

void LiveView::choose(long long run) {
  awaited_.reset();
  show(run);
}

void LiveView::await(const study::TrainSettings& settings) {
  const auto& runs = desk_.runs().runs();
  awaited_ = Awaited{{.recipe = settings.recipe, .dataset = settings.data, .seed = static_cast<long long>(settings.seed), .stepsTotal = settings.steps},
                     runs.empty() ? 0 : runs.front().id};
}

bool LiveView::isAwaited(const store::RunRow& run) const {
  const store::RunRow& plan = awaited_->plan;
  return run.id > awaited_->after && !run.queuePlace && run.recipe == plan.recipe && run.dataset == plan.dataset &&
         run.seed == plan.seed && run.stepsTotal == plan.stepsTotal;
}

void LiveView::setLive(bool live) {
  live_ = live;
  follow();
  if (live) {
    showSeries();
  }
}

void LiveView::follow() {
  std::set<long long> wanted;
  if (live_ && run_ != 0) {
    wanted.insert(run_);
    for (const long long run : overlay_->chosen()) {
      wanted.insert(run);
    }
  }
  for (const long long run : wanted) {
    if (!followed_.contains(run)) {
      desk_.runs().follow(run);
    }
  }
  for (const long long run : followed_) {
    if (!wanted.contains(run)) {
      desk_.runs().unfollow(run);
    }
  }
  followed_ = std::move(wanted);
}

void LiveView::onRuns() {
  const auto& runs = desk_.runs().runs();
  stack_->setCurrentIndex(runs.empty() ? 0 : 1);
  fillBox();
  if (awaited_) {
    if (const auto begun = std::ranges::find_if(runs, [this](const auto& run) { return isAwaited(run); }); begun != runs.end()) {
      choose(begun->id);
      return;
    }
  }
  if (desk_.runs().run(run_).has_value()) {
    showStatus();
    follow();  // a run that lies over this one may be gone, or known only now
    return;
  }
  const auto active = std::ranges::find_if(runs, [this](const auto& run) { return desk_.runs().isActive(run); });
  const auto begun = std::ranges::find_if(runs, [](const auto& run) { return !run.queuePlace.has_value(); });
  const auto first = active != runs.end() ? active : begun;
  if (const long long wanted = first == runs.end() ? 0 : first->id; wanted != run_ || wanted == 0) {
    show(wanted);
  }
}

void LiveView::fillBox() {
  const QSignalBlocker quiet(box_);
  const auto theme = widgets::themeOf(palette());
  const auto& all = desk_.runs().runs();
  std::vector<const store::RunRow*> runs;
  for (const store::RunRow& run : all) {  // the newest, and the one that is shown
    if (runs.size() < kMostListed || run.id == run_) {
      runs.push_back(&run);
    }
  }
  while (box_->count() > int(runs.size())) {
    box_->removeItem(box_->count() - 1);
  }
  while (box_->count() < int(runs.size())) {
    box_->addItem(QString());
  }
  for (int i = 0; i < int(runs.size()); ++i) {
    const store::RunRow& run = *runs[std::size_t(i)];
    box_->setItemText(i, QString::fromStdString(run.name));
    box_->setItemData(i, qlonglong(run.id));
    box_->setItemIcon(i, statusPixmap(run.status, theme, 16));
    box_->setItemData(i, statusText(run), Qt::ToolTipRole);
    box_->setItemData(i, tr("%1, %2").arg(QString::fromStdString(run.name), statusText(run)), Qt::AccessibleTextRole);
  }
  box_->setCurrentIndex(box_->findData(qlonglong(run_)));
}

void LiveView::show(long long run) {
  run_ = run;
  fillBox();
  overlay_->setShown(run);
  follow();
  showStatus();
  showSeries();
}

void LiveView::showStatus() {
  const auto run = desk_.runs().run(run_);
  buttons_->setRun(run);
  checkpoints_->setRun(run);
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
  const QString message = messageText(*run);
  const bool isVerdict = message.startsWith("Zero-shot accuracy");  // which the line of the guard says, up to date
  message_->setText(isVerdict ? QString() : message);
  message_->setVisible(!message_->text().isEmpty());
  const QString goesOn = continueText(desk_, *run);
  goesOn_->setText(goesOn);
  goesOn_->setVisible(!goesOn.isEmpty());
  next_->setVisible(run->status == store::RunStatus::Done);
}

void LiveView::showSeries() {
  std::vector<LiveRun> live;
  const auto add = [&](long long id) {
    if (const auto run = desk_.runs().run(id)) {
      live.push_back({run->name, batchOf(*run), desk_.runs().series(id)});
    }
  };
  add(run_);
  for (const long long run : overlay_->chosen()) {
    add(run);
  }
  const auto panels = livePanels(live);
  std::array<bool, kLivePanels.size()> shown{};
  for (std::size_t i = 0; i < shown.size(); ++i) {
    charts_[i]->setPanel(panels[i]);
    shown[i] = i < kAlwaysShown || !panels[i].lines.empty();
  }
  area_->setShown(shown);
  latest_->setText(QString::fromStdString(latestText(desk_.runs().series(run_))));
  showGuard();
}

void LiveView::showGuard() {
  const auto guard = guardOf(desk_.runs().series(run_));
  guard_->setVisible(guard.has_value());
  if (!guard) {
    return;
  }
  const widgets::Colours& colours = widgets::colours(widgets::themeOf(palette()));
  const QColor colour = guard->verdict == GuardText::Verdict::Dropped ? colours.bad
                        : guard->verdict == GuardText::Verdict::Kept  ? colours.good
                                                                      : colours.muted;
  guard_->setText(QStringLiteral("<span style='color:%1'>&#9679;</span> %2")
                      .arg(colour.name(), QString::fromStdString(guard->sentence).toHtmlEscaped()));
}

}  // namespace lix::app
