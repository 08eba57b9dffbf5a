#pragma once
#include <QJsonObject>
#include <QWidget>
#include <memory>
#include <optional>

#include "pages/compare/comparison_run.h"
#include "pages/compare/pair_reading.h"

class QLabel;
class QVBoxLayout;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

/// What the page looks at, as its panels get it.
struct CompareView {
  std::shared_ptr<const Comparison> comparison;  ///< null: nothing was compared
  std::optional<std::size_t> picture;            ///< the chosen one, its position among the comparison's pictures
  QString a, b;                                  ///< what the checkpoints are called
  QString captions;                              ///< typed, with ; between; "": what A and B said
  std::shared_ptr<const PairReading> reading;    ///< of the chosen picture; null while it is read
  QString problem;                               ///< why it could not be read
};

/// One way of looking at it, in a dock of its own beside the pictures. Gets every change while a person can see it, and
/// what it missed when it comes to the front.
class ComparePanel : public QWidget {
  Q_OBJECT

 public:
  virtual void look(const CompareView& view) = 0;
  /// It is behind another panel, closed, or the page is hidden: live work may rest.
  virtual void rest() {}
  /// Whether it shows CompareView::reading, which costs both models a pass.
  virtual bool wantsReading() const { return false; }
  /// What was chosen here, kept in the workspace; restore() takes any older or damaged one without complaint.
  virtual QJsonObject state() const { return {}; }
  virtual void restore(const QJsonObject& state) { (void)state; }
  /// As narrow whatever it holds, so that its dock keeps its width when words change.
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  /// Show these pictures alone.
  void filterAsked(const lix::app::PictureFilter& filter);
  /// Choose this picture.
  void pictureAsked(std::size_t position);
  void captionsAsked(const QString& captions);
  void failed(const QString& sentence);

 protected:
  explicit ComparePanel(QWidget* parent = nullptr);

  QVBoxLayout* column() { return column_; }
  /// A muted line of words.
  QLabel* words(const char* objectName);
  /// With keys and menu to copy and save it; failures go to `failed`.
  widgets::FigureView* newFigure(const char* objectName, const QString& accessibleName);
  /// Figures below each other in a place that scrolls.
  QWidget* scrolling(const std::vector<QWidget*>& widgets);

 private:
  QVBoxLayout* column_;
};

}  // namespace lix::app
