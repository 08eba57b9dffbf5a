#pragma once
#include <QComboBox>
#include <QLabel>
#include <QWidget>
#include <memory>
#include <optional>

#include "figure_view/figure_view.h"
#include "figures/map_figure.h"
#include "figures/weights_figure.h"
#include "pages/inspect/inspect_reading.h"

class QPushButton;
class QScrollArea;
class QToolButton;

namespace lix::app {

class LogSlider;
class ScaleStrip;
class ScoreMatrix;
class ScoreModel;

/// A figure that scrolls when it is taller than its place.
QScrollArea* scrolled(widgets::FigureView* view);

/// The matrix of scores with the choice of what is shown and what it means.
class MatrixPanel : public QWidget {
  Q_OBJECT

 public:
  explicit MatrixPanel(QWidget* parent = nullptr);

  /// Null: none yet.
  void showReading(std::shared_ptr<const ReadAnswer> answer);
  void setEmptyText(const QString& text);
  void setCurrent(int picture, int caption);
  ScoreKind wanted() const;
  void setWanted(ScoreKind kind);
  void copy() const;
  ScoreMatrix& matrix() { return *matrix_; }

 Q_SIGNALS:
  void picked(int picture, int caption);
  void wantedChanged();

 private:
  void refresh();
  std::shared_ptr<const ReadAnswer> answer_;
  ScoreModel* model_;
  ScoreMatrix* matrix_;
  ScaleStrip* scale_;
  QComboBox* kind_;
  QPushButton* copy_;
  QLabel* notes_;
  bool filling_ = false;
};

/// Mixture weights of one picture, the difference of two captions, and the temperature for looking what it does.
class WeightsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit WeightsPanel(QWidget* parent = nullptr);

  void showReading(std::shared_ptr<const ReadAnswer> answer, std::size_t picture);
  void setEmptyText(const QString& text);
  /// Captions of the difference; kept while there are as many.
  std::pair<int, int> difference() const;
  void setDifference(int first, int second);
  /// None: the checkpoint's.
  std::optional<double> tau() const { return tau_; }
  void setTau(std::optional<double> tau);
  widgets::FigureView& view() { return *view_; }

 Q_SIGNALS:
  void tauChanged();

 private:
  void refresh();
  void fillCaptions();
  QString hint(const QPointF& at) const;
  std::shared_ptr<const ReadAnswer> answer_;
  std::size_t picture_ = 0;
  std::optional<double> tau_;
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

/// The captions' maps over one picture.
class MapPanel : public QWidget {
  Q_OBJECT

 public:
  explicit MapPanel(QWidget* parent = nullptr);
  void showReading(const std::shared_ptr<const ReadAnswer>& answer, std::size_t picture);
  void setEmptyText(const QString& text);
  widgets::FigureView& view() { return *view_; }

 private:
  QString hint(const QPointF& at) const;
  figures::MapData data_;
  std::shared_ptr<const figures::MapFigure> figure_;
  widgets::FigureView* view_;
};

}  // namespace lix::app
