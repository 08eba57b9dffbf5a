#include "frame/guide.h"

#include <QApplication>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>
#include <memory>
#include <string>

#include "docks/dock_area.h"
#include "frame/main_window.h"
#include "image_grid/image_grid.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/support_board.h"
#include "pages/support/support_column.h"
#include "pages/support/support_page.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kLookMs = 200;
constexpr const char* kWeights = "weights";
constexpr const char* kContext = "context";

}  // namespace

Guide::Guide(MainWindow& window) : window_(window) {
  setObjectName("guide");
  setAccessibleName(tr("Guided tour"));
  setProperty("card", true);
  build();
  addInspectSteps();
  addSupportSteps();
  looking_.setInterval(kLookMs);
  connect(&looking_, &QTimer::timeout, this, &Guide::look);
  hide();
}

void Guide::build() {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 6, 8, 6);
  row->setSpacing(10);
  count_ = new QLabel;
  count_->setProperty("muted", true);
  text_ = new QLabel;
  text_->setObjectName("guide.text");
  text_->setWordWrap(true);
  show_ = new QPushButton(tr("Show me"));
  show_->setObjectName("guide.show");
  show_->setToolTip(tr("Goes to the place where this step is done. F1 gives the tour the keyboard."));
  skip_ = new QPushButton(tr("Skip"));
  skip_->setObjectName("guide.skip");
  skip_->setToolTip(tr("Goes on to the next step without doing this one."));
  close_ = new QToolButton;
  close_->setObjectName("guide.close");
  close_->setIcon(widgets::icon("cancel"));
  close_->setAccessibleName(tr("Close the tour"));
  close_->setToolTip(tr("Closes the tour for good; Help > Guided tour (F1) opens it again."));
  row->addWidget(count_);
  row->addWidget(text_, 1);
  row->addWidget(show_);
  row->addWidget(skip_);
  row->addWidget(close_);
  setFocusProxy(show_);
  connect(show_, &QPushButton::clicked, this, [this] { steps_[std::size_t(step_)].show(); });
  connect(skip_, &QPushButton::clicked, this, [this] { go(step_ + 1); });
  connect(close_, &QToolButton::clicked, this, &QWidget::hide);
}

void Guide::addInspectSteps() {
  const auto page = [this] { return static_cast<InspectPage*>(window_.page(PageId::Inspect)); };
  const auto panel = [this, page](const char* id) {
    window_.showPage(PageId::Inspect);
    page()->docks()->showPanel(id);
    page()->docks()->dock(id)->widget()->setFocus();
  };
  const auto seen = [this, page](const char* id) {
    return window_.currentPage() == PageId::Inspect && page()->docks()->isInFront(id);
  };
  steps_.push_back({tr("Look at the mixture weights: which tokens of the picture each caption asks for. Click into the panel."),
                    tr("Ctrl+3, then F6"), [panel] { panel(kWeights); },
                    [this, page, seen] {
                      const QDockWidget* dock = page()->docks()->dock(kWeights);
                      return seen(kWeights) && page()->reading() != nullptr &&
                             (touched_ || dock->isAncestorOf(QApplication::focusWidget()));
                    },
                    [] {}});
  auto before = std::make_shared<std::shared_ptr<const ReadAnswer>>();
  steps_.push_back({tr("Type a caption of your own and see how the scores and the weights answer."), tr("Return reads it"),
                    [this] {
                      window_.showPage(PageId::Inspect);
                      if (auto* entry = window_.findChild<QWidget*>("inspect.captionEntry")) {
                        entry->setFocus();
                      }
                    },
                    [page, before] {
                      const auto now = page()->reading();
                      if (*before == nullptr || now == nullptr) {
                        *before = now;  // what the program shows by itself is no answer
                        return false;
                      }
                      const auto& old = (*before)->question.captions;
                      return std::ranges::any_of(now->question.captions, [&](const std::string& caption) {
                        return std::ranges::find(old, caption) == old.end();
                      });
                    },
                    [page, before] { *before = page()->reading(); }});
  steps_.push_back({tr("Open the context: which pictures of a support set this one attends to."), tr("tab Context"),
                    [panel] { panel(kContext); }, [seen] { return seen(kContext); }, [] {}});
}

void Guide::addSupportSteps() {
  const auto page = [this] { return static_cast<SupportPage*>(window_.page(PageId::Support)); };
  const auto board = [this](const char* name) { return window_.page(PageId::Support)->findChild<QWidget*>(name); };
  steps_.push_back({tr("Go to Support and make the example set: four pictures each of four classes."), tr("Ctrl+4"),
                    [this, board] {
                      window_.showPage(PageId::Support);
                      if (QWidget* button = board("support.example")) {
                        button->setFocus();
                      }
                    },
                    [this, page] { return window_.currentPage() == PageId::Support && page()->book().isOpen(); }, [] {}});
  auto before = std::make_shared<SupportDocument>();
  steps_.push_back({tr("Move a picture to another class, and see the accuracy change."), tr("choose it, then a number key"),
                    [this, board, page] {
                      window_.showPage(PageId::Support);
                      auto* columns = qobject_cast<SupportBoard*>(board("support.board"));
                      if (columns != nullptr && !page()->book().document().set.classes.empty()) {
                        columns->column(0)->grid()->setFocus();
                        columns->column(0)->grid()->setCurrentIndex(columns->column(0)->grid()->model()->index(0, 0));
                      }
                    },
                    [page, before] {
                      return page()->book().isOpen() && page()->book().document() != *before && page()->scores().isCurrent();
                    },
                    [page, before] { *before = page()->book().document(); }});
  steps_.push_back({tr("Open the curves: accuracy against the number of pictures a class."), tr("Ctrl+5"),
                    [this] { window_.showPage(PageId::Curves); },
                    [this] { return window_.currentPage() == PageId::Curves; }, [] {}});
}

void Guide::start() {
  go(0);
  show();
}

void Guide::go(int step) {
  step_ = std::min(step, steps());
  touched_ = false;
  const bool over = step_ == steps();
  show_->setVisible(!over);
  skip_->setVisible(!over);
  if (over) {
    looking_.stop();
    count_->setText(tr("Done"));
    text_->setText(tr("That was the tour; Help > Shortcuts (?) lists every key, and Help > Guided tour begins again."));
    setFocusProxy(close_);
  } else {
    const Step& now = steps_[std::size_t(step_)];
    count_->setText(tr("%1 of %2").arg(step_ + 1).arg(steps()));
    text_->setText(tr("%1 <b>%2</b>", "what to do, and its key").arg(now.text.toHtmlEscaped(), now.key.toHtmlEscaped()));
    show_->setAccessibleName(tr("Show me: %1 %2").arg(now.text, now.key));
    setFocusProxy(show_);
    now.begin();
    looking_.start();
  }
}

void Guide::look() {
  if (isVisible() && step_ < steps() && steps_[std::size_t(step_)].done()) {
    go(step_ + 1);
  }
}

bool Guide::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::MouseButtonRelease && object->isWidgetType()) {
    const QDockWidget* weights = window_.page(PageId::Inspect)->docks()->dock(kWeights);
    touched_ = touched_ || (weights != nullptr && weights->isAncestorOf(static_cast<QWidget*>(object)));
  }
  return QFrame::eventFilter(object, event);
}

void Guide::showEvent(QShowEvent* event) {
  QFrame::showEvent(event);
  qApp->installEventFilter(this);
  if (step_ < steps()) {
    looking_.start();
  }
}

void Guide::hideEvent(QHideEvent* event) {
  QFrame::hideEvent(event);
  qApp->removeEventFilter(this);
  looking_.stop();
}

}  // namespace lix::app
