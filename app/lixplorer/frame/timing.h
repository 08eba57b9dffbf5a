#pragma once
#include <QApplication>
#include <vector>

namespace lix::app {

/// An application that measures how long each event keeps the window's thread: what `lixplorer --timing` and the benchmark
/// of the window tell.
class TimedApplication : public QApplication {
 public:
  using QApplication::QApplication;
  bool notify(QObject* receiver, QEvent* event) override;

  /// Measures from now on.
  void restart();

  struct Handlers {
    std::size_t events = 0;
    double p99 = 0.0, p999 = 0.0, longest = 0.0;  ///< ms
    QString longestOf;                            ///< class of the receiver and kind of the event
  };
  Handlers handlers() const;

 private:
  std::vector<float> times_;  // ms, of events that are not part of another
  bool measuring_ = false;
  int depth_ = 0;
  float longest_ = 0.f;
  QString longestOf_;
};

/// Milliseconds since this process was started.
double processAgeMs();

}  // namespace lix::app
