#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/log1p.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>

#include "nn/ops/mixture_sweep.h"
#include "nn/ops/tiles.h"

namespace lix::nn {
namespace {

constexpr double kLeastNorm2 = 1e-24;

/// One block of images after another, all captions at once: tiles are [b, rows, N].
struct OperatorSweep {
  MixtureShape shape;
  MixtureForm form;
  double tau;
  at::Tensor keys, values;                      ///< [B, M, K, D/M] in the type of the batch
  at::Tensor outProj, texts, metric, query, w;  ///< accumulating type; query and w [M, D/M, N]
  at::Tensor dQuery, dW, dMetric;               ///< sums over images

  // of the block in work
  at::Tensor k, v, weights, second, third, projected, gram, dot, norm2;

  OperatorSweep(const MixtureBatch& batch, MixtureForm wanted);
  void load(std::int64_t first, std::int64_t count);
  void forward();
  /// From e = g / n and ratio = s / n [b, 1, N]: gradients of the block's keys and values; the others are added up.
  std::pair<at::Tensor, at::Tensor> backward(const at::Tensor& e, const at::Tensor& ratio);
  at::Tensor gramBackward(const at::Tensor& e, const at::Tensor& ratio, at::Tensor& dWeights);
  at::Tensor contextBackward(const at::Tensor& e, const at::Tensor& ratio, at::Tensor& dWeights);
  at::Tensor tokens(const at::Tensor& tile) const {
    return tile.view({tile.size(0), shape.heads, shape.tokens, shape.texts});
  }
  at::Tensor flat(const at::Tensor& tile) const { return tile.flatten(1, 2); }
};

OperatorSweep::OperatorSweep(const MixtureBatch& batch, MixtureForm wanted)
    : shape(shapeOf(batch)), form(chosenForm(wanted, shape)), tau(batch.tau) {
  const auto type = accumulationType(batch.keys, batch.keys);
  keys = batch.keys.detach();
  values = batch.values.detach();
  outProj = batch.outProj.detach().to(type);
  texts = batch.texts.detach().to(type);
  metric = at::matmul(outProj, outProj.t());
  query = batch.query.detach().to(type).permute({1, 2, 0}).contiguous();
  w = at::matmul(texts, outProj.t()).view({shape.texts, shape.heads, shape.headWidth}).permute({1, 2, 0}).contiguous();
  dQuery = at::zeros_like(query);
  dW = at::zeros_like(w);
  dMetric = at::zeros_like(metric);
}

void OperatorSweep::load(std::int64_t first, std::int64_t count) {
  k = keys.narrow(0, first, count).to(metric.scalar_type());
  v = values.narrow(0, first, count).to(metric.scalar_type());
}

void OperatorSweep::forward() {
  weights = at::softmax(at::matmul(k, query).div_(tau), 2);
  if (form == MixtureForm::Gram) {
    const auto b = k.size(0), q = shape.rows();
    projected = at::matmul(v, metric.view({shape.heads, shape.headWidth, shape.width()}))
                    .view({b, q, shape.heads, shape.headWidth})
                    .transpose(1, 2);  // [b, g, (h k), D/M]
    gram = at::matmul(v, projected.transpose(2, 3)).view({b, q, q});
    second = flat(at::matmul(v, w));
    third = at::matmul(gram, flat(weights));
    dot = (flat(weights) * second).sum(1);
    norm2 = (flat(weights) * third).sum(1);
  } else {
    second = flat(at::matmul(v.transpose(2, 3), weights));
    third = at::matmul(metric, second);
    dot = (second * w.flatten(0, 1)).sum(1);
    norm2 = (second * third).sum(1);
  }
}

at::Tensor OperatorSweep::gramBackward(const at::Tensor& e, const at::Tensor& ratio, at::Tensor& dWeights) {
  const auto b = k.size(0), q = shape.rows();
  const at::Tensor a = flat(weights);
  dWeights = tokens(e * (second - ratio * third));
  const at::Tensor ea = e * a;
  const at::Tensor byPair = at::matmul(ea * ratio, a.transpose(1, 2));  // sum f a a', of which -1/2 is dL/dG
  dW.add_(at::matmul(v.transpose(2, 3), tokens(ea)).sum(0));
  const at::Tensor byHead = at::matmul(byPair.view({b, q, shape.heads, shape.tokens}).transpose(1, 2), v);
  const at::Tensor byRow = byHead.transpose(1, 2).reshape({b, shape.heads, shape.tokens, shape.width()});
  dMetric.sub_(at::matmul(v.transpose(2, 3), byRow).sum(0).view({shape.width(), shape.width()}), 0.5);
  return at::matmul(tokens(ea), w.transpose(1, 2)) -
         at::matmul(byPair.view({b, shape.heads, shape.tokens, q}), projected);
}

at::Tensor OperatorSweep::contextBackward(const at::Tensor& e, const at::Tensor& ratio, at::Tensor& dWeights) {
  const auto b = k.size(0);
  const at::Tensor ec = e * second;
  const at::Tensor dContext = (e * (w.flatten(0, 1) - ratio * third)).view({b, shape.heads, shape.headWidth, -1});
  dW.add_(ec.sum(0).view(dW.sizes()));
  dMetric.sub_(at::matmul(ec * ratio, second.transpose(1, 2)).sum(0), 0.5);
  dWeights = at::matmul(v, dContext);
  return at::matmul(weights, dContext.transpose(2, 3));
}

std::pair<at::Tensor, at::Tensor> OperatorSweep::backward(const at::Tensor& e, const at::Tensor& ratio) {
  at::Tensor dWeights;
  const at::Tensor dValues =
      form == MixtureForm::Gram ? gramBackward(e, ratio, dWeights) : contextBackward(e, ratio, dWeights);
  const at::Tensor share = weights * dWeights;
  const at::Tensor dScores = (share - weights * share.sum(2, true)).div_(tau);
  dQuery.add_(at::matmul(k.transpose(2, 3), dScores).sum(0));
  return {at::matmul(dScores, query.transpose(1, 2)), dValues};
}

/// Loss of a block of images whose first one is `first`, and the derivatives by logits.
struct BlockLoss {
  at::Tensor loss, slopes, cosines, norm;
};
BlockLoss judged(const OperatorSweep& sweep, const at::Tensor& scale, const at::Tensor& bias, std::int64_t first) {
  const at::Tensor norm = sweep.norm2.clamp_min(kLeastNorm2).sqrt();
  const at::Tensor cosines = sweep.dot / norm;
  at::Tensor sign = at::ones_like(cosines).neg_();
  sign.narrow(1, first, cosines.size(0)).diagonal().fill_(1);
  const at::Tensor u = sign * (cosines * scale + bias), small = (-u.abs()).exp_();
  const double perPair = 1.0 / static_cast<double>(sweep.shape.texts);
  const at::Tensor sigma = at::where(u >= 0, small, at::ones_like(small)) / (small + 1);
  return {.loss = (at::log1p(small) - u.clamp_max(0)).sum(at::kDouble) * perPair,
          .slopes = sign * sigma * -perPair,
          .cosines = cosines,
          .norm = norm};
}

std::int64_t blockOf(const MixtureShape& shape, std::int64_t asked, std::size_t itemBytes) {
  if (asked > 0) return std::min(asked, shape.images);
  const std::int64_t bytes = shape.texts * std::max(shape.rows(), shape.width()) * static_cast<std::int64_t>(itemBytes);
  return std::clamp<std::int64_t>((std::int64_t{64} << 20) / bytes, 1, shape.images);
}

at::Tensor scalarOf(const at::Tensor& value, at::ScalarType type) {
  return value.detach().to(type).reshape(at::IntArrayRef());
}

}  // namespace

MixtureSweep sweepMixtureByOperators(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias,
                                     MixtureForm form, SweepDepth depth, std::int64_t imagesPerBlock) {
  const at::AutoDispatchBelowADInplaceOrView noGraph;
  OperatorSweep sweep(batch, form);
  const auto type = sweep.metric.scalar_type();
  const at::Tensor scaleValue = scalarOf(scale, type), biasValue = scalarOf(bias, type);
  const bool gradients = depth == SweepDepth::Gradients;
  MixtureSweep made;
  if (gradients) {
    made.keys = at::empty(sweep.keys.sizes(), sweep.keys.options());
    made.values = at::empty(sweep.keys.sizes(), sweep.keys.options());
  }
  const auto wide = sweep.metric.options().dtype(at::kDouble);
  at::Tensor loss = at::zeros({}, wide), dScale = at::zeros({}, wide), dBias = at::zeros({}, wide);
  const std::int64_t block = blockOf(sweep.shape, imagesPerBlock, sweep.metric.itemsize());
  for (std::int64_t first = 0; first < sweep.shape.images; first += block) {
    const std::int64_t count = std::min(block, sweep.shape.images - first);
    sweep.load(first, count);
    sweep.forward();
    const BlockLoss judgement = judged(sweep, scaleValue, biasValue, first);
    loss.add_(judgement.loss);
    if (!gradients) continue;
    dScale.add_((judgement.slopes * judgement.cosines).sum(at::kDouble));
    dBias.add_(judgement.slopes.sum(at::kDouble));
    const at::Tensor e = judgement.slopes * scaleValue / judgement.norm;
    const at::Tensor ratio = (judgement.cosines / judgement.norm).masked_fill_(sweep.norm2 < kLeastNorm2, 0);
    const auto [dKeys, dValues] = sweep.backward(e.unsqueeze(1), ratio.unsqueeze(1));
    made.keys.narrow(0, first, count).copy_(dKeys);
    made.values.narrow(0, first, count).copy_(dValues);
  }
  made.loss = loss.to(type);
  if (!gradients) return made;
  const auto inputType = batch.keys.scalar_type();
  const at::Tensor dw = sweep.dW.permute({2, 0, 1}).reshape({sweep.shape.texts, sweep.shape.width()});
  made.query = sweep.dQuery.permute({2, 0, 1}).to(inputType).contiguous();
  made.texts = at::matmul(dw, sweep.outProj).to(inputType);
  made.outProj =
      (at::matmul(sweep.dMetric + sweep.dMetric.t(), sweep.outProj) + at::matmul(dw.t(), sweep.texts)).to(inputType);
  made.scale = dScale.to(scale.scalar_type()).view(scale.sizes());
  made.bias = dBias.to(bias.scalar_type()).view(bias.sizes());
  return made;
}

at::Tensor mixtureCosinesByOperators(const MixtureBatch& batch, MixtureForm form, std::int64_t imagesPerBlock) {
  const at::AutoDispatchBelowADInplaceOrView noGraph;
  OperatorSweep sweep(batch, form);
  at::Tensor cosines = at::empty({sweep.shape.images, sweep.shape.texts}, sweep.metric.options());
  const std::int64_t block = blockOf(sweep.shape, imagesPerBlock, sweep.metric.itemsize());
  for (std::int64_t first = 0; first < sweep.shape.images; first += block) {
    const std::int64_t count = std::min(block, sweep.shape.images - first);
    sweep.load(first, count);
    sweep.forward();
    cosines.narrow(0, first, count).copy_(sweep.dot / sweep.norm2.clamp_min(kLeastNorm2).sqrt());
  }
  return cosines;
}

}  // namespace lix::nn
