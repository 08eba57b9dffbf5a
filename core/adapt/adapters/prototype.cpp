#include "adapt/check.h"
#include "adapt/linear.h"

namespace lix::adapt {
namespace {

constexpr const char* kTextWeight = "text_weight";

class Prototypes final : public Classifier {
 public:
  Prototypes(const Task& task, ParamValues settings)
      : settings_(std::move(settings)), columns_(task.support.features.columns), weights_(task.classes * columns_) {
    // Sums in double: the mean must not depend on the order of the support beyond its last bit.
    std::vector<double> sums(weights_.size(), 0.0);
    for (std::size_t i = 0; i < task.support.labels.size(); ++i) {
      const auto row = task.support.features.row(i);
      double* sum = sums.data() + static_cast<std::size_t>(task.support.labels[i]) * columns_;
      for (std::size_t k = 0; k < columns_; ++k) {
        sum[k] += row[k];
      }
    }
    weights_.assign(sums.begin(), sums.end());  // the mean differs by a factor that normalising removes
    for (std::size_t c = 0; c < task.classes; ++c) {
      normalise(std::span(weights_).subspan(c * columns_, columns_));
    }
    if (const auto share = static_cast<float>(std::get<double>(settings_.at(kTextWeight))); share > 0.f) {
      blend(task.text, share);
    }
  }

  std::vector<float> logits(Matrix queries) const override {
    return multiplyTransposed(queries, {weights_, weights_.size() / columns_, columns_});
  }

  ParamValues settings() const override { return settings_; }

 private:
  void blend(Matrix text, float share) {
    for (std::size_t c = 0; c < text.rows; ++c) {
      const auto weight = std::span(weights_).subspan(c * columns_, columns_);
      for (std::size_t k = 0; k < columns_; ++k) {
        weight[k] = (1.f - share) * weight[k] + share * text.row(c)[k];
      }
      normalise(weight);
    }
  }

  ParamValues settings_;
  std::size_t columns_;
  std::vector<float> weights_;  ///< [C, D], unit rows
};

Result<std::unique_ptr<Classifier>> fitPrototypes(const Task& task, const ParamValues& params);

}  // namespace

/// Class means: mu_c = norm(mean of the class' support), logits = F M' with M = norm((1 - t) mu_c + t w_c).
const Adapter& prototype() {
  static const Adapter adapter{.id = "prototype",
                               .title = "Prototypes",
                               .citation = "Snell et al., Prototypical Networks for Few-shot Learning, 2017",
                               .params = {{.key = kTextWeight,
                                           .title = "Share of text",
                                           .value = 0.0,
                                           .min = 0.0,
                                           .max = 1.0,
                                           .help = "0 takes the class means alone, 1 the text vectors alone."}},
                               .fit = fitPrototypes};
  return adapter;
}

namespace {

Result<std::unique_ptr<Classifier>> fitPrototypes(const Task& task, const ParamValues& params) {
  LIX_TRY(ParamValues settings, check(prototype(), task, params));
  if (std::get<double>(settings.at(kTextWeight)) > 0.0 && task.text.rows == 0) {
    return fail(ErrorCode::BadInput,
                "Adapter 'prototype' needs a text vector for each class where text_weight is above 0, and "
                "there are none: give class names, or set text_weight to 0.");
  }
  return std::make_unique<Prototypes>(task, std::move(settings));
}

}  // namespace
}  // namespace lix::adapt
