#include "data/key_index.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "base/contracts.h"

namespace lix::data {

/// The slot of the key, or the free one where it would stand. There is always a free one.
std::size_t KeyTable::slotOf(std::string_view key, std::span<const Sample> samples) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>()(key) & mask;
  while (slots_[slot] != 0 && samples[slots_[slot] - 1].key != key) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::size_t KeyTable::find(std::string_view key, std::span<const Sample> samples) const {
  if (slots_.empty()) {
    return kNone;
  }
  const std::uint32_t found = slots_[slotOf(key, samples)];
  return found == 0 ? kNone : found - 1;
}

bool KeyTable::add(std::size_t index, std::span<const Sample> samples) {
  LIX_REQUIRE(index < samples.size() && index < std::numeric_limits<std::uint32_t>::max());
  if (2 * (count_ + 1) > slots_.size()) {
    resize(std::bit_ceil(std::max<std::size_t>(16, 4 * (count_ + 1))), samples);
  }
  std::uint32_t& slot = slots_[slotOf(samples[index].key, samples)];
  if (slot != 0) {
    return false;
  }
  slot = std::uint32_t(index + 1);
  ++count_;
  return true;
}

void KeyTable::reserve(std::size_t samples) {
  LIX_REQUIRE(count_ == 0);
  slots_.assign(std::bit_ceil(std::max<std::size_t>(16, 2 * samples)), 0);
}

void KeyTable::resize(std::size_t slots, std::span<const Sample> samples) {
  std::vector<std::uint32_t> before(slots, 0);
  before.swap(slots_);
  for (const std::uint32_t number : before) {
    if (number != 0) {
      slots_[slotOf(samples[number - 1].key, samples)] = number;
    }
  }
}

KeyIndex::KeyIndex(std::span<const Sample> samples) : samples_(samples) {
  table_.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    table_.add(i, samples_);
  }
}

std::size_t KeyIndex::at(std::string_view key) const {
  const Place place = find(key);
  LIX_REQUIRE(place != end());
  return place.second;
}

}  // namespace lix::data
