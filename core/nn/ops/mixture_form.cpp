#include "base/contracts.h"
#include "nn/ops/mixture_sweep.h"

namespace lix::nn {

/// q = M K. The Gram matrix of an image and its gradient cost 4 K D^2 + 6 q^2 D/M once, shared by all texts.
double mixtureFormFlops(MixtureForm form, double texts, double heads, double tokens, double width) {
  LIX_REQUIRE(form != MixtureForm::Auto && texts > 0 && heads > 0);
  const double q = heads * tokens, perImage = 4 * tokens * width * width + 6 * q * q * width / heads;
  return form == MixtureForm::Gram ? 4 * q * q + perImage / texts : 4 * width * width;
}

MixtureForm cheaperForm(std::int64_t images, std::int64_t texts, std::int64_t heads, std::int64_t tokens,
                        std::int64_t width) {
  LIX_REQUIRE(images > 0 && texts > 0 && heads > 0 && tokens > 0 && width > 0 && width % heads == 0);
  const auto flops = [&](MixtureForm form) {
    return mixtureFormFlops(form, double(texts), double(heads), double(tokens), double(width));
  };
  return flops(MixtureForm::Gram) < flops(MixtureForm::Context) ? MixtureForm::Gram : MixtureForm::Context;
}

MixtureShape shapeOf(const MixtureBatch& batch) {
  LIX_REQUIRE(batch.keys.dim() == 4 && batch.query.dim() == 3 && batch.texts.dim() == 2 && batch.outProj.dim() == 2);
  const MixtureShape shape{.images = batch.keys.size(0),
                           .texts = batch.query.size(0),
                           .heads = batch.keys.size(1),
                           .tokens = batch.keys.size(2),
                           .headWidth = batch.keys.size(3)};
  LIX_REQUIRE(shape.images > 0 && shape.texts > 0 && shape.heads > 0 && shape.tokens > 0 && shape.headWidth > 0);
  LIX_REQUIRE(batch.values.sizes() == batch.keys.sizes());
  LIX_REQUIRE(batch.query.size(1) == shape.heads && batch.query.size(2) == shape.headWidth);
  LIX_REQUIRE(batch.texts.size(0) == shape.texts && batch.texts.size(1) == shape.width());
  LIX_REQUIRE(batch.outProj.size(0) == shape.width() && batch.outProj.size(1) == shape.width());
  const auto type = batch.keys.scalar_type();
  LIX_REQUIRE(type == at::kDouble || type == at::kFloat || type == at::kBFloat16);
  for (const at::Tensor* tensor : {&batch.values, &batch.query, &batch.texts, &batch.outProj})
    LIX_REQUIRE(tensor->scalar_type() == type && tensor->device() == batch.keys.device());
  LIX_REQUIRE(batch.tau > 0);
  return shape;
}

MixtureForm chosenForm(MixtureForm form, const MixtureShape& shape) {
  if (form != MixtureForm::Auto) return form;
  return cheaperForm(shape.images, shape.texts, shape.heads, shape.tokens, shape.width());
}

}  // namespace lix::nn
