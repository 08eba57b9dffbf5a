#include "nn/ops/mixture_scores.h"

#include <ATen/Parallel.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>

#include "base/contracts.h"
#include "nn/ops/mixture_worker.h"
#include "nn/ops/tiles.h"

namespace lix::nn {
namespace {

MixtureShape shapeOf(const MixtureFeatures& images, const MixtureCaptions& captions) {
  return nn::shapeOf(
      {images.keys, images.values, captions.query, captions.texts, captions.outProj, captions.tau});
}

}  // namespace

MixtureCaptions MixtureCaptions::range(std::int64_t first, std::int64_t number) const {
  MixtureCaptions part = *this;
  part.query = query.narrow(0, first, number);
  part.texts = texts.narrow(0, first, number);
  part.w = w.narrow(0, first, number);
  return part;
}

MixtureCaptions MixtureCaptions::chosen(const at::Tensor& indices) const {
  MixtureCaptions part = *this;
  part.query = query.index_select(0, indices);
  part.texts = texts.index_select(0, indices);
  part.w = w.index_select(0, indices);
  return part;
}

MixtureCaptions mixtureCaptions(const at::Tensor& query, const at::Tensor& texts, const at::Tensor& outProj,
                                double tau) {
  const at::AutoDispatchBelowADInplaceOrView noGraph;
  const auto type = accumulationType(texts, outProj);
  MixtureCaptions captions{.query = query.detach().to(type).contiguous(),
                           .texts = texts.detach().to(type).contiguous(),
                           .w = {},
                           .outProj = outProj.detach().to(type).contiguous(),
                           .metric = {},
                           .tau = tau};
  captions.w = at::mm(captions.texts, captions.outProj.t());
  captions.metric = at::mm(captions.outProj, captions.outProj.t());
  return captions;
}

at::Tensor mixtureScores(const MixtureFeatures& images, const MixtureCaptions& captions, MixtureForm form) {
  const at::AutoDispatchBelowADInplaceOrView noGraph;
  const MixtureFeatures same{images.keys.detach().to(captions.query.scalar_type()),
                             images.values.detach().to(captions.query.scalar_type())};
  if (!same.keys.is_cpu()) {
    return mixtureCosinesByOperators(
        {same.keys, same.values, captions.query, captions.texts, captions.outProj, captions.tau}, form);
  }
  const MixtureShape shape = shapeOf(same, captions);
  const MixtureForm chosen = chosenForm(form, shape);
  const SweepTexts texts{.outProj = captions.outProj,
                         .texts = captions.texts,
                         .metric = captions.metric,
                         .tiles = captionTiles(captions.query,
                                               captions.w.view({shape.texts, shape.heads, shape.headWidth}), shape,
                                               chosen)};
  SweepJob job{.shape = shape, .form = chosen, .texts = texts};
  job.keys = same.keys;
  job.values = same.values;
  job.tau = captions.tau;
  job.cosines = at::empty({shape.images, shape.texts}, captions.metric.options());
  byType(job.cosines, [&](auto zero) { runWorkers<decltype(zero)>(job); });
  return job.cosines;
}

void mixtureScoresOfLists(const MixtureFeatures& images, const MixtureCaptions& captions,
                          std::span<const std::vector<std::int64_t>> lists, std::span<std::vector<float>> scores,
                          MixtureForm form) {
  const auto count = static_cast<std::int64_t>(lists.size());
  LIX_REQUIRE(lists.size() == scores.size() && images.keys.size(0) == count);
  at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
    const at::AutoDispatchBelowADInplaceOrView noGraph;
    for (std::int64_t i = begin; i < end; ++i) {
      const std::vector<std::int64_t>& list = lists[std::size_t(i)];
      if (list.empty()) {
        continue;
      }
      const at::Tensor indices =
          at::from_blob(const_cast<std::int64_t*>(list.data()), {std::int64_t(list.size())}, at::kLong);
      const at::Tensor row = mixtureScores({images.keys.narrow(0, i, 1), images.values.narrow(0, i, 1)},
                                           captions.chosen(indices), form)
                                 .to(at::kFloat)
                                 .contiguous();
      scores[std::size_t(i)].assign(row.const_data_ptr<float>(), row.const_data_ptr<float>() + row.numel());
    }
  });
}

at::Tensor mixtureCosines(const MixtureBatch& batch, MixtureForm form) {
  return mixtureScores({batch.keys, batch.values}, mixtureCaptions(batch.query, batch.texts, batch.outProj, batch.tau),
                       form);
}

}  // namespace lix::nn
