#include "study/reader/reader.h"

#ifdef C10_API
#error "reader.h must not include LibTorch"
#endif

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "imaging/hash.h"
#include "nn/ops/tensor.h"
#include "study/eval/embed.h"
#include "study/eval/zero_shot.h"
#include "reader_support.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;
using lix::test::messageOf;
using namespace testing_support;

std::vector<float> values(const at::Tensor& tensor) {
  const at::Tensor own = tensor.contiguous();
  return {own.data_ptr<float>(), own.data_ptr<float>() + own.numel()};
}

const std::vector<std::string> kClasses{"red heart", "cat face", "Straße"};

class EveryReader : public EveryModel {};

TEST_P(EveryReader, EmbedsADatasetAsTheEvaluationDoes) {
  const lix::test::TemporaryFolder cache;
  const std::vector<std::size_t> samples{5, 3, 0, 2};
  const auto expected = embedPictures(reader_->evaluator(), dataset(), samples, std::nullopt);
  LIX_ASSERT_OK(expected);
  for (const auto& folder : {std::optional<fs::path>(), std::optional(cache.path()), std::optional(cache.path())}) {
    const auto features = reader_->embed(dataset(), samples, folder);
    LIX_ASSERT_OK(features);
    EXPECT_EQ(features->size(), 3u);
    EXPECT_EQ(features->items, (std::vector<std::size_t>{5, 0, 2}));
    EXPECT_EQ(features->hashes[1], imaging::contentHash(picture(0)));
    ASSERT_EQ(features->skipped.size(), 1u);
    EXPECT_EQ(features->skipped[0].key, "square 3");
    const Vectors vectors = reader_->unitVectors(*features);
    EXPECT_EQ(vectors.width, std::size_t(reader_->facts().embedWidth));
    EXPECT_EQ(vectors.size(), 3u);
    EXPECT_EQ(vectors.values, values(unitVectors(reader_->evaluator(), *expected)));
    for (std::size_t i = 0; i < 3; ++i) {
      double squares = 0.0;
      for (std::size_t k = 0; k < vectors.width; ++k) {
        squares += std::pow(vectors.values[i * vectors.width + k], 2);
      }
      EXPECT_NEAR(squares, 1.0, 1e-5);
    }
  }
}

TEST_P(EveryReader, PicturesAtHandGiveTheVectorsOfTheDataset) {
  const auto fromDataset = reader_->embed(dataset(), {0, 1, 2}, std::nullopt);
  const auto atHand = reader_->embed(pictures(3));
  LIX_ASSERT_OK(fromDataset);
  LIX_ASSERT_OK(atHand);
  EXPECT_EQ(atHand->items, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(atHand->hashes, fromDataset->hashes);
  EXPECT_EQ(reader_->unitVectors(*atHand).values, reader_->unitVectors(*fromDataset).values);
}

TEST_P(EveryReader, JoinedFeaturesAreTheirRowsInOrder) {
  const auto all = pictures(5);
  std::vector<Features> parts(3);
  parts[0] = reader_->embed(std::span(all).first(2)).value();
  parts[2] = reader_->embed(std::span(all).subspan(2)).value();  // and an empty one between them
  const Features joined = Reader::joined(parts);
  EXPECT_EQ(joined.items, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  std::vector<float> expected = reader_->unitVectors(parts[0]).values;
  const Vectors rest = reader_->unitVectors(parts[2]);
  expected.insert(expected.end(), rest.values.begin(), rest.values.end());
  const Vectors vectors = reader_->unitVectors(joined);
  ASSERT_EQ(vectors.values.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(vectors.values[i], expected[i], 1e-6);
  }
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(joined.hashes[i], imaging::contentHash(all[i]));
  }
  const Features none = Reader::joined({});
  EXPECT_EQ(none.size(), 0u);
  EXPECT_EQ(reader_->unitVectors(none).size(), 0u);
  EXPECT_TRUE(reader_->zeroShot(none, kClasses, "plain")->empty());
}

TEST_P(EveryReader, ZeroShotAndClassTextsAreThoseOfTheEvaluation) {
  const auto features = reader_->embed(pictures(4));
  LIX_ASSERT_OK(features);
  for (const char* name : {"plain", "simple"}) {
    const ClassTexts texts = embedClasses(reader_->evaluator(), kClasses, findTemplates(name).value());
    const auto scores = reader_->zeroShot(*features, kClasses, name);
    LIX_ASSERT_OK(scores);
    EXPECT_EQ(*scores, values(zeroShotScores(reader_->evaluator(), *features->rows, texts)));
    EXPECT_EQ(scores->size(), 12u);
    const auto vectors = reader_->classTexts(kClasses, name);
    LIX_ASSERT_OK(vectors);
    EXPECT_EQ(vectors->values, values(texts.text));
    EXPECT_EQ(vectors->size(), 3u);
  }
}

TEST_P(EveryReader, ReadsAsInspectDoes) {
  const std::vector<std::string> captions{"a heart", "a cat"};
  const auto reading = reader_->read(pictures(2), captions);
  const auto expected = inspect(reader_->evaluator(), pictures(2), captions);
  LIX_ASSERT_OK(reading);
  LIX_ASSERT_OK(expected);
  EXPECT_EQ(reading->scores.logits, expected->scores.logits);
  EXPECT_EQ(reading->pictures[1].map.values, expected->pictures[1].map.values);
  EXPECT_EQ(reading->pictures[0].mixture.has_value(), reader_->facts().mixture);
  EXPECT_EQ(reading->scores.rule.scale, reader_->facts().rule.scale);
  EXPECT_FALSE(reader_->read({}, captions));
  EXPECT_NE(messageOf(reader_->read({imaging::Image{}}, captions)).find("0 x 0"), std::string::npos);
}

TEST_P(EveryReader, CaptionVectorsAreUnitTextsInBlocksThatCanBeStopped) {
  std::vector<std::string> captions;
  for (int i = 0; i < 150; ++i) {
    captions.push_back("caption " + std::to_string(i));
  }
  std::vector<long long> told;
  const auto found = reader_->captionVectors(captions, [&](std::string_view, long long done, long long total) {
    EXPECT_EQ(total, 150);
    told.push_back(done);
    return true;
  });
  LIX_ASSERT_OK(found);
  EXPECT_EQ(told, (std::vector<long long>{0, 64, 128}));
  ASSERT_EQ(found->size(), 150u);
  const at::Tensor embeds = embedCaptions(reader_->evaluator(), captions).embeds;
  for (const std::size_t i : {0u, 63u, 64u, 149u}) {
    const at::Tensor row = embeds[std::int64_t(i)];
    const double norm = row.norm().item<double>();
    for (std::size_t k = 0; k < found->width; ++k) {
      EXPECT_NEAR(found->values[i * found->width + k], row[std::int64_t(k)].item<double>() / norm, 1e-5);
    }
  }
  const auto stopped = reader_->captionVectors(captions, [](auto, long long done, auto) { return done < 64; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_FALSE(reader_->captionVectors({}));
  EXPECT_NE(messageOf(reader_->captionVectors({"a", " "})).find("Caption 2 is empty"), std::string::npos);
  EXPECT_NE(messageOf(reader_->captionVectors({"\xff"})).find("UTF-8"), std::string::npos);
}

TEST_P(EveryReader, CaptionLengthsAreThoseOfTheTokenizer) {
  const auto reader = Reader::open(model(GetParam()));
  LIX_ASSERT_OK(reader);
  std::string longOne;
  for (int i = 0; i < 100; ++i) {
    longOne += "a red heart and ";
  }
  const std::vector<std::string> captions{"a red heart", "a", longOne};
  const auto lengths = (*reader)->captionLengths(captions);
  LIX_ASSERT_OK(lengths);
  for (std::size_t i = 0; i < captions.size(); ++i) {
    const int context = (*reader)->facts().contextLength;
    const auto row = (*reader)->evaluator().tokenizer->encode(captions[i], context);
    EXPECT_EQ((*lengths)[i].cut, row.truncated);
    EXPECT_EQ(std::min((*lengths)[i].tokens, context), row.length);
  }
  EXPECT_TRUE((*lengths)[2].cut);
  EXPECT_GT((*lengths)[2].tokens, 300);
  const auto stopped = (*reader)->captionLengths(captions, [](auto, auto, auto) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST_P(EveryReader, ReadingAgainSaysTheSame) {
  const auto first = reader_->read(pictures(2), {"a heart", "a cat"});
  const auto other = reader_->read(pictures(3), {"a cat", "a tree"});
  const auto again = reader_->read(pictures(2), {"a heart", "a cat"});
  LIX_ASSERT_OK(first);
  LIX_ASSERT_OK(other);
  LIX_ASSERT_OK(again);
  EXPECT_EQ(first->scores.logits, again->scores.logits);
  EXPECT_NEAR(first->scores.cosines[1], other->scores.cosines[0], 2e-6);
}

TEST_P(EveryReader, SeveralThreadsReadTheSame) {
  const auto all = pictures(3);
  const auto expected = reader_->unitVectors(reader_->embed(all).value()).values;
  std::array<std::vector<float>, 4> found;
  {
    std::vector<std::jthread> threads;
    for (auto& mine : found) {
      threads.emplace_back([&] { mine = reader_->unitVectors(reader_->embed(all).value()).values; });
    }
  }
  for (const auto& mine : found) {
    EXPECT_EQ(mine, expected);
  }
}

TEST_P(EveryReader, BadInputsAreRefusedInASentence) {
  const auto features = reader_->embed(pictures(1));
  LIX_ASSERT_OK(features);
  EXPECT_NE(messageOf(reader_->classTexts({}, "plain")).find("no class names"), std::string::npos);
  EXPECT_NE(messageOf(reader_->classTexts({"a", " "}, "plain")).find("class 2 is empty"), std::string::npos);
  EXPECT_NE(messageOf(reader_->zeroShot(*features, {"\xff"}, "plain")).find("UTF-8"), std::string::npos);
  EXPECT_NE(messageOf(reader_->zeroShot(*features, kClasses, "absent")).find("'absent'"), std::string::npos);
  EXPECT_FALSE(reader_->embed(std::span<const imaging::Image>()));
  std::vector<imaging::Image> broken{picture(0), {4, 4, {}}, picture(1)};
  const auto some = reader_->embed(broken);
  LIX_ASSERT_OK(some);
  EXPECT_EQ(some->items, (std::vector<std::size_t>{0, 2}));
  ASSERT_EQ(some->skipped.size(), 1u);
  EXPECT_EQ(some->skipped[0].key, "picture 2");
  EXPECT_NE(messageOf(reader_->embed(std::span(broken).subspan(1, 1))).find("4 x 4"), std::string::npos);
  const auto stopped = reader_->embed(dataset(), {0}, {}, [](auto...) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

INSTANTIATE_TEST_SUITE_P(Models, EveryReader, testing::Values("siglip-tiny-emoji", "llip16-tiny-emoji"));

TEST(Reader, SaysTheFactsOfASiglip) {
  const auto reader = Reader::open(model("siglip-tiny-emoji/"));
  LIX_ASSERT_OK(reader);
  const ReaderFacts& facts = (*reader)->facts();
  EXPECT_EQ(facts.name, "siglip-tiny-emoji");
  EXPECT_EQ(facts.folder, model("siglip-tiny-emoji"));
  EXPECT_EQ(facts.recipe, "siglip");
  EXPECT_EQ(facts.weightsHash, (*reader)->evaluator().checkpoint.weightsHash.text());
  EXPECT_FALSE(facts.mixture);
  EXPECT_TRUE(facts.rule.sigmoid);
  EXPECT_GT(facts.rule.scale, 1.0);
  EXPECT_FALSE(facts.tauContext);
  EXPECT_FALSE(facts.tauMixture);
  EXPECT_EQ(facts.heads, 0);
  EXPECT_EQ(facts.tokens, 0);
  EXPECT_EQ(facts.imageSize, 64);
  EXPECT_EQ(facts.contextLength, 32);
  EXPECT_EQ(facts.embedWidth, 96);
  // The towers and two scalars: ln(scale) and the bias.
  const auto towers = nn::parameterCount(nn::parameterSpecs((*reader)->evaluator().checkpoint.model.config));
  EXPECT_EQ(facts.parameters, towers + 2);
}

TEST(Reader, SaysTheFactsOfALlipAndOfASiglixp) {
  const auto llip = Reader::open(model("llip16-tiny-emoji"));
  LIX_ASSERT_OK(llip);
  EXPECT_TRUE((*llip)->facts().mixture);
  EXPECT_EQ((*llip)->facts().recipe, "llip");
  EXPECT_EQ((*llip)->facts().tokens, 16);
  EXPECT_EQ((*llip)->facts().heads, 8);
  EXPECT_EQ((*llip)->facts().tauMixture, 2.0);
  EXPECT_FALSE((*llip)->facts().tauContext);
  const auto siglixp = Reader::open(model("siglixp-tiny-emoji"));
  LIX_ASSERT_OK(siglixp);
  ASSERT_TRUE((*siglixp)->facts().tauContext);
  EXPECT_EQ(*(*siglixp)->facts().tauContext, contextTau((*siglixp)->evaluator(), {})->value);
}

TEST(Reader, ContextSetsHoldRawVectors) {
  const auto reader = Reader::open(model("siglixp-tiny-emoji"));
  LIX_ASSERT_OK(reader);
  const auto features = (*reader)->embed(pictures(4));
  LIX_ASSERT_OK(features);
  const ContextSet set = (*reader)->contextSet(*features);
  EXPECT_EQ(set.width, 96u);
  EXPECT_EQ(set.hashes, features->hashes);
  EXPECT_EQ(set.values, contextSet(*features->rows).values);
  const auto vector = (*reader)->imageVector(picture(2));
  EXPECT_EQ(vector, imageVector((*reader)->evaluator(), picture(2)));
  for (std::size_t k = 0; k < 96; ++k) {
    EXPECT_NEAR(set.values[2 * 96 + k], vector[k], 1e-3 * std::abs(vector[k]) + 1e-4) << "but for fp16";
  }
  const auto reading = readContext(vector, features->hashes[2], set, *(*reader)->facts().tauContext);
  LIX_ASSERT_OK(reading);
  EXPECT_TRUE(reading->masked[2]);
  EXPECT_EQ((*reader)->contextSet({}).width, 96u);
}

TEST(ReaderDeathTest, ALlipHasNoContextSet) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // LibTorch has threads
  const auto reader = Reader::open(model("llip16-tiny-emoji"));
  LIX_ASSERT_OK(reader);
  const auto features = (*reader)->embed(pictures(1));
  LIX_ASSERT_OK(features);
  EXPECT_DEATH((void)(*reader)->contextSet(*features), "contract broken");
  EXPECT_DEATH((void)(*reader)->imageVector(picture(0)), "contract broken");
  EXPECT_FALSE(contextTau((*reader)->evaluator(), 1.0)) << "what callers ask first";
}

TEST(Reader, WhatIsNoCheckpointIsRefused) {
  const lix::test::TemporaryFolder folder;
  const auto absent = Reader::open(folder / "absent");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::NotFound);
  EXPECT_FALSE(Reader::open(folder.path()));
  EXPECT_FALSE(Reader::open(""));
}

}  // namespace
}  // namespace lix::study
