#include "pages/curves/figure_pane.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "desk/desk.h"
#include "figure_view/figure_view.h"
#include "pages/curves/figure_maker.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

/// The names that are left; none (all) where nothing is unchecked.
std::vector<std::string> kept(const FigureRows& rows, std::string store::EvaluationRow::*name,
                              const std::vector<std::string>& unchecked) {
  std::set<std::string> names;
  for (const store::EvaluationRow& row : rows.evaluations) {
    names.insert(row.*name);
  }
  const std::size_t all = names.size();
  for (const std::string& one : unchecked) {
    names.erase(one);
  }
  return names.size() == all ? std::vector<std::string>() : std::vector<std::string>(names.begin(), names.end());
}

constexpr const char* kUsualData = "emoji";
constexpr std::size_t kMostRuns = 500;  // offered by name, the newest

OptionsOffer offerOf(const FigureKind& kind, const FigureRows& rows) {
  OptionsOffer offer;
  std::set<int> shots;
  std::set<std::string> checkpoints;
  for (const store::EvaluationRow& row : rows.evaluations) {
    shots.insert(row.shots);
    checkpoints.insert(row.checkpointLabel);
  }
  offer.shots = {shots.begin(), shots.end()};
  offer.checkpoints = {checkpoints.begin(), checkpoints.end()};
  if (kind.id == "sweep") {
    offer.fields = sweepFields(rows, {});
  }
  for (std::size_t i = 0; i < std::min(rows.runs.size(), kMostRuns); ++i) {
    offer.runs.push_back(rows.runs[i].row.name);
  }
  return offer;
}

}  // namespace

FigureChoice FigurePane::choiceOf(const Read& read, const PaneChoice& choice, const OptionsChoice& options) {
  const FigureRows& rows = read.rows;
  FigureChoice made;
  made.rows = {.dataset = choice.dataset,
               .labelSet = choice.labelSet,
               .adapters = kept(rows, &store::EvaluationRow::adapter, choice.uncheckedAdapters),
               .checkpoints = kept(rows, &store::EvaluationRow::checkpointLabel, choice.uncheckedCheckpoints)};
  // A list of adapters is one of preference; the usual one stays first.
  std::ranges::stable_partition(made.rows.adapters, [](const std::string& name) { return name == "tip-adapter-x"; });
  if (!options.first.empty() || !options.second.empty()) {  // the first less the second
    std::vector<std::string> all = made.rows.checkpoints.empty() ? read.offer.checkpoints : made.rows.checkpoints;
    std::erase_if(all, [&](const std::string& name) { return name == options.first || name == options.second; });
    const auto orAnother = [&](const std::string& name) {
      return !name.empty() || all.empty() ? name : std::exchange(all.front(), std::string());
    };
    made.rows.checkpoints = {orAnother(options.first), orAnother(options.second)};
  }
  made.shots = options.shots;
  made.run = options.run;
  made.x = options.x;
  made.lines = options.lines;
  made.reference = options.reference;
  made.prompts = options.prompts;
  return made;
}

FigurePane::FigurePane(Desk& desk, QWidget* parent)
    : QWidget(parent), desk_(desk), rowsRelay_(desk.storing()), figureRelay_(desk.interactive()), pointRelay_(desk.interactive()) {
  setObjectName("curves.figure");
  view_ = new widgets::FigureView;
  view_->setObjectName("curves.figure.view");
  view_->setAccessibleName(tr("Figure"));
  view_->setToolTip(tr("A click on a dot, bar or number shows what stands behind it; the list below does so by keys. The context "
                       "menu copies (Ctrl+C) and saves the figure."));
  view_->setMouseTracking(true);
  view_->installEventFilter(this);
  view_->setHint([this](const QPointF& at) {
    const int point = pointAt(at);
    return point < 0 ? view_->toolTip() : tr("%1 - click to open it.").arg(drawn_->points[std::size_t(point)].text);
  });
  scroll_ = new QScrollArea;
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidget(view_);
  sentence_ = new QLabel;
  sentence_->setObjectName("curves.figure.sentence");
  sentence_->setProperty("muted", true);
  sentence_->setWordWrap(true);
  sentence_->setAlignment(Qt::AlignCenter);
  sentence_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  options_ = new FigureOptions;
  connect(options_, &FigureOptions::changed, this, [this] {
    // A run's series are read for the run that is shown.
    read_ != nullptr && read_->run == options_->choice().run ? make() : refresh();
  });
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(options_);
  column->addWidget(scroll_, 1);
  column->addWidget(sentence_, 1);
  maker_ = new FigureMaker(desk);
  column->addWidget(maker_, 0, Qt::AlignHCenter);
  column->addWidget(buildBehind());
  scroll_->hide();
  connect(view_, &widgets::FigureView::clicked, this, [this](const QPointF& at) {
    ask(pointAt(at));
    if (const int point = pointAt(at); point >= 0 && drawn_->points[std::size_t(point)].run != 0) {
      openRun();
    }
  });
  connect(view_, &widgets::FigureView::failed, this,
          [this](const QString& sentence) { desk_.say(widgets::Severity::Error, sentence); });
}

QWidget* FigurePane::buildBehind() {
  behind_ = new QWidget;
  auto* row = new QHBoxLayout(behind_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  auto* name = new QLabel(tr("Behind it"));
  points_ = new QComboBox;
  points_->setObjectName("curves.figure.points");
  points_->setAccessibleName(tr("What stands behind the figure"));
  points_->setToolTip(tr("What the dots, bars and numbers of the figure were made from, in its order; choosing one shows its "
                         "measurements (arrows), as a click in the figure does."));
  points_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  points_->setMinimumContentsLength(20);
  points_->setMaxVisibleItems(20);
  name->setBuddy(points_);
  run_ = new QPushButton(widgets::icon("runs"), tr("Open run"));
  run_->setObjectName("curves.figure.run");
  run_->setAccessibleName(tr("Open the chosen run"));
  run_->setToolTip(tr("Shows the run on the Runs page (Space)."));
  row->addWidget(name);
  row->addWidget(points_, 1);
  row->addWidget(run_);
  behind_->hide();
  connect(points_, &QComboBox::currentIndexChanged, this, [this](int index) {
    run_->setEnabled(index > 0);
    ask(index - 1);
  });
  connect(run_, &QPushButton::clicked, this, &FigurePane::openRun);
  return behind_;
}

void FigurePane::fillBehind() {
  const QSignalBlocker quiet(points_);
  points_->clear();
  const bool any = drawn_ && !drawn_->points.empty();
  if (any) {
    points_->addItem(tr("Click the figure, or choose here..."));
    for (const FigurePoint& point : drawn_->points) {
      points_->addItem(point.text);
    }
  }
  run_->setEnabled(false);
  run_->setVisible(any && drawn_->made.behind == MadeFigure::Behind::Runs);
  behind_->setVisible(any);
}

int FigurePane::pointAt(const QPointF& at) const {
  if (!drawn_ || drawn_->points.empty()) {
    return -1;
  }
  const auto places = drawn_->made.figure->sourcePlaces(view_->figureRect());
  int found = -1;
  double nearest = 0.0;
  for (int i = 0; i < int(drawn_->points.size()); ++i) {
    const QRectF& place = places[drawn_->points[std::size_t(i)].source];
    const QPointF away = at - place.center();
    const double far = QPointF::dotProduct(away, away);
    if (place.contains(at) && (found < 0 || far < nearest)) {
      found = i;
      nearest = far;
    }
  }
  return found;
}

void FigurePane::ask(int point) {
  if (point < 0 || !drawn_) {
    return;
  }
  {
    const QSignalBlocker quiet(points_);
    points_->setCurrentIndex(point + 1);
  }
  if (drawn_->points[std::size_t(point)].run != 0) {
    run_->setEnabled(true);
    return;
  }
  pointRelay_.ask(
      [drawn = drawn_, point](std::stop_token) {
        store::CurvePoint made = drawn->points[std::size_t(point)].point;
        store::addIntervals(std::span(&made, 1), drawn->from->rows.outcomes);
        return made;
      },
      [this](const store::CurvePoint& made) { Q_EMIT pointAsked(made); });
}

void FigurePane::openRun() {
  if (drawn_ && points_->currentIndex() > 0) {
    desk_.show(PageId::Runs, QStringLiteral("run:%1").arg(drawn_->points[std::size_t(points_->currentIndex()) - 1].run));
  }
}

bool FigurePane::eventFilter(QObject* watched, QEvent* event) {
  if (watched == view_ && event->type() == QEvent::MouseMove) {
    const bool can = pointAt(static_cast<QMouseEvent*>(event)->position()) >= 0;
    view_->setCursor(can ? Qt::PointingHandCursor : Qt::ArrowCursor);
  }
  return QWidget::eventFilter(watched, event);
}

void FigurePane::show(const FigureKind& kind) {
  if (kind_ != &kind) {
    kind_ = &kind;
    drawn_ = nullptr;  // another figure's numbers must not be saved under this one's name
    options_->setKind(std::string(kind.id));
    view_->setFigure(nullptr);
    sentence_->clear();
    fillBehind();
    Q_EMIT changed();
  }
  read_ == nullptr || read_->kind != kind_ ? refresh() : make();
}

void FigurePane::choose(PaneChoice choice) {
  if (choice != choice_) {
    choice_ = std::move(choice);
    make();
  }
}

void FigurePane::refresh() {
  using Answer = Result<std::shared_ptr<const Read>>;
  desk_.ask(
      rowsRelay_,
      [kind = kind_, run = options_->choice().run](const store::Workspace& workspace) -> Answer {
        auto read = std::make_shared<Read>();
        LIX_TRY(read->rows, readFigureRows(workspace, {.kind = kind, .run = run}));
        read->offer = offerOf(*kind, read->rows);
        read->kind = kind;
        read->run = run;
        return read;
      },
      [this](const Answer& read) {
        if (read) {
          read_ = *read;
          options_->setOffer(read_->offer);
          make();
        } else {
          desk_.say(read.error());
          take(std::unexpected(read.error()));
        }
      });
}

void FigurePane::make() {
  if (kind_ == nullptr || read_ == nullptr || read_->kind != kind_) {
    return;
  }
  using Answer = Result<std::shared_ptr<const Drawn>>;
  if (choice_.isEmptied) {
    figureRelay_.drop();
    const QString sentence = tr("Check a checkpoint and an adapter at the left to see the figure.");
    take(fail(ErrorCode::NotFound, sentence.toStdString()));
    return;
  }
  figureRelay_.ask(
      [read = read_, kind = kind_, choice = choice_, options = options_->choice()](std::stop_token) -> Answer {
        FigureRows some;
        if (!choice.suite.empty()) {  // what has no dataset, such as costs, stays
          some = read->rows;
          std::erase_if(some.evaluations, [&](const store::EvaluationRow& row) {
            return !row.dataset.empty() && !choice.suite.contains(row.dataset);
          });
        }
        LIX_TRY(MadeFigure made, makeFigure(*kind, choice.suite.empty() ? read->rows : some, choiceOf(*read, choice, options)));
        auto points = figurePoints(made, read->rows);
        return std::make_shared<const Drawn>(Drawn{std::move(made), std::move(points), read});
      },
      [this](const Answer& drawn) { take(drawn); });
}

void FigurePane::take(const Result<std::shared_ptr<const Drawn>>& drawn) {
  drawn_ = drawn ? *drawn : nullptr;
  view_->setFigure(drawn ? drawn_->made.figure : nullptr);
  view_->setAccessibleDescription(drawn ? QCoreApplication::translate("figures", kind_->title.data()) : QString());
  sentence_->setText(drawn ? QString() : QString::fromStdString(drawn.error().message));
  scroll_->setVisible(drawn.has_value());
  sentence_->setVisible(!drawn);
  if (drawn || choice_.isEmptied) {
    maker_->hide();
  } else {
    maker_->offer(*kind_, choice_.dataset.empty() ? kUsualData : choice_.dataset);
  }
  fillBehind();
  Q_EMIT changed();
}

}  // namespace lix::app
