#include "study/few_shot/surface.h"

#include <algorithm>

#include "study/few_shot/check.h"
#include "study/few_shot/draw.h"
#include "study/few_shot/problem.h"
#include "study/few_shot/reach.h"

namespace lix::study {
namespace {

/// The grid of the searched adapter where nothing else is asked.
adapt::TipGrid releasedGrid(const adapt::Adapter& searched) {
  const auto value = [&](const char* key) { return std::ranges::find(searched.params, key, &Param::key)->value; };
  const auto steps = [&](const char* largest, const char* count) {
    return adapt::tipSteps(std::get<double>(value(largest)),
                           static_cast<std::size_t>(std::get<long long>(value(count))));
  };
  return {steps("alpha_scale", "alpha_steps"), steps("beta_scale", "beta_steps")};
}

}  // namespace

Result<FewShotSurface> fewShotSurface(const FewShotData& data, std::size_t shots, std::uint64_t seed, std::size_t draw,
                                      std::vector<std::string>& notes) {
  LIX_TRY(const adapt::Adapter* searched, adapt::find("tip-adapter-x"));
  const FewShotSettings settings{.shots = {shots}, .draws = 1, .seed = seed, .adapters = {{.id = searched->id}}};
  LIX_CHECK(checkFewShot(data, settings, notes));
  LIX_TRY(auto reach, Reach(data, settings).choose(notes));
  const Problem problem = problemOf(data, std::move(reach.front().classes));
  Draw drawn = drawSupport(data.pool.labels, problem.classes, shots, seed, draw);
  const Rows support = gather(data.pool, std::move(drawn.support), problem.indexOf);
  const Rows validation = gather(data.pool, std::move(drawn.validation), problem.indexOf);
  const Rows query = gather(data.query, *problem.queryRows, problem.indexOf);
  const adapt::Task task{support.labelled(), validation.labelled(), problem.text.matrix(), problem.classes.size(),
                         data.logitScale};
  FewShotSurface out{.classes = problem.classes.size(),
                     .supportSize = support.labels.size(),
                     .validationSize = validation.labels.size(),
                     .querySize = query.labels.size()};
  LIX_TRY(out.surface, adapt::tipSurface(task, query.labelled(), releasedGrid(*searched)));
  return out;
}

}  // namespace lix::study
