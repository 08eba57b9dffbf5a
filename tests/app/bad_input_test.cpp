// Everything that people get wrong: one sentence, exit code 1, nothing half-written; wrong usage is exit code 2.
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "base/file.h"
#include "nn/checkpoint/safetensors.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using test::Ran;
using test::writeText;

class BadInput : public test::LixpTest {};

std::string bytesOf(const fs::path& file) { return readFile(file).value(); }

TEST_F(BadInput, PicturesThatCannotBeRead) {
  writeText(at("broken/cat/one.png"), "this is no picture");
  writeText(at("broken/dog/two.jpg"), std::string("\xff\xd8\xff\xe0 cut off", 12));
  refused({"data", "add", "broken"}, "No picture of the dataset 'broken' can be decoded");
  fs::copy_file(at("discs/red0.png"), at("broken/dog/good.png"));
  const Ran said = run({"data", "add", "broken", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const auto about = nlohmann::json::parse(said.out);
  EXPECT_EQ(about["pictures"], 1);
  ASSERT_EQ(about["skipped"].size(), 2u) << "each with its reason";
  EXPECT_FALSE(about["skipped"][0]["reason"].get<std::string>().empty());
}

TEST_F(BadInput, NothingUsable) {
  fs::create_directories(at("empty"));
  refused({"data", "add", "empty"}, "empty");
  refused({"data", "add", "nowhere"}, "There is no file, folder or built-in dataset 'nowhere'");
  refused({"data", "add", "discs/red0.png"}, "is no dataset that is known here");
  refused({"data", "add", "discs", "--options", "{not json"}, "not a JSON object");
  refused({"data", "add", "discs", "--options", R"({"colour": 1})"}, "has no option 'colour'");
}

TEST_F(BadInput, NothingIsMadeForASetThatIsNone) {
  refused({"data", "add", "nowhere", "--workspace", "new"}, "There is no file");
  EXPECT_FALSE(fs::exists(at("new")));
}

TEST_F(BadInput, TablesInAnotherEncoding) {
  writeText(at("discs/latin1.csv"), "path,caption\nred0.png,a caf\xe9\n");
  refused({"data", "add", "discs/latin1.csv"}, "is not UTF-8: line 2");
  writeText(at("discs/utf16.csv"), std::string("\xff\xfep\0a\0t\0h\0", 10));
  refused({"data", "add", "discs/utf16.csv"}, "UTF-16");
}

TEST_F(BadInput, TablesWithoutTheNamedColumns) {
  writeText(at("discs/other.csv"), "picture number,words\n1,a disc\n");
  refused({"data", "add", "discs/other.csv"}, "picture number, words");
  refused({"data", "add", "discs/table.csv", "--options", R"({"caption_columns": ["headline"]})"},
          "no column 'headline'");
  writeText(at("discs/nothing.csv"), "");
  refused({"data", "add", "discs/nothing.csv"}, "is empty");
  writeText(at("discs/quote.csv"), "path,caption\nred0.png,\"never closed\n");
  refused({"data", "add", "discs/quote.csv"}, "never closed");
}

TEST_F(BadInput, EmptyAndEndlessCaptions) {
  writeText(at("discs/blank.csv"), "path,caption\nred0.png,\nred1.png,   \n");
  refused({"data", "add", "discs/blank.csv"}, "holds no usable picture");
  writeText(at("discs/long.csv"), "path,caption\nred0.png," + std::string(100'000, 'x') + "\n");
  refused({"data", "add", "discs/long.csv"}, "holds no usable picture");
  writeText(at("discs/mixed.csv"),
            "path,caption,split\nred0.png," + std::string(100'000, 'x') +
                ",train\nred1.png,,train\nred2.png,a red disc,train\nred3.png,another disc,train\n");
  const Ran said = run({"data", "add", "discs/mixed.csv", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(nlohmann::json::parse(said.out)["pictures"], 2);
  EXPECT_EQ(nlohmann::json::parse(said.out)["skipped"].size(), 4u)
      << "two captions and two pictures of which nothing is said";
}

TEST_F(BadInput, LongCaptionsThatAreAllowedAreCutOffAndSaidSo) {
  std::string table = "path,caption,split\n";
  for (int i = 0; i < 8; ++i) {
    std::string words;
    while (words.size() < 100'000) {
      words += "disc " + std::to_string(i) + " of red colour ";
    }
    table += "red" + std::to_string(i) + ".png,number " + std::to_string(i) + " " + words + ",train\n";
  }
  writeText(at("discs/long.csv"), table);
  ASSERT_EQ(run({"data", "add", "discs/long.csv", "--options", R"({"max_caption": 200000})"}).code, 0);
  const Ran said = run({"train", "siglip", "--data", "long", "--steps", "1", "--batch", "4", "--threads", "1"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.err.find("8 captions are longer than"), std::string::npos) << said.err;
}

TEST_F(BadInput, OneClassOnlyAndMoreShotsThanImages) {
  checkpoint("model");
  std::string table = "path,caption,label,split\n";
  for (int i = 0; i < 20; ++i) {
    const std::string file = "red" + std::to_string(i) + ".png";
    table += file + ",disc " + std::to_string(i) + ",red," + (i < 12 ? "train\n" : "test\n");
  }
  writeText(at("discs/one.csv"), table);
  ASSERT_EQ(run({"data", "add", "discs/one.csv"}).code, 0);
  refused({"eval", "zero-shot", "model", "--data", "one"}, "one class only");
  refused({"eval", "few-shot", "model", "--data", "one"}, "one class only");
  refused({"eval", "few-shot", "model", "--data", "discs", "--shots", "50,60"}, "50");
  const Ran some = run({"eval", "few-shot", "model", "--data", "discs", "--shots", "1,50", "--adapters", "prototype",
                        "--draws", "2", "--json"});
  ASSERT_EQ(some.code, 0) << some.err;
  EXPECT_NE(some.out.find("50"), std::string::npos) << "says what is left out: " << some.out;
}

TEST_F(BadInput, EvaluationMakesNoWorkspaceAndNoCurveOfTwoCheckpoints) {
  checkpoint("model");
  checkpoint("other/model");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--workspace", "mistyped"}, "is not a workspace");
  refused({"eval", "few-shot", "model", "--data", "discs", "--workspace", "mistyped"}, "is not a workspace");
  EXPECT_FALSE(fs::exists(at("mistyped")));
  refused({"eval", "zero-shot", "model", "other/model", "--data", "discs"}, "would both be the curve 'model'");
  refused({"eval", "few-shot", "model", "other/model/", "--data", "discs", "--label", "a", "--label", "a"},
          "would both be the curve 'a'");
}

TEST_F(BadInput, EvaluationTellsWhichPicturesItLeavesOut) {
  checkpoint("model");
  fs::copy_file(at("discs/red0.png"), at("discs/red1.png"), fs::copy_options::overwrite_existing);  // both in the pool
  const std::string whole = bytesOf(at("discs/red19.png"));
  writeText(at("discs/red19.png"), whole.substr(0, whole.size() / 2));  // a query
  const Ran zero = run({"eval", "zero-shot", "model", "--data", "discs", "--json"});
  ASSERT_EQ(zero.code, 0) << zero.err;
  const auto one = nlohmann::json::parse(zero.out)[0];
  EXPECT_EQ(one["pictures"], 14);
  ASSERT_EQ(one["notes"].size(), 1u) << one;
  EXPECT_NE(one["notes"][0].get<std::string>().find("1 picture of the test split could not be read and is left out: "),
            std::string::npos)
      << one;
  EXPECT_NE(one["notes"][0].get<std::string>().find("red19.png"), std::string::npos) << one;
  const Ran few =
      run({"eval", "few-shot", "model", "--data", "discs", "--shots", "1", "--draws", "2", "--adapters", "prototype"});
  ASSERT_EQ(few.code, 0) << few.err;
  EXPECT_NE(few.out.find("note: 1 picture of the test split could not be read"), std::string::npos) << few.out;
  EXPECT_NE(few.out.find("note: 1 of the pictures in the pool repeats an earlier one and is left out."),
            std::string::npos)
      << few.out;
}

TEST_F(BadInput, NamesThatThereAreNot) {
  checkpoint("model");
  refused({"train", "nosuch", "--data", "discs", "--steps", "1"}, "nosuch");
  refused({"train", "siglip", "--data", "discs", "--size", "gigantic"}, "There is no size preset 'gigantic'");
  refused({"train", "siglip", "--data", "nosuch"}, "There is no dataset 'nosuch'");
  refused({"train", "siglip"}, "--data");
  refused({"train", "siglip", "--data", "discs", "--init", "nosuch"}, "is not a checkpoint");
  refused({"eval", "zero-shot", "nosuch", "--data", "discs"}, "is not a checkpoint");
  refused({"eval", "zero-shot", "model", "--data", "nosuch"}, "There is no dataset 'nosuch'");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--labels", "shape"}, "has no label set 'shape'");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--split", "exam"}, "There is no split 'exam'");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--templates", "nosuch"}, "nosuch");
  refused({"eval", "few-shot", "model", "--data", "discs", "--adapters", "magic"}, "magic");
  refused({"eval", "few-shot", "model", "--data", "discs", "--adapters", "knn:k=many"}, "'many'");
  refused({"eval", "few-shot", "model", "--data", "discs", "--pool", "test"}, "different splits");
  refused({"data", "show", "nosuch"}, "There is no dataset 'nosuch'");
  const Ran runs = run({"train", "nosuch", "--data", "discs", "--workspace", "new"});
  EXPECT_EQ(runs.code, 1);
  EXPECT_FALSE(fs::exists(at("new"))) << "no workspace is made for a run that cannot be";
}

TEST_F(BadInput, SettingsThatCannotBe) {
  for (const auto& [option, value] : {std::pair("--steps", "0"),
                                      {"--batch", "0"},
                                      {"--learning-rate", "-1"},
                                      {"--learning-rate", "nan"},
                                      {"--warmup", "2"},
                                      {"--min-crop", "0"},
                                      {"--clip", "-1"},
                                      {"--threads", "-1"},
                                      {"--checkpoint-every", "0"}}) {
    refused({"train", "siglip", "--data", "discs", "--out", "model", option, value}, "");
  }
  expectSentence(run({"train", "siglip", "--data", "discs", "--batch", "37", "--out", "model"}),
                 "too few distinct pairs for one batch of 37");
  refused({"train", "siglip", "--data", "discs", "--device", "cuda"}, "CPU");
  EXPECT_FALSE(fs::exists(at("model")));
}

TEST_F(BadInput, ALearningRateThatBlowsUp) {
  const Ran said =
      run(training("siglip", "model", {"--steps", "30", "--learning-rate", "1e30", "--checkpoint-every", "1000"}));
  expectSentence(said, "not finite");
  EXPECT_NE(said.err.find("Lower the learning rate"), std::string::npos);
  EXPECT_FALSE(fs::exists(at("model"))) << "weights that are not finite are no checkpoint";
}

TEST_F(BadInput, WhatLiesAtOutIsKept) {
  checkpoint("model");
  refused(training("siglip", "model"), "holds a checkpoint already");
  writeText(at("thesis/chapter1.txt"), "years of work");
  refused(training("siglip", "thesis"), "exists already");
  refused(training("siglip", "thesis/chapter1.txt"), "exists already");
  refused({"data", "pack", "discs", "--out", "thesis"}, "exists and is no pack");
  EXPECT_EQ(bytesOf(at("thesis/chapter1.txt")), "years of work");
  fs::create_directories(at("fresh"));
  EXPECT_EQ(run(training("siglip", "fresh", {"--steps", "1"})).code, 0) << "an empty folder is free";
}

TEST_F(BadInput, ResumingWhatIsNoRun) {
  refused({"train", "--resume", "nowhere"}, "No run of this workspace has its checkpoint at nowhere");
  refused({"train", "--resume", "discs"}, "No run of this workspace");
  refused({"train", "--resume", "nowhere", "--workspace", "new"}, "");
  const Ran made = run(training("siglip", "model", {"--steps", "2"}));
  ASSERT_EQ(made.code, 0) << made.err;
  refused({"train", "--resume", "model", "--batch", "16"}, "begun with --batch 8, not 16");
  refused({"train", "--resume", "model", "--learning-rate", "0.5"}, "begun with --learning-rate");
  refused({"train", "siglixp", "--resume", "model"}, "begun with recipe \"siglip\"");
  EXPECT_EQ(run({"train", "--resume", "model", "--batch", "8", "--checkpoint-every", "200"}).code, 0)
      << "what agrees may be repeated";
  fs::remove(at("model/training_state.safetensors"));
  refused({"train", "--resume", "model"}, "training_state.safetensors");
  writeText(at("model/training_state.safetensors"), "not a file of tensors");
  refused({"train", "--resume", "model"}, "training_state.safetensors");
}

TEST_F(BadInput, ResumingWithOtherData) {
  ASSERT_EQ(run(training("siglip", "model", {"--steps", "1"})).code, 0);
  std::string table = bytesOf(at("discs/table.csv"));
  table.replace(table.find("a red disc zero zero"), 20, "a red disc nine nine");
  writeText(at("discs/table.csv"), table);
  const Ran said = run({"train", "--resume", "model"});
  expectSentence(said, "began with other data");
}

TEST_F(BadInput, WorkspacesThatCannotBeUsed) {
  refused({"data", "list", "--workspace", "nowhere"}, "nowhere");
  writeText(at("bad/workspace.sqlite"),
            "this is not a database, but it is longer than its header would have to be, to be sure of that");
  expectSentence(run({"train", "siglip", "--data", "discs", "--workspace", "bad"}), "workspace.sqlite");
  expectSentence(run({"data", "add", "discs", "--workspace", "bad"}), "workspace.sqlite");
  EXPECT_TRUE(bytesOf(at("bad/workspace.sqlite")).starts_with("this is not a database")) << "it may be somebody's";
  std::string bytes = bytesOf(at("ws/workspace.sqlite"));
  bytes.resize(bytes.size() / 2);
  writeText(at("cut/workspace.sqlite"), bytes);
  refused({"data", "list", "--workspace", "cut"}, "");
  const Ran nowhere = test::ran(test::lixp({"data", "add", "discs"}), {.folder = folder_.path()});
  expectSentence(nowhere, "name one with --workspace");
}

TEST_F(BadInput, AWorkspaceOfANewerVersion) {
  // The database's user_version, big endian, stands at offset 60 of its header.
  std::fstream file(at("ws/workspace.sqlite"), std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(60);
  file.write("\0\0\x03\xe7", 4);
  file.close();
  refused({"data", "list"}, "Install a newer");
  refused({"train", "siglip", "--data", "discs"}, "Install a newer");
}

TEST_F(BadInput, WrongUsageIsExitTwo) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"fly"},
                                                    {"train", "--stepps", "3"},
                                                    {"train", "siglip", "--steps", "many"},
                                                    {"train", "siglip", "--device", "tpu"},
                                                    {"data"},
                                                    {"data", "add"},
                                                    {"eval"},
                                                    {"eval", "zero-shot"},
                                                    {"eval", "zero-shot", "model"}}) {
    const Ran said = test::ran(test::lixp(arguments), {.folder = folder_.path()});
    EXPECT_EQ(said.code, 2) << testing::PrintToString(arguments) << said.err;
    EXPECT_EQ(said.out, "") << testing::PrintToString(arguments);
    EXPECT_FALSE(said.err.empty());
  }
  for (const char* help : {"--help", "--version"}) {
    const Ran said = test::ran(test::lixp({help}));
    EXPECT_EQ(said.code, 0);
    EXPECT_FALSE(said.out.empty());
    EXPECT_EQ(said.err, "");
  }
}

TEST_F(BadInput, AnOutputThatCannotBeWrittenIsSaid) {
  const Ran said = test::ran({"sh", "-c", "'" + test::lixp({})[0] + "' data list --workspace ws > /dev/full"},
                             {.folder = folder_.path()});
  expectSentence(said, "standard output");
}

}  // namespace
}  // namespace lix
