#include "pages/curves/figure_pane.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "desk/desk.h"
#include "figure_view/figure_view.h"

namespace lix::app {

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
  kind_ = &kind;
  rows_ == nullptr ? refresh() : make();
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
        }
      });
}

void FigurePane::make() {
  if (kind_ == nullptr || rows_ == nullptr) {
    return;
  }
  using Answer = Result<std::shared_ptr<const MadeFigure>>;
  figureRelay_.ask(
      [rows = rows_, kind = kind_](std::stop_token) -> Answer {
        LIX_TRY(MadeFigure made, makeFigure(*kind, *rows, {}));
        return std::make_shared<const MadeFigure>(std::move(made));
      },
      [this](const Answer& made) { take(made); });
}

void FigurePane::take(const Result<std::shared_ptr<const MadeFigure>>& made) {
  made_ = made ? *made : nullptr;
  view_->setFigure(made ? made_->figure : nullptr);
  view_->setAccessibleDescription(made ? QString::fromStdString(std::string(kind_->title)) : QString());
  sentence_->setText(made ? QString() : QString::fromStdString(made.error().message));
  scroll_->setVisible(made.has_value());
  sentence_->setVisible(!made);
  Q_EMIT changed();
}

}  // namespace lix::app
