#pragma once
#include <array>

#include "pages/compare/compare_panel.h"
#include "pages/compare/zoom_figure.h"

class QBoxLayout;
class QComboBox;
class QToolButton;

namespace lix::app {

class CaptionLine;
class MapKey;

/// Where in the chosen picture either model looks, side by side; locked, both are enlarged and moved together.
class MapPairPanel : public ComparePanel {
  Q_OBJECT

 public:
  explicit MapPairPanel(QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  bool wantsReading() const override { return true; }
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

  bool isLocked() const;
  void toggleLock();
  bool isSideBySide() const;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  QWidget* buildTools();
  void showTile();
  void move(std::size_t model, const ZoomPlace& place);

  QBoxLayout* halves_;
  QComboBox* shown_;
  QToolButton *lock_, *whole_;
  CaptionLine* captions_;
  std::array<QLabel*, 2> names_{};
  std::array<MapKey*, 2> keys_{};
  std::array<ZoomFigure*, 2> maps_{};
  std::shared_ptr<const PairReading> reading_;
};

}  // namespace lix::app
