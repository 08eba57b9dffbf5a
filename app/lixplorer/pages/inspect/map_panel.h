#pragma once
#include <memory>

#include "figure_view/figure_view.h"
#include "figures/map_figure.h"
#include "pages/inspect/inspect_panel.h"

namespace lix::app {

/// The captions' maps over one picture.
class MapPanel : public InspectPanel {
  Q_OBJECT

 public:
  explicit MapPanel(QWidget* parent = nullptr);
  void look(const InspectView& view) override;
  void setEmptyText(const QString& text) override;
  widgets::FigureView& view() { return *view_; }

 private:
  QString hint(const QPointF& at) const;
  figures::MapData data_;
  std::shared_ptr<const figures::MapFigure> figure_;
  widgets::FigureView* view_;
};

}  // namespace lix::app
