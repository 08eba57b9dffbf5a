#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "desk/relay.h"
#include "pages/curves/figure_options.h"
#include "pages/curves/figure_points.h"
#include "shared/results/kinds.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

class Desk;
class FigureMaker;

/// What of the results the page's lists leave to a figure.
struct PaneChoice {
  std::string dataset, labelSet;  ///< "" means all
  std::vector<std::string> uncheckedAdapters, uncheckedCheckpoints;
  bool isEmptied = false;       ///< nothing is checked in a list
  std::set<std::string> suite;  ///< datasets; empty: all
  bool operator==(const PaneChoice&) const = default;
};

/// Any figure that the workspace's results make, with what there is to choose of it, or the sentence that says how its
/// results are measured. Of the workspace what the figure is made from is read. A dot, bar or cell that is clicked, or chosen
/// by the keyboard in the list below, asks for what stands behind it.
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
  const MadeFigure* made() const { return drawn_ ? &drawn_->made : nullptr; }

 Q_SIGNALS:
  void changed();
  /// The measurements behind a part of the figure are to be seen, with their intervals.
  void pointAsked(const lix::store::CurvePoint& point);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Read {
    FigureRows rows;
    OptionsOffer offer;
    const FigureKind* kind = nullptr;
    std::string run;
  };
  /// A figure, with what can be opened of it and the rows that it was made from.
  struct Drawn {
    MadeFigure made;
    std::vector<FigurePoint> points;
    std::shared_ptr<const Read> from;
  };
  static FigureChoice choiceOf(const Read& read, const PaneChoice& choice, const OptionsChoice& options);
  QWidget* buildBehind();
  void make();
  void take(const Result<std::shared_ptr<const Drawn>>& drawn);
  void fillBehind();
  /// The first that can be opened at a place of the view, -1 for none.
  int pointAt(const QPointF& at) const;
  void ask(int point);
  void openRun();

  Desk& desk_;
  Relay rowsRelay_, figureRelay_, pointRelay_;
  const FigureKind* kind_ = nullptr;
  PaneChoice choice_;
  std::shared_ptr<const Read> read_;
  std::shared_ptr<const Drawn> drawn_;
  FigureOptions* options_;
  QScrollArea* scroll_;
  widgets::FigureView* view_;
  QLabel* sentence_;
  QWidget* behind_;
  QComboBox* points_;
  QPushButton* run_;
  FigureMaker* maker_;
};

}  // namespace lix::app
