// The whole window without a mouse: the table of actions, names and tooltips of what takes the keyboard, and Tab.
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QHash>
#include <QSet>

#include "chrome/action_table.h"
#include "docks/dock_area.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/support_page.h"
#include "window_fixture.h"

namespace lix::app {
namespace {
using testing_support::waitFor;
using testing_support::WindowTest;

constexpr int kMostSteps = 400;
constexpr int kLong = 60000;

class WindowKeyboard : public WindowTest {
 protected:
  void SetUp() override {
    WindowTest::SetUp();
    window_->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(window_));
    auto* inspect = static_cast<InspectPage*>(window_->page(PageId::Inspect));
    window_->showPage(PageId::Inspect);
    ASSERT_TRUE(waitFor([&] { return inspect->reading() != nullptr; }, kLong));
    window_->showPage(PageId::Support);
    auto* support = static_cast<SupportPage*>(window_->page(PageId::Support));
    auto* example = window_->findChild<QWidget*>("support.example");
    ASSERT_TRUE(waitFor([&] { return example->isVisible(); }));
    QTest::mouseClick(example, Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return support->book().isOpen() && support->scores().isCurrent(); }, kLong));
  }

  static std::string nameOf(const QWidget* widget) {
    QStringList path;
    for (const QWidget* at = widget; at != nullptr && path.size() < 4; at = at->parentWidget()) {
      path.prepend(at->objectName().isEmpty() ? at->metaObject()->className() : at->objectName());
    }
    return path.join(" > ").toStdString();
  }
  /// The line of a spin or combo box belongs to it.
  static bool isPartOfAnother(const QWidget* widget) {
    return qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) != nullptr ||
           qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr || widget->focusProxy() != nullptr;
  }
  static QList<QWidget*> reachable(QWidget* page) {
    QList<QWidget*> found;
    for (QWidget* widget : page->findChildren<QWidget*>()) {
      if ((widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isVisible() && widget->isEnabled() && !isPartOfAnother(widget)) {
        found << widget;
      }
    }
    return found;
  }
  /// Every panel of the page to the front once, so that all that is behind tabs is met as well.
  void everyPanel(Page* page, const std::function<void()>& look) {
    if (page->docks() == nullptr) {
      look();
      return;
    }
    for (const QString& id : page->docks()->ids()) {
      page->docks()->showPanel(id);
      QTest::qWait(30);
      look();
    }
  }
};

TEST_F(WindowKeyboard, EveryRowOfTheTableIsWhole) {
  EXPECT_TRUE(window_->actions().conflicts().empty()) << window_->actions().conflicts()[0].toStdString();
  for (const widgets::ActionRow& row : window_->actions().rows()) {
    EXPECT_FALSE(row.text.isEmpty()) << row.id.toStdString();
    EXPECT_FALSE(row.help.isEmpty()) << row.id.toStdString();
    EXPECT_TRUE(row.help.endsWith('.')) << row.id.toStdString() << ": a sentence";
    EXPECT_TRUE(bool(row.run)) << row.id.toStdString() << " does something";
  }
}

TEST_F(WindowKeyboard, WhatTakesTheKeyboardSaysWhatItIs) {
  for (int i = 0; i < kPageCount; ++i) {
    Page* page = window_->page(static_cast<PageId>(i));
    window_->showPage(page->id());
    QSet<QWidget*> seen;
    everyPanel(page, [&] {
      for (QWidget* widget : reachable(page)) {
        if (seen.contains(widget)) {
          continue;
        }
        seen << widget;
        QAccessibleInterface* told = QAccessible::queryAccessibleInterface(widget);
        EXPECT_TRUE(told != nullptr && !told->text(QAccessible::Name).isEmpty()) << "no name: " << nameOf(widget);
        EXPECT_FALSE(widget->toolTip().isEmpty()) << "no tooltip: " << nameOf(widget);
      }
    });
    EXPECT_FALSE(seen.isEmpty()) << pageName(page->id()).toStdString();
  }
}

TEST_F(WindowKeyboard, TabWalksThroughEveryPageAndComesBack) {
  for (int i = 0; i < kPageCount; ++i) {
    Page* page = window_->page(static_cast<PageId>(i));
    window_->showPage(page->id());
    QTest::qWait(50);
    window_->findChild<QWidget*>("rail." + pageName(page->id()))->setFocus();
    QWidget* start = QApplication::focusWidget();
    ASSERT_NE(start, nullptr);
    QWidget* at = start;
    bool inPage = false;
    int steps = 0;
    for (; steps < kMostSteps; ++steps) {
      QTest::keyClick(at, Qt::Key_Tab);
      QWidget* next = QApplication::focusWidget();
      ASSERT_NE(next, nullptr) << pageName(page->id()).toStdString();
      ASSERT_NE(next, at) << "Tab stays in " << nameOf(at);
      inPage = inPage || page->isAncestorOf(next);
      at = next;
      if (at == start) {
        break;
      }
    }
    EXPECT_LT(steps, kMostSteps) << pageName(page->id()).toStdString() << " does not come back; at " << nameOf(at);
    EXPECT_TRUE(inPage) << pageName(page->id()).toStdString();
  }
}

}  // namespace
}  // namespace lix::app
