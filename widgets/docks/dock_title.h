#pragma once
#include <QWidget>

class QDockWidget;
class QLabel;
class QToolButton;

namespace lix::widgets {

/// The bar over a panel: its title, by which it is dragged, and buttons that float and close it. Of no height where tabs
/// say the title.
class DockTitle : public QWidget {
  Q_OBJECT

 public:
  explicit DockTitle(QDockWidget* dock);
  void setCollapsed(bool collapsed);
  /// A window of its own says the title in its frame; the bar offers to put the panel back.
  void setFloating(bool floating);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 private:
  void showParts();

  QDockWidget* dock_;
  QLabel* title_;
  QToolButton *float_, *close_;
  bool collapsed_ = false, floating_ = false;
};

}  // namespace lix::widgets
