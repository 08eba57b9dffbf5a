#include "study/few_shot/surface.h"

#include "adapt/check.h"
#include "study/few_shot/check.h"
#include "study/few_shot/draw.h"
#include "study/few_shot/problem.h"
#include "study/few_shot/reach.h"

namespace lix::study {
Result<FewShotSurface> fewShotSurface(const FewShotData& data, std::size_t shots, std::uint64_t seed, std::size_t draw,
                                      std::vector<std::string>& notes) {
  LIX_TRY(const adapt::Adapter* searched, adapt::find("tip-adapter-x"));
  const FewShotSettings settings{.shots = {shots}, .draws = 1, .seed = seed, .adapters = {{.id = searched->id}}};
  if (data.poolMixed != nullptr || data.queryMixed != nullptr) {
    return fail(ErrorCode::Unsupported,
                "The surface of Tip-Adapter is of one vector a picture, and has no form for class-conditioned vectors: "
                "give it pooled ones.");
  }
  LIX_CHECK(checkFewShot(data, settings, notes));
  LIX_TRY(const ParamValues released, adapt::checkParams(*searched, {}));
  LIX_TRY(adapt::TipGrid grid, adapt::tipGrid(*searched, released));
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
  LIX_TRY(out.surface, adapt::tipSurface(task, query.labelled(), std::move(grid)));
  return out;
}

}  // namespace lix::study
