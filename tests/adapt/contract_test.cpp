// What every adapter must do, whatever its method: run over the whole table.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stop_token>

#include "adapt/task.h"
#include "support/support.h"

namespace lix {
namespace {

using test::makeTask;
using test::OwnedTask;

class Contract : public ::testing::TestWithParam<const adapt::Adapter*> {
 protected:
  const adapt::Adapter& adapter() const { return *GetParam(); }
  std::string refusal(const OwnedTask& task, const ParamValues& params = {}) const {
    return test::messageOf(adapter().fit(task.task(), params));
  }
  std::vector<float> logits(const OwnedTask& task, const ParamValues& params = {}) const {
    const auto classifier = adapter().fit(task.task(), params);
    EXPECT_TRUE(classifier.has_value()) << test::messageOf(classifier);
    return classifier ? (*classifier)->logits(task.query()) : std::vector<float>{};
  }
};

void expectNear(const std::vector<float>& a, const std::vector<float>& b, float tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(a[i], b[i], tolerance * std::max(1.f, std::abs(a[i]))) << "at " << i;
  }
}

/// Rows of `columns` values in another order: row i of the result is row order[i].
template <class T>
std::vector<T> reordered(const std::vector<T>& rows, const std::vector<std::uint32_t>& order, std::size_t columns) {
  std::vector<T> out;
  for (const std::uint32_t i : order) {
    out.insert(out.end(), rows.begin() + static_cast<std::ptrdiff_t>(i * columns),
               rows.begin() + static_cast<std::ptrdiff_t>((i + 1) * columns));
  }
  return out;
}

TEST_P(Contract, IsDescribed) {
  EXPECT_FALSE(adapter().title.empty());
  EXPECT_FALSE(adapter().citation.empty());
  for (const Param& param : adapter().params) {
    EXPECT_FALSE(param.title.empty() || param.help.empty()) << param.key;
  }
  const auto found = adapt::find(adapter().id);
  LIX_ASSERT_OK(found);
  EXPECT_EQ(*found, &adapter());
}

TEST_P(Contract, OrderOfTheSupportDoesNotMatter) {
  const OwnedTask task = makeTask(7, 5);
  OwnedTask shuffled = task;
  const auto order = permutation(task.supportLabels.size(), Random(3, 0));
  shuffled.support = reordered(task.support, order, task.columns);
  shuffled.supportLabels = reordered(task.supportLabels, order, 1);
  expectNear(logits(task), logits(shuffled), 1e-5f);
}

TEST_P(Contract, NamesOfTheClassesDoNotMatter) {
  const OwnedTask task = makeTask(7, 5);
  OwnedTask renamed = task;
  const auto order = permutation(task.classes, Random(4, 0));  // new class i is old class order[i]
  std::vector<int> nameOf(task.classes);
  for (std::size_t i = 0; i < order.size(); ++i) {
    nameOf[order[i]] = static_cast<int>(i);
  }
  for (auto* labels : {&renamed.supportLabels, &renamed.validationLabels}) {
    for (int& label : *labels) {
      label = nameOf[static_cast<std::size_t>(label)];
    }
  }
  renamed.text = reordered(task.text, order, task.columns);
  const std::vector<float> before = logits(task);
  const std::vector<float> after = logits(renamed);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::size_t row = i / task.classes;
    EXPECT_NEAR(after[i], before[row * task.classes + order[i % task.classes]], 2e-4);
  }
}

TEST_P(Contract, SameTaskSameBits) {
  const OwnedTask task = makeTask(6, 4);
  EXPECT_EQ(logits(task), logits(task));
}

TEST_P(Contract, QueriesDoNotSeeEachOther) {
  const OwnedTask task = makeTask(6, 4);
  const auto classifier = adapter().fit(task.task(), {});
  LIX_ASSERT_OK(classifier);
  const std::vector<float> all = (*classifier)->logits(task.query());
  for (std::size_t i = 0; i < task.queryLabels.size(); ++i) {
    const std::vector<float> one = (*classifier)->logits({task.query().row(i), 1, task.columns});
    ASSERT_EQ(one, std::vector<float>(all.begin() + static_cast<std::ptrdiff_t>(i * task.classes),
                                      all.begin() + static_cast<std::ptrdiff_t>((i + 1) * task.classes)));
  }
}

TEST_P(Contract, OutlivesItsTask) {
  std::vector<float> queries;
  std::vector<float> expected;
  std::unique_ptr<adapt::Classifier> classifier;
  std::size_t columns = 0;
  {
    const OwnedTask task = makeTask(4, 3);
    expected = logits(task);
    queries = task.queries;
    columns = task.columns;
    auto fitted = adapter().fit(task.task(), {});
    LIX_ASSERT_OK(fitted);
    classifier = std::move(*fitted);
  }
  EXPECT_EQ(classifier->logits({queries, queries.size() / columns, columns}), expected);
}

TEST_P(Contract, SeparatesWhatIsSeparate) {
  const OwnedTask task = makeTask(8, 3, 48, 0.02);
  const std::vector<float> scores = logits(task);
  for (std::size_t i = 0; i < task.queryLabels.size(); ++i) {
    const auto row = std::span(scores).subspan(i * task.classes, task.classes);
    EXPECT_EQ(std::ranges::max_element(row) - row.begin(), task.queryLabels[i]);
  }
}

TEST_P(Contract, SmallestTasksWork) {
  for (const OwnedTask& task : {makeTask(1, 4), makeTask(5, 1), makeTask(1, 1), makeTask(3, 2, 1)}) {
    const std::vector<float> scores = logits(task);
    EXPECT_EQ(scores.size(), task.queryLabels.size() * task.classes);
    for (const float score : scores) {
      EXPECT_TRUE(std::isfinite(score));
    }
  }
}

TEST_P(Contract, NoQueriesNoLogits) {
  const OwnedTask task = makeTask(3, 2);
  const auto classifier = adapter().fit(task.task(), {});
  LIX_ASSERT_OK(classifier);
  EXPECT_TRUE((*classifier)->logits({{}, 0, task.columns}).empty());
}

TEST_P(Contract, RefusesOtherWidths) {
  OwnedTask task = makeTask(3, 2);
  const OwnedTask wide = makeTask(3, 2, 23);
  adapt::Task mixed = task.task();
  mixed.text = wide.task().text;
  if (adapter().needsSupport) {
    EXPECT_NE(test::messageOf(adapter().fit(mixed, {})).find("23 values in a row but the others 19"),
              std::string::npos);
  }
  mixed = task.task();
  mixed.validation = wide.task().validation;
  EXPECT_NE(test::messageOf(adapter().fit(mixed, {})).find("23 values in a row but the others 19"), std::string::npos);
  EXPECT_DEATH(
      {
        const auto classifier = adapter().fit(task.task(), {});
        (*classifier)->logits(wide.query());
      },
      "contract broken");
}

TEST_P(Contract, RefusesLabelsOutOfRange) {
  for (const int label : {-1, 3, std::numeric_limits<int>::max()}) {
    OwnedTask task = makeTask(3, 2);
    task.supportLabels[4] = label;
    EXPECT_NE(refusal(task).find("support row 4 is outside 0 to 2"), std::string::npos) << refusal(task);
    task = makeTask(3, 2);
    task.validationLabels[1] = label;
    EXPECT_NE(refusal(task).find("validation row 1 is outside 0 to 2"), std::string::npos) << refusal(task);
  }
  OwnedTask task = makeTask(3, 2);
  task.supportLabels.pop_back();
  EXPECT_NE(refusal(task).find("6 feature rows but 5 labels"), std::string::npos) << refusal(task);
}

TEST_P(Contract, RefusesNoSupport) {
  OwnedTask task = makeTask(3, 2);
  task.support.clear();
  task.supportLabels.clear();
  if (adapter().needsSupport) {
    EXPECT_NE(refusal(task).find("needs support pictures"), std::string::npos);
  } else {
    EXPECT_EQ(refusal(task), "");
  }
  task = makeTask(3, 2);
  for (int& label : task.supportLabels) {
    label = label == 1 ? 2 : label;
  }
  if (adapter().needsSupport) {
    EXPECT_NE(refusal(task).find("Class 1 has no support picture"), std::string::npos);
  }
}

TEST_P(Contract, RefusesNoTextWhereNeeded) {
  OwnedTask task = makeTask(3, 2);
  task.text.clear();
  if (adapter().needsText) {
    EXPECT_NE(refusal(task).find("needs a text vector for each class"), std::string::npos);
  } else {
    EXPECT_EQ(refusal(task), "");
  }
  task = makeTask(3, 2);
  task.text.resize(2 * task.columns);
  EXPECT_NE(refusal(task).find("2 text vectors for 3 classes"), std::string::npos);
}

TEST_P(Contract, TooLittleValidationLeavesFixedSettingsAndSaysSo) {
  for (const std::size_t rows : {0, 2}) {  // of three classes
    OwnedTask task = makeTask(3, 2);
    task.validation.resize(rows * task.columns);
    task.validationLabels.resize(rows);
    const auto classifier = adapter().fit(task.task(), {});
    LIX_ASSERT_OK(classifier);
    const ParamValues settings = (*classifier)->settings();
    EXPECT_FALSE(settings.contains("validation_accuracy"));
    if (adapter().needsValidation) {
      EXPECT_TRUE(std::get<std::string>(settings.at("chosen_by")).starts_with("fixed settings: "));
    }
  }
}

TEST(TipAdapterSearch, IsTheFixedAdapterWithoutValidation) {
  OwnedTask task = makeTask(4, 3);
  task.validation.clear();
  task.validationLabels.clear();
  const auto searched = (*adapt::find("tip-adapter-x"))->fit(task.task(), {});
  const auto fixed = (*adapt::find("tip-adapter"))->fit(task.task(), {});
  LIX_ASSERT_OK(searched);
  LIX_ASSERT_OK(fixed);
  EXPECT_EQ((*searched)->logits(task.query()), (*fixed)->logits(task.query()));
  EXPECT_EQ((*searched)->settings().at("beta"), (*fixed)->settings().at("beta"));
}

TEST_P(Contract, RefusesGridsThatNobodyMeant) {
  const ParamValues many{{"alpha_steps", 10000LL}, {"beta_steps", 10000LL}};
  const auto& params = adapter().params;
  if (std::ranges::find(params, "alpha_steps", &Param::key) == params.end()) {
    return;
  }
  const std::string message = refusal(makeTask(3, 2), many);
  EXPECT_NE(message.find("alpha_steps = 10000, beta_steps = 10000"), std::string::npos) << message;
  EXPECT_NE(message.find("at most 1000000"), std::string::npos) << message;
}

TEST_P(Contract, RefusesBadFeatures) {
  OwnedTask task = makeTask(3, 2);
  task.text[2 * task.columns] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(refusal(task).find("row 2 that is not a finite number"), std::string::npos) << refusal(task);
  task = makeTask(3, 2);
  task.validation[3 * task.columns + 1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(refusal(task).find("row 3 that is not a finite number"), std::string::npos) << refusal(task);
  task = makeTask(3, 2);
  for (float& value : task.support) {
    value *= 2.f;
  }
  EXPECT_NE(refusal(task).find("of length 2 instead of 1"), std::string::npos) << refusal(task);
  task = makeTask(3, 2);
  adapt::Task lying = task.task();
  lying.support.features.rows = lying.support.features.rows + 1;
  EXPECT_NE(test::messageOf(adapter().fit(lying, {})).find("say 7 x 19 but hold 114 values"), std::string::npos);
  lying = task.task();
  lying.classes = 0;
  EXPECT_NE(test::messageOf(adapter().fit(lying, {})).find("no classes"), std::string::npos);
  lying = task.task();
  lying.logitScale = std::numeric_limits<float>::infinity();
  EXPECT_NE(test::messageOf(adapter().fit(lying, {})).find("logit scale"), std::string::npos);
}

TEST_P(Contract, RefusesUnknownAndWildParameters) {
  const OwnedTask task = makeTask(3, 2);
  EXPECT_NE(refusal(task, {{"aplha", 1.0}}).find("has no setting 'aplha'"), std::string::npos);
  for (const Param& param : adapter().params) {
    EXPECT_NE(refusal(task, {{param.key, true}}).find("must be a"), std::string::npos) << param.key;
    if (std::holds_alternative<double>(param.value)) {
      EXPECT_NE(refusal(task, {{param.key, param.max * 1.5}}).find("must lie from"), std::string::npos) << param.key;
      EXPECT_NE(refusal(task, {{param.key, param.min - 1.0}}).find("must lie from"), std::string::npos) << param.key;
      EXPECT_NE(refusal(task, {{param.key, std::nan("")}}).find("must lie from"), std::string::npos) << param.key;
      EXPECT_EQ(refusal(task, {{param.key, 1LL}}), "") << "a whole number is a number: " << param.key;
    } else if (std::holds_alternative<long long>(param.value)) {
      EXPECT_NE(refusal(task, {{param.key, 0LL}}).find("must lie from"), std::string::npos) << param.key;
      EXPECT_NE(refusal(task, {{param.key, 1.5}}).find("must be a whole number"), std::string::npos) << param.key;
    } else {
      EXPECT_NE(refusal(task, {{param.key, std::string("no such word")}}).find("no such word"), std::string::npos);
    }
  }
}

TEST_P(Contract, SettingsInForceCoverTheParameters) {
  const OwnedTask task = makeTask(3, 2);
  const auto classifier = adapter().fit(task.task(), {});
  LIX_ASSERT_OK(classifier);
  const ParamValues settings = (*classifier)->settings();
  for (const Param& param : adapter().params) {
    EXPECT_TRUE(settings.contains(param.key)) << param.key;
  }
}

TEST_P(Contract, AStoppedFitSaysSoAndOneThatMayBeStoppedAnswersTheSame) {
  const OwnedTask task = makeTask(7, 5);
  adapt::Task watched = task.task();
  std::stop_source stop;
  watched.stop = stop.get_token();
  const auto classifier = adapter().fit(watched, {});
  LIX_ASSERT_OK(classifier);
  EXPECT_EQ((*classifier)->logits(task.query()), logits(task));
  stop.request_stop();
  const auto stopped = adapter().fit(watched, {});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

std::string nameOf(const ::testing::TestParamInfo<const adapt::Adapter*>& variant) {
  std::string name = variant.param->id;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Contract, ::testing::ValuesIn(adapt::table().begin(), adapt::table().end()), nameOf);

TEST(Adapters, ThoseThatTakeOptimiserStepsSaySo) {
  for (const adapt::Adapter* adapter : adapt::table()) {
    const bool steps = adapter->id == "tip-adapter-f" || adapter->id == "linear-probe";
    EXPECT_EQ(adapter->training == adapt::Training::Fitted, steps) << adapter->id;
  }
}

TEST(Adapters, UnknownIdListsThoseThereAre) {
  const std::string message = test::messageOf(adapt::find("tip"));
  EXPECT_NE(message.find("no adapter 'tip'"), std::string::npos);
  EXPECT_NE(message.find("tip-adapter-x"), std::string::npos);
}

}  // namespace
}  // namespace lix
