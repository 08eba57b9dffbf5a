#pragma once
#include <QComboBox>
#include <QWidget>
#include <memory>

#include "pages/inspect/inspect_reading.h"

class QLabel;
class QPushButton;

namespace lix::app {

class ScaleStrip;
class ScoreMatrix;
class ScoreModel;

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

}  // namespace lix::app
