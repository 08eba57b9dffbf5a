#include "pages/support/shown_adapter.h"

#include <algorithm>

#include "study/support/support_score.h"

namespace lix::app {

bool ShownAdapter::take(const std::string& id) {
  const auto adapters = study::supportAdapters(study::Adapters::All);
  const bool known = std::ranges::any_of(adapters, [&](const adapt::Adapter* one) { return one->id == id; });
  if (known) {
    id_ = id;
  }
  return known;
}

void ShownAdapter::choose(const std::string& id) {
  if (take(id)) {
    Q_EMIT chosen();
  }
}

void ShownAdapter::restore(const std::string& id) {
  if (take(id)) {
    Q_EMIT restored();
  }
}

}  // namespace lix::app
