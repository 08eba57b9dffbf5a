#include "study/train/step.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/isfinite.h>

#include <algorithm>
#include <cmath>

#include "nn/objective.h"
#include "nn/ops/tensor.h"
#include "study/train/locks.h"

namespace lix::study {
namespace {

/// One side of a batch: pictures or captions, and how they become features.
struct Half {
  Side side;
  const at::Tensor& input;
  nn::Encoded (*encode)(const nn::Model& model, const at::Tensor& input);
};

nn::Encoded encodePictures(const nn::Model& model, const at::Tensor& pixels) {
  nn::Encoded features;
  const at::Tensor images = nn::encodeImages(model, pixels);
  if (model.config.mixesByCaption()) {
    features.mixture = nn::projectTokens(model, images);
  } else {
    features.image = images;
  }
  return features;
}

nn::Encoded encodeCaptions(const nn::Model& model, const at::Tensor& ids) {
  nn::Encoded features;
  features.text = nn::encodeTexts(model, ids);
  return features;
}

std::vector<at::Tensor> pictureFeatures(const nn::Encoded& batch) {
  return batch.image.defined() ? std::vector{batch.image} : std::vector{batch.mixture.keys, batch.mixture.values};
}

std::vector<at::Tensor> captionFeatures(const nn::Encoded& batch) {
  return batch.text.query.defined() ? std::vector{batch.text.embeds, batch.text.query} : std::vector{batch.text.embeds};
}

std::vector<at::Tensor> featuresOf(const nn::Encoded& batch, Side side) {
  return side == Side::Image ? pictureFeatures(batch) : captionFeatures(batch);
}

/// Puts the features of a side in its place.
void setFeatures(nn::Encoded& batch, Side side, const std::vector<at::Tensor>& features) {
  if (side == Side::Image && features.size() == 2) {
    batch.mixture = {features[0], features[1]};
  } else if (side == Side::Image) {
    batch.image = features[0];
  } else {
    batch.text = {features[0], features.size() == 2 ? features[1] : at::Tensor()};
  }
}

/// Calls visit(input rows, first row, number of rows) for each micro-batch.
template <class Visit>
void eachPiece(const at::Tensor& input, std::int64_t microBatch, Visit visit) {
  for (std::int64_t from = 0; from < input.size(0); from += microBatch) {
    const std::int64_t rows = std::min(microBatch, input.size(0) - from);
    visit(input.narrow(0, from, rows), from, rows);
  }
}

/// Features of the whole side as leaves; they want gradients where the side learns.
std::vector<at::Tensor> leavesOf(const nn::Model& model, const Half& half, std::int64_t microBatch) {
  const at::NoGradGuard noGrad;
  std::vector<std::vector<at::Tensor>> parts;
  eachPiece(half.input, microBatch, [&](const at::Tensor& rows, std::int64_t, std::int64_t) {
    const auto features = featuresOf(half.encode(model, rows), half.side);
    parts.resize(features.size());
    for (std::size_t i = 0; i < features.size(); ++i) {
      parts[i].push_back(features[i]);
    }
  });
  std::vector<at::Tensor> leaves;
  for (auto& part : parts) {
    leaves.push_back(at::cat(part).requires_grad_(learns(model, half.side)));
    part.clear();
  }
  return leaves;
}

/// Encodes each micro-batch again and carries the gradients that its features have to the weights: those of
/// sum(features * constant gradients) are just that.
void replay(const nn::Model& model, const Half& half, std::int64_t microBatch, const std::vector<at::Tensor>& leaves) {
  eachPiece(half.input, microBatch, [&](const at::Tensor& rows, std::int64_t from, std::int64_t count) {
    const auto features = featuresOf(half.encode(model, rows), half.side);
    at::Tensor carried;
    for (std::size_t i = 0; i < features.size(); ++i) {
      if (const at::Tensor& gradient = leaves[i].grad(); gradient.defined()) {
        const at::Tensor part = (features[i] * gradient.narrow(0, from, count)).sum();
        carried = carried.defined() ? carried + part : part;
      }
    }
    if (carried.defined()) {
      carried.backward();
    }
  });
}

std::vector<std::int64_t> badRows(const std::vector<at::Tensor>& features) {
  std::vector<std::int64_t> bad;
  at::Tensor good;
  for (const at::Tensor& feature : features) {
    const at::Tensor finite = at::isfinite(feature.detach()).flatten(1).all(1);
    good = good.defined() ? good.logical_and(finite) : finite;
  }
  if (good.all().item<bool>()) {
    return bad;
  }
  for (std::int64_t row = 0; row < good.size(0); ++row) {
    if (!good[row].item<bool>()) {
      bad.push_back(row);
    }
  }
  return bad;
}

/// The loss of features; its gradients go to whatever the features hang on.
BatchLoss fromFeatures(const nn::Model& model, const nn::Recipe& recipe, const nn::Encoded& batch,
                       const FeaturesSeen& seen) {
  BatchLoss found;
  found.badPictures = badRows(pictureFeatures(batch));
  found.badCaptions = badRows(captionFeatures(batch));
  if (!found.badPictures.empty() || !found.badCaptions.empty()) {
    found.broken = Finite::Features;
    return found;
  }
  if (seen) {
    const at::NoGradGuard noGrad;
    seen(batch);
  }
  const nn::Loss loss = nn::loss(model, recipe, batch);
  found.series = loss.series;
  if (!std::isfinite(loss.total.item<double>())) {
    found.broken = Finite::Loss;
    return found;
  }
  loss.total.backward();
  return found;
}

}  // namespace

BatchLoss lossAndGradients(const nn::Model& model, const nn::Recipe& recipe, const at::Tensor& pixels,
                           const at::Tensor& ids, std::int64_t microBatch, const FeaturesSeen& seen) {
  if (microBatch <= 0 || microBatch >= pixels.size(0)) {
    return fromFeatures(model, recipe, nn::encodeBatch(model, pixels, ids), seen);
  }
  const Half halves[] = {{Side::Image, pixels, encodePictures}, {Side::Text, ids, encodeCaptions}};
  nn::Encoded batch;
  if (model.config.mixesByCaption()) {
    batch.outProj = model.parameters.at("llip.out_proj");
    batch.tau = model.config.mixture->tau;
  }
  for (const Half& half : halves) {
    setFeatures(batch, half.side, leavesOf(model, half, microBatch));
  }
  BatchLoss found = fromFeatures(model, recipe, batch, seen);
  if (found.broken != Finite::All) {
    return found;
  }
  for (const Half& half : halves) {
    if (learns(model, half.side)) {
      replay(model, half, microBatch, featuresOf(batch, half.side));
    }
  }
  return found;
}

}  // namespace lix::study
