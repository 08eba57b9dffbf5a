#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "base/text.h"
#include "imaging/hash.h"
#include "inspect/inspect_support.h"
#include "study/canary/frozen_canary.h"
#include "study/eval/zero_shot.h"
#include "study/metrics/accuracy.h"
#include "study/pack/pack_writer.h"

namespace lix::study {
namespace {
using lix::test::messageOf;
using test::Kind;

/// Pictures by number; those of `broken` cannot be read.
class Numbered : public data::PictureSource {
 public:
  explicit Numbered(std::vector<std::uint64_t> numbers, std::set<std::uint64_t> broken = {})
      : numbers_(std::move(numbers)), broken_(std::move(broken)) {}
  Result<imaging::Image> load(std::size_t index) const override {
    if (broken_.contains(numbers_[index])) {
      return fail(ErrorCode::BadInput, "The file is cut off.");
    }
    return test::picture(numbers_[index]);
  }

 private:
  std::vector<std::uint64_t> numbers_;
  std::set<std::uint64_t> broken_;
};

struct Made {
  data::Dataset dataset;
  std::vector<std::uint64_t> numbers;  ///< of the pictures: equal number, equal pixels
};

/// `classes` classes with so many pictures in every split, numbered from `first` on.
Made made(const std::string& name, int classes, int train, int validation, int tests, std::uint64_t first = 0) {
  Made out;
  out.dataset.name = name;
  out.dataset.labelSets.push_back({"kind", {}});
  for (int c = 0; c < classes; ++c) {
    out.dataset.labelSets[0].classes.push_back(cat("kind ", c));
    const auto add = [&](int count, data::Split split) {
      for (int i = 0; i < count; ++i) {
        out.numbers.push_back(first + out.numbers.size());
        out.dataset.samples.push_back({.key = cat("picture ", out.numbers.back()),
                                       .captions = {cat("a picture of kind ", c)},
                                       .labels = {c},
                                       .split = split});
      }
    };
    add(train, data::Split::Train);
    add(validation, data::Split::Validation);
    add(tests, data::Split::Test);
  }
  out.dataset.pictures = std::make_shared<Numbered>(out.numbers);
  return out;
}

class CanaryTest : public testing::Test {
 protected:
  /// What a run on the dataset learns from.
  Pack packOf(const data::Dataset& dataset, PackFit fit = PackFit::Squash) {
    const auto folder = folder_ / cat("pack", packs_++);
    EXPECT_TRUE(writePack(dataset, 18, fit, folder).has_value());
    auto pack = Pack::open(folder);
    EXPECT_TRUE(pack.has_value()) << messageOf(pack);
    return std::move(*pack);
  }
  Pack elsewhere() { return packOf(made("elsewhere", 2, 1, 0, 0, 100000).dataset); }

  static Result<std::unique_ptr<FrozenCanary>> canary(const data::Dataset& dataset, const Pack& learned,
                                                      CanarySettings settings = {}, Kind kind = Kind::Siglip) {
    const Evaluator model = test::evaluator(kind);
    return makeCanary(dataset, settings, learned, model.preprocess, model.tokenizer);
  }

  static void expectRefused(const Result<std::unique_ptr<FrozenCanary>>& made, const std::string& part) {
    ASSERT_FALSE(made.has_value()) << part;
    EXPECT_NE(made.error().message.find(part), std::string::npos) << made.error().message;
    EXPECT_TRUE(made.error().message.ends_with(".")) << made.error().message;
  }

  lix::test::TemporaryFolder folder_;
  int packs_ = 0;
};

std::vector<std::string> keysOf(const data::Dataset& dataset, const std::vector<CanaryPicture>& pictures) {
  std::vector<std::string> keys;
  for (const CanaryPicture& one : pictures) {
    keys.push_back(dataset.samples[one.sample].key);
  }
  return keys;
}

std::vector<std::size_t> samplesOf(const std::vector<CanaryPicture>& pictures) {
  std::vector<std::size_t> samples;
  for (const CanaryPicture& one : pictures) {
    samples.push_back(one.sample);
  }
  return samples;
}

TEST_F(CanaryTest, SameDatasetSameDrawWhateverItsOrder) {
  const Made set = made("set", 3, 9, 0, 7);
  Made turned = set;
  std::ranges::reverse(turned.dataset.samples);
  std::ranges::reverse(turned.numbers);
  turned.dataset.pictures = std::make_shared<Numbered>(turned.numbers);
  const Pack learned = elsewhere();
  const auto first = canary(set.dataset, learned), again = canary(turned.dataset, learned);
  LIX_ASSERT_OK(first);
  LIX_ASSERT_OK(again);
  EXPECT_EQ(keysOf(set.dataset, (*first)->draw().support), keysOf(turned.dataset, (*again)->draw().support));
  EXPECT_EQ(keysOf(set.dataset, (*first)->draw().query), keysOf(turned.dataset, (*again)->draw().query));
  EXPECT_EQ((*first)->draw().support.size(), 12u);
  EXPECT_EQ((*first)->draw().query.size(), 21u);
  for (const CanaryPicture& one : (*first)->draw().support) {
    EXPECT_EQ(set.dataset.samples[one.sample].split, data::Split::Train);
    EXPECT_EQ(set.dataset.samples[one.sample].labels[0], one.label);
    EXPECT_EQ(one.square.width, 16);
  }
  for (const CanaryPicture& one : (*first)->draw().query) {
    EXPECT_EQ(set.dataset.samples[one.sample].split, data::Split::Test);
  }
  ASSERT_EQ((*first)->draw().notes.size(), 1u);
  EXPECT_EQ((*first)->draw().notes[0],
            "The canary asks 21 test pictures of 'set' in 3 classes, with 4 shots from its training split.");
}

TEST_F(CanaryTest, ReadsWhatEvaluationReads) {
  const Made set = made("set", 4, 6, 0, 9);
  const Pack learned = elsewhere();
  const Templates plain = *findTemplates("plain");
  for (const Kind kind : {Kind::Siglip, Kind::Clip, Kind::Llip}) {
    SCOPED_TRACE(int(kind));
    const Evaluator model = test::evaluator(kind);
    const auto made = canary(set.dataset, learned, {}, kind);
    LIX_ASSERT_OK(made);
    const auto reading = (*made)->read(model.checkpoint.model, model.preprocess);
    LIX_ASSERT_OK(reading);
    const auto& query = (*made)->draw().query;
    ASSERT_EQ(reading->zeroShotHits.size(), query.size());

    const auto features = embedPictures(model, set.dataset, samplesOf(query), {});
    LIX_ASSERT_OK(features);
    const auto texts = embedClasses(model, set.dataset.labelSets[0].classes, plain);
    const at::Tensor scores = zeroShotScores(model, *features, texts);
    const auto predicted =
        predictions({{scores.data_ptr<float>(), std::size_t(scores.numel())}, std::size_t(texts.text.size(0))});
    std::vector<std::uint8_t> hits;
    for (std::size_t i = 0; i < predicted.size(); ++i) {
      hits.push_back(predicted[i] == set.dataset.samples[query[i].sample].labels[0]);
    }
    EXPECT_EQ(reading->zeroShotHits, hits);
    EXPECT_DOUBLE_EQ(reading->series.at("canary.zero_shot"),
                     double(std::accumulate(hits.begin(), hits.end(), 0)) / double(hits.size()));
    EXPECT_EQ(reading->series.size(), 3u);
    for (const auto& [name, value] : reading->series) {
      EXPECT_TRUE(value >= 0.0 && value <= 1.0) << name;
    }
    const auto again = (*made)->read(model.checkpoint.model, model.preprocess);
    LIX_ASSERT_OK(again);
    EXPECT_EQ(again->series, reading->series) << "the same weights";
    EXPECT_EQ(again->zeroShotHits, reading->zeroShotHits);
  }
}

TEST_F(CanaryTest, TheFingerprintIsThatOfPicturesLabelsAndClasses) {
  const Evaluator model = test::evaluator(Kind::Siglip);
  const auto drawn = [&](const Made& set) {
    const auto made = canary(set.dataset, elsewhere());
    EXPECT_TRUE(made.has_value()) << messageOf(made);
    const auto reading = (*made)->read(model.checkpoint.model, model.preprocess);
    EXPECT_TRUE(reading.has_value()) << messageOf(reading);
    return reading->draw;
  };
  const Made set = made("set", 3, 9, 0, 7);
  Made renamed = set;
  renamed.dataset.labelSets[0].classes[0] += " more";
  const std::string before = drawn(set);
  EXPECT_FALSE(before.empty());
  EXPECT_EQ(drawn(set), before);
  EXPECT_NE(drawn(renamed), before);
  EXPECT_NE(drawn(made("set", 3, 9, 0, 7, 5000)), before);  // as many other pictures
}

TEST_F(CanaryTest, LeavesWeightsThatLearnAlone) {
  const Made set = made("set", 2, 4, 0, 3);
  Evaluator model = test::evaluator(Kind::Siglip);
  for (auto& [name, parameter] : model.checkpoint.model.parameters) {
    parameter.requires_grad_(true);
  }
  const auto made = canary(set.dataset, elsewhere());
  LIX_ASSERT_OK(made);
  LIX_ASSERT_OK((*made)->read(model.checkpoint.model, model.preprocess));
  for (const auto& [name, parameter] : model.checkpoint.model.parameters) {
    EXPECT_TRUE(parameter.requires_grad()) << name;
    EXPECT_FALSE(parameter.grad().defined()) << name;
  }
}

TEST_F(CanaryTest, PrototypesKnowPicturesOfTheirOwnClass) {
  // Queries are the support's pictures under another noise that the smallest towers still see: one pixel changed.
  Made set = made("set", 5, 4, 0, 4);
  class Near : public Numbered {
   public:
    using Numbered::Numbered;
    Result<imaging::Image> load(std::size_t index) const override {
      imaging::Image image = test::picture(index / 8);  // a class is one picture
      image.pixels[0] = std::uint8_t(index);            // and no two are equal
      return image;
    }
  };
  set.dataset.pictures = std::make_shared<Near>(set.numbers);
  const Evaluator model = test::evaluator(Kind::Siglip);
  const auto made = canary(set.dataset, elsewhere());
  LIX_ASSERT_OK(made);
  const auto reading = (*made)->read(model.checkpoint.model, model.preprocess);
  LIX_ASSERT_OK(reading);
  EXPECT_EQ(reading->series.at("canary.prototype"), 1.0);
  EXPECT_LT(reading->series.at("canary.zero_shot"), 1.0) << "towers that learned nothing";
}

TEST_F(CanaryTest, NeverTakesWhatTheRunLearnsFrom) {
  const Made own = made("set", 3, 6, 5, 4);
  const auto made1 = canary(own.dataset, packOf(own.dataset));
  LIX_ASSERT_OK(made1);
  for (const CanaryPicture& one : (*made1)->draw().support) {
    EXPECT_EQ(own.dataset.samples[one.sample].split, data::Split::Validation);
  }
  EXPECT_EQ((*made1)->draw().query.size(), 12u);

  // Another dataset, whose first test picture of each class and five training pictures of the first stand in the run's
  // training split too.
  Made other = made("other", 3, 9, 0, 4, 5000);
  std::set<std::uint64_t> shared;
  for (std::size_t i = 0, c = 0; i < other.dataset.samples.size(); ++i) {
    const auto& sample = other.dataset.samples[i];
    if (sample.split == data::Split::Test && std::size_t(sample.labels[0]) == c) {
      shared.insert(other.numbers[i]);
      ++c;
    }
    if (sample.split == data::Split::Train && sample.labels[0] == 0 && i < 5) {
      shared.insert(other.numbers[i]);
    }
  }
  Made run = made("run", 1, int(shared.size()), 0, 0);
  run.dataset.pictures = std::make_shared<Numbered>(std::vector<std::uint64_t>(shared.begin(), shared.end()));
  for (const PackFit fit : {PackFit::Squash, PackFit::Crop}) {
    const auto made2 = canary(other.dataset, packOf(run.dataset, fit));
    LIX_ASSERT_OK(made2);
    for (const auto* part : {&(*made2)->draw().support, &(*made2)->draw().query}) {
      for (const CanaryPicture& one : *part) {
        EXPECT_FALSE(shared.contains(other.numbers[one.sample])) << other.dataset.samples[one.sample].key;
      }
    }
    EXPECT_EQ((*made2)->draw().query.size(), 9u);
    EXPECT_EQ((*made2)->draw().support.size(), 12u) << "other pictures take their place";
    EXPECT_NE((*made2)->draw().notes.back().find("that the run learns from"), std::string::npos);
  }
}

TEST_F(CanaryTest, UnreadableAndRepeatedPicturesMakeRoom) {
  Made set = made("set", 2, 8, 0, 4);
  set.numbers[9] = set.numbers[8];  // two equal test pictures of the first class
  set.dataset.pictures = std::make_shared<Numbered>(set.numbers, std::set<std::uint64_t>{0, 1, 2, 3});
  const auto made = canary(set.dataset, elsewhere());
  LIX_ASSERT_OK(made);
  EXPECT_EQ((*made)->draw().support.size(), 8u);
  EXPECT_EQ((*made)->draw().query.size(), 7u);
  const std::string notes = join((*made)->draw().notes, "\n");
  EXPECT_NE(notes.find("1 picture that repeats another"), std::string::npos) << notes;
  EXPECT_NE(notes.find("cannot be read"), std::string::npos) << notes;

  set.dataset.pictures = std::make_shared<Numbered>(set.numbers, std::set<std::uint64_t>{0, 1, 2, 3, 4});
  expectRefused(canary(set.dataset, elsewhere()), "fewer than two classes with 4 support pictures");
}

TEST_F(CanaryTest, IsCappedAndBalanced) {
  Made set = made("set", 4, 3, 0, 10);
  const Pack learned = elsewhere();
  const auto few = canary(set.dataset, learned, {.shots = 2, .mostQueries = 14});
  LIX_ASSERT_OK(few);
  std::vector<int> perClass(4, 0);
  for (const CanaryPicture& one : (*few)->draw().query) {
    ++perClass[std::size_t(one.label)];
  }
  EXPECT_EQ(std::accumulate(perClass.begin(), perClass.end(), 0), 14);
  for (const int count : perClass) {
    EXPECT_TRUE(count == 3 || count == 4) << count;
  }
  const auto less = canary(set.dataset, learned, {.shots = 2, .mostSupport = 6});
  LIX_ASSERT_OK(less);
  EXPECT_EQ((*less)->draw().classes.size(), 3u);
  EXPECT_EQ((*less)->draw().support.size(), 6u);
  EXPECT_NE((*less)->draw().notes[1].find("1 class of 4"), std::string::npos) << (*less)->draw().notes[1];
}

TEST_F(CanaryTest, SaysWhatADatasetLacks) {
  const Pack learned = elsewhere();
  Made plain = made("plain", 2, 4, 0, 2);
  plain.dataset.labelSets.clear();
  expectRefused(canary(plain.dataset, learned), "'plain' has no classes");
  expectRefused(canary(made("one", 1, 4, 0, 2).dataset, learned), "fewer than two classes");
  expectRefused(canary(made("untested", 2, 4, 4, 0).dataset, learned), "no test pictures");
  expectRefused(canary(made("queries", 2, 0, 4, 3).dataset, learned), "no training pictures");
  expectRefused(canary(made("small", 3, 3, 0, 2).dataset, learned), "give --canary-shots 3 at most");
  const Made own = made("own", 3, 8, 0, 4);
  expectRefused(canary(own.dataset, packOf(own.dataset)), "no validation pictures for the canary's support");
  Made renamed = own;  // the run's pictures under another name
  renamed.dataset.name = "renamed";
  expectRefused(canary(renamed.dataset, packOf(own.dataset)), "since the run learns from 24 of its pictures");
}

TEST_F(CanaryTest, RefusesModelsThatReadOtherwise) {
  const auto made1 = canary(made("set", 2, 4, 0, 2).dataset, elsewhere());
  LIX_ASSERT_OK(made1);
  Evaluator model = test::evaluator(Kind::Siglip);
  const auto says = [&](const std::string& part) {
    const auto reading = (*made1)->read(model.checkpoint.model, model.preprocess);
    ASSERT_FALSE(reading.has_value()) << part;
    EXPECT_NE(reading.error().message.find(part), std::string::npos) << reading.error().message;
  };
  model.preprocess.size = 32;
  says("the model reads");
  model = test::evaluator(Kind::Siglip);
  model.checkpoint.model.config.vocabulary = 8;
  says("tokenizer knows 64 pieces, the model 8");
  model.checkpoint.model.config.towers = nn::Towers::Heads;
  says("frozen features");
  model = test::evaluator(Kind::Siglip);
  for (auto& [name, parameter] : model.checkpoint.model.parameters) {
    parameter.mul_(std::numeric_limits<float>::quiet_NaN());
  }
  says("diverged");
}

}  // namespace
}  // namespace lix::study
