// Workspaces that are full, read-only, newer, or moved under the window. Permissions mean nothing to root, so the first two
// run as programs in mounts of their own: this test starts itself again there.
#include <QCoreApplication>
#include <fstream>

#include "app/support/program.h"
#include "base/file.h"
#include "base/text.h"
#include "store/support_store.h"
#include "window_support.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::waitFor;

constexpr const char* kPlace = "LIX_TROUBLE_PLACE";

std::vector<store::SupportClassRow> classes(int pictures) {
  store::SupportClassRow row{"cat", {}};
  for (int i = 0; i < pictures; ++i) {
    row.pictures.push_back(cat("sample:emoji\npicture number ", i));
  }
  return {row};
}

/// A desk whose sentences are kept.
struct Listening {
  explicit Listening(const fs::path& folder) {
    auto opened = Desk::open(folder, store::OpenMode::ReadWrite);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    if (opened) {
      desk = std::move(*opened);
      QObject::connect(desk.get(), &Desk::said, [this](widgets::Severity, const QString& sentence, const QString&) { said << sentence; });
    }
  }
  /// Whether the draft was kept.
  bool keep(int pictures) {
    std::optional<bool> kept;
    desk->write([rows = classes(pictures)](const store::Workspace& workspace) { return store::SupportStore(workspace).saveDraft("mine", rows); },
                [&](bool done) { kept = done; });
    EXPECT_TRUE(waitFor([&] { return kept.has_value(); }));
    return kept.value_or(false);
  }
  std::unique_ptr<Desk> desk;
  QStringList said;
};

std::size_t keptPictures(const fs::path& folder) {
  const auto workspace = store::Workspace::open(folder, store::OpenMode::ReadOnly);
  if (!workspace) {
    ADD_FAILURE() << workspace.error().message;
    return 0;
  }
  const auto rows = store::SupportStore(*workspace).load("mine");
  return rows && !rows->empty() ? rows->front().pictures.size() : 0;
}

test::Ran again(const fs::path& place, const std::string& mount, const std::string& filter) {
  const std::string self = QCoreApplication::applicationFilePath().toStdString();
  return test::inOwnMounts(cat(mount, " && ", kPlace, "=", place.string(), " '", self, "' --gtest_filter=", filter));
}

TEST(Trouble, AFullDiskIsToldAndNothingIsLost) {
  if (!test::mayMount()) {
    GTEST_SKIP() << "unshare may not make mounts here: full disks are not tested";
  }
  const test::TemporaryFolder folder;
  const test::Ran said = again(folder.path(), cat("mount -t tmpfs -o size=1m tmpfs ", folder.path().string()), "InOwnMounts.Full");
  EXPECT_EQ(said.code, 0) << said.out << said.err;
}

TEST(InOwnMounts, Full) {
  const fs::path place = std::getenv(kPlace);
  ASSERT_TRUE(store::Workspace::open(place / "work", store::OpenMode::Create));
  {
    Listening window(place / "work");
    ASSERT_TRUE(window.keep(3));
    std::ofstream filler(place / "filler", std::ios::binary);
    const std::string block(1024, 'x');
    while (filler.write(block.data(), std::streamsize(block.size())).flush()) {
    }
    filler.close();
    EXPECT_FALSE(window.keep(20000));
    ASSERT_EQ(window.said.size(), 1) << window.said.join('|').toStdString();
    EXPECT_TRUE(window.said[0].contains("full") && window.said[0].contains("Free some space")) << window.said[0].toStdString();
    fs::remove(place / "filler");
    EXPECT_TRUE(window.keep(4)) << "it goes on where there is room again";
  }
  EXPECT_EQ(keptPictures(place / "work"), 4u);
}

TEST(Trouble, AWorkspaceOnReadOnlyMediaIsOpenedForReading) {
  if (!test::mayMount()) {
    GTEST_SKIP() << "unshare may not make mounts here: read-only disks are not tested";
  }
  const test::TemporaryFolder folder;
  {
    ASSERT_TRUE(store::Workspace::open(folder / "work", store::OpenMode::Create));
    Listening window(folder / "work");
    ASSERT_TRUE(window.keep(3));
  }
  const std::string at = folder.path().string();
  const test::Ran said = again(folder.path(), cat("mount --bind ", at, " ", at, " && mount -o remount,bind,ro ", at), "InOwnMounts.ReadOnly");
  EXPECT_EQ(said.code, 0) << said.out << said.err;
}

TEST(InOwnMounts, ReadOnly) {
  const fs::path place = std::getenv(kPlace);
  Listening window(place / "work");
  ASSERT_NE(window.desk, nullptr);
  EXPECT_TRUE(window.desk->isReadOnly());
  EXPECT_TRUE(window.desk->notice().contains("reading only")) << window.desk->notice().toStdString();
  EXPECT_FALSE(window.desk->featureCache()) << "nothing is written there";
  EXPECT_FALSE(window.keep(5));
  EXPECT_EQ(keptPictures(place / "work"), 3u);
}

TEST(Trouble, ANewerWorkspaceIsRefusedAndLeftAsItIs) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(store::Workspace::open(folder / "work", store::OpenMode::Create));
  const fs::path file = folder / "work" / "workspace.sqlite";
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(60);  // user_version, big-endian
    bytes.write("\0\0\0\x63", 4);
  }
  const auto before = readFile(file);
  const auto opened = Desk::open(folder / "work", store::OpenMode::ReadWrite);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::Newer);
  EXPECT_NE(opened.error().message.find("newer"), std::string::npos) << opened.error().message;
  EXPECT_EQ(readFile(file).value(), before.value());
}

TEST(Trouble, AWorkspaceThatIsMovedUnderTheWindowLosesNothing) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(store::Workspace::open(folder / "work", store::OpenMode::Create));
  bool kept = false;
  {
    Listening window(folder / "work");
    ASSERT_TRUE(window.keep(3));
    fs::rename(folder / "work", folder / "elsewhere");
    kept = window.keep(7);
    EXPECT_TRUE(kept || !window.said.isEmpty()) << "kept, or told that it was not";
  }
  EXPECT_EQ(keptPictures(folder / "elsewhere"), kept ? 7u : 3u);
  const auto gone = Desk::open(folder / "work", store::OpenMode::ReadWrite);
  ASSERT_FALSE(gone);
  EXPECT_NE(gone.error().message.find("work"), std::string::npos);
}

}  // namespace
}  // namespace lix::app
