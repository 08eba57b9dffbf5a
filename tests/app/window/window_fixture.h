#pragma once
#include <QKeySequence>
#include <QTest>

#include "desk/desk.h"
#include "frame/demo_workspace.h"
#include "frame/main_window.h"
#include "window_support.h"

namespace lix::app::testing_support {

/// A window on a demo workspace of the test's own, with settings of its own.
class WindowTest : public testing::Test {
 protected:
  void SetUp() override {
    qputenv("LIX_SETTINGS", QByteArray::fromStdString((folder_ / "settings.ini").string()));
    qputenv("LIX_DEMO_WORKSPACE", QByteArray::fromStdString((folder_ / "demo").string()));
    const auto made = makeDemoWorkspace();
    ASSERT_TRUE(made) << made.error().message;
    open(*made);
  }
  void TearDown() override { shut(); }

  void open(const std::filesystem::path& folder) {
    auto desk = Desk::open(folder, store::OpenMode::ReadWrite);
    ASSERT_TRUE(desk) << desk.error().message;
    window_ = new MainWindow(std::move(*desk));
    bool restored = false;
    QObject::connect(window_, &MainWindow::restored, window_, [&] { restored = true; });
    window_->resize(1200, 760);
    window_->show();
    ASSERT_TRUE(waitFor([&] { return restored; }));
  }
  void shut() {
    if (window_ != nullptr) {
      window_->setAttribute(Qt::WA_DeleteOnClose, false);
      window_->close();
      delete window_;
      window_ = nullptr;
    }
  }
  void key(const QKeySequence& sequence) { QTest::keySequence(window_, sequence); }

  test::TemporaryFolder folder_;
  MainWindow* window_ = nullptr;
};

}  // namespace lix::app::testing_support
