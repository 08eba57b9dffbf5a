#pragma once
#include <QComboBox>
#include <QLabel>
#include <memory>
#include <utility>

#include "figure_view/figure_view.h"
#include "figures/weights_figure.h"
#include "pages/inspect/inspect_panel.h"

class QToolButton;

namespace lix::app {

class LogSlider;

/// Mixture weights of one picture, the difference of two captions, and the temperature for looking what it does.
class WeightsPanel : public InspectPanel {
  Q_OBJECT

 public:
  explicit WeightsPanel(QWidget* parent = nullptr);

  void look(const InspectView& view) override;
  void setEmptyText(const QString& text) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;
  /// Captions of the difference; kept while there are as many.
  std::pair<int, int> difference() const;
  void setDifference(int first, int second);
  widgets::FigureView& view() { return *view_; }

 private:
  void refresh();
  void fillCaptions();
  QString hint(const QPointF& at) const;
  std::shared_ptr<const ReadAnswer> answer_;
  std::size_t picture_ = 0;
  study::InspectSettings settings_;  // of the answer
  std::pair<int, int> wanted_{0, 1};
  std::shared_ptr<const figures::WeightsFigure> figure_;
  figures::WeightsData data_;
  QWidget* controls_;
  QComboBox *first_, *second_;
  LogSlider* slider_;
  QToolButton* own_;
  QLabel* said_;
  widgets::FigureView* view_;
  QString emptyText_;
  bool filling_ = false;
};

}  // namespace lix::app
