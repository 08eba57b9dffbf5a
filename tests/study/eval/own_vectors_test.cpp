// Vectors that a person brings: both forms read alike, looked up through the evaluator, refusals.
#include "study/eval/own_vectors.h"

#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"
#include "study/eval/cosines.h"
#include "study/eval/embed.h"
#include "support/support.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;
using test::messageOf;
using test::TemporaryFolder;
using Tensors = std::map<std::string, at::Tensor>;

at::Tensor bytesOf(const std::string& text) {
  return at::tensor(std::vector<std::uint8_t>(text.begin(), text.end()), at::kByte);
}

/// Four vectors of two classes with two captions.
Tensors complete() {
  return {{"image_features", at::tensor({3.f, 4.f, 0.f, 2.f, 1.f, 0.f, -1.f, 0.f}).view({4, 2})},
          {"text_features", at::tensor({1.f, 0.f, 0.f, 1.f}).view({2, 2})},
          {"caption_of", at::tensor({2, 1}, at::kLong)},
          {"captions", bytesOf("to the right\nupwards")},
          {"labels", at::tensor({0, 0, 1, -1}, at::kLong)},
          {"classes", bytesOf("up\nright")},
          {"class_features", at::tensor({0.f, 5.f, 1.f, 0.f}).view({2, 2})},
          {"split", at::tensor({0, 1, 2, 2}, at::kLong)},
          {"names", bytesOf("a\nb\nc\nd")}};
}

class OwnVectorsTest : public testing::Test {
 protected:
  fs::path saved(const Tensors& tensors, const std::map<std::string, std::string>& metadata = {}) {
    LIX_EXPECT_OK(nn::saveTensors(folder_ / "mine.safetensors", tensors, metadata));
    return folder_ / "mine.safetensors";
  }
  std::string refusal(Tensors tensors) { return messageOf(openOwnVectors(saved(tensors))); }
  /// "complete" less one tensor, or with another in its place.
  std::string refusalWith(const std::string& name, const at::Tensor& value) {
    Tensors tensors = complete();
    tensors.erase(name);
    if (value.defined()) {
      tensors.emplace(name, value);
    }
    return refusal(tensors);
  }
  void writeNpy(const std::string& name, const std::string& shape, const std::vector<float>& values) {
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    header.resize(117, ' ');
    header += '\n';
    std::string bytes("\x93NUMPY\x01\x00\x76\x00", 10);
    bytes += header;
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    LIX_EXPECT_OK(writeFile(folder_ / name, bytes));
  }
  TemporaryFolder folder_;
};

void expectIn(const std::string& part, const std::string& message) {
  EXPECT_NE(message.find(part), std::string::npos) << "got: " << message;
}

TEST_F(OwnVectorsTest, ASafetensorsFileIsDatasetAndModel) {
  const auto evaluator = openModel(saved(complete(), {{"name", "arrows"}, {"logit_scale", "20"}}));
  LIX_ASSERT_OK(evaluator);
  ASSERT_TRUE(evaluator->own);
  const data::Dataset& dataset = evaluator->own->dataset;
  EXPECT_EQ(dataset.name, "arrows");
  ASSERT_EQ(dataset.samples.size(), 4u);
  EXPECT_EQ(dataset.samples[2].key, "c");
  EXPECT_EQ(dataset.samples[2].captions, std::vector<std::string>{"to the right"});
  EXPECT_EQ(dataset.samples[3].labels, std::vector<int>{-1});
  EXPECT_EQ(dataset.samples[1].split, data::Split::Validation);
  EXPECT_EQ(dataset.labelSets.at(0).classes, (std::vector<std::string>{"up", "right"}));
  EXPECT_FALSE(dataset.pictures->load(0));
  EXPECT_NEAR(evaluator->checkpoint.model.parameters.at("logit_scale").exp().item<double>(), 20.0, 1e-4);

  const auto features = embedPictures(*evaluator, dataset, {2, 0}, {});
  LIX_ASSERT_OK(features);
  EXPECT_EQ(features->samples, (std::vector<std::size_t>{2, 0}));
  EXPECT_TRUE(unitVectors(*evaluator, *features).allclose(at::tensor({1.f, 0.f, 0.6f, 0.8f}).view({2, 2})));
  const auto captions = embedCaptions(*evaluator, {"upwards", "to the right"});
  const at::Tensor expected = at::tensor({0.f, 1.f, 0.8f, 0.6f}).view({2, 2});
  EXPECT_TRUE(cosines(*evaluator, features->vectors, captions).allclose(expected));
  expectIn("Robustness needs the towers", messageOf(needTowers(*evaluator, "Robustness")));
}

TEST_F(OwnVectorsTest, EqualFilesHaveEqualHashesAndOthersNot) {
  const auto first = openOwnVectors(saved(complete()));
  const auto again = openOwnVectors(saved(complete()));
  Tensors changed = complete();
  changed.at("image_features") = changed.at("image_features").clone();
  changed.at("image_features")[3][1] = 1e-3;
  const auto other = openOwnVectors(saved(changed));
  EXPECT_EQ(first->hash, again->hash);
  EXPECT_NE(first->hash, other->hash);
  const std::map<std::string, at::Tensor> changes{
      {"text_features", at::tensor({1.f, 0.f, 0.f, 2.f}).view({2, 2})},
      {"class_features", at::tensor({0.f, 5.f, 1.f, 0.1f}).view({2, 2})},
      {"labels", at::tensor({0, 1, 1, -1}, at::kLong)},
      {"classes", bytesOf("up\nleft")},
      {"split", at::tensor({0, 1, 2, 1}, at::kLong)},
      {"captions", bytesOf("to the right\nup")}};
  for (const auto& [name, value] : changes) {
    Tensors one = complete();
    one.insert_or_assign(name, value);
    const auto read = openOwnVectors(saved(one));
    LIX_ASSERT_OK(read);
    EXPECT_NE(first->hash, read->hash) << name;
  }
  EXPECT_NE(first->hash, openOwnVectors(saved(complete(), {{"logit_scale", "20"}}))->hash);
}

TEST_F(OwnVectorsTest, ANumpyFileWithItsTable) {
  writeNpy("mine.npy", "(4, 2)", {3, 4, 0, 2, 1, 0, -1, 0});
  writeNpy("mine.captions.npy", "(4, 2)", {0, 0, 0, 1, 1, 0, 0, 0});
  writeNpy("mine.classes.npy", "(2, 2)", {0, 5, 1, 0});
  LIX_EXPECT_OK(writeFile(folder_ / "mine.csv", "name,label,split,caption\na,up,train,\nb,up,val,upwards\n"
                                                "c,right_hand,test,\"to the, right\"\nd,,test,\n"));
  const auto own = openOwnVectors(folder_ / "mine.npy");
  LIX_ASSERT_OK(own);
  EXPECT_EQ(own->dataset.labelSets.at(0).classes, (std::vector<std::string>{"up", "right hand"}));
  EXPECT_EQ(own->dataset.samples[3].labels, std::vector<int>{-1});
  EXPECT_EQ(own->dataset.samples[0].split, data::Split::Train);
  EXPECT_TRUE(own->rowsOf({"to the, right"}).equal(at::tensor({1.f, 0.f}).view({1, 2})));
  EXPECT_TRUE(own->classTexts.equal(complete().at("class_features")));
  fs::remove(folder_ / "mine.captions.npy");
  const auto silent = openOwnVectors(folder_ / "mine.npy");
  LIX_ASSERT_OK(silent);
  EXPECT_TRUE(silent->dataset.samples[1].captions.empty()) << "a caption without a vector cannot be looked up";
}

TEST_F(OwnVectorsTest, EqualCaptionsNeedEqualVectors) {
  Tensors tensors = complete();
  tensors.at("captions") = bytesOf("upwards\nupwards");
  expectIn("the caption 'upwards' of 'c' stood there before with another vector", refusal(tensors));
  tensors.at("text_features") = at::tensor({0.f, 1.f, 1e-5f, 1.f}).view({2, 2});
  LIX_EXPECT_OK(openOwnVectors(saved(tensors)));
}

TEST_F(OwnVectorsTest, RefusalsNameTheFileAndTheRow) {
  at::Tensor nan = complete().at("image_features").clone();
  nan[1][0] = std::numeric_limits<float>::quiet_NaN();
  expectIn("row 1 of 'image_features' (counted from 0) holds a value that is not finite",
           refusalWith("image_features", nan));
  expectIn("names two vectors 'a'", refusalWith("names", bytesOf("a\nb\na\nd")));
  for (const char* scale : {"hot", "0", "-1", "inf"}) {
    const fs::path file = saved(complete(), {{"logit_scale", scale}});
    expectIn(cat("has the logit_scale '", scale, "'"), messageOf(openOwnVectors(file)));
  }
  expectIn("There is no file", messageOf(openModel(folder_ / "none.npy")));
  expectIn("has no 'image_features'", refusalWith("image_features", {}));
  expectIn("the pictures' vectors have 2 numbers, those of the captions 1",
           refusalWith("text_features", at::tensor({1.f, 2.f}).view({2, 1})));
  expectIn("those of the classes 4", refusalWith("class_features", at::tensor({1.f, 2.f, 3.f, 4.f}).view({1, 4})));
  expectIn("has 2 classes and text vectors of 1", refusalWith("class_features", at::tensor({1.f, 2.f}).view({1, 2})));
  expectIn("'labels' without 'classes'", refusalWith("classes", {}));
  expectIn("names the class 'up' twice", refusalWith("classes", bytesOf("up\nup")));
  expectIn("'c' has the label 7; there are 2 classes", refusalWith("labels", at::tensor({0, 0, 7, -1}, at::kLong)));
  expectIn("vector 0 (counted from 0) has the split 3", refusalWith("split", at::tensor({3, 1, 2, 2}, at::kLong)));
  expectIn("belongs to picture 9", refusalWith("caption_of", at::tensor({9, 1}, at::kLong)));
  writeNpy("mine.npy", "(4, 2)", {3, 4, 0, 2, 1, 0, -1, 0});
  expectIn("there is no table mine.csv", messageOf(openOwnVectors(folder_ / "mine.npy")));
  LIX_EXPECT_OK(writeFile(folder_ / "mine.csv", "label\nup\n"));
  expectIn("has 1 lines under its header for 4 vectors", messageOf(openOwnVectors(folder_ / "mine.npy")));
  LIX_EXPECT_OK(writeFile(folder_ / "mine.csv", "label,split\nup,train\nup,train\nup,later\nup,test\n"));
  expectIn("line 4: 'later' is no split", messageOf(openOwnVectors(folder_ / "mine.npy")));
}

}  // namespace
}  // namespace lix::study
