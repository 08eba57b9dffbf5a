#include "pages/curves/figure_pane.h"

#include <QCoreApplication>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

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

FigureChoice choiceOf(const FigureRows& rows, const PaneChoice& choice) {
  FigureChoice made;
  made.rows = {.dataset = choice.dataset,
               .labelSet = choice.labelSet,
               .adapters = kept(rows, &store::EvaluationRow::adapter, choice.uncheckedAdapters),
               .checkpoints = kept(rows, &store::EvaluationRow::checkpointLabel, choice.uncheckedCheckpoints)};
  // A list of adapters is one of preference; the usual one stays first.
  std::ranges::stable_partition(made.rows.adapters, [](const std::string& name) { return name == "tip-adapter-x"; });
  return made;
}

}  // namespace

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
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
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
    view_->setFigure(nullptr);
    sentence_->clear();
    Q_EMIT changed();
  }
  rows_ == nullptr ? refresh() : make();
}

void FigurePane::choose(PaneChoice choice) {
  if (choice != choice_) {
    choice_ = std::move(choice);
    make();
  }
}

void FigurePane::refresh() {
  using Answer = Result<std::shared_ptr<const FigureRows>>;
  desk_.ask(
      rowsRelay_,
      [](const store::Workspace& workspace) -> Answer {
        LIX_TRY(FigureRows rows, readFigureRows(workspace));
        return std::make_shared<const FigureRows>(std::move(rows));
      },
      [this](const Answer& rows) {
        if (rows) {
          rows_ = *rows;
          make();
        } else {
          desk_.say(rows.error());
          take(std::unexpected(rows.error()));
        }
      });
}

void FigurePane::make() {
  if (kind_ == nullptr || rows_ == nullptr) {
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
      [rows = rows_, kind = kind_, choice = choice_](std::stop_token) -> Answer {
        LIX_TRY(MadeFigure made, makeFigure(*kind, *rows, choiceOf(*rows, choice)));
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
