#include "study/tuners/tuner.h"

#include "base/text.h"

namespace lix::study::tuners {

Result<const Tuner*> find(std::string_view id) {
  std::vector<std::string> ids;
  for (const Tuner* tuner : table()) {
    if (tuner->id == id) {
      return tuner;
    }
    ids.push_back(tuner->id);
  }
  return fail(ErrorCode::NotFound,
              cat("There is no adapter '", id, "' that learns through the towers: there are ", join(ids, ", "), "."));
}

}  // namespace lix::study::tuners
