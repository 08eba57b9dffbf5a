// A dot, bar or cell of any figure of the Curves page opens what stands behind it.
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTextBrowser>

#include "curves_figures_support.h"

namespace lix::app {
namespace {
using testing_support::Chosen;
using testing_support::fill;
using testing_support::grabPage;
using testing_support::TestDesk;
using testing_support::waitFor;

struct Behind : Chosen {
  Behind(TestDesk& test, const QString& title) : Chosen(test) {
    choose(title);
    EXPECT_TRUE(waitFor([&] { return view()->figure() != nullptr && points()->count() > 1; })) << title.toStdString();
    QTest::qWait(0);  // the figure is laid out
  }
  QComboBox* points() { return find<QComboBox>("curves.figure.points"); }
  QWidget* panel() { return find<QWidget>("curves.point"); }
  QTableWidget* rows() { return find<QTableWidget>("curves.point.rows"); }
  QString command() { return find<QPlainTextEdit>("curves.point.command")->toPlainText(); }
  QString title() { return find<QLabel>("curves.point.title")->text(); }
  /// Where the source of that name is drawn.
  QPoint placeOf(const std::string& name) {
    const auto sources = view()->figure()->sources();
    const auto found = std::ranges::find(sources, name, &figures::Source::name);
    EXPECT_NE(found, sources.end()) << name;
    return view()->figure()->sourcePlaces(view()->figureRect())[std::size_t(found - sources.begin())].center().toPoint();
  }
  void click(const std::string& name) { QTest::mouseClick(view(), Qt::LeftButton, {}, placeOf(name)); }
};

TEST(CurvesBehind, ABarOfGainsOpensTheMeasurementsOfBothModels) {
  TestDesk test(TestDesk::Checkpoints::None);
  fill(test);
  Behind behind(test, "Gain per dataset");
  EXPECT_TRUE(behind.panel()->isHidden());
  const auto sources = behind.view()->figure()->sources();
  ASSERT_EQ(sources.size(), 2u) << "emoji and symbola";
  EXPECT_EQ(behind.points()->count(), 5) << "two models on each, and the line that says what to do";
  behind.click(sources[0].name);
  ASSERT_TRUE(waitFor([&] { return !behind.panel()->isHidden(); }));
  EXPECT_EQ(behind.points()->currentIndex(), 1);
  EXPECT_EQ(behind.rows()->rowCount(), 3) << "its draws";
  const QString first = behind.title();
  EXPECT_TRUE(behind.command().contains("lixp eval few-shot") && behind.command().contains("--workspace")) << behind.command().toStdString();
  EXPECT_TRUE(behind.find<QTextBrowser>("curves.point.facts")->toPlainText().contains("emoji"));
  grabPage(behind.page, "curves-behind-gain");
  // The other model, by keys.
  behind.points()->setFocus();
  QTest::keyClick(behind.points(), Qt::Key_Down);
  EXPECT_TRUE(waitFor([&] { return behind.title() != first; })) << behind.title().toStdString();
  EXPECT_EQ(behind.rows()->rowCount(), 3);
  // Beside all bars nothing is opened.
  behind.panel()->hide();
  QTest::mouseClick(behind.view(), Qt::LeftButton, {}, QPoint(2, 2));
  EXPECT_TRUE(behind.panel()->isHidden());
}

TEST(CurvesBehind, ADotOfCostsAndACellOfScalingOpenTheirRows) {
  TestDesk test(TestDesk::Checkpoints::None);
  fill(test);
  Behind costs(test, "Accuracy and operations");
  costs.click("SigLIxP");
  ASSERT_TRUE(waitFor([&] { return !costs.panel()->isHidden(); }));
  EXPECT_TRUE(costs.title().startsWith("SigLIxP")) << costs.title().toStdString();
  int cost = -1;
  for (int i = 1; i < costs.points()->count(); ++i) {
    cost = costs.points()->itemText(i).contains("SigLIxP, image_flops") ? i : cost;
  }
  ASSERT_GT(cost, 0) << "what it costs stands behind it too";
  EXPECT_TRUE(costs.points()->itemText(cost).endsWith("4.8e+09")) << costs.points()->itemText(cost).toStdString();
  costs.points()->setCurrentIndex(cost);
  ASSERT_TRUE(waitFor([&] { return costs.title() == "SigLIxP, image_flops"; })) << costs.title().toStdString();
  EXPECT_EQ(costs.rows()->item(0, 1)->text(), "4.8e+09") << "no per cent";
  EXPECT_TRUE(costs.command().startsWith("lixp reproduce ")) << costs.command().toStdString();

  Behind scaling(test, "Scaling");
  scaling.click("Llip_16, Parameters");
  ASSERT_TRUE(waitFor([&] { return scaling.title() == "Llip_16, parameters"; })) << scaling.title().toStdString();
  grabPage(scaling.page, "curves-behind-scaling");
}

TEST(CurvesBehind, ADotOfRunsOpensTheRun) {
  TestDesk test(TestDesk::Checkpoints::None);
  fill(test);
  Behind behind(test, "Training time and class tokens");
  QSignalSpy shown(&test.desk(), &Desk::showAsked);
  auto* run = behind.find<QPushButton>("curves.figure.run");
  EXPECT_TRUE(run->isVisible());
  EXPECT_FALSE(run->isEnabled()) << "none is chosen";
  behind.points()->setFocus();
  QTest::keyClick(behind.points(), Qt::Key_Down);
  EXPECT_EQ(shown.count(), 0) << "walking through the list goes nowhere";
  QTest::keyClick(run, Qt::Key_Space);
  ASSERT_EQ(shown.count(), 1);
  EXPECT_TRUE(shown[0][1].toString().startsWith("run:"));
  EXPECT_TRUE(behind.panel()->isHidden());
  const auto places = behind.view()->figure()->sourcePlaces(behind.view()->figureRect());
  ASSERT_EQ(places.size(), 3u);
  QTest::mouseClick(behind.view(), Qt::LeftButton, {}, places[2].center().toPoint());
  ASSERT_EQ(shown.count(), 2);
  EXPECT_NE(shown[1][1], shown[0][1]);
}

TEST(CurvesBehind, AFigureWithoutPartsThatCanBeAskedHasNoList) {
  TestDesk test(TestDesk::Checkpoints::None);
  fill(test);
  Chosen chosen(test);
  chosen.choose("Temperatures");
  ASSERT_TRUE(waitFor([&] { return chosen.view()->figure() != nullptr; })) << chosen.sentence().toStdString();
  EXPECT_FALSE(chosen.find<QComboBox>("curves.figure.points")->isVisible());
  QTest::mouseClick(chosen.view(), Qt::LeftButton);
  EXPECT_TRUE(chosen.find<QWidget>("curves.point")->isHidden());
}

}  // namespace
}  // namespace lix::app
