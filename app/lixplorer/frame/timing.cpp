#include "frame/timing.h"

#include <unistd.h>

#include <QElapsedTimer>
#include <QEvent>
#include <QMetaEnum>
#include <algorithm>
#include <ctime>

#include "store/process_identity.h"

namespace lix::app {

bool TimedApplication::notify(QObject* receiver, QEvent* event) {
  if (!measuring_ || depth_ > 0) {
    return QApplication::notify(receiver, event);
  }
  // The receiver may be gone afterwards.
  const char* name = receiver->metaObject()->className();
  const int type = event->type();
  ++depth_;
  QElapsedTimer timer;
  timer.start();
  const bool handled = QApplication::notify(receiver, event);
  const float ms = float(timer.nsecsElapsed()) * 1e-6f;
  --depth_;
  times_.push_back(ms);
  if (ms > longest_ || times_.size() == 1) {
    longest_ = ms;
    const char* kind = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
    longestOf_ = QString("%1, %2").arg(name, kind != nullptr ? kind : "event");
  }
  return handled;
}

void TimedApplication::restart() {
  measuring_ = true;
  times_.clear();
}

TimedApplication::Handlers TimedApplication::handlers() const {
  if (times_.empty()) {
    return {};
  }
  std::vector<float> sorted = times_;
  std::ranges::sort(sorted);
  const auto at = [&](double share) { return double(sorted[std::min(sorted.size() - 1, std::size_t(share * double(sorted.size())))]); };
  return {sorted.size(), at(0.99), at(0.999), double(sorted.back()), longestOf_};
}

double processAgeMs() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const double ticks = double(::sysconf(_SC_CLK_TCK));
  return (double(now.tv_sec) + double(now.tv_nsec) * 1e-9 - double(store::ownProcess().start) / ticks) * 1000.0;
}

}  // namespace lix::app
