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

/// Features of a side, without a graph, micro-batch after micro-batch.
std::vector<at::Tensor> encodedInPieces(const nn::Model& model, const Half& half, std::int64_t microBatch) {
  const at::NoGradGuard noGrad;
  std::vector<std::vector<at::Tensor>> parts;
  eachPiece(half.input, microBatch, [&](const at::Tensor& rows, std::int64_t, std::int64_t) {
    const auto features = featuresOf(half.encode(model, rows), half.side);
    parts.resize(features.size());
    for (std::size_t i = 0; i < features.size(); ++i) {
      parts[i].push_back(features[i]);
    }
  });
  std::vector<at::Tensor> whole;
  for (auto& part : parts) {
    whole.push_back(at::cat(part));
    part.clear();
  }
  return whole;
}

/// Features of the whole batch as leaves; they want gradients where the side learns.
Result<std::vector<at::Tensor>> leavesOf(const nn::Model& model, Side side, const std::vector<at::Tensor>& features,
                                         Ranks* ranks) {
  std::vector<at::Tensor> leaves;
  for (const at::Tensor& feature : features) {
    at::Tensor leaf = feature.detach();
    if (ranks != nullptr) {
      LIX_TRY(leaf, ranks->gather(leaf));
    }
    leaves.push_back(leaf.requires_grad_(learns(model, side)));
  }
  return leaves;
}

/// Carries the gradients that rows [from, from + count) of the leaves have to the weights: those of sum(features *
/// constant gradients) are just that.
void carry(const std::vector<at::Tensor>& features, const std::vector<at::Tensor>& leaves, std::int64_t from,
           std::int64_t count) {
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
}

/// Scales, biases, temperatures and a Llip's out_proj have the gradient of the whole batch on every rank, which counts
/// once.
void countOnce(const nn::Model& model, const Ranks& ranks) {
  if (ranks.leads()) {
    return;
  }
  for (const auto& [name, parameter] : model.parameters) {
    if (parameter.grad().defined()) {
      parameter.grad().zero_();
    }
  }
}

/// Gradients of a side's weights, by name, so that every rank sends them in the same order.
std::vector<at::Tensor> gradientsOf(const nn::Model& model, Side side) {
  std::vector<at::Tensor> gradients;
  for (const auto& [name, parameter] : model.parameters) {
    if (sideOf(name, model.config.head) == side && parameter.grad().defined()) {
      gradients.push_back(parameter.grad());
    }
  }
  return gradients;
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

Result<BatchLoss> lossAndGradients(const nn::Model& model, const nn::Recipe& recipe, const at::Tensor& pixels,
                                   const at::Tensor& ids, std::int64_t microBatch, const FeaturesSeen& seen,
                                   Ranks* ranks) {
  const bool inPieces = microBatch > 0 && microBatch < pixels.size(0);
  if (!inPieces && ranks == nullptr) {
    return fromFeatures(model, recipe, nn::encodeBatch(model, pixels, ids), seen);
  }
  const Half halves[] = {{Side::Image, pixels, encodePictures}, {Side::Text, ids, encodeCaptions}};
  nn::Encoded batch;
  if (model.config.mixesByCaption()) {
    batch.outProj = model.parameters.at("llip.out_proj");
    batch.tau = model.config.mixture->tau;
  }
  std::vector<at::Tensor> ours[2];  // of both halves, with their graph, unless they are encoded again
  for (const Half& half : halves) {
    std::vector<at::Tensor>& features = ours[&half - halves];
    features = inPieces ? encodedInPieces(model, half, microBatch) : featuresOf(half.encode(model, half.input), half.side);
    LIX_TRY(const auto leaves, leavesOf(model, half.side, features, ranks));
    setFeatures(batch, half.side, leaves);
  }
  BatchLoss found = fromFeatures(model, recipe, batch, seen);
  if (found.broken != Finite::All) {
    return found;
  }
  if (ranks != nullptr) {
    countOnce(model, *ranks);
    LIX_CHECK(ranks->beginSum(gradientsOf(model, Side::Scalar)));
  }
  const std::int64_t first = ranks == nullptr ? 0 : ranks->rank() * pixels.size(0);
  for (const Half& half : halves) {
    if (!learns(model, half.side)) {
      continue;
    }
    const auto leaves = featuresOf(batch, half.side);
    if (inPieces) {
      eachPiece(half.input, microBatch, [&](const at::Tensor& rows, std::int64_t from, std::int64_t count) {
        carry(featuresOf(half.encode(model, rows), half.side), leaves, first + from, count);
      });
    } else {
      carry(ours[&half - halves], leaves, first, half.input.size(0));
    }
    if (ranks != nullptr) {
      LIX_CHECK(ranks->beginSum(gradientsOf(model, half.side)));
    }
  }
  if (ranks != nullptr) {
    LIX_CHECK(ranks->wait());
  }
  return found;
}

}  // namespace lix::study
