#include "study/explore/groups.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace lix::study {
namespace {

/// Groups of more than one row from a name of each row's group.
template <class Name>
std::vector<Group> gathered(std::size_t rows, const Name& name) {
  std::unordered_map<std::uint64_t, std::uint32_t> place;
  std::vector<Group> all;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto [found, fresh] = place.try_emplace(name(row), static_cast<std::uint32_t>(all.size()));
    if (fresh) {
      all.emplace_back();
    }
    all[found->second].push_back(static_cast<std::uint32_t>(row));
  }
  std::erase_if(all, [](const Group& group) { return group.size() < 2; });
  std::ranges::stable_sort(all, std::greater(), &Group::size);  // first rows rise already
  return all;
}

/// Disjoint sets with the lowest row as the name of each (Tarjan 1975, with path halving).
class Sets {
 public:
  explicit Sets(std::size_t count) : above_(count) { std::iota(above_.begin(), above_.end(), 0u); }
  std::uint32_t of(std::uint32_t row) {
    while (above_[row] != row) {
      row = above_[row] = above_[above_[row]];
    }
    return row;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = of(a);
    b = of(b);
    above_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> above_;
};

}  // namespace

std::vector<Group> equalGroups(std::span<const std::uint64_t> values) {
  return gathered(values.size(), [&](std::size_t row) { return values[row]; });
}

std::vector<Group> nearGroups(const NeighbourGraph& graph, float least) {
  Sets sets(graph.size());
  for (std::size_t row = 0; row < graph.size(); ++row) {
    for (std::size_t i = 0; i < graph.k && graph.cosinesOf(row)[i] >= least; ++i) {
      sets.join(static_cast<std::uint32_t>(row), graph.rowsOf(row)[i]);
    }
  }
  return gathered(graph.size(), [&](std::size_t row) { return sets.of(static_cast<std::uint32_t>(row)); });
}

std::vector<Group> crossingGroups(std::span<const Group> groups, std::span<const std::uint8_t> parts) {
  std::vector<Group> crossing;
  std::ranges::copy_if(groups, std::back_inserter(crossing), [&](const Group& group) {
    return std::ranges::any_of(group, [&](std::uint32_t row) { return parts[row] != parts[group.front()]; });
  });
  return crossing;
}

}  // namespace lix::study
