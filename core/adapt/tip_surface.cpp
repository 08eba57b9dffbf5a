#include "adapt/tip_surface.h"

#include <algorithm>
#include <mutex>

#include "adapt/alpha_count.h"
#include "adapt/check.h"
#include "adapt/choice.h"
#include "adapt/key_cache.h"
#include "adapt/linear.h"
#include "base/text.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kCosinesAtOnce = std::size_t{1} << 21;  // of a block of queries with all keys: 8 MiB a thread
constexpr std::size_t kMostQueries = 48;

std::vector<double> shares(const std::vector<std::size_t>& correct, std::size_t of) {
  std::vector<double> out;
  for (const std::size_t count : correct) {
    out.push_back(of == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(of));
  }
  return out;
}

}  // namespace

std::vector<double> tipSteps(double largest, std::size_t steps) {
  std::vector<double> out;
  for (std::size_t i = 0; i < steps; ++i) {
    out.push_back(static_cast<double>(i) * (largest - 0.1) / static_cast<double>(steps) + 0.1);
  }
  return out;
}

Result<TipGrid> tipGrid(const Adapter& adapter, const ParamValues& settings) {
  LIX_CHECK(checkGrid(adapter, settings, {"alpha_steps", "beta_steps"}));
  return TipGrid{tipSteps(real(settings, "alpha_scale"), whole(settings, "alpha_steps")),
                 tipSteps(real(settings, "beta_scale"), whole(settings, "beta_steps"))};
}

std::vector<std::size_t> tipCorrect(const Task& task, const Labelled& queries, const TipGrid& grid) {
  const std::size_t alphas = grid.alphas.size(), classes = task.classes;
  std::vector<std::size_t> correct(grid.betas.size() * alphas, 0);
  if (correct.empty()) {
    return correct;
  }
  const KeyCache cache(task.support, classes);
  const PackedRows text(task.text);
  const std::size_t keys = cache.keys().rows();
  const std::size_t most =
      std::clamp<std::size_t>(kCosinesAtOnce / std::max<std::size_t>(1, keys), TileProducts::kGroup, kMostQueries);
  const double aRow = static_cast<double>(grid.betas.size()) * static_cast<double>(keys + alphas * classes);
  std::mutex guard;
  overBlocks(queries.features.rows, aRow, most, [&](std::size_t first, std::size_t count) {
    if (task.stop.stop_requested()) {
      return;
    }
    const Matrix block = slice(queries.features, first, count);
    const std::vector<float> cosines = multiplyTransposed(block, cache.keys());
    const std::vector<float> zeroShot = multiplyTransposed(block, text, task.logitScale);
    AlphaCount counter(classes, grid.alphas);
    std::vector<float> sums(classes);
    std::vector<std::size_t> here(correct.size(), 0);
    for (std::size_t i = 0; i < count; ++i) {
      counter.start(std::span(zeroShot).subspan(i * classes, classes),
                    static_cast<std::size_t>(queries.labels[first + i]));
      for (std::size_t b = 0; b < grid.betas.size(); ++b) {
        cache.sums(std::span(cosines).subspan(i * keys, keys), static_cast<float>(grid.betas[b]), sums);
        counter.add(sums, std::span(here).subspan(b * alphas, alphas));
      }
    }
    const std::lock_guard lock(guard);
    std::ranges::transform(here, correct, correct.begin(), std::plus{});
  });
  return correct;
}

std::size_t tipBest(const std::vector<std::size_t>& correct) {
  return static_cast<std::size_t>(std::ranges::max_element(correct) - correct.begin());
}

ParamValues withBest(ParamValues settings, const TipGrid& grid, const std::vector<std::size_t>& correct,
                     std::size_t rows) {
  const std::size_t best = tipBest(correct);
  settings["alpha"] = grid.alphas[best % grid.alphas.size()];
  settings["beta"] = grid.betas[best / grid.alphas.size()];
  settings["validation_accuracy"] = static_cast<double>(correct[best]) / static_cast<double>(rows);
  return settings;
}

Result<ParamValues> withFixed(ParamValues settings) {
  LIX_TRY(const Adapter* fixed, find("tip-adapter"));
  for (const Param& param : fixed->params) {
    settings[param.key] = param.value;
  }
  return settings;
}

Result<TipSurface> tipSurface(const Task& task, const Labelled& queries, TipGrid grid) {
  LIX_TRY(const Adapter* searched, find("tip-adapter-x"));
  LIX_CHECK(checkTask(*searched, task));
  LIX_CHECK(checkLabelled(queries, task.classes, "query"));
  LIX_CHECK(checkWidth(queries.features, task.support.features.columns, "The query features"));
  if (grid.alphas.empty() || grid.betas.empty() || queries.features.rows == 0) {
    return fail(ErrorCode::BadInput, "A surface needs at least one alpha, one beta and one query picture.");
  }
  if (grid.alphas.size() > kMostPlaces / grid.betas.size()) {
    return fail(ErrorCode::BadInput, cat("A surface of ", grid.alphas.size(), " alphas and ", grid.betas.size(),
                                         " betas has more than ", kMostPlaces, " places: give fewer of them."));
  }
  if (task.validation.features.rows == 0) {
    return fail(ErrorCode::BadInput,
                "A surface needs validation pictures to choose its best place, and there are none: give some that are "
                "not in the support.");
  }
  TipSurface out;
  out.grid = std::move(grid);
  const std::vector<std::size_t> validation = tipCorrect(task, task.validation, out.grid);
  out.best = tipBest(validation);
  out.validation = shares(validation, task.validation.features.rows);
  out.query = shares(tipCorrect(task, queries, out.grid), queries.features.rows);
  LIX_CHECK(checkStop(task));
  return out;
}

}  // namespace lix::adapt
