// What the doctor says of datasets of several kinds.
#include "data/pictures.h"
#include "doctor_support.h"
#include "study/doctor/dataset.h"

namespace lix::study::doctor {
namespace {
namespace fs = std::filesystem;
using namespace testing_support;
using test::writePicture;
using test::writeText;

TEST(DoctorData, AFolderOfClassesWithWhatIsLeftOut) {
  const test::TemporaryFolder folder;
  for (int i = 0; i < 12; ++i) {
    writePicture(folder / "fruit" / "apple" / (std::to_string(i) + ".png"), std::uint64_t(i));
    writePicture(folder / "fruit" / "pear" / (std::to_string(i) + ".png"), std::uint64_t(100 + i));
  }
  writeText(folder / "fruit" / "pear" / "broken.png", "no picture");
  const Report report = examined(folder / "fruit");
  EXPECT_EQ(report.subject, Subject::Dataset);
  EXPECT_EQ(report.verdict, Verdict::Remarks) << toText(report);
  EXPECT_EQ(valueOf(report, "kind"), "folder");
  EXPECT_EQ(valueOf(report, "apple"), "12 pictures");
  EXPECT_EQ(valueOf(report, "classes"), "2");
  EXPECT_TRUE(finds(report, Weight::Remark, "broken.png")) << toText(report);
  EXPECT_TRUE(finds(report, Weight::Note, "12 file names stand in several folders"));
}

TEST(DoctorData, ATableWithPicturesThatAreMissing) {
  const test::TemporaryFolder folder;
  std::string table = "path,caption\n";
  for (int i = 0; i < 6; ++i) {
    writePicture(folder / (std::to_string(i) + ".png"), std::uint64_t(i));
    table += std::to_string(i) + ".png,picture " + std::to_string(i / 2) + "\n";
  }
  writeText(folder / "table.csv", table + "gone.png,not there\n");
  const Report report = examined(folder / "table.csv");
  EXPECT_EQ(valueOf(report, "kind"), "table");
  EXPECT_EQ(valueOf(report, "captions"), "6");
  EXPECT_EQ(valueOf(report, "captions", &Fact::source), "3 different ones");
  EXPECT_EQ(report.verdict, Verdict::Remarks);
  EXPECT_TRUE(finds(report, Weight::Remark, "1 thing was left out")) << toText(report);
}

TEST(DoctorData, OfManyPicturesASampleIsDecoded) {
  const test::TemporaryFolder folder;
  for (int i = 0; i < 70; ++i) {
    writePicture(folder / "set" / (i % 2 == 0 ? "a" : "b") / (std::to_string(i) + ".png"), 1);
  }
  const Report report = examined(folder / "set");
  EXPECT_EQ(valueOf(report, "decoded"), std::to_string(kPicturesTried) + " of 70");
  EXPECT_EQ(valueOf(report, "sides"), "24 to 24 pixels");
  EXPECT_EQ(report.verdict, Verdict::Ready) << toText(report);
}

TEST(DoctorData, WhatIsNeitherIsRefusedWithTheSentence) {
  const test::TemporaryFolder folder;
  writeText(folder / "notes" / "readme.odt", "nothing");
  const Report report = examined(folder / "notes");
  EXPECT_EQ(report.verdict, Verdict::Refused);
  EXPECT_EQ(report.title, "Neither a checkpoint nor a dataset");
  EXPECT_FALSE(report.sentence.empty());
  for (int i = 0; i < 3; ++i) {
    writeText(folder / "damaged" / "a" / (std::to_string(i) + ".png"), "no picture");
  }
  const Report damaged = examined(folder / "damaged");
  EXPECT_EQ(damaged.verdict, Verdict::Refused) << toText(damaged);
}

TEST(DoctorData, NamesTellCheckpointsFromData) {
  const test::TemporaryFolder folder;
  writeText(folder / "model" / "config.json", "{}");
  writeText(folder / "weights" / "epoch_5.pt", "x");
  writeText(folder / "cifar" / "data_batch_1.bin", "x");
  writeText(folder / "pytorch_model.bin", "x");
  EXPECT_TRUE(looksLikeCheckpoint(folder / "model"));
  EXPECT_TRUE(looksLikeCheckpoint(folder / "weights"));
  EXPECT_TRUE(looksLikeCheckpoint(folder / "weights" / "epoch_5.pt"));
  EXPECT_TRUE(looksLikeCheckpoint(folder / "pytorch_model.bin"));
  EXPECT_FALSE(looksLikeCheckpoint(folder / "cifar"));
  EXPECT_FALSE(looksLikeCheckpoint(folder / "cifar" / "data_batch_1.bin"));
  EXPECT_FALSE(looksLikeCheckpoint(folder / "nothing.pt"));
}

}  // namespace
}  // namespace lix::study::doctor
