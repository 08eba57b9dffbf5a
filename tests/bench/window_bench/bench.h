// What the benchmarks of the window and of its pages share.
#pragma once
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QObject>
#include <QTest>
#include <filesystem>
#include <functional>
#include <vector>

namespace lix::app {
class DataPage;
class Desk;
class InspectPage;
class MainWindow;
class SupportPage;
}  // namespace lix::app

namespace lix::bench {

inline constexpr int kRepeats = 30;
inline constexpr int kPatience = 60000;  // ms
inline constexpr int kManyPictures = 50000;
inline constexpr int kClasses = 100, kShots = 4, kQueriesPerClass = 20;

/// A line: median, 95th percentile and longest beside what is allowed.
void print(const char* what, double limit, std::vector<double> ms);

inline double since(const QElapsedTimer& timer) { return double(timer.nsecsElapsed()) * 1e-6; }

/// From `act` until `signal` of the page and the paint after it, in ms.
template <class Page, class Signal>
double answerMs(Page* page, Signal signal, const std::function<void()>& act) {
  bool told = false;
  const auto connection = QObject::connect(page, signal, page, [&] { told = true; });
  QElapsedTimer timer;
  timer.start();
  act();
  (void)QTest::qWaitFor([&] { return told; }, kPatience);
  QCoreApplication::processEvents();
  QObject::disconnect(connection);
  return since(timer);
}

/// A table that names 500 pictures 100 times each, with captions of their own.
std::filesystem::path manyPictures(const std::filesystem::path& folder);
/// kClasses class folders with kShots pictures to train and kQueriesPerClass to test on.
std::filesystem::path classFolders(const std::filesystem::path& folder);

void newCaptions(app::InspectPage& page);
void movedPictures(app::Desk& desk, app::SupportPage& page, const std::filesystem::path& folder);
/// The matrix alone, 50 pictures and 200 captions: a repaint of all that is seen, and of each step of scrolling over it.
void matrix();
/// The map over a picture of 1024 x 1024, composed anew.
void overlay();
/// The pages used as a person does, while something trains: scrolling, typing, other pages, panels switched and moved,
/// support pictures moved.
void use(app::MainWindow& window, app::DataPage& data, app::InspectPage& inspect, app::SupportPage& support,
         double seconds);

}  // namespace lix::bench
