#include "nn/ops/mixture_sweep.h"

#include <ATen/Parallel.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <vector>

#include "nn/ops/mixture_worker.h"

namespace lix::nn {
namespace {

/// A tile of captions is as wide as keeps one [rows, columns] matrix of an image near half a megabyte, so that the
/// three or four of them that are in work stay in the second-level cache.
std::int64_t tileColumns(const MixtureShape& shape, MixtureForm form, std::size_t itemBytes) {
  const auto rows = form == MixtureForm::Gram ? shape.rows() : std::max(shape.rows(), shape.width());
  const auto fitting = (std::int64_t{1} << 19) / (rows * static_cast<std::int64_t>(itemBytes));
  return std::min(shape.texts, std::clamp<std::int64_t>(fitting / 16 * 16, 64, 512));
}

/// What all workers read: captions tile by tile with the caption index contiguous, and the metric A = W_O W_O'.
template <class T>
SweepTexts prepared(const MixtureBatch& batch, const MixtureShape& shape, MixtureForm form) {
  const auto type = c10::CppTypeToScalarType<T>::value;
  SweepTexts texts;
  texts.outProj = batch.outProj.detach().to(type).contiguous();
  texts.texts = batch.texts.detach().to(type).contiguous();
  texts.metric = at::mm(texts.outProj, texts.outProj.t());
  const at::Tensor query = batch.query.detach().to(type);
  const at::Tensor w = at::mm(texts.texts, texts.outProj.t()).view({shape.texts, shape.heads, shape.headWidth});
  const std::int64_t columns = tileColumns(shape, form, sizeof(T));
  for (std::int64_t first = 0; first < shape.texts; first += columns) {
    const std::int64_t count = std::min(columns, shape.texts - first);
    texts.tiles.push_back({.first = first,
                           .columns = count,
                           .query = query.narrow(0, first, count).permute({1, 2, 0}).contiguous(),
                           .w = w.narrow(0, first, count).permute({1, 2, 0}).contiguous()});
  }
  return texts;
}

/// Deals the images to workers in equal runs and lets them work at the same time.
template <class T>
std::vector<MixtureWorker<T>> worked(const SweepJob& job) {
  const std::int64_t count = std::min<std::int64_t>(at::get_num_threads(), job.shape.images);
  std::vector<MixtureWorker<T>> workers;
  workers.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) workers.emplace_back(job);
  at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
    const at::AutoDispatchBelowADInplaceOrView noGraph;
    for (std::int64_t w = begin; w < end; ++w)
      workers[static_cast<std::size_t>(w)].run(job.shape.images * w / count, job.shape.images * (w + 1) / count);
  });
  return workers;
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
  auto workers = worked<T>(job);
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

template <class T>
at::Tensor cosinesOf(const MixtureBatch& batch, MixtureForm form) {
  const MixtureShape shape = shapeOf(batch);
  const MixtureForm chosen = chosenForm(form, shape);
  const SweepTexts texts = prepared<T>(batch, shape, chosen);
  SweepJob job{.shape = shape, .form = chosen, .texts = texts};
  job.keys = batch.keys.detach();
  job.values = batch.values.detach();
  job.tau = batch.tau;
  job.cosines = at::empty({shape.images, shape.texts}, texts.metric.options());
  worked<T>(job);
  return job.cosines;
}

}  // namespace

MixtureSweep sweepMixture(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias, MixtureForm form,
                          SweepDepth depth) {
  const at::AutoDispatchBelowADInplaceOrView noGraph;
  return batch.keys.scalar_type() == at::kDouble ? sweepOf<double>(batch, scale, bias, form, depth)
                                                 : sweepOf<float>(batch, scale, bias, form, depth);
}

at::Tensor sweepMixtureCosines(const MixtureBatch& batch, MixtureForm form) {
  const at::AutoDispatchBelowADInplaceOrView noGraph;
  return batch.keys.scalar_type() == at::kDouble ? cosinesOf<double>(batch, form) : cosinesOf<float>(batch, form);
}

}  // namespace lix::nn
