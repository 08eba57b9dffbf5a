// The open workspace as the window knows it: questions and answers, datasets, checkpoints, thumbnails, tasks.
#include <QCoreApplication>
#include <QMimeData>
#include <QPixmap>
#include <QThread>
#include <QUrl>
#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/relay.h"
#include "desk/tasks.h"
#include "desk/thumbnails.h"
#include "imaging/write.h"
#include "store/dataset_store.h"
#include "study/reader/reader.h"
#include "window_support.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using testing_support::TestDesk;
using testing_support::waitFor;

/// A picture of one colour.
void writeColour(const fs::path& path, std::uint8_t red) {
  fs::create_directories(path.parent_path());
  imaging::Image image{.width = 24, .height = 24, .pixels = std::vector<std::uint8_t>(24 * 24 * 3, 40)};
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    image.pixels[i] = std::uint8_t(red + i % 7);
  }
  ASSERT_TRUE(imaging::writePng(path, image));
}

TEST(Payload, SamplesAndFilesComeBackFromADrag) {
  const Payload sent{.pictures = {data::PictureRef::sample("emoji", "1F98A"), data::PictureRef::ofFile("/tmp/a b/ä.png")},
                     .captions = {},
                     .paths = {}};
  const std::unique_ptr<QMimeData> mime(toMime(sent));
  EXPECT_EQ(fromMime(*mime).pictures, sent.pictures);
  ASSERT_EQ(mime->urls().size(), 1) << "a file manager takes files alone";
  EXPECT_EQ(mime->urls()[0].toLocalFile(), QString("/tmp/a b/ä.png"));
}

TEST(Payload, DroppedUrlsAreSortedByTheirNames) {
  QMimeData mime;
  mime.setUrls({QUrl("file:///x/a.JPG"), QUrl("file:///x/table.csv"), QUrl("file:///x/folder"), QUrl("https://example.org/a.png")});
  const Payload payload = fromMime(mime);
  ASSERT_EQ(payload.pictures.size(), 1u);
  EXPECT_EQ(payload.pictures[0].file, "/x/a.JPG");
  EXPECT_EQ(payload.paths, (std::vector<fs::path>{"/x/table.csv", "/x/folder", "https://example.org/a.png"}));
}

TEST(Payload, LinesOfTextAreCaptions) {
  QMimeData mime;
  mime.setText("a fox\n\n  שועל  \r\n");
  EXPECT_EQ(fromMime(mime).captions, (std::vector<std::string>{"a fox", "שועל"}));
}

TEST(Relay, ANewerQuestionMakesTheOlderOneVoid) {
  jobs::Lane lane("test");
  Relay relay(lane);
  std::vector<int> heard;
  for (int i = 0; i < 20; ++i) {
    relay.ask([i](std::stop_token) { QThread::msleep(2); return i; }, [&](int answer) { heard.push_back(answer); });
  }
  ASSERT_TRUE(waitFor([&] { return !relay.busy(); }));
  EXPECT_EQ(heard, std::vector<int>{19});
}

TEST(Relay, WhatIsGoneHearsNothing) {
  jobs::Lane lane("test");
  bool heard = false;
  {
    Relay relay(lane);
    relay.ask([](std::stop_token) { QThread::msleep(20); return 1; }, [&](int) { heard = true; });
  }
  ASSERT_TRUE(waitFor([&] { return lane.pending() == 0; }));
  QCoreApplication::processEvents();
  EXPECT_FALSE(heard);
}

TEST(DeskOpening, ASecondWindowReadsOnlyAndSaysSo) {
  TestDesk first(TestDesk::Checkpoints::None);
  auto second = Desk::open(first.folder(), store::OpenMode::ReadWrite);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_FALSE(first.desk().isReadOnly());
  EXPECT_TRUE((*second)->isReadOnly());
  EXPECT_TRUE((*second)->notice().contains("reading only")) << (*second)->notice().toStdString();
  QString said;
  QObject::connect(second->get(), &Desk::said, [&](widgets::Severity, const QString& sentence, const QString&) { said = sentence; });
  bool kept = true;
  (*second)->write([](const store::Workspace&) { return Result<void>(); }, [&](bool done) { kept = done; });
  EXPECT_FALSE(kept);
  EXPECT_TRUE(said.contains("reading only"));
}

TEST(DeskOpening, AMissingDamagedOrNewerWorkspaceIsOneSentence) {
  const test::TemporaryFolder folder;
  const auto missing = Desk::open(folder / "none", store::OpenMode::ReadWrite);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("none"), std::string::npos);
  fs::create_directories(folder / "damaged");
  ASSERT_TRUE(writeFile(folder / "damaged" / "workspace.sqlite", std::string(5000, 'x')));
  const auto damaged = Desk::open(folder / "damaged", store::OpenMode::ReadWrite);
  ASSERT_FALSE(damaged);
  EXPECT_NE(damaged.error().message.find("damaged"), std::string::npos) << damaged.error().message;
}

TEST(DeskWriting, ChangesInFlightAreKeptWhenTheDeskCloses) {
  TestDesk test(TestDesk::Checkpoints::None);
  for (int i = 0; i < 50; ++i) {
    test.desk().write([i](const store::Workspace& workspace) -> Result<void> {
      LIX_CHECK(store::DatasetStore(workspace).add({.name = cat("set", i), .kind = "folder"}));
      return {};
    });
  }
  test.reopen();
  const auto rows = store::DatasetStore(test.workspace()).list();
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 50u);
}

TEST(Datasets, AFolderBecomesADatasetAndTellsWhatItLeftOut) {
  TestDesk test(TestDesk::Checkpoints::None);
  const fs::path folder = test.scratch() / "fruit";
  for (int i = 0; i < 3; ++i) {
    writeColour(folder / "red" / cat(i, ".png"), std::uint8_t(200 + i * 15));
    writeColour(folder / "dark" / cat(i, ".png"), std::uint8_t(10 + i * 15));
  }
  std::ofstream(folder / "red" / "empty.png");
  ASSERT_TRUE(writeFile(folder / "red" / "broken.png", "\x89PNG\r\n\x1a\n nothing"));
  QString name;
  QObject::connect(&test.desk().datasets(), &DatasetShelf::added, [&](const QString& one) { name = one; });
  test.desk().datasets().add(folder);
  ASSERT_TRUE(waitFor([&] { return !name.isEmpty(); }));
  EXPECT_EQ(name, "fruit");
  EXPECT_TRUE(test.wasSaid("empty.png"));
  EXPECT_TRUE(test.wasSaid("broken.png"));
  ASSERT_EQ(test.said().size(), 1) << "one message, not one a file";
  const auto row = store::DatasetStore(test.workspace()).find("fruit");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->path, folder);
  const auto open = test.desk().datasets().open("fruit");
  ASSERT_TRUE(open);
  EXPECT_EQ((*open)->set.samples.size(), 6u);
  test.desk().datasets().forget("fruit");
  const auto again = test.desk().datasets().open("fruit");
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->set.samples.size(), 6u) << "what could not be decoded stays left out";
  name.clear();
  test.desk().datasets().add(folder);
  EXPECT_EQ(name, "fruit") << "the same folder twice is the same dataset";
}

TEST(Datasets, TwoFoldersOfOneNameGetNamesOfTheirOwn) {
  TestDesk test(TestDesk::Checkpoints::None);
  QStringList names;
  QObject::connect(&test.desk().datasets(), &DatasetShelf::added, [&](const QString& one) { names << one; });
  for (const char* parent : {"a", "b"}) {
    writeColour(test.scratch() / parent / "train" / "x" / "1.png", parent[0] == 'a' ? 10 : 200);
    writeColour(test.scratch() / parent / "train" / "y" / "1.png", parent[0] == 'a' ? 60 : 150);
    test.desk().datasets().add(test.scratch() / parent / "train");
  }
  ASSERT_TRUE(waitFor([&] { return names.size() == 2; }));
  EXPECT_EQ(names, (QStringList{"train", "train-2"}));
  const auto second = test.desk().datasets().open("train-2");
  ASSERT_TRUE(second);
  EXPECT_EQ((*second)->set.name, "train-2");
}

TEST(Datasets, WhatIsNoDatasetIsRefusedWithASentence) {
  TestDesk test(TestDesk::Checkpoints::None);
  const fs::path video = test.scratch() / "film.mp4";
  ASSERT_TRUE(writeFile(video, "not a table"));
  test.desk().datasets().add(video);
  ASSERT_TRUE(waitFor([&] { return !test.said().isEmpty(); }));
  EXPECT_TRUE(test.wasSaid("film.mp4")) << test.said().join("|").toStdString();
  EXPECT_EQ(store::DatasetStore(test.workspace()).list()->size(), 0u);
}

TEST(Pictures, ThumbnailsComeLaterAndBrokenOnesSayWhy) {
  TestDesk test(TestDesk::Checkpoints::None);
  writeColour(test.scratch() / "good.png", 90);
  std::ofstream(test.scratch() / "empty.png");
  const auto good = data::PictureRef::ofFile(test.scratch() / "good.png");
  const auto empty = data::PictureRef::ofFile(test.scratch() / "empty.png");
  Thumbnails& thumbnails = test.desk().thumbnails();
  EXPECT_TRUE(thumbnails.get(good).isNull());
  EXPECT_TRUE(thumbnails.get(empty).isNull());
  ASSERT_TRUE(waitFor([&] { return !thumbnails.get(good).isNull() && !thumbnails.problem(empty).isEmpty(); }));
  EXPECT_EQ(thumbnails.get(good).size(), QSize(24, 24));
  EXPECT_TRUE(thumbnails.problem(empty).contains("empty.png"));
}

TEST(Pictures, EmojiAreThereByName) {
  TestDesk test(TestDesk::Checkpoints::None);
  const auto fox = test.desk().datasets().load(data::PictureRef::sample("emoji", "1F98A"));
  ASSERT_TRUE(fox) << fox.error().message;
  EXPECT_GT(fox->width, 100);
  const auto none = test.desk().datasets().load(data::PictureRef::sample("emoji", "none"));
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("none"), std::string::npos);
}

TEST(Checkpoints, AreReadOnceAndAgainWhenTheyChange) {
  TestDesk test;
  ASSERT_EQ(test.desk().checkpoints().entries().size(), 4u);
  const fs::path copy = test.scratch() / "copy";
  fs::copy(test.model("siglip-tiny-emoji"), copy, fs::copy_options::recursive);
  const auto first = test.desk().checkpoints().open(copy);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(*first, *test.desk().checkpoints().open(copy));
  fs::copy_file(test.model("siglixp-tiny-emoji") / "model.safetensors", copy / "model.safetensors", fs::copy_options::overwrite_existing);
  fs::last_write_time(copy / "model.safetensors", fs::file_time_type::clock::now() + std::chrono::seconds(2));
  const auto second = test.desk().checkpoints().open(copy);
  ASSERT_TRUE(second);
  EXPECT_NE((*first)->facts().weightsHash, (*second)->facts().weightsHash);
}

TEST(Checkpoints, AFolderIsTakenInOrRefused) {
  TestDesk test(TestDesk::Checkpoints::None);
  QString added;
  QObject::connect(&test.desk().checkpoints(), &CheckpointShelf::added, [&](const QString& folder) { added = folder; });
  test.desk().checkpoints().add(test.model("llip16-tiny-emoji"));
  ASSERT_TRUE(waitFor([&] { return !added.isEmpty() && !test.desk().checkpoints().entries().empty(); }));
  EXPECT_EQ(test.desk().checkpoints().entries()[0].recipe, "llip");
  test.desk().checkpoints().add(test.scratch());
  ASSERT_TRUE(waitFor([&] { return !test.said().isEmpty(); }));
  EXPECT_TRUE(test.wasSaid("config.json")) << test.said().join("|").toStdString();
}

TEST(TaskList, TellsProgressAndCanBeCancelled) {
  TestDesk test(TestDesk::Checkpoints::None);
  Tasks& tasks = test.desk().tasks();
  bool answered = false;
  const QString id = tasks.start(
      "counting",
      [](const Progress& progress) -> Result<int> {
        for (int i = 0; i < 100000; ++i) {
          QThread::msleep(1);
          if (!progress("sheep", i, 100000)) {
            return fail(ErrorCode::Cancelled, "Stopped.");
          }
        }
        return 1;
      },
      [&](int) { answered = true; });
  ASSERT_TRUE(waitFor([&] { return !tasks.lines().empty() && tasks.lines()[0].detail.contains("sheep"); }));
  EXPECT_EQ(tasks.lines()[0].title, "counting");
  EXPECT_TRUE(waitFor([&] { return tasks.lines()[0].done > 0.0; }));
  tasks.cancel(id);
  EXPECT_TRUE(tasks.isIdle());
  test.settle();
  EXPECT_FALSE(answered);
  EXPECT_TRUE(test.said().isEmpty()) << "who cancels needs no message";
}

TEST(TaskList, AProgramsProgressIsToldWhole) {
  TestDesk test(TestDesk::Checkpoints::None);
  const auto script = test.scratch() / "program";
  std::ofstream(script) << "#!/bin/sh\necho 'Encoding emoji 256 of 1000, 12 s left' >&2\nexec sleep 60\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const QByteArray before = qgetenv("LIXP");
  qputenv("LIXP", QByteArray::fromStdString(script.string()));
  Tasks& tasks = test.desk().tasks();
  const QString id = tasks.runLixp("measuring", {});
  qputenv("LIXP", before);
  ASSERT_TRUE(waitFor([&] { return !tasks.lines().empty() && !tasks.lines()[0].detail.isEmpty(); }));
  EXPECT_EQ(tasks.lines()[0].detail, "Encoding emoji, 256 of 1000");
  EXPECT_DOUBLE_EQ(tasks.lines()[0].done, 0.256);
  tasks.cancel(id);
  EXPECT_TRUE(waitFor([&] { return tasks.isIdle(); }));
}

TEST(TaskList, WhatALibraryThrowsIsAnErrorAndNoEnd) {
  TestDesk test(TestDesk::Checkpoints::None);
  test.desk().tasks().start("throwing", [](const Progress&) -> Result<int> { throw std::bad_alloc(); }, [](int) { FAIL(); });
  ASSERT_TRUE(waitFor([&] { return test.desk().tasks().isIdle(); }));
  EXPECT_TRUE(test.wasSaid("not enough memory"));
}

TEST(TaskList, AFailureIsTold) {
  TestDesk test(TestDesk::Checkpoints::None);
  test.desk().tasks().start("failing", [](const Progress&) -> Result<int> { return fail(ErrorCode::Io, "The disk is full; free some space."); },
                            [](int) { FAIL(); });
  ASSERT_TRUE(waitFor([&] { return test.desk().tasks().isIdle(); }));
  EXPECT_TRUE(test.wasSaid("The disk is full"));
}

TEST(TaskList, ProgramsAreRunAndTheirLastLineIsTold) {
  TestDesk test(TestDesk::Checkpoints::None);
  std::optional<bool> worked;
  QByteArray printed;
  test.desk().tasks().runLixpForOutput("listing", {"data", "list", "--json"}, [&](bool good, const QByteArray& output) {
    worked = good;
    printed = output;
  });
  ASSERT_TRUE(waitFor([&] { return worked.has_value(); }));
  EXPECT_TRUE(*worked);
  EXPECT_TRUE(printed.contains("emoji")) << printed.toStdString();
  worked.reset();
  test.desk().tasks().runLixp("failing", {"eval", "zero-shot", "/nowhere", "--data", "emoji"}, [&](bool good) { worked = good; });
  ASSERT_TRUE(waitFor([&] { return worked.has_value(); }));
  EXPECT_FALSE(*worked);
  EXPECT_TRUE(test.wasSaid("/nowhere")) << test.said().join("|").toStdString();
}

}  // namespace
}  // namespace lix::app
