#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace lix {

/// The text of an embedded file of resources/, named by its path below that folder ("recipes/siglip.json"), or nothing.
std::optional<std::string_view> resource(std::string_view name);

/// Names of all embedded files that begin with `prefix`, sorted.
std::vector<std::string_view> resources(std::string_view prefix);

}  // namespace lix
