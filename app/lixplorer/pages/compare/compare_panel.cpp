#include "pages/compare/compare_panel.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "figure_view/figure_view.h"
#include "frame/page_parts.h"

namespace lix::app {
namespace {

constexpr int kLeastWidth = 260, kLeastHeight = 120;

}  // namespace

ComparePanel::ComparePanel(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
  column_->setContentsMargins(8, 6, 8, 0);
  column_->setSpacing(6);
}

QSize ComparePanel::minimumSizeHint() const { return {kLeastWidth, kLeastHeight}; }

QLabel* ComparePanel::words(const char* objectName) {
  auto* label = new QLabel;
  label->setObjectName(objectName);
  label->setWordWrap(true);
  label->setProperty("muted", true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

widgets::FigureView* ComparePanel::newFigure(const char* objectName, const QString& accessibleName) {
  auto* view = new widgets::FigureView;
  view->setObjectName(objectName);
  view->setAccessibleName(accessibleName);
  connect(view, &widgets::FigureView::failed, this, &ComparePanel::failed);
  return view;
}

QWidget* ComparePanel::scrolling(const std::vector<QWidget*>& widgets) {
  auto* inside = new QWidget;
  auto* list = new QVBoxLayout(inside);
  list->setContentsMargins(0, 0, 0, 0);
  for (QWidget* widget : widgets) {
    list->addWidget(widget);
  }
  list->addStretch(1);
  return scrolled(inside);
}

}  // namespace lix::app
