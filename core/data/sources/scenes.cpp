#include "data/options.h"
#include "data/scenes/scene_dataset.h"
#include "data/source.h"

namespace lix::data::sources {
namespace {

const std::vector<Param>& params() {
  static const std::vector<Param> rows{
      {.key = "count", .title = "Pictures", .value = 4000LL, .min = 1, .max = 200000, .help = "How many scenes"},
      {.key = "size", .title = "Picture size", .value = 128LL, .min = 16, .max = 1024, .help = "Pixels of each side"},
      {.key = "seed", .title = "Seed", .value = 0LL, .min = 0, .max = 2147483647, .help = "Another seed, other scenes"},
      {.key = "concepts",
       .title = "Concepts of the main object",
       .value = 0LL,
       .min = 0,
       .max = double(kConcepts),
       .help = "Redundancy: from how many pairs of shape and colour the main objects are drawn; the fewer, the more "
               "pictures share one under different captions; 0 = all 64"},
  };
  return rows;
}

Result<Dataset> openScenes(const DatasetSpec& spec, const std::string& name) {
  LIX_TRY(const Options options, Options::parse(spec, params()));
  const SceneOptions wanted{.seed = std::uint64_t(options.integer("seed")),
                            .concepts = int(options.integer("concepts"))};
  return sceneDataset(name, wanted, std::size_t(options.integer("count")), int(options.integer("size")),
                      [](std::string_view key) { return splitOf(key); });
}

}  // namespace

const Source& scenes() {
  static const Source source{
      "scenes", "Scenes",
      "Drawn pictures of one to four objects with several captions each, all true, and the pixels that each speaks of",
      params(), openScenes};
  return source;
}

}  // namespace lix::data::sources
