#include "adapt/affinity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "adapt/alpha_count.h"
#include "adapt/check.h"
#include "adapt/choice.h"
#include "adapt/linear.h"
#include "adapt/tip_surface.h"
#include "adapt/top_k.h"
#include "adapt/votes.h"
#include "base/contracts.h"
#include "base/text.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kMostPictures = 48;  // of a block that one thread searches on

/// What all of them know of their task.
class Base : public AffinityClassifier {
 public:
  Base(const AffinityTask& task, ParamValues settings) : task_(task), settings_(std::move(settings)) {
    task_.validation = {};  // which need not outlive the fit
    task_.validationLabels = {};
  }
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
  Neighbours(const AffinityTask& task, ParamValues settings, Vote vote)
      : Base(task, std::move(settings)), vote_(vote), k_(std::min(whole(settings_, "k"), task.labels.size())) {
    settings_["k"] = static_cast<long long>(k_);
  }

  std::vector<float> logits(const Affinities& queries) const override {
    const double temperature = real(settings_, "temperature");
    std::vector<float> out(queries.support.rows * classes(), 0.f);
    TopK top(k_);
    for (std::size_t i = 0; i < queries.support.rows; ++i) {
      top.take(0, queries.support.row(i));
      // of equal cosines the lower row, which is the lower class
      castVotes(vote_, temperature, top.finish(), task_.labels, std::span(out).subspan(i * classes(), classes()));
    }
    return out;
  }

 private:
  Vote vote_;
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
      const auto row = std::span(out).subspan(i * classes(), classes());
      for (float& logit : row) {
        logit *= task_.logitScale;
      }
      addScaled(row, alpha, sums, row);
    }
    return out;
  }
};

/// The released search over the grid, on validation.
std::vector<std::size_t> tipCounts(const AffinityTask& task, const TipGrid& grid) {
  const std::size_t alphas = grid.alphas.size();
  std::vector<std::size_t> correct(alphas * grid.betas.size(), 0);
  std::mutex guard;
  const double aRow =
      static_cast<double>(grid.betas.size()) * static_cast<double>(task.labels.size() + alphas * task.classes);
  overBlocks(task.validationLabels.size(), aRow, kMostPictures, [&](std::size_t first, std::size_t count) {
    std::vector<float> weights(task.labels.size()), sums(task.classes), zeroShot(task.classes);
    std::vector<std::size_t> here(correct.size(), 0);
    AlphaCount counter(task.classes, grid.alphas);
    for (std::size_t i = first; i < first + count; ++i) {
      std::ranges::transform(task.validation.text.row(i), zeroShot.begin(),
                             [&](float cosine) { return task.logitScale * cosine; });
      counter.start(zeroShot, static_cast<std::size_t>(task.validationLabels[i]));
      for (std::size_t b = 0; b < grid.betas.size(); ++b) {
        classSums(task.validation.support.row(i), task.labels, static_cast<float>(grid.betas[b]), weights, sums);
        counter.add(sums, std::span(here).subspan(b * alphas, alphas));
      }
    }
    const std::lock_guard lock(guard);
    std::ranges::transform(here, correct, correct.begin(), std::plus{});
  });
  return correct;
}

/// The settings that the searched adapter finds on validation, or keeps where there is too little of it.
Result<ParamValues> searchTip(const Adapter& adapter, const AffinityTask& task, ParamValues settings) {
  LIX_TRY(const TipGrid grid, tipGrid(adapter, settings));
  const Choice choice = choiceFor(Task{.validation = {{}, task.validationLabels}, .classes = task.classes});
  settings[kChosenBy] = choice.reason;
  return choice.searched ? withBest(std::move(settings), grid, tipCounts(task, grid), task.validationLabels.size())
                         : withFixed(std::move(settings));
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
  if (adapter.needsSupport) {
    LIX_CHECK(checkLabels(task));
  }
  for (const int label : task.validationLabels) {
    if (label < 0 || static_cast<std::size_t>(label) >= task.classes) {
      return fail(ErrorCode::BadInput,
                  cat("Label ", label, " of the validation is outside 0 to ", task.classes - 1, "."));
    }
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
    LIX_TRY(const Vote vote, voteOf(std::get<std::string>(settings.at("vote"))));
    return std::make_unique<Neighbours>(task, std::move(settings), vote);
  }
  if (adapter.id == "tip-adapter-x") {
    LIX_TRY(settings, searchTip(adapter, task, std::move(settings)));
  }
  return std::make_unique<Tip>(task, std::move(settings));
}

}  // namespace lix::adapt
