#include "study/support/support_score.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "adapt/linear.h"
#include "base/random.h"
#include "support/support.h"

namespace lix::study {
namespace {

/// A task with memory of its own.
struct Owned {
  std::size_t columns = 2;
  std::vector<float> support, query, text;
  std::vector<int> supportLabels, queryLabels;
  std::vector<std::string> names;

  SupportTask task() const {
    return {{matrix(support), supportLabels}, matrix(query), queryLabels, matrix(text), names};
  }
  adapt::Matrix matrix(const std::vector<float>& values) const { return {values, values.size() / columns, columns}; }
};

/// Right: (1, 0) and (0.6, 0.8); up: (0, 1). The prototype of right is (2, 1) / sqrt 5. Queries: at the right, up, and
/// (0.6, 0.8), which is nearer to right (0.8944) than to up (0.8) although it is labelled up.
Owned byHand() {
  return {.support = {1, 0, 0.6f, 0.8f, 0, 1},
          .query = {1, 0, 0, 1, 0.6f, 0.8f},
          .text = {1, 0, 0, 1},
          .supportLabels = {0, 0, 1},
          .queryLabels = {0, 1, 1},
          .names = {"right", "up"}};
}

/// Random unit rows around a centre for each class.
Owned drawn(std::size_t classes, std::size_t shots) {
  Owned out{.columns = 8};
  Random random(5, classes, shots);
  std::vector<float> centres(classes * out.columns);
  std::ranges::generate(centres, [&] { return static_cast<float>(random.normal()); });
  const auto add = [&](std::vector<float>& rows, std::size_t c, double spread) {
    const std::size_t first = rows.size();
    for (std::size_t k = 0; k < out.columns; ++k) {
      rows.push_back(centres[c * out.columns + k] + static_cast<float>(spread * random.normal()));
    }
    adapt::normalise(std::span(rows).subspan(first));
  };
  for (std::size_t c = 0; c < classes; ++c) {
    out.names.push_back("class " + std::to_string(c));
    add(out.text, c, 0.5);
    for (std::size_t i = 0; i < shots; ++i) {
      add(out.support, c, 0.7);
      out.supportLabels.push_back(static_cast<int>(c));
    }
    for (int i = 0; i < 3; ++i) {
      add(out.query, c, 0.7);
      out.queryLabels.push_back(static_cast<int>(c));
    }
  }
  return out;
}

const AdapterScore& scoreOf(const std::vector<AdapterScore>& scores, const std::string& id) {
  const auto found = std::ranges::find(scores, id, &AdapterScore::id);
  EXPECT_NE(found, scores.end()) << id;
  return *found;
}

TEST(SupportScore, ThePrototypesByHand) {
  const Owned owned = byHand();
  const auto scores = scoreSupport(owned.task());
  const AdapterScore& score = scoreOf(scores, "prototype");
  EXPECT_EQ(score.refusal, "");
  EXPECT_EQ(score.title, "Prototypes");
  ASSERT_EQ(score.predictions.size(), 3u);
  EXPECT_EQ(score.predictions[0].predicted, 0);
  EXPECT_EQ(score.predictions[0].second, 1);
  EXPECT_NEAR(score.predictions[0].margin, 2 / std::sqrt(5.0), 1e-6);
  EXPECT_EQ(score.predictions[1].predicted, 1);
  EXPECT_NEAR(score.predictions[1].margin, 1 - 1 / std::sqrt(5.0), 1e-6);
  EXPECT_EQ(score.predictions[2].predicted, 0);
  EXPECT_NEAR(score.predictions[2].margin, 2 / std::sqrt(5.0) - 0.8, 1e-6);
  EXPECT_EQ(score.predictions[2].label, 1);
  EXPECT_EQ(score.predictions[2].query, 2u);
  ASSERT_TRUE(score.accuracy);
  EXPECT_DOUBLE_EQ(*score.accuracy, 2.0 / 3.0);
  EXPECT_EQ(score.scored, 3u);
  EXPECT_EQ(std::get<double>(score.settings.at("text_weight")), 0.0);
}

TEST(SupportScore, AStoppedTaskIsAnsweredByNoAdapter) {
  const Owned owned = drawn(4, 3);
  SupportTask task = owned.task();
  std::stop_source stop;
  task.stop = stop.get_token();
  const auto before = scoreSupport(task);
  const auto apart = scoreSupport(owned.task());
  ASSERT_EQ(before.size(), apart.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].refusal, "");
    EXPECT_EQ(before[i].accuracy, apart[i].accuracy);
    EXPECT_EQ(before[i].predictions[0].margin, apart[i].predictions[0].margin) << before[i].id;
  }
  stop.request_stop();
  for (const AdapterScore& score : scoreSupport(task)) {
    EXPECT_EQ(score.refusal, "The fit was stopped before its end.") << score.id;
    EXPECT_TRUE(score.predictions.empty());
  }
}

TEST(SupportScore, HoldsEveryAdapterThatNeedsNoValidation) {
  const Owned owned = drawn(4, 3);
  const auto scores = scoreSupport(owned.task());
  std::vector<std::string> expected, ids;
  for (const adapt::Adapter* adapter : adapt::table()) {
    if (!adapter->needsValidation) {
      expected.push_back(adapter->id);
    }
  }
  for (const AdapterScore& score : scores) {
    ids.push_back(score.id);
    EXPECT_EQ(score.refusal, "") << score.id;
    EXPECT_EQ(score.predictions.size(), 12u) << score.id;
    ASSERT_TRUE(score.accuracy) << score.id;
    EXPECT_GT(*score.accuracy, 0.5) << score.id;
  }
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(std::ranges::count(ids, "tip-adapter-x"), 0);
  EXPECT_EQ(std::ranges::count(ids, "tip-adapter"), 1);
}

TEST(SupportScore, TheOrderOfTheRowsDoesNotMatter) {
  const Owned owned = drawn(5, 6);
  Owned mixed = owned;
  std::vector<std::size_t> order(owned.supportLabels.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::reverse(order);
  std::swap(order[3], order[17]);
  for (std::size_t i = 0; i < order.size(); ++i) {
    mixed.supportLabels[i] = owned.supportLabels[order[i]];
    std::copy_n(owned.support.begin() + static_cast<std::ptrdiff_t>(order[i] * owned.columns), owned.columns,
                mixed.support.begin() + static_cast<std::ptrdiff_t>(i * owned.columns));
  }
  const auto before = scoreSupport(owned.task()), after = scoreSupport(mixed.task());
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t a = 0; a < before.size(); ++a) {
    EXPECT_EQ(before[a].accuracy, after[a].accuracy);
    for (std::size_t i = 0; i < before[a].predictions.size(); ++i) {
      EXPECT_EQ(before[a].predictions[i].predicted, after[a].predictions[i].predicted);
      EXPECT_EQ(before[a].predictions[i].second, after[a].predictions[i].second);
      EXPECT_NEAR(before[a].predictions[i].margin, after[a].predictions[i].margin, 1e-4);
    }
  }
}

TEST(SupportScore, QueriesWithoutALabelAreClassifiedButNotScored) {
  Owned owned = byHand();
  owned.queryLabels = {0, -1, -1};
  const auto some = scoreSupport(owned.task());
  for (const AdapterScore& score : some) {
    EXPECT_EQ(score.scored, 1u);
    EXPECT_EQ(score.accuracy, 1.0);
    ASSERT_EQ(score.predictions.size(), 3u);
    EXPECT_EQ(score.predictions[1].label, -1);
    if (score.id != "ridge") {  // whose penalty holds three pictures at the larger class
      EXPECT_EQ(score.predictions[1].predicted, 1);
    }
  }
  owned.queryLabels = {};
  for (const AdapterScore& score : scoreSupport(owned.task())) {
    EXPECT_EQ(score.refusal, "");
    EXPECT_FALSE(score.accuracy);
    EXPECT_EQ(score.scored, 0u);
    EXPECT_EQ(score.predictions.size(), 3u);
  }
}

TEST(SupportScore, WithoutQueriesTheAdaptersAreReadyButSayNothing) {
  Owned owned = byHand();
  owned.query = {};
  owned.queryLabels = {};
  for (const AdapterScore& score : scoreSupport(owned.task())) {
    EXPECT_EQ(score.refusal, "");
    EXPECT_FALSE(score.accuracy);
    EXPECT_TRUE(score.predictions.empty());
  }
  SupportTask task = owned.task();
  task.query = {};
  EXPECT_EQ(scoreSupport(task).front().refusal, "") << "no rows are of any width";
}

TEST(SupportScore, EmptyClassesAreLeftOutAndTheOthersKeepTheirNumbers) {
  const Owned owned = drawn(4, 3);
  Owned wider = owned;  // an empty class before, between and after: 0 -> 1, 1 -> 3, 2 -> 4, 3 -> 5
  const auto moved = [](int label) { return label == 0 ? 1 : label + 2; };
  std::ranges::transform(owned.supportLabels, wider.supportLabels.begin(), moved);
  std::ranges::transform(owned.queryLabels, wider.queryLabels.begin(), moved);
  wider.names = {"empty", "a", "empty too", "b", "c", "d", "empty as well"};
  wider.text.assign(wider.names.size() * wider.columns, 0.f);
  for (std::size_t c = 0; c < wider.names.size(); ++c) {
    wider.text[c * wider.columns] = 1.f;  // would win with some queries
  }
  for (int c = 0; c < 4; ++c) {
    std::copy_n(owned.text.begin() + c * 8, 8, wider.text.begin() + moved(c) * 8);
  }
  const auto before = scoreSupport(owned.task()), after = scoreSupport(wider.task());
  for (std::size_t a = 0; a < before.size(); ++a) {
    EXPECT_EQ(after[a].refusal, "");
    EXPECT_EQ(before[a].accuracy, after[a].accuracy) << before[a].id;
    for (std::size_t i = 0; i < before[a].predictions.size(); ++i) {
      EXPECT_EQ(after[a].predictions[i].predicted, moved(before[a].predictions[i].predicted));
      EXPECT_EQ(after[a].predictions[i].second, moved(before[a].predictions[i].second));
      EXPECT_EQ(after[a].predictions[i].label, moved(before[a].predictions[i].label));
      EXPECT_EQ(after[a].predictions[i].margin, before[a].predictions[i].margin);
    }
  }
  wider.queryLabels[0] = 2;  // a class without pictures: nothing could be right
  const auto scores = scoreSupport(wider.task());
  EXPECT_EQ(scores.front().scored, 11u);
  EXPECT_EQ(scores.front().predictions[0].label, -1);
}

TEST(SupportScore, FewerThanTwoClassesAreRefusedByAll) {
  Owned owned = byHand();
  owned.supportLabels = {0, 0, 0};
  for (const AdapterScore& score : scoreSupport(owned.task())) {
    EXPECT_NE(score.refusal.find("At least two classes"), std::string::npos) << score.refusal;
    EXPECT_NE(score.refusal.find("only one has"), std::string::npos);
    EXPECT_TRUE(score.predictions.empty());
    EXPECT_FALSE(score.accuracy);
    EXPECT_TRUE(score.settings.empty());
  }
  const Owned kept = byHand();
  SupportTask empty = kept.task();
  empty.support = {};
  for (const AdapterScore& score : scoreSupport(empty)) {
    EXPECT_NE(score.refusal.find("none has any"), std::string::npos) << score.refusal;
  }
  for (const AdapterScore& score : scoreSupport({})) {
    EXPECT_NE(score.refusal.find("none has any"), std::string::npos) << score.refusal;
  }
}

TEST(SupportScore, WithoutTextOnlyTheAdaptersThatNeedItRefuse) {
  Owned owned = byHand();
  owned.text = {};
  std::size_t refused = 0;
  for (const AdapterScore& score : scoreSupport(owned.task())) {
    const bool needsText = adapt::find(score.id).value()->needsText;
    EXPECT_EQ(!score.refusal.empty(), needsText) << score.id;
    EXPECT_EQ(score.predictions.empty(), needsText) << score.id;
    refused += needsText ? 1 : 0;
    if (needsText) {
      EXPECT_NE(score.refusal.find("needs a text vector"), std::string::npos) << score.refusal;
    }
  }
  EXPECT_GE(refused, 2u);  // zero-shot, tip-adapter, ...
}

TEST(SupportScore, TasksThatDoNotFitTogetherAreRefusedInASentence) {
  const auto refusal = [](const SupportTask& task) { return scoreSupport(task).front().refusal; };
  const Owned good = byHand();
  SupportTask task = good.task();
  task.queryLabels = task.queryLabels.first(2);
  EXPECT_NE(refusal(task).find("3 query pictures but 2 labels"), std::string::npos) << refusal(task);
  task = good.task();
  task.text = {task.text.values.first(2), 1, 2};
  EXPECT_NE(refusal(task).find("1 text vectors for 2"), std::string::npos) << refusal(task);
  task = good.task();
  task.query = {std::span(good.support).first(3), 1, 3};
  task.queryLabels = {};
  EXPECT_NE(refusal(task), "");
  const std::vector<float> wide{0, 0, 1};
  task.query = {wide, 1, 3};
  EXPECT_NE(refusal(task).find("one and the same model"), std::string::npos) << refusal(task);
  Owned bad = byHand();
  bad.queryLabels = {0, 2, 1};
  EXPECT_NE(refusal(bad.task()).find("Label 2 of a query"), std::string::npos);
  bad = byHand();
  bad.queryLabels = {0, -2, 1};
  EXPECT_NE(refusal(bad.task()), "");
  bad = byHand();
  bad.supportLabels = {0, 1, 2};
  EXPECT_NE(refusal(bad.task()).find("outside 0 to 1"), std::string::npos);
  bad = byHand();
  bad.support[0] = NAN;
  EXPECT_NE(refusal(bad.task()).find("not a finite"), std::string::npos);
  bad = byHand();
  bad.query = {3, 0, 0, 1, 1, 0};
  EXPECT_NE(refusal(bad.task()).find("normalise"), std::string::npos);
}

TEST(SupportScore, QuickAndFittedAreAllAndSettingsAreObeyed) {
  std::vector<std::string> quick;
  for (const adapt::Adapter* adapter : supportAdapters(Adapters::Quick)) {
    quick.push_back(adapter->id);
  }
  EXPECT_EQ(quick, (std::vector<std::string>{"knn", "prototype", "tip-adapter", "zero-shot"}));
  EXPECT_EQ(supportAdapters(Adapters::Quick).size() + supportAdapters(Adapters::Fitted).size(),
            supportAdapters(Adapters::All).size());
  const Owned owned = byHand();
  const auto scores = scoreSupport(owned.task(), supportAdapters(Adapters::Quick), {{"knn", {{"k", 1LL}}}});
  EXPECT_EQ(std::get<long long>(scoreOf(scores, "knn").settings.at("k")), 1);
  EXPECT_DOUBLE_EQ(*scoreOf(scores, "knn").accuracy, 2.0 / 3.0) << "the third query stands in class right";
  EXPECT_EQ(std::get<double>(scoreOf(scores, "tip-adapter").settings.at("beta")), 1.0);
  const auto bad = scoreSupport(owned.task(), supportAdapters(Adapters::Quick), {{"knn", {{"k", 0LL}}}});
  EXPECT_NE(scoreOf(bad, "knn").refusal, "");
  EXPECT_EQ(scoreOf(bad, "prototype").refusal, "");
}

}  // namespace
}  // namespace lix::study
