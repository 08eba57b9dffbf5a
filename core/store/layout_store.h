#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "store/workspace.h"

namespace lix::store {

/// How a window showed this workspace: named JSON documents ("session": the open page, what was chosen on each).
class LayoutStore {
 public:
  explicit LayoutStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  Result<void> save(std::string_view name, std::string_view json) const;
  /// Nothing where there is none of that name.
  Result<std::optional<std::string>> load(std::string_view name) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
