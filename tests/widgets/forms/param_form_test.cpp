#include "forms/param_form.h"

#include <gtest/gtest.h>

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "../shots.h"
#include "forms/number_field.h"

namespace lix::widgets {
namespace {

std::vector<Param> params() {
  return {{"learning_rate", "Learning rate", 1e-3, 1e-7, 1.0, ParamScale::Log, "Peak of the schedule."},
          {"steps", "Steps", 800LL, 1, 1e6, ParamScale::Linear, "How many steps."},
          {"warmup", "Warm-up", 0.1, 0.0, 1.0, ParamScale::Linear, "Share of the steps with rising learning rate."},
          {"augment", "Augment", true, 0, 0, ParamScale::Linear, "Random crops."},
          {"note", "Note", std::string("first"), 0, 0, ParamScale::Linear, "Said in the list of runs."},
          {"seed", "Seed", 1LL, 0, 0, ParamScale::Linear, "Of everything random."},
          {"epsilon", "Epsilon", 1.0 / 3.0, 0.0, 1.0, ParamScale::Linear, "Of the optimizer."},
          {"neighbours", "Neighbours", 5LL, 1, 100000, ParamScale::Log, "How many vote."}};
}

struct Form : ParamForm {
  Form() {
    setParams(params(), {"seed", "epsilon"});
    resize(420, 320);
    show();
  }
  template <class T>
  T* editor(const char* key) {
    T* found = findChild<T*>(QString("param.") + key);
    EXPECT_NE(found, nullptr) << key;
    return found;
  }
  void type(const char* key, const char* text) {
    auto* box = editor<NumberField>(key);
    box->setFocus();
    box->selectAll();
    QTest::keyClicks(box, text);
    QTest::keyClick(box, Qt::Key_Return);
  }
  template <class T>
  T value(const char* key) {
    return std::get<T>(values().at(key));
  }
  QToolButton* back(const char* key) { return findChild<QToolButton*>(QString("reset.") + key); }
};

TEST(ParamForm, BeginsWithTheDefaults) {
  Form form;
  EXPECT_EQ(form.values().size(), params().size());
  EXPECT_TRUE(form.changedValues().empty());
  EXPECT_EQ(form.value<double>("epsilon"), 1.0 / 3.0) << "whole";
  const QString hint = form.editor<NumberField>("learning_rate")->toolTip();
  EXPECT_TRUE(hint.contains("Peak of the schedule.") && hint.contains("1e-7 to 1, default 0.001.")) << hint.toStdString();
  EXPECT_FALSE(form.back("steps")->isVisible());
  shoot(form, "form");
}

TEST(ParamForm, TypedNumbersCountAndOnlyTheyChange) {
  Form form;
  QSignalSpy changed(&form, &ParamForm::changed);
  form.type("steps", "1200");
  form.type("learning_rate", "3e-4");
  EXPECT_EQ(form.value<long long>("steps"), 1200);
  EXPECT_EQ(form.value<double>("learning_rate"), 3e-4);
  EXPECT_EQ(form.changedValues().size(), 2U);
  EXPECT_GE(changed.size(), 2);
  auto* epsilon = form.editor<NumberField>("epsilon");
  epsilon->setFocus();
  QTest::keyClick(epsilon, Qt::Key_Return);
  EXPECT_EQ(form.value<double>("epsilon"), 1.0 / 3.0) << "nothing was typed";
}

TEST(ParamForm, ValuesOutOfRangeComeToTheNearestBound) {
  Form form;
  form.type("steps", "9999999");
  EXPECT_EQ(form.value<long long>("steps"), 1000000);
  form.type("steps", "0");
  EXPECT_EQ(form.value<long long>("steps"), 1);
  EXPECT_EQ(form.editor<NumberField>("steps")->text(), "1");
  form.type("steps", "99999999999999999999999");
  EXPECT_EQ(form.value<long long>("steps"), 1000000) << "more than 64 bits";
  form.type("steps", "-5");
  EXPECT_GE(form.value<long long>("steps"), 1);
  form.type("warmup", "7");
  EXPECT_EQ(form.value<double>("warmup"), 1.0);
  form.type("warmup", "abc0.25x");
  EXPECT_EQ(form.value<double>("warmup"), 0.25);
  form.type("warmup", ",5");
  EXPECT_EQ(form.value<double>("warmup"), 0.5);
  form.type("learning_rate", "0");
  EXPECT_EQ(form.value<double>("learning_rate"), 1e-7);
  form.editor<NumberField>("steps")->setFocus();
  form.editor<NumberField>("steps")->selectAll();
  const long long before = form.value<long long>("steps");
  QTest::keyClick(form.editor<NumberField>("steps"), Qt::Key_Delete);
  QTest::keyClick(form.editor<NumberField>("steps"), Qt::Key_Return);
  EXPECT_EQ(form.value<long long>("steps"), before) << "an empty field is no number";
  EXPECT_FALSE(form.findChild<QLineEdit*>()->text().isEmpty());
}

TEST(ParamForm, LargeIntegersStayWhole) {
  Form form;
  form.type("seed", "9007199254740993");
  EXPECT_EQ(form.value<long long>("seed"), 9007199254740993LL);
  form.type("seed", "99999999999999999999");
  EXPECT_EQ(form.value<long long>("seed"), std::numeric_limits<long long>::max());
}

TEST(ParamForm, ArrowsStepInsideTheBounds) {
  Form form;
  auto* rate = form.editor<NumberField>("learning_rate");
  QTest::keyClick(rate, Qt::Key_Up);
  EXPECT_DOUBLE_EQ(form.value<double>("learning_rate"), 2e-3);
  QTest::keyClick(rate, Qt::Key_Down);
  QTest::keyClick(rate, Qt::Key_Down);
  EXPECT_DOUBLE_EQ(form.value<double>("learning_rate"), 9e-4) << "below a power of ten the smaller unit";
  for (int i = 0; i < 60; ++i) {
    QTest::keyClick(rate, Qt::Key_Down);
  }
  EXPECT_EQ(form.value<double>("learning_rate"), 1e-7);
  auto* warmup = form.editor<NumberField>("warmup");
  for (int i = 0; i < 200; ++i) {
    QTest::keyClick(warmup, Qt::Key_Up);
  }
  EXPECT_EQ(form.value<double>("warmup"), 1.0);
}

TEST(ParamForm, LogarithmicSlidersFollowAndLead) {
  Form form;
  auto* slider = form.findChild<QSlider*>("slider.learning_rate");
  EXPECT_EQ(slider->value(), 571) << "1e-3 lies four of seven decades from 1e-7";
  slider->setValue(slider->minimum());
  EXPECT_EQ(form.value<double>("learning_rate"), 1e-7);
  slider->setValue(slider->maximum());
  EXPECT_EQ(form.value<double>("learning_rate"), 1.0);
  slider->setFocus();
  QTest::keyClick(slider, Qt::Key_Left);
  EXPECT_DOUBLE_EQ(form.value<double>("learning_rate"), 0.9) << "a digit, as in the field";
  form.type("learning_rate", "0.0001");
  EXPECT_EQ(slider->value(), 429);
  auto* whole = form.findChild<QSlider*>("slider.neighbours");
  whole->setValue(500);
  EXPECT_EQ(form.value<long long>("neighbours"), 320) << "two digits";
  EXPECT_EQ(form.findChild<QSlider*>("slider.steps"), nullptr);
}

TEST(ParamForm, DefaultsAreOneClickAway) {
  Form form;
  form.type("steps", "5");
  QTest::mouseClick(form.editor<QCheckBox>("augment"), Qt::LeftButton, {}, QPoint(8, form.editor<QCheckBox>("augment")->height() / 2));
  EXPECT_FALSE(form.value<bool>("augment"));
  auto* note = form.editor<QLineEdit>("note");
  note->selectAll();
  QTest::keyClicks(note, "second");
  EXPECT_EQ(form.value<std::string>("note"), "second");
  EXPECT_EQ(form.changedValues().size(), 3U);
  shoot(form, "form-changed");
  for (const char* key : {"steps", "augment", "note"}) {
    ASSERT_TRUE(form.back(key)->isVisible());
    QTest::mouseClick(form.back(key), Qt::LeftButton);
    EXPECT_FALSE(form.back(key)->isVisible());
  }
  EXPECT_TRUE(form.changedValues().empty());
  EXPECT_EQ(note->text(), "first");
  EXPECT_TRUE(form.editor<QCheckBox>("augment")->isChecked());
}

TEST(ParamForm, SetsWhatItKnowsAndSignalsOnce) {
  Form form;
  QSignalSpy changed(&form, &ParamForm::changed);
  form.setValues({{"steps", 5'000'000LL},
                  {"warmup", 1LL},
                  {"augment", false},
                  {"unknown", 1.0},
                  {"seed", 7LL}});
  EXPECT_EQ(changed.size(), 1);
  EXPECT_EQ(form.value<long long>("steps"), 1'000'000) << "clamped";
  EXPECT_EQ(form.value<double>("warmup"), 1.0) << "a whole number will do";
  EXPECT_FALSE(form.editor<QCheckBox>("augment")->isChecked());
  EXPECT_FALSE(form.values().contains("unknown"));
  form.setValues(form.values());
  EXPECT_EQ(changed.size(), 1) << "nothing changed";
}

TEST(ParamForm, AdvancedOnesFoldAndTellOfChanges) {
  Form form;
  auto* fold = form.editor<QToolButton>("more");
  EXPECT_FALSE(form.editor<NumberField>("seed")->isVisible());
  form.setValues({{"seed", 7LL}});
  EXPECT_EQ(fold->text(), "More settings (1 changed)");
  fold->setFocus();
  QTest::keyClick(fold, Qt::Key_Space);
  EXPECT_TRUE(form.editor<NumberField>("seed")->isVisible());
  shoot(form, "form-open");
  form.setParams({params()[0]});
  EXPECT_EQ(form.values().size(), 1U);
  EXPECT_EQ(form.findChild<QToolButton*>("param.more"), nullptr) << "nothing to fold";
}

TEST(ParamForm, LongTitlesWrapWhereThereIsLittleRoom) {
  ParamForm form;
  form.setParams({{"half_weights", "Half-precision weights of the checkpoint", false, 0, 0, ParamScale::Linear, "In fp16."},
                  {"rate", "Rate of scales & biases relative to the rest", 0.5, 1e-3, 1e3, ParamScale::Log, "A factor."},
                  {"k", "Neighbours", 5LL, 1, 1e6, ParamScale::Linear, "Voters."}});
  const auto title = [&](int index) { return form.findChildren<QLabel*>()[index]; };
  form.resize(900, 200);
  form.show();
  QCoreApplication::processEvents();
  EXPECT_GE(title(0)->width(), title(0)->fontMetrics().horizontalAdvance("Half-precision weights of the checkpoint"));
  shoot(form, "form-wide");
  form.resize(290, 240);
  QCoreApplication::processEvents();
  EXPECT_EQ(form.width(), 290) << "it fits";
  EXPECT_GE(title(0)->height(), 2 * title(0)->fontMetrics().height());
  auto* number = form.findChild<NumberField*>("param.rate");
  EXPECT_LT(title(1)->mapTo(&form, QPoint(title(1)->width(), 0)).x(), number->mapTo(&form, QPoint()).x());
  EXPECT_GE(number->width(), number->fontMetrics().horizontalAdvance("0.00012"));
  shoot(form, "form-narrow");
}

TEST(ParamForm, TitlesAndHelpLeadToTheFields) {
  Form form;
  ASSERT_TRUE(QTest::qWaitForWindowActive(&form));
  for (auto* title : form.findChildren<QLabel*>()) {
    if (title->text() == "Augment" || title->text() == "Note") {
      QTest::mouseClick(title, Qt::LeftButton);
    }
  }
  EXPECT_FALSE(form.value<bool>("augment")) << "a click on the title turns the box";
  EXPECT_TRUE(form.editor<QLineEdit>("note")->hasFocus());
  EXPECT_EQ(form.editor<QCheckBox>("augment")->accessibleDescription(), "Random crops.");
  EXPECT_EQ(form.editor<NumberField>("steps")->accessibleName(), "Steps");
  EXPECT_TRUE(form.editor<NumberField>("steps")->toolTip().contains("1 to 1000000, default 800."));
  form.back("augment")->setFocus();
  QTest::keyClick(form.back("augment"), Qt::Key_Space);
  EXPECT_TRUE(form.editor<QCheckBox>("augment")->hasFocus()) << "the button is gone, the focus is not";
}

TEST(ParamForm, EveryPlaceOfALogarithmicSliderComesBack) {
  Form form;
  auto* slider = form.findChild<QSlider*>("slider.learning_rate");
  double before = 0.0;
  for (int at = 0; at <= slider->maximum(); ++at) {
    slider->setValue(at);
    const double value = form.value<double>("learning_rate");
    EXPECT_GE(value, before);
    before = value;
    form.setValues({{"learning_rate", 0.5}});
    form.setValues({{"learning_rate", value}});
    EXPECT_EQ(form.value<double>("learning_rate"), value);
    EXPECT_NEAR(slider->value(), at, 4) << value;
  }
  form.setValues({{"learning_rate", 1e-7}});
  for (const double wanted : {2e-7, 3e-7}) {
    QTest::keyClick(slider, Qt::Key_Right);
    EXPECT_DOUBLE_EQ(form.value<double>("learning_rate"), wanted);
  }
}

TEST(NumberField, ShowsShortTextsThatReadBack) {
  EXPECT_EQ(numberText(1e-7), "1e-7");
  EXPECT_EQ(numberText(0.05), "0.05");
  EXPECT_EQ(numberText(-2.5e20), "-2.5e20");
  EXPECT_EQ(numberText(9007199254740993LL), "9007199254740993");
  NumberField third({"epsilon", "Epsilon", 1.0 / 3.0});
  EXPECT_EQ(third.text(), "0.333333");
  QTest::keyClick(&third, Qt::Key_Return);
  EXPECT_EQ(std::get<double>(third.value()), 1.0 / 3.0) << "shown rounded, kept whole";
}

TEST(NumberField, NeverLeavesItsBounds) {
  NumberField whole({"n", "N", 5LL, 1, 1e6});
  whole.setValue(-3LL);
  EXPECT_EQ(std::get<long long>(whole.value()), 1);
  whole.setValue((1LL << 53) + 1);
  EXPECT_EQ(std::get<long long>(whole.value()), 1'000'000);
  NumberField real({"x", "X", 0.5, 0.0, 1.0});
  real.setValue(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(std::get<double>(real.value()), 0.0);
  real.setValue(std::numeric_limits<double>::infinity());
  EXPECT_EQ(std::get<double>(real.value()), 1.0);
  NumberField open({"s", "S", std::numeric_limits<long long>::max() - 1});
  open.stepBy(1000);
  EXPECT_EQ(std::get<long long>(open.value()), std::numeric_limits<long long>::max()) << "no overflow";
}

TEST(ParamForm, TheWheelPassesOverWhatHasNoFocus) {
  Form form;
  auto* steps = form.editor<NumberField>("steps");
  form.editor<QLineEdit>("note")->setFocus();
  const QPointF middle = QRectF(steps->rect()).center();
  QWheelEvent turn(middle, steps->mapToGlobal(middle), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(steps, &turn);
  EXPECT_EQ(form.value<long long>("steps"), 800);
}

}  // namespace
}  // namespace lix::widgets
