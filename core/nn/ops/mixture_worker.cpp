#include "nn/ops/mixture_worker.h"

#include <ATen/Parallel.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace lix::nn {
namespace {

/// out = a b, or out += a b where it was begun.
enum class Begin { No, Yes };
void multiply(at::Tensor& out, const at::Tensor& a, const at::Tensor& b, Begin begin) {
  if (begin == Begin::Yes)
    at::bmm_out(out, a, b);
  else
    at::baddbmm_out(out, out, a, b);
}

at::Tensor front(const at::Tensor& buffer, at::IntArrayRef sizes) {
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) count *= size;
  return buffer.narrow(0, 0, count).view(sizes);
}

/// Rows of dL/dA that are made at once: only what is left of their last diagonal element, since dL/dA is symmetric.
constexpr std::int64_t kMetricRows = 128;

}  // namespace

template <class T>
MixtureWorker<T>::MixtureWorker(const SweepJob& job) : job_(job) {
  const MixtureShape& shape = job.shape;
  const auto options = job.texts.metric.options();
  const auto heads = shape.heads, tokens = shape.tokens, width = shape.width(), headWidth = shape.headWidth;
  const auto q = shape.rows(), columns = job.texts.tiles.front().columns;
  const bool gram = job.form == MixtureForm::Gram;
  rows_ = at::empty({5 * columns}, options);
  dot_ = rows_.template mutable_data_ptr<T>();
  norm2_ = dot_ + columns;
  scratch_ = norm2_ + columns;
  bufferA_ = at::empty({q * columns}, options);
  bufferB_ = at::empty({(gram ? q : width) * columns}, options);
  bufferC_ = at::empty({(gram ? q : width) * columns}, options);
  if (!gram && gradients()) bufferD_ = at::empty({std::max(q, width) * columns}, options);
  keysCopy_ = at::empty({heads, tokens, headWidth}, options);
  valuesCopy_ = at::empty({heads, tokens, headWidth}, options);
  if (gram) {
    projected_ = at::empty({heads, tokens, width}, options);
    gram_ = at::empty({heads, tokens, q}, options);
  }
  if (gradients()) {
    if (gram) {
      dGram_ = at::empty({q, q}, options);
      byHead_ = at::empty({heads, q, headWidth}, options);
      byRow_ = at::empty({q, heads, headWidth}, options);
    }
    sums_.metric = at::zeros({width, width}, options);
    for (const TextTile& tile : job.texts.tiles) {
      sums_.query.push_back(at::zeros({heads, headWidth, tile.columns}, options));
      sums_.w.push_back(at::zeros({heads, headWidth, tile.columns}, options));
    }
  }
  for (const TextTile& tile : job.texts.tiles) makeViews(tile);
}

template <class T>
void MixtureWorker<T>::makeViews(const TextTile& tile) {
  const MixtureShape& shape = job_.shape;
  const auto columns = tile.columns;
  const at::DimVector tokens{shape.heads, shape.tokens, columns}, channels{shape.heads, shape.headWidth, columns};
  const bool gram = job_.form == MixtureForm::Gram;
  Views views;
  views.weights = front(bufferA_, tokens);
  views.second = front(bufferB_, gram ? tokens : channels);
  views.third = front(bufferC_, gram ? tokens : channels);
  if (bufferD_.defined()) {
    views.context = front(bufferD_, channels);
    views.slopes = front(bufferD_, tokens);
  }
  views.query = tile.query;
  views.w = tile.w;
  views.queryRows = tile.query.transpose(1, 2);
  views.wRows = tile.w.transpose(1, 2);
  views.shape = {.heads = shape.heads, .tokens = shape.tokens, .columns = columns};
  views_.push_back(std::move(views));
}

template <class T>
void MixtureWorker<T>::load(std::int64_t image) {
  const auto type = c10::CppTypeToScalarType<T>::value;
  const auto taken = [&](const at::Tensor& all, at::Tensor& copy) {
    at::Tensor one = all.select(0, image);
    return one.scalar_type() == type && one.is_contiguous() ? one : copy.copy_(one);
  };
  keys_ = taken(job_.keys, keysCopy_);
  values_ = taken(job_.values, valuesCopy_);
  keysT_ = keys_.transpose(1, 2);
  valuesT_ = values_.transpose(1, 2);
  if (!gradients()) return;
  const bool direct = job_.keysGradient.scalar_type() == type;
  dKeys_ = direct ? job_.keysGradient.select(0, image) : at::empty(keys_.sizes(), keys_.options());
  dValues_ = direct ? job_.valuesGradient.select(0, image) : at::empty(keys_.sizes(), keys_.options());
}

template <class T>
void MixtureWorker<T>::store(std::int64_t image) {
  if (!gradients() || job_.keysGradient.scalar_type() == dKeys_.scalar_type()) return;
  job_.keysGradient.select(0, image).copy_(dKeys_);
  job_.valuesGradient.select(0, image).copy_(dValues_);
}

template <class T>
void MixtureWorker<T>::run(std::int64_t begin, std::int64_t end) {
  const bool gram = job_.form == MixtureForm::Gram;
  for (std::int64_t image = begin; image < end; ++image) {
    load(image);
    if (gram) buildGram();
    for (std::size_t tile = 0; tile < views_.size(); ++tile) gram ? gramTile(image, tile) : contextTile(image, tile);
    if (gram && gradients()) finishGram();
    store(image);
  }
  if (!gram && gradients()) sums_.metric = sums_.metric.tril() + sums_.metric.tril(-1).t();
}

template <class T>
bool MixtureWorker<T>::judged(std::int64_t image, std::size_t tile) {
  const TextTile& texts = job_.texts.tiles[tile];
  if (job_.cosines.defined()) {
    kernels::cosines(dot_, norm2_, texts.columns);
    T* const row = job_.cosines.template mutable_data_ptr<T>() + image * job_.shape.texts + texts.first;
    std::copy_n(dot_, texts.columns, row);
    return false;
  }
  const std::int64_t own = image - texts.first;
  const kernels::PairLoss<T> loss{.scale = static_cast<T>(job_.scale),
                                  .bias = static_cast<T>(job_.bias),
                                  .perPair = T(1) / static_cast<T>(job_.shape.texts),
                                  .positive = own >= 0 && own < texts.columns ? own : -1};
  const kernels::PairSums sums = kernels::pairLoss(dot_, norm2_, texts.columns, loss, scratch_);
  sums_.pairs.loss += sums.loss;
  sums_.pairs.scale += sums.scale;
  sums_.pairs.bias += sums.bias;
  return gradients();
}

/// G = V A V': row block h is V_h (V A)[:, h]', as A is symmetric.
template <class T>
void MixtureWorker<T>::buildGram() {
  const MixtureShape& shape = job_.shape;
  at::bmm_out(projected_, values_, job_.texts.metric.view({shape.heads, shape.headWidth, shape.width()}));
  const at::Tensor perHead = projected_.view({shape.rows(), shape.heads, shape.headWidth}).permute({1, 2, 0});
  at::bmm_out(gram_, values_, perHead);
}

template <class T>
void MixtureWorker<T>::gramTile(std::int64_t image, std::size_t tile) {
  Views& v = views_[tile];
  const auto q = job_.shape.rows(), columns = v.shape.columns;
  at::bmm_out(v.weights, keys_, v.query);
  T* const weights = v.weights.template mutable_data_ptr<T>();
  T* const second = v.second.template mutable_data_ptr<T>();
  T* const third = v.third.template mutable_data_ptr<T>();
  kernels::mixtureWeights(weights, v.shape, inverseTau(), scratch_);
  at::bmm_out(v.second, values_, v.w);
  const at::Tensor flatWeights = v.weights.view({q, columns});
  at::Tensor flatThird = v.third.view({q, columns});
  at::mm_out(flatThird, gram_.view({q, q}), flatWeights);
  kernels::columnSums(weights, second, columns, third, q, columns, dot_, norm2_);
  if (!judged(image, tile)) return;

  kernels::gramBackward(weights, second, third, dot_, norm2_, v.shape, inverseTau(), scratch_);
  const Begin begin = tile == 0 ? Begin::Yes : Begin::No;
  multiply(dKeys_, v.second, v.queryRows, begin);
  multiply(dValues_, v.third, v.wRows, begin);
  multiply(sums_.query[tile], keysT_, v.second, Begin::No);
  multiply(sums_.w[tile], valuesT_, v.third, Begin::No);
  if (begin == Begin::Yes)
    at::mm_out(dGram_, flatThird, flatWeights.t());
  else
    dGram_.addmm_(flatThird, flatWeights.t());
}

/// dGram_ is sum f a a', of which -1/2 is dL/dG: dV += 2 dL/dG (V A), dA += V' dL/dG V.
template <class T>
void MixtureWorker<T>::finishGram() {
  const MixtureShape& shape = job_.shape;
  const auto q = shape.rows();
  const at::Tensor projected = projected_.view({q, shape.heads, shape.headWidth}).transpose(0, 1);
  at::baddbmm_out(dValues_, dValues_, dGram_.view({shape.heads, shape.tokens, q}), projected, 1, -1);
  at::bmm_out(byHead_, dGram_.view({q, shape.heads, shape.tokens}).transpose(0, 1), values_);
  byRow_.copy_(byHead_.transpose(0, 1));
  at::Tensor metric = sums_.metric.view({shape.heads, shape.headWidth, shape.width()});
  at::baddbmm_out(metric, metric, valuesT_, byRow_.view({shape.heads, shape.tokens, shape.width()}), 1, -0.5);
}

template <class T>
void MixtureWorker<T>::contextTile(std::int64_t image, std::size_t tile) {
  Views& v = views_[tile];
  const auto width = job_.shape.width(), columns = v.shape.columns;
  at::bmm_out(v.weights, keys_, v.query);
  kernels::mixtureWeights(v.weights.template mutable_data_ptr<T>(), v.shape, inverseTau(), scratch_);
  at::bmm_out(v.second, valuesT_, v.weights);
  const at::Tensor flatContext = v.second.view({width, columns});
  at::Tensor flatThird = v.third.view({width, columns});
  at::mm_out(flatThird, job_.texts.metric, flatContext);
  kernels::columnSums(v.second.template const_data_ptr<T>(), v.w.template const_data_ptr<T>(), columns,
                      v.third.template const_data_ptr<T>(), width, columns, dot_, norm2_);
  if (judged(image, tile)) contextGradients(tile, tile == 0);
}

template <class T>
void MixtureWorker<T>::contextGradients(std::size_t tile, bool first) {
  Views& v = views_[tile];
  const auto width = job_.shape.width(), columns = v.shape.columns;
  kernels::contextBackward(v.second.template const_data_ptr<T>(), v.third.template mutable_data_ptr<T>(),
                           v.w.template const_data_ptr<T>(), columns, dot_, norm2_, width, columns,
                           sums_.w[tile].template mutable_data_ptr<T>(), v.context.template mutable_data_ptr<T>(),
                           scratch_);
  metricGradient(v.context.view({width, columns}), v.second.view({width, columns}));
  const Begin begin = first ? Begin::Yes : Begin::No;
  at::bmm_out(v.slopes, values_, v.third);
  multiply(dValues_, v.weights, v.third.transpose(1, 2), begin);
  kernels::weightsBackward(v.weights.template const_data_ptr<T>(), v.slopes.template mutable_data_ptr<T>(), v.shape,
                           inverseTau(), scratch_);
  multiply(dKeys_, v.slopes, v.queryRows, begin);
  multiply(sums_.query[tile], keysT_, v.slopes, Begin::No);
}

template <class T>
void MixtureWorker<T>::metricGradient(const at::Tensor& weighted, const at::Tensor& context) {
  const auto width = job_.shape.width();
  for (std::int64_t row = 0; row < width; row += kMetricRows) {
    const std::int64_t rows = std::min(kMetricRows, width - row);
    sums_.metric.narrow(0, row, rows)
        .narrow(1, 0, row + rows)
        .addmm_(weighted.narrow(0, row, rows), context.narrow(0, 0, row + rows).t(), 1, -0.5);
  }
}

std::vector<TextTile> captionTiles(const at::Tensor& query, const at::Tensor& w, const MixtureShape& shape,
                                   MixtureForm form) {
  const auto rows = form == MixtureForm::Gram ? shape.rows() : std::max(shape.rows(), shape.width());
  const auto fitting = (std::int64_t{1} << 19) / (rows * static_cast<std::int64_t>(query.element_size()));
  const std::int64_t columns = std::min(shape.texts, std::clamp<std::int64_t>(fitting / 16 * 16, 64, 512));
  std::vector<TextTile> tiles;
  for (std::int64_t first = 0; first < shape.texts; first += columns) {
    const std::int64_t count = std::min(columns, shape.texts - first);
    tiles.push_back({.first = first,
                     .columns = count,
                     .query = query.narrow(0, first, count).permute({1, 2, 0}).contiguous(),
                     .w = w.narrow(0, first, count).permute({1, 2, 0}).contiguous()});
  }
  return tiles;
}

template <class T>
std::vector<MixtureWorker<T>> runWorkers(const SweepJob& job) {
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

template class MixtureWorker<float>;
template class MixtureWorker<double>;
template std::vector<MixtureWorker<float>> runWorkers(const SweepJob& job);
template std::vector<MixtureWorker<double>> runWorkers(const SweepJob& job);

}  // namespace lix::nn
