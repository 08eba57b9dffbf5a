#include "nn/ops/mixture_sweep.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/mm.h>

#include <vector>

#include "nn/ops/mixture_worker.h"

namespace lix::nn {
namespace {

/// What all workers read: captions tile by tile with the caption index contiguous, and the metric A = W_O W_O'.
template <class T>
SweepTexts prepared(const MixtureBatch& batch, const MixtureShape& shape, MixtureForm form) {
  const auto type = c10::CppTypeToScalarType<T>::value;
  SweepTexts texts;
  texts.outProj = batch.outProj.detach().to(type).contiguous();
  texts.texts = batch.texts.detach().to(type).contiguous();
  texts.metric = at::mm(texts.outProj, texts.outProj.t());
  const at::Tensor w = at::mm(texts.texts, texts.outProj.t()).view({shape.texts, shape.heads, shape.headWidth});
  texts.tiles = captionTiles(batch.query.detach().to(type), w, shape, form);
  return texts;
}

/// Sums of all workers into those of the first, in their order.
template <class T>
SweepSums& added(std::vector<MixtureWorker<T>>& workers) {
  SweepSums& all = workers.front().sums();
  for (std::size_t w = 1; w < workers.size(); ++w) {
    SweepSums& sums = workers[w].sums();
    all.pairs.loss += sums.pairs.loss;
    all.pairs.scale += sums.pairs.scale;
    all.pairs.bias += sums.pairs.bias;
    if (!sums.metric.defined()) continue;
    all.metric.add_(sums.metric);
    for (std::size_t t = 0; t < sums.query.size(); ++t) {
      all.query[t].add_(sums.query[t]);
      all.w[t].add_(sums.w[t]);
    }
  }
  return all;
}

/// [M, D/M, columns] of every tile -> [N, M, D/M].
at::Tensor textsFirst(const std::vector<at::Tensor>& tiles) {
  std::vector<at::Tensor> parts;
  for (const at::Tensor& tile : tiles) parts.push_back(tile.permute({2, 0, 1}));
  return at::cat(parts, 0);
}

at::Tensor likeScalar(double value, const at::Tensor& as) {
  return at::full(as.sizes(), value, as.options().requires_grad(false));
}

template <class T>
MixtureSweep sweepOf(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias, MixtureForm form,
                     SweepDepth depth) {
  const MixtureShape shape = shapeOf(batch);
  const MixtureForm chosen = chosenForm(form, shape);
  const SweepTexts texts = prepared<T>(batch, shape, chosen);
  const bool gradients = depth == SweepDepth::Gradients;
  SweepJob job{.shape = shape, .form = chosen, .texts = texts};
  job.keys = batch.keys.detach();
  job.values = batch.values.detach();
  job.tau = batch.tau;
  job.scale = scale.item<double>();
  job.bias = bias.item<double>();
  if (gradients) {
    job.keysGradient = at::empty(batch.keys.sizes(), job.keys.options());
    job.valuesGradient = at::empty(batch.keys.sizes(), job.keys.options());
  }
  auto workers = runWorkers<T>(job);
  SweepSums& sums = added(workers);
  MixtureSweep made;
  made.loss = at::full({}, sums.pairs.loss, texts.metric.options());
  if (!gradients) return made;
  const auto type = batch.keys.scalar_type();
  const at::Tensor dw = textsFirst(sums.w).reshape({shape.texts, shape.width()});
  made.keys = job.keysGradient;
  made.values = job.valuesGradient;
  made.query = textsFirst(sums.query).to(type);
  made.texts = at::mm(dw, texts.outProj).to(type);
  const at::Tensor& metric = sums.metric;
  made.outProj = at::mm(metric + metric.t(), texts.outProj).addmm_(dw.t(), texts.texts).to(type);
  made.scale = likeScalar(sums.pairs.scale, scale);
  made.bias = likeScalar(sums.pairs.bias, bias);
  return made;
}

}  // namespace

MixtureSweep sweepMixture(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias, MixtureForm form,
                          SweepDepth depth) {
  const at::AutoDispatchBelowADInplaceOrView noGraph;
  return batch.keys.scalar_type() == at::kDouble ? sweepOf<double>(batch, scale, bias, form, depth)
                                                 : sweepOf<float>(batch, scale, bias, form, depth);
}

}  // namespace lix::nn
