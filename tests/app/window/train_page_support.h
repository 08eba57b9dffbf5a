#pragma once
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <filesystem>

#include "app/support/made_set.h"
#include "app/support/program.h"
#include "chrome/action_table.h"
#include "desk/dataset_shelf.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "forms/param_form.h"
#include "frame/choices.h"
#include "frame/page.h"
#include "pages/train/dry_run_card.h"
#include "store/checkpoint_store.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "support/support.h"
#include "window_support.h"

namespace lix::app::testing_support {
using store::RunStatus;
namespace fs = std::filesystem;

inline constexpr int kLong = 60000;  // a training program that starts on a busy machine

class TrainPageTest : public testing::Test {
 protected:
  void SetUp() override {
    qputenv("LIXP", QByteArray::fromStdString(test::lixp({})[0]));
    static const test::TemporaryFolder made;  // once for all tests
    if (!fs::exists(made / "discs")) {
      test::makeDiscs(made / "discs");
    }
    desk_.desk().datasets().add(made / "discs");
    ASSERT_TRUE(waitFor([this] {
      return std::ranges::any_of(desk_.desk().datasets().entries(),
                                 [](const auto& entry) { return entry.name == "discs"; });
    })) << desk_.said().join('\n').toStdString();
    desk_.settle();
    open();
  }

  void TearDown() override {  // no program outlives its test
    for (const store::RunRow& run : rows()) {
      if (run.status == RunStatus::Running || run.status == RunStatus::Paused) {
        ::kill(static_cast<pid_t>(run.process.pid), SIGKILL);
      }
    }
    page_.reset();
  }

  void open() {
    page_.reset(makeTrainPage(desk_.desk()));
    actions_ = new widgets::ActionTable(page_.get());
    page_->addActions(*actions_);
    actions_->setScope("train");
    page_->resize(1100, 800);
    page_->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(page_.get()));
    desk_.settle();
    find<DatasetBox>("train.data")->setName("discs");
    ASSERT_EQ(find<DatasetBox>("train.data")->name(), "discs");
  }

  template <class T>
  T* find(const char* name) const {
    T* found = page_->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  void click(const char* name) const {
    auto* button = find<QPushButton>(name);
    ASSERT_TRUE(button->isVisibleTo(page_.get()) && button->isEnabled()) << name;
    QTest::mouseClick(button, Qt::LeftButton);
  }
  QString text(const char* name) const { return find<QLabel>(name)->text(); }
  bool shows(const char* button) const { return find<QPushButton>(button)->isVisibleTo(page_.get()); }
  bool waitForText(const char* name, const QString& part) const {
    return waitFor([&] { return text(name).contains(part); }, kLong);
  }
  void recipe(const char* id) const {
    auto* box = find<QComboBox>("train.recipe");
    box->setFocus();
    for (int i = 0; i < box->count() && box->currentData().toString() != id; ++i) {
      QTest::keyClick(box, i == 0 ? Qt::Key_Home : Qt::Key_Down);
    }
    ASSERT_EQ(box->currentData().toString(), id);
  }
  void values(const ParamValues& values) const {
    auto* form = find<widgets::ParamForm>("train.params");
    form->setValues(values);
    Q_EMIT form->changed();
  }
  /// Types a number as a person does.
  void type(const char* field, const QString& number) const {
    auto* box = find<QWidget>(field);
    box->setFocus();
    QTest::keyClick(box, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(box, number);
    QTest::keyClick(box, Qt::Key_Tab);
  }
  /// A tiny run: batch 8, one thread.
  void tiny(long long steps, long long every = 1000) const {
    values({{"steps", steps}, {"batch", 8LL}, {"threads", 1LL}, {"checkpoint_every", every}});
  }
  std::vector<store::RunRow> rows() const {
    return store::RunStore(desk_.workspace()).list(store::RunsShown::All).value();
  }
  bool waitForStatus(RunStatus status) const {
    return waitFor(
        [&] {
          const auto all = rows();
          return !all.empty() && all.front().status == status;
        },
        kLong);
  }
  std::vector<std::string> inTerminal(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"train", "siglip",    "--data", "discs",       "--batch",
                                   "8",     "--threads", "1",      "--workspace", desk_.folder().string()};
    words.insert(words.end(), more.begin(), more.end());
    return test::lixp(words);
  }

  TestDesk desk_{TestDesk::Checkpoints::None};
  std::unique_ptr<Page> page_;
  widgets::ActionTable* actions_ = nullptr;
};

using TrainRunsTest = TrainPageTest;

}  // namespace lix::app::testing_support
