#include "support/history.h"

#include <gtest/gtest.h>

#include "support/support_set.h"

namespace lix::support {
namespace {

TEST(History, BeginsWithNothingToUndo) {
  History<int> history(7);
  EXPECT_EQ(history.value(), 7);
  EXPECT_FALSE(history.canUndo());
  EXPECT_FALSE(history.canRedo());
  EXPECT_EQ(history.undoTitle(), "");
  EXPECT_EQ(history.redoTitle(), "");
  history.undo();
  history.redo();
  EXPECT_EQ(history.value(), 7);
}

TEST(History, UndoesAndRedoesWithTheTitlesOfTheSteps) {
  History<int> history(0);
  history.push("one", 1);
  history.push("two", 2);
  EXPECT_EQ(history.undoTitle(), "two");
  history.undo();
  EXPECT_EQ(history.value(), 1);
  EXPECT_EQ(history.undoTitle(), "one");
  EXPECT_EQ(history.redoTitle(), "two");
  history.undo();
  EXPECT_EQ(history.value(), 0);
  EXPECT_EQ(history.redoTitle(), "one");
  history.redo();
  history.redo();
  EXPECT_EQ(history.value(), 2);
  EXPECT_FALSE(history.canRedo());
}

TEST(History, ANewValueForgetsWhatWasUndone) {
  History<int> history(0);
  history.push("one", 1);
  history.push("two", 2);
  history.undo();
  history.push("three", 3);
  EXPECT_FALSE(history.canRedo());
  history.undo();
  EXPECT_EQ(history.value(), 1);
}

TEST(History, AnEqualValueIsNoStep) {
  History<int> history(0);
  history.push("one", 1);
  history.undo();
  history.push("nothing", 0);
  EXPECT_FALSE(history.canUndo());
  EXPECT_EQ(history.redoTitle(), "one") << "what was undone is still there";
}

TEST(History, KeepsTheNewestSteps) {
  History<int> history(0, 3);
  for (int i = 1; i <= 10; ++i) {
    history.push("step", i);
  }
  for (int i = 0; i < 20; ++i) {
    history.undo();
  }
  EXPECT_EQ(history.value(), 7);
  for (int i = 0; i < 20; ++i) {
    history.redo();
  }
  EXPECT_EQ(history.value(), 10);
}

TEST(History, ForgetsTheOldestStepsAsTheValueGrows) {
  const HistoryLimits<std::string> limits{
      .most = 100, .least = 2, .mostWeight = 10, .weigh = [](const std::string& value) { return value.size(); }};
  History<std::string> history("", limits);
  for (const char* value : {"1", "12", "123"}) {
    history.push(value, value);
  }
  EXPECT_EQ(history.size(), 4u);
  EXPECT_FALSE(history.isCut());
  history.undo();
  history.push("1234", "1234");  // 0 + 1 + 2 + 4: what was undone weighs no more
  EXPECT_EQ(history.size(), 4u);
  history.push("12345", "12345");  // of 12 the oldest go
  EXPECT_EQ(history.size(), 3u);
  EXPECT_EQ(history.value(0), "12") << "2 + 4 + 5 weigh too much, but two steps are always kept";
  EXPECT_TRUE(history.isCut());
  for (int i = 0; i < 5; ++i) {
    history.push("long", std::string(20, static_cast<char>('a' + i)));
  }
  EXPECT_EQ(history.size(), 3u);
  EXPECT_EQ(history.value(), std::string(20, 'e'));
  EXPECT_EQ(history.at(), 2u);
  history.push("short", "s");
  history.push("shorter", "t");
  history.push("shortest", "u");
  history.push("last", "v");
  EXPECT_EQ(history.size(), 4u) << "what is light again may have more steps";
}

TEST(History, GoesToAnyStepByItsPlace) {
  History<int> history(7);
  for (int i = 1; i <= 3; ++i) {
    history.push("step " + std::to_string(i), i);
  }
  ASSERT_EQ(history.size(), 4u);
  EXPECT_EQ(history.at(), 3u);
  EXPECT_EQ(history.title(0), "");
  EXPECT_EQ(history.title(2), "step 2");
  EXPECT_EQ(history.value(2), 2);
  history.goTo(1);
  EXPECT_EQ(history.value(), 1);
  EXPECT_EQ(history.size(), 4u) << "what was undone can still be gone to";
  history.goTo(4);
  EXPECT_EQ(history.at(), 1u);
  history.push("other", 9);
  EXPECT_EQ(history.size(), 3u);
}

TEST(History, HoldsSupportSets) {
  History<SupportSet> history(SupportSet{"set", {}});
  history.push("Add class cat", withClass(history.value(), "cat").value());
  EXPECT_EQ(history.value().classes.size(), 1u);
  history.undo();
  EXPECT_TRUE(history.value().classes.empty());
}

}  // namespace
}  // namespace lix::support
