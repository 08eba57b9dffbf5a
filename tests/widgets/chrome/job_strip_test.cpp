#include "chrome/job_strip.h"

#include <gtest/gtest.h>

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

#include "../shots.h"

namespace lix::widgets {
namespace {

JobLine line(const char* id, double done = 0.25) {
  return {.id = id, .title = QString("run-%1").arg(id), .detail = "step 120 of 800, 210 pictures/s", .done = done,
          .secondsLeft = 130, .canPause = true, .canStop = true};
}

template <class T>
T* named(QWidget& in, const QString& name) {
  for (T* one : in.findChildren<T*>()) {
    if (one->accessibleName() == name && one->isVisible()) {
      return one;
    }
  }
  return nullptr;
}

TEST(DurationText, TellsTheTwoLargestUnits) {
  EXPECT_EQ(durationText(3.2), "3 s");
  EXPECT_EQ(durationText(59.6), "1 min 0 s");
  EXPECT_EQ(durationText(130), "2 min 10 s");
  EXPECT_EQ(durationText(3900), "1 h 5 min");
  EXPECT_EQ(durationText(90000), "1 d 1 h");
  EXPECT_EQ(durationText(-1), "");
  EXPECT_EQ(durationText(std::nan("")), "");
}

TEST(JobStrip, ButtonsTellTheirJob) {
  JobStrip strip;
  strip.resize(900, 100);
  strip.show();
  strip.setJobs({line("a"), line("b")});
  QTest::mouseClick(named<QToolButton>(strip, "and run-b"), Qt::LeftButton);
  QSignalSpy pause(&strip, &JobStrip::pauseAsked), resume(&strip, &JobStrip::resumeAsked),
      stop(&strip, &JobStrip::stopAsked), cancel(&strip, &JobStrip::cancelAsked), opened(&strip, &JobStrip::opened);
  auto* button = named<QToolButton>(strip, "Pause run-b");
  ASSERT_NE(button, nullptr);
  QTest::mouseClick(button, Qt::LeftButton);
  ASSERT_EQ(pause.size(), 1);
  EXPECT_EQ(pause[0][0].toString(), "b");
  QTest::mouseClick(named<QToolButton>(strip, "Stop run-a"), Qt::LeftButton);
  QTest::keyClick(named<QToolButton>(strip, "Cancel run-a"), Qt::Key_Space);
  QTest::mouseClick(named<QPushButton>(strip, "Open run-a"), Qt::LeftButton);
  EXPECT_EQ(stop.value(0).value(0), "a");
  EXPECT_EQ(cancel.value(0).value(0), "a");
  EXPECT_EQ(opened.value(0).value(0), "a");
  JobLine paused = line("b");
  paused.paused = true;
  strip.setJobs({line("a"), paused});
  EXPECT_EQ(named<QToolButton>(strip, "Resume run-b"), button) << "the same button under the mouse";
  QTest::mouseClick(button, Qt::LeftButton);
  EXPECT_EQ(resume.value(0).value(0), "b");
  EXPECT_EQ(pause.size(), 1);
}

TEST(JobStrip, UpdatesInPlaceAndReorders) {
  JobStrip strip;
  strip.resize(900, 100);
  strip.show();
  strip.setJobs({line("a"), line("b")});
  QTest::mouseClick(named<QToolButton>(strip, "and run-b"), Qt::LeftButton);
  auto* bar = named<QProgressBar>(strip, "Progress of run-a");
  auto* other = named<QProgressBar>(strip, "Progress of run-b");
  ASSERT_NE(bar, nullptr);
  EXPECT_EQ(bar->value(), 250);
  strip.setJobs({line("b"), line("a", 0.5), line("a", 0.9)});
  QCoreApplication::processEvents();
  EXPECT_EQ(bar->value(), 500) << "an id given twice is shown once";
  EXPECT_LT(other->mapTo(&strip, QPoint()).y(), bar->mapTo(&strip, QPoint()).y());
  strip.setJobs({line("a", -1)});
  EXPECT_EQ(bar->maximum(), 0) << "unknown: busy";
  strip.setJobs({});
  EXPECT_TRUE(bar->isHidden() || !bar->isVisible());
}

TEST(JobStrip, NothingMovesWhenJobsComeAndGo) {
  QWidget window;
  auto* column = new QVBoxLayout(&window);
  auto* page = new QLabel("page");
  auto* strip = new JobStrip;
  column->addWidget(page, 1);
  column->addWidget(strip);
  window.resize(900, 400);
  window.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
  const int height = page->height();
  EXPECT_TRUE(strip->isVisible()) << "its place is kept";
  for (const auto& jobs : {std::vector{line("a")}, std::vector{line("a"), line("b")},
                           std::vector{line("a"), line("b"), line("c"), line("d")}, std::vector{line("d")}, std::vector<JobLine>{}}) {
    strip->setJobs(jobs);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    QCoreApplication::processEvents();
    EXPECT_EQ(page->height(), height) << jobs.size() << " jobs";
  }
}

TEST(JobStrip, MoreThanOneFold) {
  JobStrip strip;
  strip.resize(900, 140);
  strip.show();
  JobLine long1 = line("long", 0.4);
  long1.title = QString("a very long name of a run & its friends ").repeated(4);
  long1.detail = QString("and a detail that does not fit ").repeated(10);
  JobLine unknown = line("c", -1);
  unknown.canStop = unknown.canPause = false;
  unknown.secondsLeft = -1;
  unknown.detail = "reading folders";
  strip.setJobs({line("a"), long1, unknown, line("d"), line("e")});
  EXPECT_EQ(named<QPushButton>(strip, "Open run-d"), nullptr);
  EXPECT_NE(named<QPushButton>(strip, "Open run-a"), nullptr);
  auto* more = named<QToolButton>(strip, "and 4 more");
  ASSERT_NE(more, nullptr);
  shoot(strip, "strip");
  QTest::mouseClick(more, Qt::LeftButton);
  EXPECT_NE(named<QPushButton>(strip, "Open run-e"), nullptr);
  strip.resize(480, 200);
  shoot(strip, "strip-narrow");
  EXPECT_LE(strip.minimumSizeHint().width(), 700) << "the window is at least 880 wide";
}

}  // namespace
}  // namespace lix::widgets
