#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "desk/relay.h"
#include "pages/curves/figure_options.h"
#include "shared/results/kinds.h"

#include <QWidget>

class QLabel;
class QScrollArea;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

class Desk;

/// What of the results the page's lists leave to a figure.
struct PaneChoice {
  std::string dataset, labelSet;  ///< "" means all
  std::vector<std::string> uncheckedAdapters, uncheckedCheckpoints;
  bool isEmptied = false;       ///< nothing is checked in a list
  std::set<std::string> suite;  ///< datasets; empty: all
  bool operator==(const PaneChoice&) const = default;
};

/// Any figure that the workspace's results make, with what there is to choose of it, or the sentence that says how its
/// results are measured. Of the workspace what the figure is made from is read.
class FigurePane : public QWidget {
  Q_OBJECT

 public:
  explicit FigurePane(Desk& desk, QWidget* parent = nullptr);

  /// Shows the kind of that id; results are read when they are needed.
  void show(const FigureKind& kind);
  /// Draws anew where the choice is another.
  void choose(PaneChoice choice);
  /// Reads the results again and draws anew.
  void refresh();
  /// There are newer results: they are read when a figure is shown next.
  void forget() { read_ = nullptr; }
  /// Null: nothing is shown.
  const MadeFigure* made() const { return made_.get(); }

 Q_SIGNALS:
  void changed();

 private:
  struct Read {
    FigureRows rows;
    OptionsOffer offer;
    const FigureKind* kind = nullptr;
    std::string run;
  };
  static FigureChoice choiceOf(const Read& read, const PaneChoice& choice, const OptionsChoice& options);
  void make();
  void take(const Result<std::shared_ptr<const MadeFigure>>& made);

  Desk& desk_;
  Relay rowsRelay_, figureRelay_;
  const FigureKind* kind_ = nullptr;
  PaneChoice choice_;
  std::shared_ptr<const Read> read_;
  std::shared_ptr<const MadeFigure> made_;
  FigureOptions* options_;
  QScrollArea* scroll_;
  widgets::FigureView* view_;
  QLabel* sentence_;
};

}  // namespace lix::app
