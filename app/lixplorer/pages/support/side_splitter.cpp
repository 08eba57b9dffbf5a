#include "pages/support/side_splitter.h"

#include <algorithm>

namespace lix::app {
namespace {

constexpr int kSideWidth = 320, kLeastSide = 260, kMostSide = 800;  // the table of accuracies needs the least

}  // namespace

SideSplitter::SideSplitter(QWidget* wide, QWidget* side, QWidget* parent)
    : QSplitter(Qt::Horizontal, parent), side_(kSideWidth) {
  addWidget(wide);
  addWidget(side);
  side->setMinimumWidth(kLeastSide);
  setStretchFactor(0, 1);
  setChildrenCollapsible(false);
  connect(this, &QSplitter::splitterMoved, this, [this] { side_ = sizes().at(1); });
}

void SideSplitter::setSide(int width) {
  side_ = width < kLeastSide ? kSideWidth : std::min(width, kMostSide);
  place();
}

void SideSplitter::resizeEvent(QResizeEvent* event) {
  QSplitter::resizeEvent(event);
  place();
}

void SideSplitter::place() { setSizes({std::max(0, width() - handleWidth() - side_), side_}); }

}  // namespace lix::app
