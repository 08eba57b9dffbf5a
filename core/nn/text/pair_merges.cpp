#include "nn/text/pair_merges.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>

namespace lix::nn::detail {
namespace {

constexpr int kNone = -1;

std::uint64_t pairKey(int left, int right) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 | static_cast<std::uint32_t>(right);
}

/// A token between its neighbours; what was merged into the one before it has no id any more.
struct Link {
  int id = kNone;
  int previous = kNone;
  int next = kNone;
};

}  // namespace

void PairMerges::add(int left, int right, int rank, int made) {
  merges_.insert_or_assign(pairKey(left, right), Merged{rank, made});
}

void PairMerges::apply(std::vector<int>& parts) const {
  using Candidate = std::tuple<int, int, int>;  // rank, where, what it makes
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const int count = static_cast<int>(parts.size());
  std::vector<Link> links(parts.size());
  const auto link = [&](int at) -> Link& { return links[static_cast<std::size_t>(at)]; };
  const auto offer = [&](int at) {
    if (at == kNone || link(at).next == kNone) {
      return;
    }
    const auto found = merges_.find(pairKey(link(at).id, link(link(at).next).id));
    if (found != merges_.end()) {
      queue.emplace(found->second.rank, at, found->second.made);
    }
  };
  for (int i = 0; i < count; ++i) {
    link(i) = {parts[static_cast<std::size_t>(i)], i - 1, i + 1 < count ? i + 1 : kNone};
  }
  for (int i = 0; i < count; ++i) {
    offer(i);
  }
  while (!queue.empty()) {
    const auto [rank, at, made] = queue.top();
    queue.pop();
    const int next = link(at).next;
    const auto found = link(at).id == kNone || next == kNone ? merges_.end()
                                                             : merges_.find(pairKey(link(at).id, link(next).id));
    if (found == merges_.end() || found->second.rank != rank) {
      continue;  // one of the two has been merged with another meanwhile
    }
    link(at).id = made;
    link(at).next = link(next).next;
    link(next).id = kNone;
    if (link(at).next != kNone) {
      link(link(at).next).previous = at;
    }
    offer(link(at).previous);
    offer(at);
  }
  parts.clear();
  for (int i = 0; i != kNone && i < count; i = link(i).next) {
    parts.push_back(link(i).id);
  }
}

}  // namespace lix::nn::detail
