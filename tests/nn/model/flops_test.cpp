// The operations that nn/cost.h states are those that a forward pass makes: counted from the shapes of every matrix
// product, convolution and attention that LibTorch runs.
#include <ATen/core/grad_mode.h>
#include <ATen/ops/randn.h>
#include <ATen/record_function.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "nn/cost.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

at::Tensor input(const at::RecordFunction& op, std::size_t i) { return op.inputs()[i].toTensor(); }

double product(const at::Tensor& a, const at::Tensor& b) { return 2.0 * double(a.numel()) * double(b.size(-1)); }

/// What is running on this thread, by the shapes of its operators; a multiply-add is two operations.
struct Count {
  double flops = 0.0;
  std::set<std::string> unknown;  ///< operators that may multiply matrices and are not known here

  void see(const at::RecordFunction& op) {
    const std::string name = op.name();
    if (name == "aten::mm" || name == "aten::bmm" || name == "aten::mv" || name == "aten::dot") {
      const at::Tensor b = input(op, 1);
      flops +=
          name == "aten::mv" || name == "aten::dot" ? 2.0 * double(input(op, 0).numel()) : product(input(op, 0), b);
    } else if (name == "aten::addmm" || name == "aten::baddbmm") {
      flops += product(input(op, 1), input(op, 2));
    } else if (name == "aten::_scaled_dot_product_flash_attention_for_cpu") {
      const at::Tensor q = input(op, 0), k = input(op, 1);
      flops += 4.0 * double(q.numel()) * double(k.size(2));
    } else if (isProduct(name) && !made_.contains(name)) {
      unknown.insert(name);
    }
  }

 private:
  static bool isProduct(const std::string& name) {
    for (const char* part : {"mm", "mv", "conv", "linear", "attention", "einsum", "tensordot", "bilinear"}) {
      if (name.find(part) != std::string::npos) {
        return true;
      }
    }
    return false;
  }
  /// Operators that are made of those above, which are seen as well.
  const std::set<std::string> made_{"aten::linear", "aten::scaled_dot_product_attention", "aten::_fused_sdp_choice",
                                    "aten::einsum"};
};

double counted(const std::function<void()>& work) {
  static thread_local Count* current = nullptr;
  Count count;
  current = &count;
  const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback([](const at::RecordFunction& op) {
                                                   current->see(op);
                                                   return std::unique_ptr<at::ObserverContext>();
                                                 })
                                                     .needsInputs(true)
                                                     .scopes({at::RecordScope::FUNCTION}));
  work();
  at::removeCallback(handle);
  EXPECT_TRUE(count.unknown.empty()) << *count.unknown.begin() << " is not counted";
  return count.flops;
}

/// What one more of a batch costs: what is made once for all of it (a probe's projection) is left out.
double oneMore(const std::function<void(std::int64_t)>& work) {
  return counted([&] { work(3); }) - counted([&] { work(2); });
}

void encodeAll(const Model& model, std::int64_t batch) {
  const ModelConfig& c = model.config;
  const at::Tensor input =
      c.heads ? at::randn({batch, c.heads->imageFeatures}) : at::randn({batch, 3, c.imageSize, c.imageSize});
  const at::Tensor tokens = encodeImages(model, input);
  if (c.mixesByCaption()) {
    projectTokens(model, tokens);
  }
}

void readAll(const Model& model, std::int64_t batch) {
  const ModelConfig& c = model.config;
  encodeTexts(model, c.heads ? at::randn({batch, c.heads->textFeatures})
                             : captionIds(std::vector<std::vector<std::int64_t>>(std::size_t(batch), {5, 6, 7}),
                                          c.contextLength));
}

void expectCounted(const ModelConfig& config, const std::string& name) {
  SCOPED_TRACE(name);
  const at::NoGradGuard noGrad;
  const auto model = makeModel(config, 3);
  LIX_ASSERT_OK(model);
  const Cost cost = costOf(config, *findRecipe(config.mixesByCaption() ? "llip" : "siglip"), 16);
  EXPECT_DOUBLE_EQ(cost.imageFlops, oneMore([&](std::int64_t batch) { encodeAll(*model, batch); }));
  EXPECT_DOUBLE_EQ(cost.captionFlops, oneMore([&](std::int64_t batch) { readAll(*model, batch); }));
}

TEST(Flops, OfTowersAreThoseOfAForwardPass) {
  for (const char* id :
       {"siglip", "clip", "llip", "llip-ladder/registers", "llip-ladder/average", "llip-ladder/learned-average"}) {
    const auto recipe = findRecipe(id);
    LIX_ASSERT_OK(recipe);
    const auto config = presetConfig("tiny", {.towers = recipe->towers, .head = recipe->head});
    LIX_ASSERT_OK(config);
    expectCounted(*config, id);
    if (config->mixture) {
      ModelConfig patches = *config;
      patches.mixture->patches = true;
      expectCounted(patches, std::string(id) + " with patch tokens");
    }
  }
}

TEST(Flops, OfHeadsAreThoseOfAForwardPass) {
  for (const ImageHead head :
       {ImageHead::Vector, ImageHead::Registers, ImageHead::Average, ImageHead::LearnedAverage, ImageHead::Mixture}) {
    ModelConfig config{.towers = Towers::Heads,
                       .head = head,
                       .embedWidth = 24,
                       .heads = HeadsConfig{.imageFeatures = 20, .textFeatures = 12, .hidden = 32, .depth = 3}};
    if (head != ImageHead::Vector) {
      config.classTokens = 5;
      config.vision.width = 10;
      config.text.width = 14;
    }
    if (head == ImageHead::LearnedAverage || head == ImageHead::Mixture) {
      config.mixture = MixtureConfig{.heads = 4};
    }
    expectCounted(config, std::to_string(int(head)));
  }
}

TEST(Flops, OfComparingAreThoseOfTheScorer) {
  const at::NoGradGuard noGrad;
  constexpr std::int64_t kImages = 3, kCaptions = 5;
  for (const char* id : {"clip", "llip"}) {
    const auto recipe = findRecipe(id);
    LIX_ASSERT_OK(recipe);
    const auto config = presetConfig("tiny", {.towers = recipe->towers, .head = recipe->head});
    LIX_ASSERT_OK(config);
    const std::int64_t k = config->mixtureTokens(), d = config->embedWidth;
    Encoded batch{.image = at::randn({kImages, d}), .text = {at::randn({kCaptions, d}), {}}};
    if (config->mixture) {
      const std::int64_t m = config->mixture->heads;
      batch.mixture = {at::randn({kImages, m, k, d / m}), at::randn({kImages, m, k, d / m})};
      batch.text.query = at::randn({kCaptions, m, d / m});
      batch.outProj = at::randn({d, d});
    }
    const auto scorer = findScorer(config->mixture ? "mixture" : "dot");
    LIX_ASSERT_OK(scorer);
    const double flops = counted([&] { (*scorer)->score({batch, {}}); });
    EXPECT_DOUBLE_EQ(comparisonFlops(*config) * kImages * kCaptions, flops) << id;
  }
}

}  // namespace
}  // namespace lix::test
