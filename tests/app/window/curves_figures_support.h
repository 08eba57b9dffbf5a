#pragma once
#include <QComboBox>
#include <QLabel>
#include <QTest>
#include <QToolButton>

#include "figure_view/figure_view.h"
#include "pages/curves/curves_page.h"
#include "pages/curves/figure_pane.h"
#include "support/result_rows.h"
#include "shown_page.h"
#include "window_support.h"

#include <gtest/gtest.h>

namespace lix::app::testing_support {

/// The Curves page with its chooser of figures.
struct Chosen : ShownPage<CurvesPage> {
  using ShownPage::ShownPage;
  /// As a person does with the keyboard.
  void choose(const QString& title) {
    auto* box = find<QComboBox>("curves.figure.choice");
    ASSERT_GE(box->findText(title), 0) << title.toStdString();
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Home);
    for (int i = 0; i < box->findText(title); ++i) {
      QTest::keyClick(box, Qt::Key_Down);
    }
    EXPECT_EQ(box->currentText(), title);
    settle();
  }
  widgets::FigureView* view() { return find<widgets::FigureView>("curves.figure.view"); }
  QString sentence() { return find<QLabel>("curves.figure.sentence")->text(); }
  bool canSave() { return find<QToolButton>("curves.save")->isEnabled(); }
};

/// Rows of every kind, and runs.
inline void fill(TestDesk& test) {
  ResultRows rows;
  rows.make();
  rows.store(test.workspace());
}

}  // namespace lix::app::testing_support
