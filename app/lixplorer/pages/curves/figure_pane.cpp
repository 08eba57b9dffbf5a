#include "pages/curves/figure_pane.h"

#include <QCoreApplication>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <set>
#include <utility>

#include "desk/desk.h"
#include "figure_view/figure_view.h"

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

constexpr std::size_t kMostRuns = 500;  // offered by name, the newest

OptionsOffer offerOf(const FigureRows& rows) {
  OptionsOffer offer;
  std::set<int> shots;
  std::set<std::string> checkpoints;
  for (const store::EvaluationRow& row : rows.evaluations) {
    shots.insert(row.shots);
    checkpoints.insert(row.checkpointLabel);
  }
  offer.shots = {shots.begin(), shots.end()};
  offer.checkpoints = {checkpoints.begin(), checkpoints.end()};
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
    : QWidget(parent), desk_(desk), rowsRelay_(desk.storing()), figureRelay_(desk.interactive()) {
  setObjectName("curves.figure");
  view_ = new widgets::FigureView;
  view_->setObjectName("curves.figure.view");
  view_->setAccessibleName(tr("Figure"));
  view_->setToolTip(tr("The context menu copies (Ctrl+C) and saves the figure."));
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
  scroll_->hide();
  connect(view_, &widgets::FigureView::failed, this,
          [this](const QString& sentence) { desk_.say(widgets::Severity::Error, sentence); });
}

void FigurePane::show(const FigureKind& kind) {
  if (kind_ != &kind) {
    kind_ = &kind;
    made_ = nullptr;  // another figure's numbers must not be saved under this one's name
    options_->setKind(std::string(kind.id));
    view_->setFigure(nullptr);
    sentence_->clear();
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
        read->offer = offerOf(read->rows);
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
  using Answer = Result<std::shared_ptr<const MadeFigure>>;
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
        return std::make_shared<const MadeFigure>(std::move(made));
      },
      [this](const Answer& made) { take(made); });
}

void FigurePane::take(const Result<std::shared_ptr<const MadeFigure>>& made) {
  made_ = made ? *made : nullptr;
  view_->setFigure(made ? made_->figure : nullptr);
  view_->setAccessibleDescription(made ? QCoreApplication::translate("figures", kind_->title.data()) : QString());
  sentence_->setText(made ? QString() : QString::fromStdString(made.error().message));
  scroll_->setVisible(made.has_value());
  sentence_->setVisible(!made);
  Q_EMIT changed();
}

}  // namespace lix::app
