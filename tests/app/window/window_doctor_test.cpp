// What is dropped on the window opens, and the doctor's sheet stands beside the page: every kind of checkpoint and data.
#include <QApplication>
#include <QClipboard>
#include <QJsonDocument>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>
#include <algorithm>
#include <cmath>
#include <fstream>

#include "base/file.h"
#include "chrome/action_table.h"
#include "data/bytes.h"
#include "data/tar_bytes.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "frame/doctor_sheet.h"
#include "window_fixture.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using study::doctor::Subject;
using study::doctor::Verdict;
using test::writePicture;
using test::writeText;
using testing_support::dropOn;
using testing_support::waitFor;
using testing_support::WindowTest;

constexpr int kLong = 60000;

class WindowDoctor : public WindowTest {
 protected:
  DoctorSheet& sheet() const { return window_->doctor(); }
  static fs::path shipped(const char* name) { return test::fixtures().parent_path().parent_path() / "models" / name; }
  fs::path copied(const char* name) const {
    fs::copy(shipped(name), folder_ / name, fs::copy_options::recursive);
    return folder_ / name;
  }
  QString shown() const { return sheet().findChild<QTextBrowser*>("doctor.text")->toPlainText(); }
  QString verdict() const { return sheet().findChild<QLabel*>("doctor.verdict")->text(); }
  QPushButton* button(const char* name) const { return sheet().findChild<QPushButton*>(name); }

  /// Drops a path on a page and waits for its sheet.
  void drop(PageId page, const fs::path& path) {
    window_->showPage(page);
    ASSERT_TRUE(dropOn(window_->page(page), Payload{.pictures = {}, .captions = {}, .paths = {path}}));
    ASSERT_TRUE(waitFor([&] { return sheet().report() != nullptr && sheet().report()->path == path; }, kLong))
        << path << ": " << verdict().toStdString();
  }
  bool hasCheckpoint(const fs::path& folder) const {
    const auto& entries = window_->desk().checkpoints().entries();
    return std::ranges::find(entries, folder, &CheckpointShelf::Entry::folder) != entries.end();
  }
  void expectCheckpoint(PageId page, const fs::path& path, const char* title) {
    SCOPED_TRACE(path.string());
    drop(page, path);
    EXPECT_TRUE(sheet().isVisible());
    EXPECT_EQ(sheet().report()->title, title);
    EXPECT_NE(sheet().report()->verdict, Verdict::Refused) << sheet().report()->sentence;
    EXPECT_TRUE(shown().contains("What mistakes would cost"));
    EXPECT_TRUE(waitFor([&] { return hasCheckpoint(path); }, kLong)) << "it is open";
  }
  void expectDataset(const fs::path& path, const char* kind) {
    SCOPED_TRACE(path.string());
    drop(PageId::Data, path);
    EXPECT_EQ(sheet().report()->subject, Subject::Dataset);
    EXPECT_NE(sheet().report()->verdict, Verdict::Refused) << sheet().report()->sentence;
    EXPECT_TRUE(shown().contains(kind)) << shown().toStdString();
    EXPECT_TRUE(waitFor([&] {
      const auto entries = window_->desk().datasets().entries();
      return std::ranges::any_of(entries, [&](const auto& one) { return one.spec.kind == kind && !one.builtIn; });
    }, kLong)) << "it is open";
  }
};

TEST_F(WindowDoctor, ACheckpointOfTransformersOpensWhereverItIsDropped) {
  const fs::path folder = copied("siglip-tiny-emoji");
  expectCheckpoint(PageId::Inspect, folder, "SigLIP in transformers' layout");
  EXPECT_EQ(sheet().report()->verdict, Verdict::Ready);
  EXPECT_TRUE(verdict().contains("Ready"));
  EXPECT_TRUE(window_->actions().action("view.doctor")->isChecked());
  expectCheckpoint(PageId::Data, copied("llip16-tiny-emoji"), "Llip in transformers' layout");
  const fs::path file = copied("siglixp-tiny-emoji") / "model.safetensors";
  drop(PageId::Data, file);
  EXPECT_TRUE(waitFor([&] { return hasCheckpoint(file.parent_path()); }, kLong)) << "its weights alone were dropped";
}

TEST_F(WindowDoctor, EveryKindOfCheckpointOfTheKitOpens) {
  LIX_SHARED_OR_SKIP(kit, "parity");
  expectCheckpoint(PageId::Inspect, kit / "hf_clip", "CLIP in transformers' layout");
  expectCheckpoint(PageId::Data, kit / "hf_siglip", "SigLIP in transformers' layout");
  expectCheckpoint(PageId::Compare, kit / "openclip_clip", "CLIP in OpenCLIP's layout");
  expectCheckpoint(PageId::Train, kit / "openclip_siglip", "SigLIP in OpenCLIP's layout");
  expectCheckpoint(PageId::Inspect, kit / "llip", "Llip in the Llip release's layout");
}

TEST_F(WindowDoctor, EveryKindOfDataOpens) {
  for (int i = 0; i < 8; ++i) {
    const std::string name = std::to_string(i);
    writePicture(folder_ / "classes" / (i % 2 == 0 ? "cat" : "dog") / (name + ".png"), std::uint64_t(i));
    writePicture(folder_ / "listed" / (name + ".png"), std::uint64_t(20 + i));
    writePicture(folder_ / "karpathy" / (name + ".png"), std::uint64_t(40 + i));
    writePicture(folder_ / "coco" / "val2014" / (name + ".png"), std::uint64_t(60 + i));
    writePicture(folder_ / "beside" / (name + ".png"), std::uint64_t(80 + i));
    writeText(folder_ / "beside" / (name + ".txt"), "picture " + name);
  }
  expectDataset(folder_ / "classes", "folder");
  writeText(folder_ / "listed" / "table.csv", "path,caption\n0.png,none\n1.png,one\n2.png,two\n3.png,three\n");
  expectDataset(folder_ / "listed" / "table.csv", "table");
  writeText(folder_ / "karpathy" / "dataset_flickr8k.json",
            R"({"dataset": "flickr8k", "images": [{"filename": "0.png", "split": "train", "sentences": [{"raw": "a dog"}]},
                {"filename": "1.png", "split": "test", "sentences": [{"raw": "a cat"}]}]})");
  expectDataset(folder_ / "karpathy", "karpathy");
  writeText(folder_ / "coco" / "annotations" / "captions_val2014.json",
            R"({"images": [{"id": 1, "file_name": "0.png"}, {"id": 2, "file_name": "1.png"}],
                "annotations": [{"id": 1, "image_id": 1, "caption": "a dog"}, {"id": 2, "image_id": 2, "caption": "a cat"}]})");
  expectDataset(folder_ / "coco", "coco");
  expectDataset(folder_ / "beside", "side_captions");
  test::Members members;
  for (const char* key : {"000000000", "000000001", "000000002"}) {
    members.insert(members.end(), {{std::string(key) + ".png", test::pngOf(members.size())}, {std::string(key) + ".txt", "a picture"}});
  }
  writeText(folder_ / "shards" / "00000.tar", test::tarOf(members));
  expectDataset(folder_ / "shards", "shards");
  writeText(folder_ / "digits" / "train-images-idx3-ubyte", test::idxBytes(8, {3, 4, 4}, std::string(48, '\x40')));
  writeText(folder_ / "digits" / "train-labels-idx1-ubyte", test::idxBytes(8, {3}, {0, 1, 2}));
  expectDataset(folder_ / "digits", "idx");
  std::string batch;
  for (int i = 0; i < 3; ++i) {
    batch += std::string(1, char(i)) + std::string(3072, char(10 * i + 20));
  }
  writeText(folder_ / "cifar" / "data_batch_1.bin", batch);
  expectDataset(folder_ / "cifar", "cifar");
}

TEST_F(WindowDoctor, WhatIsRefusedSaysSoWithItsRemedy) {
  const fs::path folder = copied("siglip-tiny-emoji");
  std::string config = *readFile(folder / "config.json");
  const auto at = config.find("\"model_type\": \"siglip\"");
  ASSERT_NE(at, std::string::npos);
  config.replace(at, 22, "\"model_type\": \"siglip2\"");
  writeText(folder / "config.json", config);
  drop(PageId::Data, folder);
  EXPECT_EQ(sheet().report()->verdict, Verdict::Refused);
  EXPECT_TRUE(verdict().contains("Refused"));
  EXPECT_TRUE(verdict().contains("NaFlex") && verdict().contains("Take the release of a fixed resolution")) << verdict().toStdString();
  EXPECT_FALSE(hasCheckpoint(folder));
  writeText(folder_ / "notes" / "letter.odt", "nothing");
  drop(PageId::Data, folder_ / "notes");
  EXPECT_EQ(sheet().report()->verdict, Verdict::Refused);
  testing_support::grabPage(*window_, "doctor-refused");
}

TEST_F(WindowDoctor, TheSheetIsCopiedHiddenAndAskedForAgain) {
  key(QKeySequence("Ctrl+Shift+H"));
  ASSERT_TRUE(sheet().isVisible());
  EXPECT_FALSE(button("doctor.copy")->isEnabled()) << "there is nothing yet";
  ASSERT_TRUE(waitFor([&] { return !window_->desk().checkpoints().entries().empty(); }));
  QTest::mouseClick(button("doctor.examine"), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return sheet().report() != nullptr; }, kLong));
  EXPECT_EQ(sheet().report()->subject, Subject::Checkpoint);
  testing_support::grabPage(*window_, "doctor");
  QTest::mouseClick(button("doctor.copy"), Qt::LeftButton);
  EXPECT_EQ(QApplication::clipboard()->text().toStdString(), study::doctor::toText(*sheet().report()));
  sheet().setFocus();
  QTest::keyClick(&sheet(), Qt::Key_Escape);
  EXPECT_FALSE(sheet().isVisible());
  EXPECT_FALSE(window_->actions().action("view.doctor")->isChecked());
  key(QKeySequence("Ctrl+Shift+H"));
  EXPECT_TRUE(sheet().isVisible());
  EXPECT_NE(sheet().report(), nullptr) << "what it said is kept";
}

TEST_F(WindowDoctor, AnExaminationIsCancelledAndTheSheetSaysSo) {
  sheet().examine(shipped("llip16-tiny-emoji"));
  ASSERT_TRUE(sheet().isBusy());
  QTest::mouseClick(button("doctor.cancel"), Qt::LeftButton);
  EXPECT_FALSE(sheet().isBusy());
  EXPECT_TRUE(verdict().contains("was cancelled")) << verdict().toStdString();
  sheet().examine(shipped("siglip-tiny-emoji"));
  ASSERT_TRUE(waitFor([&] { return sheet().report() != nullptr; }, kLong));
  EXPECT_TRUE(sheet().report()->path == shipped("siglip-tiny-emoji")) << "the answer of the one before is not heard";
  EXPECT_FALSE(button("doctor.cancel")->isVisible());
}

}  // namespace
}  // namespace lix::app
