#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lix::nn::detail {

/// Texts in the order of their bytes, each with a number: which of them does a longer text begin with?
class PrefixIndex {
 public:
  using Entry = std::pair<std::string, int>;

  PrefixIndex() = default;
  /// `entries` without empty texts and without the same text twice.
  explicit PrefixIndex(std::vector<Entry> entries) : entries_(std::move(entries)) {
    std::ranges::sort(entries_);
    for (const auto& [text, number] : entries_) {
      ++first_[static_cast<unsigned char>(text[0]) + 1u];
    }
    for (std::size_t byte = 0; byte < 256; ++byte) {
      first_[byte + 1] += first_[byte];
    }
  }

  bool empty() const { return entries_.empty(); }

  /// Calls visit(bytes, number) for every entry that `text` begins with, the shortest first.
  template <class Visit>
  void forEachPrefix(std::string_view text, Visit&& visit) const {
    if (text.empty()) {
      return;
    }
    const auto byteAt = [&](std::size_t depth) { return static_cast<unsigned char>(text[depth]); };
    auto low = entries_.begin() + first_[byteAt(0)], high = entries_.begin() + first_[byteAt(0) + 1u];
    for (std::size_t depth = 1; low != high; ++depth) {  // all entries from low to high begin with text[0 .. depth)
      if (low->first.size() == depth) {
        visit(depth, low->second);
        ++low;
      }
      if (depth == text.size()) {
        return;
      }
      const auto at = [&](const Entry& entry) { return static_cast<unsigned char>(entry.first[depth]); };
      low = std::ranges::lower_bound(low, high, byteAt(depth), {}, at);
      high = std::ranges::upper_bound(low, high, byteAt(depth), {}, at);
    }
  }

 private:
  std::vector<Entry> entries_;
  std::array<std::int32_t, 257> first_{};  ///< where the entries with each first byte begin
};

}  // namespace lix::nn::detail
