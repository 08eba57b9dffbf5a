#pragma once
#include <memory>

#include "desk/relay.h"
#include "shared/results/kinds.h"

#include <QWidget>

class QLabel;
class QScrollArea;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

class Desk;

/// Any figure that the workspace's results make, or the sentence that says how its results are measured.
class FigurePane : public QWidget {
  Q_OBJECT

 public:
  explicit FigurePane(Desk& desk, QWidget* parent = nullptr);

  /// Shows the kind of that id; results are read when they are needed.
  void show(const FigureKind& kind);
  /// Reads the results again and draws anew.
  void refresh();
  /// Null: nothing is shown.
  const MadeFigure* made() const { return made_.get(); }

 Q_SIGNALS:
  void changed();

 private:
  void make();
  void take(const Result<std::shared_ptr<const MadeFigure>>& made);

  Desk& desk_;
  Relay rowsRelay_, figureRelay_;
  const FigureKind* kind_ = nullptr;
  std::shared_ptr<const FigureRows> rows_;
  std::shared_ptr<const MadeFigure> made_;
  QScrollArea* scroll_;
  widgets::FigureView* view_;
  QLabel* sentence_;
};

}  // namespace lix::app
