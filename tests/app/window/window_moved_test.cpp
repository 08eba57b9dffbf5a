// A workspace folder that was renamed between two windows.
#include "chrome/message_panel.h"
#include "frame/choices.h"
#include "window_fixture.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::waitFor;

class WindowMoved : public testing_support::WindowTest {
 protected:
  /// The page's box, with its page to the front, filled.
  CheckpointBox* box(PageId page, const char* name) {
    window_->showPage(page);
    auto* box = window_->findChild<CheckpointBox*>(name);
    EXPECT_NE(box, nullptr) << name;
    EXPECT_TRUE(waitFor([&] { return !box->folder().empty(); })) << name;
    return box;
  }
  /// Each box of a page that remembers a checkpoint, and another one than it would take by itself.
  void chooseLast() {
    for (const auto& [page, name] : kBoxes) {
      CheckpointBox* one = box(page, name);
      one->setFolder(one->itemData(2).toString().toStdString());
      chosen_[name] = one->folder().filename();
    }
  }
  void expectChosenIn(const fs::path& folder) {
    for (const auto& [page, name] : kBoxes) {
      const fs::path found = box(page, name)->folder();
      EXPECT_EQ(found, fs::canonical(folder) / fs::relative(found, fs::canonical(folder))) << name;
      EXPECT_EQ(found.filename(), chosen_[name]) << name;
      EXPECT_TRUE(fs::exists(found / "model.safetensors")) << found;
    }
  }
  static inline const std::vector<std::pair<PageId, const char*>> kBoxes{
      {PageId::Inspect, "inspect.checkpoint"}, {PageId::Support, "support.checkpoint"}, {PageId::Compare, "compare.a"}, {PageId::Compare, "compare.b"}};
  std::map<std::string, fs::path> chosen_;
};

TEST_F(WindowMoved, PagesFindTheirCheckpointsAtTheNewPlace) {
  chooseLast();
  shut();
  fs::rename(folder_ / "demo", folder_ / "renamed");
  open(folder_ / "renamed");
  expectChosenIn(folder_ / "renamed");
  EXPECT_FALSE(window_->messages().sentences().join(' ').contains("no checkpoint"));
}

TEST_F(WindowMoved, AlsoWhereNothingMayBeWritten) {
  chooseLast();
  shut();
  const fs::path moved = folder_ / "renamed";
  fs::rename(folder_ / "demo", moved);
  auto desk = Desk::open(moved, store::OpenMode::ReadOnly);
  ASSERT_TRUE(desk) << desk.error().message;
  window_ = new MainWindow(std::move(*desk));
  bool restored = false;
  QObject::connect(window_, &MainWindow::restored, window_, [&] { restored = true; });
  window_->show();
  ASSERT_TRUE(waitFor([&] { return restored; }));
  expectChosenIn(moved);
}

}  // namespace
}  // namespace lix::app
