#pragma once
#include <QString>
#include <QWidget>
#include <vector>

namespace lix::widgets {

/// One job or run as the strip shows it.
struct JobLine {
  QString id;      ///< stable
  QString title;   ///< "siglixp-0002"
  QString detail;  ///< "step 120 of 800, 210 pictures/s"
  double done = -1.0;         ///< 0..1, negative: not known
  double secondsLeft = -1.0;  ///< negative: not known
  bool canPause = false, paused = false, canStop = false, canCancel = true;
};

/// What is going on, one compact line a job at the foot of the window: title, detail, bar, time left at the right, and
/// its buttons. One line is always there, also while there is no job, and more than one fold into "and n more" at its end
/// that opens: what stands above does not move under the pointer when a job begins or ends.
class JobStrip : public QWidget {
  Q_OBJECT

 public:
  explicit JobStrip(QWidget* parent = nullptr);
  /// Lines of known ids are updated in place, so that a button under the mouse stays.
  void setJobs(const std::vector<JobLine>& jobs);

 Q_SIGNALS:
  void pauseAsked(const QString& id);
  void resumeAsked(const QString& id);
  void stopAsked(const QString& id);
  void cancelAsked(const QString& id);
  void opened(const QString& id);  ///< a click on the title

 private:
  class Parts;
  Parts* parts_;
};

/// "3 s", "2 min 10 s", "1 h 5 min".
QString durationText(double seconds);

}  // namespace lix::widgets
