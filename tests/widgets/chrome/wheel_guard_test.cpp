#include "chrome/wheel_guard.h"

#include <gtest/gtest.h>

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QScrollArea>
#include <QScrollBar>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace lix::widgets {
namespace {

/// Settings in a form that is longer than its window.
class WheelGuardTest : public testing::Test {
 protected:
  void SetUp() override {
    WheelGuard::install();
    auto* inner = new QWidget;
    auto* column = new QVBoxLayout(inner);
    box->addItems({"None", "emoji", "digits"});
    for (QWidget* each : {static_cast<QWidget*>(number), static_cast<QWidget*>(box), static_cast<QWidget*>(slider)}) {
      column->addWidget(each);
    }
    slider->setOrientation(Qt::Horizontal);
    column->addSpacing(2000);
    area.setWidget(inner);
    area.resize(300, 200);
    area.show();
    area.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&area));
    area.setFocus();
  }
  /// One turn over the middle of a widget; what is ignored goes to its parent, as Qt does with those of the window system.
  void turn(QWidget* over, int delta) {
    for (QWidget* at = over; at != nullptr; at = at->parentWidget()) {
      const QPointF middle = QRectF(at->rect()).center();
      QWheelEvent wheel(middle, at->mapToGlobal(middle), {}, {0, delta}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
      QApplication::sendEvent(at, &wheel);
      if (wheel.isAccepted()) {
        return;
      }
    }
  }
  static void restALittle() { QTest::qWait(900); }  // the scroll is over

  QScrollArea area;
  QSpinBox* number = new QSpinBox;
  QComboBox* box = new QComboBox;
  QSlider* slider = new QSlider;
};

TEST_F(WheelGuardTest, WhatHasNoKeyboardScrollsInstead) {
  for (QWidget* over : {static_cast<QWidget*>(number), static_cast<QWidget*>(box), static_cast<QWidget*>(slider)}) {
    const int before = area.verticalScrollBar()->value();
    turn(over, -120);
    EXPECT_GT(area.verticalScrollBar()->value(), before);
    EXPECT_NE(over->focusPolicy(), Qt::WheelFocus) << "a turn must not bring the keyboard";
  }
  EXPECT_EQ(number->value(), 0);
  EXPECT_EQ(box->currentIndex(), 0);
  EXPECT_EQ(slider->value(), 0);
}

TEST_F(WheelGuardTest, AScrollThatGoesOnPassesOverTheSettingWithTheKeyboard) {
  number->setFocus();
  restALittle();
  turn(number, 120);
  EXPECT_EQ(number->value(), 1) << "asked for";
  turn(area.viewport(), -120);
  const int before = area.verticalScrollBar()->value();
  turn(number, 120);
  EXPECT_EQ(number->value(), 1) << "it came under the pointer by scrolling";
  EXPECT_LT(area.verticalScrollBar()->value(), before);
  restALittle();
  turn(number, 120);
  EXPECT_EQ(number->value(), 2);
}

TEST_F(WheelGuardTest, TheListOfABoxScrolls) {
  for (int i = 0; i < 60; ++i) {
    box->addItem(QString::number(i));
  }
  box->setMaxVisibleItems(5);
  box->setStyleSheet("QComboBox { combobox-popup: 0; }");
  box->showPopup();
  turn(box->view()->viewport(), -120);
  EXPECT_GT(box->view()->verticalScrollBar()->value(), 0);
  box->hidePopup();
}

}  // namespace
}  // namespace lix::widgets
