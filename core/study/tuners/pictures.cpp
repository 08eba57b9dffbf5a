#include <ATen/core/grad_mode.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <map>
#include <set>

#include "base/contracts.h"
#include "base/parallel.h"
#include "nn/ops/tensor.h"
#include "study/tuners/tuner.h"

namespace lix::study::tuners {
namespace {

constexpr std::size_t kKept = std::size_t(256) << 20;  // bytes of fitted pictures

/// Pictures of a dataset, fitted, the first ones that were asked for kept.
class Shelf {
 public:
  Shelf(const Evaluator& evaluator, const data::Dataset& dataset, std::vector<std::size_t> samples)
      : preprocess_(evaluator.preprocess), dataset_(dataset), samples_(std::move(samples)) {}

  Result<at::Tensor> pixels(std::span<const std::uint32_t> rows) {
    std::vector<std::uint32_t> missing;
    for (const std::uint32_t row : std::set<std::uint32_t>(rows.begin(), rows.end())) {
      LIX_REQUIRE(row < samples_.size());
      if (!kept_.contains(row)) {
        missing.push_back(row);
      }
    }
    std::vector<Result<imaging::Image>> loaded(missing.size());
    parallelFor(missing.size(), [&](std::size_t i) {
      loaded[i] = dataset_.pictures->load(samples_[missing[i]]);
      if (loaded[i]) {
        loaded[i] = fitted(*loaded[i], preprocess_);
      }
    });
    std::map<std::uint32_t, imaging::Image> passing;
    for (std::size_t i = 0; i < missing.size(); ++i) {
      if (!loaded[i]) {
        return std::unexpected(loaded[i].error());
      }
      bytes_ += loaded[i]->pixels.size();
      (bytes_ <= kKept ? kept_ : passing)[missing[i]] = std::move(*loaded[i]);
    }
    std::vector<at::Tensor> out;
    for (const std::uint32_t row : rows) {
      out.push_back(toPixels(kept_.contains(row) ? kept_.at(row) : passing.at(row), preprocess_));
    }
    return at::stack(out);
  }

 private:
  const nn::Preprocess& preprocess_;
  const data::Dataset& dataset_;
  std::vector<std::size_t> samples_;
  std::map<std::uint32_t, imaging::Image> kept_;
  std::size_t bytes_ = 0;
};

}  // namespace

Pictures picturesOf(const Evaluator& evaluator, const data::Dataset& dataset, const ImageFeatures& features) {
  const auto shelf = std::make_shared<Shelf>(evaluator, dataset, features.samples);
  return {.count = features.samples.size(),
          .features = features.vectors,
          .pixels = [shelf](std::span<const std::uint32_t> rows) { return shelf->pixels(rows); }};
}

Pictures subset(const Pictures& pictures, std::vector<std::uint32_t> rows) {
  Pictures part{.count = rows.size(), .features = {}, .pixels = {}};
  if (pictures.features.defined()) {
    const std::vector<std::int64_t> index(rows.begin(), rows.end());
    part.features = pictures.features.index_select(0, at::tensor(index, at::kLong));
  }
  if (pictures.pixels) {
    part.pixels = [whole = pictures.pixels, rows = std::move(rows)](std::span<const std::uint32_t> wanted) {
      std::vector<std::uint32_t> mapped;
      for (const std::uint32_t row : wanted) {
        mapped.push_back(rows[row]);
      }
      return whole(mapped);
    };
  }
  return part;
}

}  // namespace lix::study::tuners
