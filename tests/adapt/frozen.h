#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <nlohmann/json.hpp>

#include "adapt/task.h"
#include "base/file.h"
#include "base/text.h"
#include "support/support.h"

namespace lix::test {

/// A fitted adapter, or a failure of the test.
inline std::unique_ptr<adapt::Classifier> fitted(const char* id, const adapt::Task& task,
                                                 const ParamValues& params = {}) {
  const auto adapter = adapt::find(id);
  EXPECT_TRUE(adapter.has_value());
  auto classifier = (*adapter)->fit(task, params);
  EXPECT_TRUE(classifier.has_value()) << messageOf(classifier);
  return classifier ? std::move(*classifier) : nullptr;
}

inline std::vector<float> answers(const char* id, const OwnedTask& task, const ParamValues& params = {}) {
  const auto classifier = fitted(id, task.task(), params);
  return classifier ? classifier->logits(task.query()) : std::vector<float>(task.queries.size() * task.classes);
}

inline std::string words(const ParamValues& settings, const char* key) {
  return std::get<std::string>(settings.at(key));
}

inline void withoutValidation(OwnedTask& task) {
  task.validation.clear();
  task.validationLabels.clear();
}

/// The rows turned by one random rotation, the same for everything of the task.
inline OwnedTask rotated(const OwnedTask& task) {
  const std::size_t width = task.columns;
  std::vector<std::vector<double>> axes;  // Gram-Schmidt on random rows
  Random random(5, 0);
  for (std::size_t i = 0; i < width; ++i) {
    std::vector<double> axis(width);
    std::ranges::generate(axis, [&] { return random.normal(); });
    for (const auto& other : axes) {
      const double share = std::inner_product(axis.begin(), axis.end(), other.begin(), 0.0);
      std::ranges::transform(axis, other, axis.begin(), [&](double a, double b) { return a - share * b; });
    }
    const double length = std::sqrt(std::inner_product(axis.begin(), axis.end(), axis.begin(), 0.0));
    std::ranges::transform(axis, axis.begin(), [&](double a) { return a / length; });
    axes.push_back(std::move(axis));
  }
  OwnedTask out = task;
  for (auto* rows : {&out.support, &out.validation, &out.text, &out.queries}) {
    for (std::size_t first = 0; first < rows->size(); first += width) {
      const std::vector<float> old(rows->begin() + static_cast<std::ptrdiff_t>(first),
                                   rows->begin() + static_cast<std::ptrdiff_t>(first + width));
      for (std::size_t k = 0; k < width; ++k) {
        (*rows)[first + k] = static_cast<float>(std::inner_product(old.begin(), old.end(), axes[k].begin(), 0.0));
      }
    }
  }
  return out;
}

template <class Want>
void expectClose(const std::vector<float>& got, const std::vector<Want>& want, double tolerance) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto value = static_cast<double>(want[i]);
    ASSERT_NEAR(got[i], value, tolerance * std::max(1.0, std::abs(value))) << "at " << i;
  }
}

inline std::vector<float> flat(const nlohmann::json& rows) {
  std::vector<float> out;
  for (const auto& row : rows) {
    for (const auto& value : row) {
      out.push_back(value.get<float>());
    }
  }
  return out;
}

inline ParamValues paramsOf(const nlohmann::json& json) {
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

/// All expectations of one adapter in fixtures/adapt/frozen.json: logits within the tolerance, found settings exactly.
inline void expectFixture(const std::string& id, double tolerance) {
  const auto text = readFile(fixtures() / "adapt" / "frozen.json");
  LIX_ASSERT_OK(text);
  std::size_t seen = 0;
  for (const auto& json : nlohmann::json::parse(*text)) {
    OwnedTask task{.classes = json["classes"], .columns = json["text"][0].size(), .logitScale = json["logit_scale"]};
    task.support = flat(json["support"]);
    task.validation = flat(json["validation"]);
    task.text = flat(json["text"]);
    task.queries = flat(json["queries"]);
    task.supportLabels = json["support_labels"].get<std::vector<int>>();
    task.validationLabels = json["validation_labels"].get<std::vector<int>>();
    for (const auto& expected : json["expected"]) {
      if (expected["adapter"] != id) {
        continue;
      }
      SCOPED_TRACE(cat(task.classes, " classes ", expected["params"].dump()));
      const auto classifier = fitted(id.c_str(), task.task(), paramsOf(expected["params"]));
      ASSERT_TRUE(classifier);
      const ParamValues settings = classifier->settings();
      for (const auto& [key, value] : expected["found"].items()) {
        if (value.is_number_integer()) {
          EXPECT_EQ(std::get<long long>(settings.at(key)), value.get<long long>()) << key;
        } else {
          const auto want = value.get<double>();
          EXPECT_NEAR(std::get<double>(settings.at(key)), want, 1e-8 * std::max(1.0, std::abs(want))) << key;
        }
      }
      expectClose(classifier->logits(task.query()), flat(expected["logits"]), tolerance);
      ++seen;
    }
  }
  EXPECT_GE(seen, 6u);
}

}  // namespace lix::test
