#include "adapt/affinity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "adapt/check.h"
#include "adapt/linear.h"
#include "adapt/tip_surface.h"
#include "adapt/top_k.h"
#include "base/contracts.h"
#include "base/text.h"

namespace lix::adapt {
namespace {

double real(const ParamValues& settings, const char* key) { return std::get<double>(settings.at(key)); }

/// What all of them know of their task.
class Base : public AffinityClassifier {
 public:
  Base(const AffinityTask& task, ParamValues settings) : task_(task), settings_(std::move(settings)) {}
  ParamValues settings() const override { return settings_; }

 protected:
  std::size_t classes() const { return task_.classes; }

  AffinityTask task_;
  ParamValues settings_;
};

class ZeroShot final : public Base {
 public:
  using Base::Base;
  std::vector<float> logits(const Affinities& queries) const override {
    std::vector<float> out(queries.text.values.begin(), queries.text.values.end());
    for (float& value : out) {
      value *= task_.logitScale;
    }
    return out;
  }
};

/// The cosine with norm((1 - t) mu + t w), from those with mu and w: (1 - t) m.q + t w.q over the length of the blend.
class Prototypes final : public Base {
 public:
  using Base::Base;
  std::vector<float> logits(const Affinities& queries) const override {
    std::vector<float> out(queries.prototypes.values.begin(), queries.prototypes.values.end());
    const double share = real(settings_, "text_weight");
    for (std::size_t i = 0; share > 0.0 && i < out.size(); ++i) {
      const double with = task_.prototypeText[i % classes()];
      const double length =
          std::sqrt((1.0 - share) * (1.0 - share) + share * share + 2.0 * share * (1.0 - share) * with);
      const double blend = (1.0 - share) * out[i] + share * queries.text.values[i];
      out[i] = static_cast<float>(length > 1e-12 ? blend / length : 0.0);
    }
    return out;
  }
};

class Neighbours final : public Base {
 public:
  Neighbours(const AffinityTask& task, ParamValues settings) : Base(task, std::move(settings)) {
    const auto asked = static_cast<std::size_t>(std::get<long long>(settings_.at("k")));
    k_ = std::min(asked, task.labels.size());
    settings_["k"] = static_cast<long long>(k_);
  }

  std::vector<float> logits(const Affinities& queries) const override {
    const auto& vote = std::get<std::string>(settings_.at("vote"));
    const double temperature = real(settings_, "temperature");
    std::vector<float> out(queries.support.rows * classes(), 0.f);
    std::vector<double> sums(classes());
    TopK top(k_);
    for (std::size_t i = 0; i < queries.support.rows; ++i) {
      top.take(0, queries.support.row(i));
      const auto nearest = top.finish();  // of equal cosines the lower row, which is the lower class
      const double reference = vote == "softmax" ? nearest.front().cosine : 0.0;
      double total = 0.0;
      std::ranges::fill(sums, 0.0);
      for (const Neighbour& one : nearest) {
        const double weight = vote == "plurality" ? 1.0 : std::exp((one.cosine - reference) / temperature);
        sums[static_cast<std::size_t>(task_.labels[one.row])] += weight;
        total += weight;
      }
      const double scale = vote == "softmax" ? 1.0 / total : 1.0;
      std::ranges::transform(sums, out.begin() + static_cast<std::ptrdiff_t>(i * classes()),
                             [&](double sum) { return static_cast<float>(sum * scale); });
    }
    return out;
  }

 private:
  std::size_t k_ = 1;
};

/// exp(-beta (1 - A)) onehot of one picture; `weights` [S] is scratch.
void classSums(std::span<const float> cosines, std::span<const int> labels, float beta, std::span<float> weights,
               std::span<float> sums) {
  affinities(cosines, beta, weights);
  std::ranges::fill(sums, 0.f);
  for (std::size_t s = 0; s < labels.size(); ++s) {
    sums[static_cast<std::size_t>(labels[s])] += weights[s];
  }
}

class Tip final : public Base {
 public:
  Tip(const AffinityTask& task, ParamValues settings) : Base(task, std::move(settings)) {}

  std::vector<float> logits(const Affinities& queries) const override {
    const auto alpha = static_cast<float>(real(settings_, "alpha"));
    const auto beta = static_cast<float>(real(settings_, "beta"));
    std::vector<float> out(queries.text.values.begin(), queries.text.values.end());
    std::vector<float> weights(task_.labels.size()), sums(classes());
    for (std::size_t i = 0; i < queries.support.rows; ++i) {
      classSums(queries.support.row(i), task_.labels, beta, weights, sums);
      for (std::size_t c = 0; c < classes(); ++c) {
        float& logit = out[i * classes() + c];
        logit = task_.logitScale * logit + alpha * sums[c];
      }
    }
    return out;
  }
};

/// The released search over the grid, on validation.
void searchTip(const AffinityTask& task, ParamValues& settings) {
  const auto steps = [&](const char* largest, const char* count) {
    return tipSteps(real(settings, largest), static_cast<std::size_t>(std::get<long long>(settings.at(count))));
  };
  const TipGrid grid{steps("alpha_scale", "alpha_steps"), steps("beta_scale", "beta_steps")};
  std::vector<std::size_t> correct(grid.alphas.size() * grid.betas.size(), 0);
  std::vector<float> weights(task.labels.size()), sums(task.classes), logits(task.classes);
  for (std::size_t i = 0; i < task.validationLabels.size(); ++i) {
    const auto text = task.validation.text.row(i);
    for (std::size_t b = 0; b < grid.betas.size(); ++b) {
      classSums(task.validation.support.row(i), task.labels, static_cast<float>(grid.betas[b]), weights, sums);
      for (std::size_t a = 0; a < grid.alphas.size(); ++a) {
        for (std::size_t c = 0; c < task.classes; ++c) {
          logits[c] = task.logitScale * text[c] + static_cast<float>(grid.alphas[a]) * sums[c];
        }
        const auto best = std::ranges::max_element(logits) - logits.begin();
        correct[b * grid.alphas.size() + a] += best == task.validationLabels[i] ? 1 : 0;
      }
    }
  }
  const std::size_t best = tipBest(correct);
  settings["alpha"] = grid.alphas[best % grid.alphas.size()];
  settings["beta"] = grid.betas[best / grid.alphas.size()];
  settings["validation_accuracy"] =
      static_cast<double>(correct[best]) / static_cast<double>(task.validationLabels.size());
}

Result<void> checkValues(Matrix m, std::size_t rows, std::size_t columns, std::string_view what) {
  if (m.rows != rows || m.columns != columns || m.values.size() != rows * columns) {
    return fail(ErrorCode::BadInput, cat("The ", what, " affinities are ", m.rows, " x ", m.columns, ", but must be ",
                                         rows, " x ", columns, "."));
  }
  if (!std::ranges::all_of(m.values, [](float value) { return std::isfinite(value); })) {
    return fail(ErrorCode::BadInput, cat("The ", what,
                                         " affinities hold a value that is not a finite number: the model "
                                         "that made them has diverged."));
  }
  return {};
}

Result<void> checkLabels(const AffinityTask& task) {
  std::vector<bool> seen(task.classes, false);
  for (const int label : task.labels) {
    if (label < 0 || static_cast<std::size_t>(label) >= task.classes) {
      return fail(ErrorCode::BadInput, cat("Label ", label, " of the support is outside 0 to ", task.classes - 1, "."));
    }
    seen[static_cast<std::size_t>(label)] = true;
  }
  const auto missing = std::ranges::find(seen, false);
  if (missing != seen.end()) {
    return fail(ErrorCode::BadInput, cat("Class ", missing - seen.begin(),
                                         " has no support picture: give at least one "
                                         "for each of the ",
                                         task.classes, " classes."));
  }
  LIX_REQUIRE(std::ranges::is_sorted(task.labels));
  return {};
}

Result<void> checkTask(const Adapter& adapter, const AffinityTask& task) {
  const bool text = !task.prototypeText.empty();
  if (adapter.needsText && !text) {
    return fail(ErrorCode::BadInput,
                cat("Adapter '", adapter.id, "' needs a text vector for each class, and there are none."));
  }
  const std::size_t validation = task.validationLabels.size();
  if (adapter.needsValidation && validation == 0) {
    return fail(ErrorCode::BadInput,
                cat("Adapter '", adapter.id, "' searches its settings on validation pictures, and there are none."));
  }
  if (adapter.needsSupport) {
    LIX_CHECK(checkLabels(task));
  }
  if (validation > 0) {
    LIX_CHECK(checkValues(task.validation.support, validation, task.labels.size(), "support"));
    LIX_CHECK(checkValues(task.validation.prototypes, validation, task.classes, "prototype"));
    LIX_CHECK(checkValues(task.validation.text, text ? validation : 0, text ? task.classes : 0, "text"));
  }
  return {};
}

constexpr std::array<std::string_view, 5> kForms{"zero-shot", "prototype", "knn", "tip-adapter", "tip-adapter-x"};

}  // namespace

bool hasAffinityForm(std::string_view adapter) { return std::ranges::find(kForms, adapter) != kForms.end(); }

Result<std::unique_ptr<AffinityClassifier>> fitAffinity(const Adapter& adapter, const AffinityTask& task,
                                                        const ParamValues& params) {
  if (!hasAffinityForm(adapter.id)) {
    return fail(ErrorCode::Unsupported, cat("Adapter '", adapter.id,
                                            "' works on one vector a picture, and has no form for class-conditioned "
                                            "vectors: evaluate it with pooled ones, or choose of ",
                                            join({kForms.begin(), kForms.end()}, ", "), "."));
  }
  LIX_TRY(ParamValues settings, checkParams(adapter, params));
  LIX_CHECK(checkTask(adapter, task));
  if (adapter.id == "zero-shot") {
    return std::make_unique<ZeroShot>(task, std::move(settings));
  }
  if (adapter.id == "prototype") {
    if (real(settings, "text_weight") > 0.0 && task.prototypeText.empty()) {
      return fail(ErrorCode::BadInput,
                  "Adapter 'prototype' needs a text vector for each class where text_weight is "
                  "above 0, and there are none.");
    }
    return std::make_unique<Prototypes>(task, std::move(settings));
  }
  if (adapter.id == "knn") {
    const auto& vote = std::get<std::string>(settings.at("vote"));
    if (vote != "plurality" && vote != "softmax" && vote != "exponential") {
      return fail(ErrorCode::BadInput, cat("Setting 'vote' of adapter 'knn' is '", vote,
                                           "', but must be plurality, softmax or exponential."));
    }
    return std::make_unique<Neighbours>(task, std::move(settings));
  }
  if (adapter.id == "tip-adapter-x") {
    searchTip(task, settings);
  }
  return std::make_unique<Tip>(task, std::move(settings));
}

}  // namespace lix::adapt
