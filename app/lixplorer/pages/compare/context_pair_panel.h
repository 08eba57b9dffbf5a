#pragma once
#include "desk/relay.h"
#include "figures/context_figure.h"
#include "pages/compare/compare_panel.h"
#include "study/compare/weight_overlap.h"

class QSpinBox;

namespace lix::app {

class Desk;
class DatasetShelf;

/// What both models attend to of the same pictures at as many effective neighbours.
struct PairAttention {
  std::array<study::ContextReading, 2> readings;
  std::array<study::ContextTau, 2> taus;
  study::WeightOverlap overlap;  ///< of the ten highest weights
};
/// `neighbours`: so many effective ones; none: those of the tau_ctx that B learned, else A's, else a quarter of the
/// pictures. Fails where a Llip is among the two (it has no vector that could attend), and where the picture has no vector.
Result<PairAttention> pairAttention(const Comparison& comparison, std::size_t picture, std::optional<double> neighbours);

/// As many of the heaviest pictures as can be seen without scrolling, a little smaller where that shows more; all of them
/// where not even one fits, and where the figure is saved.
std::shared_ptr<const figures::Figure> fittedContext(const std::array<figures::ContextData, 2>& data, QSizeF room);

class FitArea;

class ContextPairPanel : public ComparePanel {
  Q_OBJECT

 public:
  ContextPairPanel(Desk& desk, jobs::Lane& lane, QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  void rest() override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 private:
  struct Shown {
    PairAttention attention;
    std::array<figures::ContextData, 2> data;
  };
  static Result<Shown> read(const Comparison& comparison, std::size_t picture, std::optional<double> neighbours,
                            const DatasetShelf& datasets, std::stop_token stop);
  void ask();
  void clear(const QString& why);

  Desk& desk_;
  Relay relay_;
  QSpinBox* neighbours_;
  QLabel* said_;
  widgets::FigureView* view_;
  FitArea* area_;
  std::shared_ptr<const Comparison> comparison_;
  std::optional<std::size_t> picture_;
};

}  // namespace lix::app
