// Folders that cannot be written and disks that are full. As root permissions are ignored: mounts of their own.
#include "app/support/fixture.h"
#include "base/text.h"

namespace lix {
namespace {
using test::Ran;

class Media : public test::LixpTest {
 protected:
  void SetUp() override {
    if (!test::mayMount()) {
      GTEST_SKIP() << "unshare may not make mounts here: full and read-only disks are not tested";
    }
    LixpTest::SetUp();
  }

  /// In the test's folder, with a disk of some KiB mounted at `disk`; the listing of the disk stands on standard
  /// output.
  Ran onDisk(int kibibytes, const std::string& command) const {
    std::filesystem::create_directories(at("disk"));
    return test::inOwnMounts(cat("cd ", folder_.path().string(), " && mount -t tmpfs -o size=", kibibytes,
                                 "k tmpfs disk && { ", command, "; r=$?; find disk; exit $r; }"));
  }

  Ran readOnly(const std::string& what, const std::string& command) const {
    return test::inOwnMounts(cat("cd ", folder_.path().string(), " && mount --bind ", what, " ", what,
                                 " && mount -o remount,bind,ro ", what, " && ", command));
  }

  static void expectFull(Ran said, const std::string& left) {
    EXPECT_EQ(said.out.find(".part"), std::string::npos) << said.out;
    EXPECT_EQ(said.out.find("disk/model"), std::string::npos) << "no half checkpoint: " << said.out;
    EXPECT_NE(said.out.find(left), std::string::npos) << said.out;
    said.out.clear();
    expectSentence(said, "");
    EXPECT_TRUE(said.err.find("full") != std::string::npos || said.err.find("No space left") != std::string::npos)
        << said.err;
    EXPECT_NE(said.err.find("Free some space"), std::string::npos) << "names the remedy: " << said.err;
  }
};

const char* const kTrain = "$LIXP train siglip --batch 8 --steps 2 --threads 1 ";

TEST_F(Media, ADiskTooSmallForTheCheckpoint) {
  expectFull(onDisk(1024, cat(kTrain, "--data discs --workspace ws --out disk/model")), "disk\n");
}

TEST_F(Media, ADiskTooSmallForThePackOrTheWorkspace) {
  for (const int size : {64, 1024, 2500}) {  // fails in the database, in the pack, in the checkpoint
    SCOPED_TRACE(size);
    expectFull(onDisk(size, cat("$LIXP data add discs --workspace disk/ws >added && ", kTrain,
                                "--data discs --workspace disk/ws")),
               "disk\n");
  }
}

TEST_F(Media, ADiskTooSmallForAPackThatIsAskedFor) {
  expectFull(onDisk(300, "$LIXP data pack discs --workspace ws --out disk/pack"), "disk\n");
}

TEST_F(Media, TheLastCheckpointStaysWhereTheNextOneHasNoRoom) {
  // 18 MB a checkpoint: one fits, the second, which is written beside it, does not.
  Ran said = onDisk(30 * 1024,
                    "$LIXP train siglip --data discs --batch 8 --steps 9 --checkpoint-every 2 --threads 1 --workspace "
                    "ws --out disk/model");
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(said.out.find(".part"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("disk/model/training_state.safetensors"), std::string::npos) << said.out;
  EXPECT_EQ(test::sentences(said).size(), 1u) << said.err;
  EXPECT_NE(said.err.find("No space left"), std::string::npos) << said.err;
}

TEST_F(Media, ReadOnlyFolders) {
  std::filesystem::create_directories(at("fixed"));
  expectSentence(readOnly("fixed", cat(kTrain, "--data discs --workspace ws --out fixed/model")),
                 "Choose a folder that you may write to");
  expectSentence(readOnly("fixed", "$LIXP data add discs --workspace fixed/new"), "fixed");
  expectSentence(readOnly("fixed", "$LIXP data pack discs --workspace ws --out fixed/pack"),
                 "Choose a folder that you may write to");
  expectSentence(readOnly("ws", cat(kTrain, "--data discs --workspace ws")), "cannot be written to");
  expectSentence(readOnly("ws", "$LIXP data add discs --workspace ws --name other"), "cannot be written to");
  const Ran reading = readOnly("ws", "$LIXP data list --workspace ws --json");
  EXPECT_EQ(reading.code, 0) << "reading goes on: " << reading.err;
}

TEST_F(Media, ACacheThatCannotBeWrittenCostsTimeAndNotTheResult) {
  checkpoint("model");
  const std::string evaluate = "$LIXP eval zero-shot model --data discs --workspace ws";
  std::filesystem::create_directories(at("ws/cache"));
  const Ran without = readOnly("ws/cache", evaluate),
            with = test::inOwnMounts(cat("cd ", folder_.path().string(), " && ", evaluate));
  EXPECT_EQ(without.code, 0) << without.err;
  EXPECT_EQ(without.out, with.out);
}

}  // namespace
}  // namespace lix
