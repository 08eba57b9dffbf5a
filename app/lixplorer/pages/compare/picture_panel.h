#pragma once
#include <QWidget>
#include <array>

#include "pages/compare/pair_curves.h"
#include "pages/compare/pair_reading.h"

class QBoxLayout;
class QLabel;
class QPushButton;
class QTabWidget;

namespace lix::widgets {
class CurveChart;
class FigureView;
}  // namespace lix::widgets

namespace lix::app {

/// Beside the grid: maps and mixture weights of the selected picture by both models, and the models' few-shot curves.
class PicturePanel : public QWidget {
  Q_OBJECT

 public:
  explicit PicturePanel(QWidget* parent = nullptr);

  /// What is said of the selected picture; "" for none. `tip` names it fully.
  void setPicture(const QString& title, const QString& said, const QString& tip = {});
  /// The figures of what setPicture named.
  void setReading(const PairReading& reading);
  void clearReading(const QString& why);
  void setCurves(const PairCurves& curves);
  int tab() const;
  void setTab(int tab);

  bool isSideBySide() const;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 Q_SIGNALS:
  void inspectAsked();
  void measureAsked();
  void failed(const QString& sentence);

 private:
  QWidget* pairTab(int tab, const char* name, std::array<widgets::FigureView*, 2>& views);
  QWidget* curvesTab();
  std::array<QBoxLayout*, 2> pairs_{};  ///< of A's and B's figures: beside each other where there is room
  QLabel *title_, *said_;
  QPushButton* inspect_;
  QTabWidget* tabs_;
  std::array<widgets::FigureView*, 2> maps_{}, weights_{};
  widgets::CurveChart* chart_;
  QLabel *notes_, *noCurves_;
  QWidget* notesRoom_;
  QPushButton* measure_;
};

}  // namespace lix::app
