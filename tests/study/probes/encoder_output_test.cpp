// Which vectors of which model: tokens one behind the other, pooled, mixed by a picture's own caption.
#include "study/eval/encoder_output.h"

#include <ATen/ops/stack.h>

#include <numeric>

#include "inspect_support.h"
#include "nn/model.h"
#include "nn/scorers/scorer.h"
#include "study/eval/measure.h"

namespace lix::study::test {
namespace {

class Drawn : public data::PictureSource {
 public:
  Result<imaging::Image> load(std::size_t index) const override {
    return index == 2 ? Result<imaging::Image>(fail(ErrorCode::BadInput, "Picture 2 is torn."))
                      : Result<imaging::Image>(picture(index));
  }
};

data::Dataset dataset(std::size_t pictures) {
  data::Dataset made{.name = "drawn", .pictures = std::make_shared<Drawn>()};
  for (std::size_t i = 0; i < pictures; ++i) {
    made.samples.push_back({.key = std::to_string(i), .captions = {"caption " + std::to_string(i)}});
  }
  return made;
}

at::Tensor pixelsOf(const Evaluator& evaluator, const std::vector<std::size_t>& pictures) {
  std::vector<at::Tensor> pixels;
  for (const std::size_t i : pictures) {
    pixels.push_back(toPixels(picture(i), evaluator.preprocess));
  }
  return at::stack(pixels);
}

double apart(const at::Tensor& a, const at::Tensor& b) {
  EXPECT_EQ(a.sizes(), b.sizes());
  return (a - b).abs().max().item<double>();
}

TEST(EncoderOutput, HasOneRowForEveryTokenThatTheHeadReads) {
  for (const auto& [kind, rows] : {std::pair(Kind::Siglip, 1),
                                   {Kind::Clip, 1},
                                   {Kind::Llip, 3},
                                   {Kind::Registers, 1},
                                   {Kind::Average, 3},
                                   {Kind::LearnedAverage, 3},
                                   {Kind::LlipPatches, 7}}) {
    const Evaluator model = evaluator(kind);
    const at::Tensor pixels = pixelsOf(model, {0, 1});
    const at::Tensor output = encoderOutput(model, pixels);
    EXPECT_EQ(output.sizes(), (std::vector<std::int64_t>{2 * rows, 16})) << int(kind);
    EXPECT_LT(apart(output.narrow(0, rows, rows), encoderOutput(model, pixelsOf(model, {1}))), 1e-5)
        << "the tokens of picture 1 follow those of picture 0";
  }
  const Evaluator llip = evaluator(Kind::Llip);
  const at::Tensor pixels = pixelsOf(llip, {0, 1});
  EXPECT_EQ(apart(encoderOutput(llip, pixels), nn::encodeImages(llip.checkpoint.model, pixels).flatten(0, 1)), 0.0);
}

TEST(MixedTokens, AreThoseOfTheScorer) {
  for (const Kind kind : {Kind::Llip, Kind::LlipPatches}) {
    const Evaluator model = evaluator(kind);
    const at::Tensor tokens = nn::encodeImages(model.checkpoint.model, pixelsOf(model, {0, 1, 3}));
    const nn::TextFeatures texts = embedCaptions(model, {"a", "bc", "def"});
    const MixedTokens mixed = mixForAll(model, tokens, texts);
    EXPECT_LT((mixed.weights.sum(3) - 1.0).abs().max().item<double>(), 1e-5);
    const nn::Encoded batch{.mixture = nn::projectTokens(model.checkpoint.model, tokens),
                            .text = texts,
                            .outProj = model.checkpoint.model.parameters.at("llip.out_proj"),
                            .tau = model.checkpoint.model.config.mixture->tau};
    const nn::Scores scores = (*nn::findScorer("mixture"))->score({batch, {}});
    EXPECT_LT(apart(mixed.weights, scores.weights.permute({0, 3, 1, 2})), 1e-6);
    const at::Tensor cosines = (mixed.vectors * unitCaptions(model, {"a", "bc", "def"}).unsqueeze(0)).sum(2);
    EXPECT_LT(apart(cosines, scores.cosines), 1e-5);
    EXPECT_LT(apart(mixForOwn(model, tokens, texts), mixed.vectors.diagonal(0, 0, 1).t()), 1e-5);
  }
}

struct Kept {
  std::vector<at::Tensor> blocks;
  VisitRows visit() {
    return [this](const at::Tensor& rows) -> Result<void> {
      blocks.push_back(rows);
      return {};
    };
  }
};

TEST(VisitVectors, GoesOverAllPicturesAndSaysWhatItLeftOut) {
  const Evaluator model = evaluator(Kind::Llip);
  const data::Dataset data = dataset(70);  // more than a block
  std::vector<std::size_t> samples(70);
  std::iota(samples.begin(), samples.end(), std::size_t(0));
  for (const auto& [from, rows] :
       {std::pair(VectorsFrom::Encoder, 69 * 3), {VectorsFrom::Pooled, 69}, {VectorsFrom::Mixed, 69}}) {
    Kept kept;
    const auto visited = visitVectors(model, data, samples, from, {}, {}, kept.visit());
    LIX_ASSERT_OK(visited);
    EXPECT_EQ(visited->samples.size(), 69u);
    EXPECT_EQ(visited->samples[2], 3u);
    ASSERT_EQ(visited->skipped.size(), 1u);
    EXPECT_EQ(visited->skipped[0].reason, "Picture 2 is torn.");
    std::int64_t seen = 0;
    for (const at::Tensor& block : kept.blocks) {
      EXPECT_TRUE(block.is_contiguous());
      seen += block.size(0);
    }
    EXPECT_EQ(seen, rows) << nameOf(from);
    EXPECT_EQ(*vectorsFromNamed(nameOf(from)), from);
  }
}

TEST(VisitVectors, MixesEachPictureByItsOwnCaption) {
  const Evaluator model = evaluator(Kind::Llip);
  Kept kept;
  LIX_ASSERT_OK(visitVectors(model, dataset(5), {1, 4}, VectorsFrom::Mixed, {}, {}, kept.visit()));
  const at::Tensor tokens = nn::encodeImages(model.checkpoint.model, pixelsOf(model, {1, 4}));
  const at::Tensor own = mixForOwn(model, tokens, embedCaptions(model, {"caption 1", "caption 4"}));
  EXPECT_LT(apart(kept.blocks.at(0), own), 2e-3) << "but for fp16";
  const at::Tensor other = mixForOwn(model, tokens, embedCaptions(model, {"caption 4", "caption 1"}));
  EXPECT_GT(apart(other, own), 0.0);
}

TEST(VisitVectors, RefusesAndStops) {
  Kept kept;
  const auto messageOf = [](const auto& result) { return lix::test::messageOf(result); };
  const auto mixed =
      visitVectors(evaluator(Kind::Siglip), dataset(3), {0, 1}, VectorsFrom::Mixed, {}, {}, kept.visit());
  EXPECT_NE(messageOf(mixed).find("Only a Llip"), std::string::npos) << messageOf(mixed);
  for (const VectorsFrom from : {VectorsFrom::Encoder, VectorsFrom::Pooled}) {
    const auto none = visitVectors(evaluator(Kind::Siglip), dataset(3), {2}, from, {}, {}, kept.visit());
    EXPECT_NE(messageOf(none).find("torn"), std::string::npos) << messageOf(none);
    const auto cancelled = visitVectors(
        evaluator(Kind::Siglip), dataset(3), {0}, from, {}, [](auto, auto, auto) { return false; }, kept.visit());
    ASSERT_FALSE(cancelled.has_value());
    EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
  }
  EXPECT_NE(messageOf(vectorsFromNamed("nowhere")).find("nowhere"), std::string::npos);
}

TEST(MeasuredCost, HasEveryNumberAndGrowsWithPrompts) {
  for (const Kind kind : {Kind::Siglip, Kind::Clip, Kind::Llip, Kind::LearnedAverage}) {
    const Evaluator model = evaluator(kind);
    const StatedCost stated = statedCost(model);
    EXPECT_GT(stated.parameters, 0);
    EXPECT_EQ(stated.pairFlops, kind == Kind::Llip ? 4.0 * 3 * 16 + 2.0 * 16 * 16 + 2.0 * 16 : 2.0 * 16);
    const auto found = measureCost(model, {.batch = 3, .repeats = 1, .prompts = {1, 7}});
    LIX_ASSERT_OK(found);
    for (const double seconds : {found->imageSeconds, found->captionSeconds, found->pairSeconds,
                                 found->promptSeconds.at(0).second, found->promptSeconds.at(1).second}) {
      EXPECT_GT(seconds, 0.0);
    }
    EXPECT_EQ(found->promptSeconds[1].first, 7);
    EXPECT_GT(found->peakBytes, 3 * 4 * 16 * 4) << "at least the tokens of a block";
  }
  EXPECT_FALSE(measureCost(evaluator(Kind::Clip), {.batch = 0}).has_value());
  EXPECT_FALSE(measureCost(evaluator(Kind::Clip), {.prompts = {0}}).has_value());
  const auto cancelled = measureCost(evaluator(Kind::Clip), {}, [](auto, auto, auto) { return false; });
  ASSERT_FALSE(cancelled.has_value());
  EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace lix::study::test
