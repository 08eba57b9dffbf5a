#include "study/eval/pair_scores.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>

#include <algorithm>

#include "base/contracts.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"

namespace lix::study {
namespace {

/// The uniform mixtures of all pictures, block by block: keys and values of all at once would be larger than the
/// tokens.
at::Tensor pooled(const nn::Model& model, const at::Tensor& tokens) {
  constexpr std::int64_t kBlock = 128;
  std::vector<at::Tensor> parts;
  for (std::int64_t begin = 0; begin < tokens.size(0); begin += kBlock) {
    parts.push_back(nn::pooledEmbedding(model, tokens.narrow(0, begin, std::min(kBlock, tokens.size(0) - begin))));
  }
  return at::cat(parts).contiguous();
}

at::Tensor over(std::span<float> scores, const Tile& tile) {
  LIX_REQUIRE(scores.size() == tile.images * tile.captions);
  return at::from_blob(scores.data(), {std::int64_t(tile.images), std::int64_t(tile.captions)}, at::kFloat);
}

}  // namespace

PairScores::PairScores(const Evaluator& evaluator, const at::Tensor& images, const nn::TextFeatures& captions)
    : evaluator_(evaluator), images_(images) {
  const at::NoGradGuard noGrad;
  const nn::Model& model = evaluator.checkpoint.model;
  texts_ = nn::unit(captions.embeds).contiguous();
  if (evaluator.isMixture()) {
    captions_ =
        nn::mixtureCaptions(captions.query, texts_, model.parameters.at("llip.out_proj"), model.config.mixture->tau);
    form_ = nn::cheaperForm(images_.size(0), texts_.size(0), model.config.mixture->heads, model.config.mixtureTokens(),
                            model.config.embedWidth);
  }
}

TileScores PairScores::exact() {
  if (!evaluator_.isMixture()) {
    return cheap();
  }
  return [this](const Tile& tile, std::span<float> scores) { exactTile(tile, scores); };
}

TileScores PairScores::cheap() {
  if (!vectors_.defined()) {
    const at::NoGradGuard noGrad;
    vectors_ = evaluator_.isMixture() ? pooled(evaluator_.checkpoint.model, images_) : nn::unit(images_).contiguous();
  }
  return [this](const Tile& tile, std::span<float> scores) {
    const at::NoGradGuard noGrad;
    at::Tensor out = over(scores, tile);
    at::mm_out(out, vectors_.narrow(0, std::int64_t(tile.firstImage), std::int64_t(tile.images)),
               texts_.narrow(0, std::int64_t(tile.firstCaption), std::int64_t(tile.captions)).t());
  };
}

ListScores PairScores::listed() {
  return [this](std::size_t first, std::span<const std::vector<std::int64_t>> lists,
                std::span<std::vector<float>> scores) { listScores(first, lists, scores); };
}

const nn::MixtureFeatures& PairScores::projected(std::size_t first, std::size_t count) {
  if (first != blockFirst_ || count != blockCount_) {
    block_ =
        nn::projectTokens(evaluator_.checkpoint.model, images_.narrow(0, std::int64_t(first), std::int64_t(count)));
    blockFirst_ = first;
    blockCount_ = count;
  }
  return block_;
}

void PairScores::exactTile(const Tile& tile, std::span<float> scores) {
  const at::NoGradGuard noGrad;
  const nn::MixtureFeatures& images = projected(tile.firstImage, tile.images);
  over(scores, tile)
      .copy_(nn::mixtureScores(images, captions_.range(std::int64_t(tile.firstCaption), std::int64_t(tile.captions)),
                               form_));
}

void PairScores::listScores(std::size_t first, std::span<const std::vector<std::int64_t>> lists,
                            std::span<std::vector<float>> scores) {
  const at::NoGradGuard noGrad;
  if (evaluator_.isMixture()) {
    nn::mixtureScoresOfLists(projected(first, lists.size()), captions_, lists, scores, form_);
    return;
  }
  (void)cheap();
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (lists[i].empty()) {
      continue;
    }
    const at::Tensor indices =
        at::from_blob(const_cast<std::int64_t*>(lists[i].data()), {std::int64_t(lists[i].size())}, at::kLong);
    const at::Tensor row =
        at::mm(texts_.index_select(0, indices), vectors_.narrow(0, std::int64_t(first + i), 1).t()).contiguous();
    scores[i].assign(row.const_data_ptr<float>(), row.const_data_ptr<float>() + row.numel());
  }
}

}  // namespace lix::study
