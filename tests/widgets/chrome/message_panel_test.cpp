#include "chrome/message_panel.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

#include "../shots.h"

namespace lix::widgets {
namespace {

TEST(MessagePanel, NewestFirstRepeatedOnesCountUp) {
  MessagePanel panel;
  panel.resize(600, 240);
  panel.show();
  shoot(panel, "messages-none");
  auto* tree = panel.findChild<QTreeWidget*>();
  panel.add(Severity::Info, "Run tiny-0001 ended after 800 steps.");
  panel.add(Severity::Error, "The disk is full: free 2 GB and resume the run.");
  panel.add(Severity::Info, "Run tiny-0001 ended after 800 steps.");
  EXPECT_EQ(panel.count(), 2);
  EXPECT_EQ(panel.sentences().first(), "Run tiny-0001 ended after 800 steps.");
  EXPECT_TRUE(tree->topLevelItem(0)->text(1).endsWith(QString("(\u00d72)")));
  EXPECT_TRUE(QTime::fromString(tree->topLevelItem(0)->text(0), "HH:mm:ss").isValid());
  panel.add(Severity::Warning, "Run tiny-0001 ended after 800 steps.");
  EXPECT_EQ(panel.count(), 3) << "another severity is another message";
}

TEST(MessagePanel, UnreadBySeverity) {
  MessagePanel panel;
  QSignalSpy changed(&panel, &MessagePanel::unreadChanged);
  panel.add(Severity::Info, "One.");
  panel.add(Severity::Error, "Two.");
  EXPECT_EQ(panel.unread(Severity::Info), 2);
  EXPECT_EQ(panel.unread(Severity::Warning), 1);
  panel.markRead();
  EXPECT_EQ(panel.unread(Severity::Info), 0);
  EXPECT_EQ(changed.size(), 3);
  panel.markRead();
  EXPECT_EQ(changed.size(), 3) << "nothing changed";
  panel.add(Severity::Error, "Two.");
  EXPECT_EQ(panel.unread(Severity::Error), 1) << "it happened again";
}

TEST(MessagePanel, DetailsFoldAndAreCopied) {
  MessagePanel panel;
  panel.resize(520, 260);
  panel.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&panel));
  QStringList files;
  for (int i = 0; i < 2000; ++i) {
    files << QString("birds/%1.tif: not a picture that can be read").arg(i);
  }
  panel.add(Severity::Info, "Opened the workspace demo with 3 runs and 412 pictures.");
  panel.add(Severity::Error, "The checkpoint siglixp-0002/last is damaged: its bytes end before its last tensor does; "
                             "take the one before it, or train the run anew.");
  panel.add(Severity::Warning, "2000 of 2400 files were skipped.", files.join('\n'));
  auto* tree = panel.findChild<QTreeWidget*>();
  QTreeWidgetItem* top = tree->topLevelItem(0);
  EXPECT_FALSE(top->isExpanded());
  EXPECT_EQ(top->childCount(), 501);
  EXPECT_TRUE(top->child(500)->text(1).startsWith("and 1500 more"));
  shoot(panel, "messages");
  tree->setCurrentItem(top);
  tree->setFocus();
  QTest::keyClick(tree, Qt::Key_Right);
  EXPECT_TRUE(top->isExpanded());
  shoot(panel, "messages-open");
  QTest::keyClick(tree, Qt::Key_C, Qt::ControlModifier);
  const QString copied = QApplication::clipboard()->text();
  EXPECT_TRUE(copied.contains("Warning: 2000 of 2400"));
  EXPECT_TRUE(copied.endsWith(files.last())) << "copying gives all";
  EXPECT_FALSE(copied.contains("412 pictures")) << "only what is chosen";
  QTest::keyClick(tree, Qt::Key_Delete, Qt::ControlModifier);
  EXPECT_EQ(panel.count(), 0);
  EXPECT_EQ(tree->topLevelItemCount(), 0);
}

TEST(MessagePanel, ForgetsTheOldest) {
  MessagePanel panel;
  for (int i = 0; i < 1100; ++i) {
    panel.add(Severity::Info, QString("Message %1.").arg(i));
  }
  EXPECT_EQ(panel.count(), 1000);
  EXPECT_EQ(panel.sentences().last(), "Message 100.");
}

}  // namespace
}  // namespace lix::widgets
