#pragma once
#include <QComboBox>
#include <QWidget>
#include <memory>

#include "pages/inspect/score_matrix.h"

class QMenu;
class QPushButton;
class QToolButton;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

class QuietLine;

/// Whether the reading asked for last is shown, or one before it because that failed.
enum class ReadingAge { New, Old };

/// The matrix of scores with the choice of what is shown, of which checkpoint, and what it means; its menu copies and
/// saves it as text, table and figure.
class MatrixPanel : public QWidget {
  Q_OBJECT

 public:
  explicit MatrixPanel(QWidget* parent = nullptr);

  /// Null: none yet. `other` is the second checkpoint's, or null.
  void showReading(std::shared_ptr<const ReadAnswer> answer, std::shared_ptr<const ReadAnswer> other = nullptr,
                   ReadingAge age = ReadingAge::New);
  /// Captions from left to right, by their own numbers.
  void setOrder(const std::vector<std::size_t>& order);
  void setEmptyText(const QString& text);
  /// A picture of the reading and a caption by its own number.
  void setCurrent(int picture, int caption);
  ScoreKind wanted() const;
  void setWanted(ScoreKind kind);
  ScoreSide side() const;
  void setSide(ScoreSide side);
  BestMark best() const { return model_->best(); }
  void setBest(BestMark best);
  const ScoreSheet& sheet() const { return model_->sheet(); }
  void copy() const;
  ScoreMatrix& matrix() { return *matrix_; }

 Q_SIGNALS:
  void picked(int picture, int caption);
  /// Other numbers are shown.
  void sheetChanged();
  void failed(const QString& sentence);

 private:
  void build();
  void connectAll();
  QMenu* makeMenu();
  void showMenu(const QPoint& at);
  void refresh();
  void showNotes();
  void saveTable();
  void writeTable(const QString& path);
  /// Gives the hidden figure the numbers that are shown.
  void draw();
  std::shared_ptr<const ReadAnswer> answer_, other_;
  ScoreModel* model_;
  ScoreMatrix* matrix_;
  ScaleStrip* scale_;
  QComboBox *kind_, *side_;
  QPushButton* copy_;
  QToolButton* more_;
  QuietLine* notes_;
  widgets::FigureView* figure_;  // never seen: it copies and saves
  ReadingAge age_ = ReadingAge::New;
  bool filling_ = false;
};

}  // namespace lix::app
