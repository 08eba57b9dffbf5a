#pragma once
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <memory>

#include "chrome/action_table.h"
#include "desk/run_watch.h"
#include "frame/page.h"
#include "pages/runs/run_table_model.h"
#include "window_support.h"

#include <gtest/gtest.h>

namespace lix::app::testing_support {

/// The Runs page on a desk of the test's own, with its actions, as a person sees it.
class OpenedRuns : public testing::Test {
 protected:
  /// What was added to the workspace before stands in the table then.
  void open() {
    page_.reset(makeRunsPage(desk_.desk()));
    actions_ = new widgets::ActionTable(page_.get());
    page_->addActions(*actions_);
    actions_->setScope("runs");
    page_->resize(1024, 560);
    page_->show();
    page_->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(page_.get()));
    desk_.desk().runs().refresh();
    ASSERT_TRUE(waitFor([this] { return table().model()->rowCount() > 0; }));
    desk_.settle();
  }
  template <class T>
  T* find(const char* name) const {
    T* found = page_->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QTableView& table() const { return *find<QTableView>("runs.table"); }
  QString cell(int row, int column) const { return table().model()->index(row, column).data().toString(); }
  int rowOf(const QString& name) const {
    for (int i = 0; i < table().model()->rowCount(); ++i) {
      if (cell(i, RunTableModel::Name) == name) {
        return i;
      }
    }
    return -1;
  }
  void choose(const QString& name) const {
    ASSERT_GE(rowOf(name), 0) << name.toStdString();
    QTest::mouseClick(table().viewport(), Qt::LeftButton, {},
                      table().visualRect(table().model()->index(rowOf(name), 2)).center());
  }
  void click(const char* name) const { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }

  TestDesk desk_{TestDesk::Checkpoints::None};
  std::unique_ptr<Page> page_;
  widgets::ActionTable* actions_ = nullptr;
};

}  // namespace lix::app::testing_support
