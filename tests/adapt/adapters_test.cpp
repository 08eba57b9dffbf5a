// What each adapter answers: by hand, against a fixture of another implementation, and against the numeric reference.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "adapt/task.h"
#include "base/file.h"
#include "nn/checkpoint/safetensors.h"
#include "support/support.h"

namespace lix {
namespace {

using adapt::Matrix;

/// Two classes on the axes of a plane: support a at 0 degrees, b at 90; text the other way round; one query (0.6, 0.8).
test::OwnedTask plane() {
  test::OwnedTask out{.classes = 2, .columns = 2, .logitScale = 10.f};
  out.support = {1.f, 0.f, 0.f, 1.f};
  out.supportLabels = {0, 1};
  out.text = {0.f, 1.f, 1.f, 0.f};
  out.queries = {0.6f, 0.8f};
  return out;
}

std::vector<float> run(const char* id, const test::OwnedTask& task, const ParamValues& params = {}) {
  const auto adapter = adapt::find(id);
  EXPECT_TRUE(adapter.has_value());
  const auto classifier = (*adapter)->fit(task.task(), params);
  EXPECT_TRUE(classifier.has_value()) << test::messageOf(classifier);
  return classifier ? (*classifier)->logits(task.query()) : std::vector<float>(task.queries.size() * task.classes);
}

TEST(Adapters, ZeroShotByHand) {
  const auto logits = run("zero-shot", plane());
  EXPECT_FLOAT_EQ(logits[0], 8.f);
  EXPECT_FLOAT_EQ(logits[1], 6.f);
}

TEST(Adapters, PrototypeByHand) {
  auto logits = run("prototype", plane());
  EXPECT_FLOAT_EQ(logits[0], 0.6f);
  EXPECT_FLOAT_EQ(logits[1], 0.8f);
  logits = run("prototype", plane(), {{"text_weight", 0.5}});  // both classes meet at 45 degrees
  EXPECT_NEAR(logits[0], 1.4 / std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(logits[1], 1.4 / std::sqrt(2.0), 1e-6);
  logits = run("prototype", plane(), {{"text_weight", 1.0}});
  EXPECT_FLOAT_EQ(logits[0], 0.8f);
}

TEST(Adapters, PrototypeWithTextShareNeedsText) {
  test::OwnedTask task = plane();
  task.text.clear();
  const auto refused = (*adapt::find("prototype"))->fit(task.task(), {{"text_weight", 0.5}});
  EXPECT_NE(test::messageOf(refused).find("set text_weight to 0"), std::string::npos);
}

TEST(Adapters, TipAdapterByHand) {
  const auto logits = run("tip-adapter", plane(), {{"alpha", 3.0}, {"beta", 2.0}});
  EXPECT_NEAR(logits[0], 8.0 + 3.0 * std::exp(-2.0 * 0.4), 1e-5);
  EXPECT_NEAR(logits[1], 6.0 + 3.0 * std::exp(-2.0 * 0.2), 1e-5);
  EXPECT_EQ(run("tip-adapter", plane(), {{"alpha", 0.0}}), run("zero-shot", plane()));
}

TEST(Adapters, KnnVotesByHand) {
  test::OwnedTask task = plane();  // cosines with the query: 0.6, 0.8, 1.0, 0.8
  task.support = {1.f, 0.f, 0.f, 1.f, 0.6f, 0.8f, 0.f, 1.f};
  task.supportLabels = {0, 1, 0, 1};
  auto logits = run("knn", task, {{"k", 3LL}, {"vote", std::string("plurality")}});
  EXPECT_EQ(logits, (std::vector{1.f, 2.f}));
  logits = run("knn", task, {{"k", 3LL}, {"vote", std::string("exponential")}, {"temperature", 0.5}});
  EXPECT_NEAR(logits[0], std::exp(2.0), 1e-5);
  EXPECT_NEAR(logits[1], 2.0 * std::exp(1.6), 1e-5);
  logits = run("knn", task, {{"k", 3LL}, {"vote", std::string("softmax")}, {"temperature", 0.5}});
  EXPECT_NEAR(logits[0], std::exp(2.0) / (std::exp(2.0) + 2.0 * std::exp(1.6)), 1e-6);
  EXPECT_NEAR(logits[0] + logits[1], 1.0, 1e-6);
}

TEST(Adapters, KnnTakesTheLowerClassOfEquallyNear) {
  test::OwnedTask task = plane();
  task.support = {0.f, 1.f, 0.f, 1.f};
  task.supportLabels = {1, 0};
  EXPECT_EQ(run("knn", task, {{"k", 1LL}, {"vote", std::string("plurality")}}), (std::vector{1.f, 0.f}));
}

TEST(Adapters, KnnNeverAsksMoreThanThereAre) {
  const test::OwnedTask task = plane();
  const auto classifier = (*adapt::find("knn"))->fit(task.task(), {{"k", 50LL}});
  LIX_ASSERT_OK(classifier);
  EXPECT_EQ(std::get<long long>((*classifier)->settings().at("k")), 2);
}

TEST(Adapters, SearchKeepsTheFirstOfEquals) {
  test::OwnedTask task = plane();  // every setting of the grid is right: text and support agree
  task.text = task.support;
  task.validation = {0.6f, 0.8f, 0.8f, 0.6f};
  task.validationLabels = {1, 0};
  const auto classifier = (*adapt::find("tip-adapter-x"))->fit(task.task(), {});
  LIX_ASSERT_OK(classifier);
  const ParamValues found = (*classifier)->settings();
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("alpha")), 0.1);
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("beta")), 0.1);
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("validation_accuracy")), 1.0);
}

ParamValues paramsOf(const nlohmann::json& json) {
  ParamValues out;
  for (const auto& [key, value] : json.items()) {
    if (value.is_string()) {
      out[key] = value.get<std::string>();
    } else if (value.is_number_integer()) {
      out[key] = value.get<long long>();
    } else {
      out[key] = value.get<double>();
    }
  }
  return out;
}

std::vector<float> flat(const nlohmann::json& rows) {
  std::vector<float> out;
  for (const auto& row : rows) {
    for (const auto& value : row) {
      out.push_back(value.get<float>());
    }
  }
  return out;
}

TEST(Adapters, AgreeWithAnotherImplementation) {
  const auto text = readFile(test::fixtures() / "adapt" / "adapters.json");
  LIX_ASSERT_OK(text);
  const auto json = nlohmann::json::parse(*text);
  test::OwnedTask task{
      .classes = json["classes"], .columns = json["text"][0].size(), .logitScale = json["logit_scale"]};
  task.support = flat(json["support"]);
  task.validation = flat(json["validation"]);
  task.text = flat(json["text"]);
  task.queries = flat(json["queries"]);
  task.supportLabels = json["support_labels"].get<std::vector<int>>();
  task.validationLabels = json["validation_labels"].get<std::vector<int>>();
  ASSERT_EQ(json["expected"].size(), 9u);
  for (const auto& expected : json["expected"]) {
    const auto adapter = adapt::find(expected["adapter"].get<std::string>());
    LIX_ASSERT_OK(adapter);
    const auto classifier = (*adapter)->fit(task.task(), paramsOf(expected["params"]));
    LIX_ASSERT_OK(classifier);
    const auto logits = (*classifier)->logits(task.query());
    const auto want = flat(expected["logits"]);
    ASSERT_EQ(logits.size(), want.size());
    for (std::size_t i = 0; i < want.size(); ++i) {
      ASSERT_NEAR(logits[i], want[i], 4e-6 * std::max(1.f, std::abs(want[i]))) << expected["adapter"] << " at " << i;
    }
    if (expected.contains("found")) {
      const ParamValues found = (*classifier)->settings();
      EXPECT_NEAR(std::get<double>(found.at("alpha")), expected["found"]["alpha"], 1e-12);
      EXPECT_NEAR(std::get<double>(found.at("beta")), expected["found"]["beta"], 1e-12);
      EXPECT_NEAR(std::get<double>(found.at("validation_accuracy")), expected["found"]["accuracy"], 1e-12);
    }
  }
}

/// An array of the numeric reference as numbers, whatever its type.
std::vector<double> numbers(const nn::SafetensorsFile& file, const std::string& name) {
  const nn::TensorView& view = file.tensors().at(name);
  std::vector<double> out(view.bytes.size() / nn::itemSize(view.type));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::byte* at = view.bytes.data() + i * nn::itemSize(view.type);
    if (view.type == nn::DType::F64) {
      std::memcpy(&out[i], at, sizeof(double));
    } else if (view.type == nn::DType::F32) {
      float value;
      std::memcpy(&value, at, sizeof value);
      out[i] = value;
    } else {
      std::int64_t value;
      std::memcpy(&value, at, sizeof value);
      out[i] = static_cast<double>(value);
    }
  }
  return out;
}

class Reference : public ::testing::Test {
 protected:
  void load(const std::filesystem::path& folder) {
    auto opened = nn::SafetensorsFile::open(folder / "reference.safetensors");
    LIX_ASSERT_OK(opened);
    file.emplace(std::move(*opened));
    const auto text = readFile(folder / "reference.json");
    LIX_ASSERT_OK(text);
    json = nlohmann::json::parse(*text);
    const auto floats = [&](const char* name) {
      const auto values = numbers(*file, name);
      return std::vector<float>(values.begin(), values.end());
    };
    const auto labels = [&](const char* name) {
      const auto values = numbers(*file, name);
      return std::vector<int>(values.begin(), values.end());
    };
    task.classes = static_cast<std::size_t>(file->tensors().at("text_w").shape[0]);
    task.columns = static_cast<std::size_t>(file->tensors().at("text_w").shape[1]);
    task.logitScale = static_cast<float>(numbers(*file, "zeroshot_scale").front());
    task.support = floats("support");
    task.supportLabels = labels("support_y");
    task.validation = floats("test");  // the reference searches on its test rows
    task.validationLabels = labels("test_y");
    task.text = floats("text_w");
    task.queries = floats("test");
  }

  void expect(const char* id, const ParamValues& params, const std::string& array, double tolerance) {
    const auto logits = run(id, task, params);
    const auto want = numbers(*file, array);
    ASSERT_EQ(logits.size(), want.size()) << array;
    for (std::size_t i = 0; i < want.size(); ++i) {
      ASSERT_NEAR(logits[i], want[i], tolerance * std::max(1.0, std::abs(want[i]))) << array << " at " << i;
    }
  }

  std::optional<nn::SafetensorsFile> file;
  nlohmann::json json;
  test::OwnedTask task;
};

TEST_F(Reference, LogitsAgree) {
  LIX_SHARED_OR_SKIP(folder, "parity/math");
  load(folder);
  ASSERT_TRUE(file);
  const std::string softmax = "softmax";
  expect("zero-shot", {}, "zeroshot_logits", 2e-5);  // 100 times a cosine
  expect("prototype", {}, "proto_logits", 2e-6);
  expect("prototype", {{"text_weight", 0.5}}, "proto_text_blend_0.5", 2e-6);
  expect("tip-adapter", {{"alpha", 1.17}, {"beta", 5.5}}, "tip_logits", 2e-5);
  expect("knn", {{"k", 5LL}, {"vote", std::string("plurality")}}, "knn_plurality_votes", 0.0);
  expect("knn", {{"k", 5LL}, {"vote", softmax}, {"temperature", 0.07}}, "knn_softmax_votes_T0.07", 5e-6);
  expect("knn", {{"k", 5LL}, {"vote", std::string("exponential")}, {"temperature", 0.07}}, "knn_expweight_votes_T0.07",
         5e-6);
  expect("knn", {{"k", 100000LL}, {"vote", softmax}, {"temperature", 0.07}}, "knn_all_softmax_T0.07", 5e-6);
}

TEST_F(Reference, SearchFindsTheSameSettings) {
  LIX_SHARED_OR_SKIP(folder, "parity/math");
  load(folder);
  ASSERT_TRUE(file);
  const auto& grid = json["params"]["tip_grid"];
  const auto scaleOf = [](const nlohmann::json& list) {  // undoes 0.1 + i (scale - 0.1) / steps
    return 0.1 + (list[1].get<double>() - 0.1) * static_cast<double>(list.size());
  };
  const auto classifier = (*adapt::find("tip-adapter-x"))
                              ->fit(task.task(), {{"beta_scale", scaleOf(grid["beta_list"])},
                                                  {"alpha_scale", scaleOf(grid["alpha_list"])},
                                                  {"beta_steps", static_cast<long long>(grid["beta_list"].size())},
                                                  {"alpha_steps", static_cast<long long>(grid["alpha_list"].size())}});
  LIX_ASSERT_OK(classifier);
  const ParamValues found = (*classifier)->settings();
  EXPECT_NEAR(std::get<double>(found.at("beta")), grid["best_beta"].get<double>(), 1e-9);
  EXPECT_NEAR(std::get<double>(found.at("alpha")), grid["best_alpha"].get<double>(), 1e-9);
  EXPECT_NEAR(100.0 * std::get<double>(found.at("validation_accuracy")), grid["best_acc"].get<double>(), 1e-9);
}

}  // namespace
}  // namespace lix
