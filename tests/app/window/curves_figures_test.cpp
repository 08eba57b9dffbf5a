// The Curves page's chooser of figures: from rows to a drawing, a sentence, and files.
#include <QComboBox>
#include <QStackedWidget>

#include "base/file.h"
#include "pages/curves/check_list.h"
#include "curves_figures_support.h"

namespace lix::app {
namespace {
using testing_support::Chosen;
using testing_support::fill;
using testing_support::grabPage;
using testing_support::TestDesk;
using testing_support::waitFor;

TEST(CurvesFigures, TheChooserListsEveryKindAndBeginsWithTheCurves) {
  TestDesk test(TestDesk::Checkpoints::None);
  Chosen chosen(test);
  auto* box = chosen.find<QComboBox>("curves.figure.choice");
  EXPECT_EQ(box->count(), int(figureKinds().size()));
  EXPECT_EQ(box->currentData().toString(), "shots");
  EXPECT_FALSE(box->accessibleName().isEmpty());
  EXPECT_FALSE(box->toolTip().isEmpty());
  EXPECT_FALSE(chosen.canSave());
}

TEST(CurvesFigures, AChosenFigureIsDrawnAndSaved) {
  TestDesk test(TestDesk::Checkpoints::None);
  fill(test);
  Chosen chosen(test);
  EXPECT_TRUE(chosen.canSave()) << "the curves";
  chosen.choose("Gain per dataset");
  ASSERT_TRUE(waitFor([&] { return chosen.view()->figure() != nullptr; }));
  EXPECT_TRUE(chosen.view()->isVisible());
  EXPECT_TRUE(chosen.canSave());
  grabPage(chosen.page, "curves-gain");
  const auto table = test.scratch() / "gain.csv", picture = test.scratch() / "gain.svg";
  chosen.page.saveTo(table);
  chosen.page.saveTo(picture);
  ASSERT_TRUE(waitFor([&] { return std::filesystem::exists(table) && std::filesystem::exists(picture); }));
  const auto text = readFile(table);
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with("dataset,first,second,pairing,n,low,high,difference,keys\n")) << *text;
  const auto drawing = readFile(picture);
  ASSERT_TRUE(drawing);
  EXPECT_NE(drawing->find("Gain of"), std::string::npos);
  const auto* first = chosen.view()->figure();
  chosen.choose("Spectrum");
  ASSERT_TRUE(waitFor([&] { return chosen.view()->figure() != first; }));
  grabPage(chosen.page, "curves-spectrum");
  chosen.choose("Few-shot accuracy over shots");
  EXPECT_EQ(chosen.page.findChild<QStackedWidget*>()->currentIndex(), 1) << "the interactive curves";
}

TEST(CurvesFigures, WithoutRowsItSaysHowTheyAreMade) {
  TestDesk test(TestDesk::Checkpoints::None);
  Chosen chosen(test);
  chosen.choose("Spectrum");
  ASSERT_TRUE(waitFor([&] { return !chosen.sentence().isEmpty(); }));
  EXPECT_TRUE(chosen.sentence().contains("lixp eval spectrum")) << chosen.sentence().toStdString();
  EXPECT_EQ(chosen.view()->figure(), nullptr);
  EXPECT_FALSE(chosen.canSave());
  grabPage(chosen.page, "curves-nothing");
  chosen.page.saveTo(test.scratch() / "none.svg");
  EXPECT_TRUE(test.wasSaid("There is no figure to save."));
  EXPECT_FALSE(std::filesystem::exists(test.scratch() / "none.svg"));
}

TEST(CurvesFigures, TheListsAtTheLeftLimitTheFigure) {
  TestDesk test(TestDesk::Checkpoints::None);
  fill(test);
  Chosen chosen(test);
  chosen.choose("Models and datasets");
  ASSERT_TRUE(waitFor([&] { return chosen.view()->figure() != nullptr; }));
  const auto numbers = [&](const char* name) {
    const auto file = test.scratch() / name;
    chosen.page.saveTo(file);
    EXPECT_TRUE(waitFor([&] { return test.wasSaid(name); }));
    return readFile(file).value_or("");
  };
  const std::string all = numbers("all.csv");
  EXPECT_TRUE(test.wasSaid("The figure is in"));
  EXPECT_NE(all.find("symbola"), std::string::npos) << "all datasets, unless one is chosen: " << all;
  auto* list = chosen.find<CheckList>("curves.checkpoints");
  EXPECT_TRUE(list->isVisible());
  ASSERT_EQ(list->count(), 3);
  auto* datasets = chosen.find<QComboBox>("curves.dataset");
  EXPECT_EQ(datasets->currentText(), "All datasets");
  datasets->setCurrentText("emoji");
  list->item(0)->setCheckState(Qt::Unchecked);  // Llip_16
  chosen.settle();
  const std::string some = numbers("some.csv");
  EXPECT_EQ(some.find("symbola"), std::string::npos) << some;
  EXPECT_EQ(some.find("Llip_16"), std::string::npos) << some;
  EXPECT_NE(some.find("SigLIxP"), std::string::npos) << some;
  QTest::keyClick(list, Qt::Key_A, Qt::ControlModifier);  // all
  QTest::keyClick(list, Qt::Key_A, Qt::ControlModifier);  // none
  ASSERT_TRUE(waitFor([&] { return chosen.sentence().contains("Check a checkpoint"); }));
  EXPECT_EQ(chosen.view()->figure(), nullptr);
  EXPECT_FALSE(chosen.canSave());
}

TEST(CurvesFigures, AnotherKindTakesThePlaceOfTheOldOneAtOnce) {
  TestDesk test(TestDesk::Checkpoints::None);
  fill(test);
  Chosen chosen(test);
  chosen.choose("Models and datasets");
  ASSERT_TRUE(waitFor([&] { return chosen.canSave(); }));
  auto* box = chosen.find<QComboBox>("curves.figure.choice");
  box->setCurrentText("Spectrum");
  EXPECT_FALSE(chosen.canSave()) << "before its answer the old figure has another name";
  EXPECT_TRUE(waitFor([&] { return chosen.canSave(); }));
}

TEST(CurvesFigures, NewRowsAppearAndTheChoiceIsKept) {
  TestDesk test(TestDesk::Checkpoints::None);
  Chosen chosen(test);
  chosen.choose("Models and datasets");
  ASSERT_TRUE(waitFor([&] { return !chosen.sentence().isEmpty(); }));
  fill(test);
  ASSERT_TRUE(waitFor([&] { return chosen.view()->figure() != nullptr; })) << "by itself";
  const QJsonObject state = chosen.page.state();
  EXPECT_EQ(state.value("figure").toString(), "datasets");
  Chosen again(test);
  again.page.restore(state);
  EXPECT_TRUE(waitFor([&] { return again.view()->figure() != nullptr; }));
  again.page.restore({{"figure", "gone"}});
  EXPECT_EQ(again.find<QComboBox>("curves.figure.choice")->currentIndex(), 0);
}

}  // namespace
}  // namespace lix::app
