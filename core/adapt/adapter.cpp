#include "adapt/adapter.h"

#include "base/text.h"

namespace lix::adapt {

Result<const Adapter*> find(std::string_view id) {
  std::vector<std::string> ids;
  for (const Adapter* adapter : table()) {
    if (adapter->id == id) {
      return adapter;
    }
    ids.push_back(adapter->id);
  }
  return fail(ErrorCode::NotFound, cat("There is no adapter '", id, "': there are ", join(ids, ", "), "."));
}

}  // namespace lix::adapt
