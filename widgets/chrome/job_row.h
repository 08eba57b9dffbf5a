#pragma once
#include <QFrame>

#include "chrome/job_strip.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace lix::widgets {

/// One line of the job strip, updated in place.
class JobRow : public QFrame {
  Q_OBJECT

 public:
  explicit JobRow(const QString& id, QWidget* parent);
  void show(const JobLine& line);

 Q_SIGNALS:
  void pauseAsked(const QString& id);
  void resumeAsked(const QString& id);
  void stopAsked(const QString& id);
  void cancelAsked(const QString& id);
  void opened(const QString& id);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QToolButton* button(const QString& iconName, const QString& name);
  void fitTexts();

  QString id_;
  JobLine line_;
  QPushButton* title_;
  QLabel* detail_;
  QProgressBar* bar_;
  QLabel* left_;
  QToolButton* pause_;
  QToolButton* stop_;
  QToolButton* cancel_;
};

}  // namespace lix::widgets
