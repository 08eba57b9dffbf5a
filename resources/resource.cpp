#include "resources/resource.h"

#include <algorithm>

namespace lix {
namespace {

struct Row {
  std::string_view name;
  std::string_view text;
};

constexpr Row kRows[] = {
#include LIX_RESOURCE_TABLE
};

}  // namespace

std::optional<std::string_view> resource(std::string_view name) {
  const auto row = std::ranges::find(kRows, name, &Row::name);
  return row == std::end(kRows) ? std::nullopt : std::optional(row->text);
}

std::vector<std::string_view> resources(std::string_view prefix) {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) {
    if (row.name.starts_with(prefix)) {
      names.push_back(row.name);
    }
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace lix
