#pragma once
#include <QFrame>
#include <QString>

#include "store/curve.h"

class QLabel;
class QPlainTextEdit;
class QTableWidget;
class QTextBrowser;

namespace lix::app {

/// What stands behind one dot: the numbers, every measurement, where they come from, and the calls that measure it
/// again.
class PointPanel : public QFrame {
  Q_OBJECT

 public:
  explicit PointPanel(QWidget* parent = nullptr);

  void setPoint(const store::CurvePoint& point, const QString& workspace);
  /// What measuring it again gave, until another point comes.
  void setVerdict(const QString& sentence);

 Q_SIGNALS:
  void closed();
  void againAsked();  ///< to be measured again
  void runAsked();    ///< the run behind it is to be opened

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QLabel *title_, *numbers_, *verdict_;
  QTextBrowser* facts_;
  QTableWidget* rows_;
  QPlainTextEdit* command_;
};

/// The mean with its interval and what it is over, in a sentence.
QString numbersText(const store::CurvePoint& point);

}  // namespace lix::app
