// What of a pickle becomes tensors.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "nn/checkpoint/pickle/machine.h"

namespace lix::nn::detail {
namespace {

constexpr std::size_t kMostRank = 16;
constexpr std::int64_t kMostElements = std::int64_t(1) << 40;

bool isRecordName(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

/// Whether every element lies within the storage and there are no more of them than it has.
bool liesWithin(const PickledTensor& tensor) {
  std::int64_t count = 1, last = tensor.offset;
  if (tensor.offset < 0 || tensor.offset > tensor.storageSize) {
    return false;
  }
  const bool empty = std::ranges::find(tensor.shape, 0) != tensor.shape.end();
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    const std::int64_t extent = tensor.shape[i], stride = tensor.strides[i];
    if (extent < 0 || extent > kMostElements || stride < 0 || stride > kMostElements) {
      return false;
    }
    if (empty) {
      continue;
    }
    if (__builtin_mul_overflow(count, extent, &count) || count > tensor.storageSize) {
      return false;
    }
    std::int64_t step = 0;
    if (__builtin_mul_overflow(extent - 1, stride, &step) || __builtin_add_overflow(last, step, &last)) {
      return false;
    }
  }
  return empty || last < tensor.storageSize;
}

}  // namespace

std::optional<std::vector<std::int64_t>> Machine::numbersOf(Index tuple) const {
  const Value& value = values_.all[tuple];
  if ((value.kind != Kind::Tuple && value.kind != Kind::List) || values_.items(tuple).size() > kMostRank) {
    return std::nullopt;
  }
  std::vector<std::int64_t> numbers;
  for (const Index item : values_.items(tuple)) {
    if (values_.all[item].kind != Kind::Integer) {
      return std::nullopt;
    }
    numbers.push_back(values_.all[item].number);
  }
  return numbers;
}

/// A persistent id: ("storage", its type, its record, where it was, elements).
Result<void> Machine::storage() {
  LIX_TRY(const Index id, pop());
  if (values_.all[id].kind != Kind::Tuple || values_.items(id).size() != 5) {
    return damaged("names a storage in a way that is not known");
  }
  const auto items = values_.items(id);
  const std::string *word = values_.text(items[0]), *record = values_.text(items[2]);
  const Value &type = values_.all[items[1]], &count = values_.all[items[4]];
  if (word == nullptr || *word != "storage" || record == nullptr || !isRecordName(*record) ||
      count.kind != Kind::Integer || count.number < 0 || count.number > kMostElements) {
    return damaged("names a storage in a way that is not known");
  }
  if (type.kind != Kind::Global || type.meaning != Meaning::StorageType) {
    return push(make({.kind = Kind::Opaque}));  // complex numbers and other types that no weight has
  }
  values_.tensors.push_back({.type = type.type, .storage = *record, .storageSize = count.number});
  return push(make({.kind = Kind::Storage, .extra = static_cast<Index>(values_.tensors.size() - 1)}));
}

/// _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks).
Result<Index> Machine::tensor(std::span<const Index> arguments) {
  if (arguments.size() < 4) {
    return damaged("makes a tensor of too few arguments");
  }
  const Value &of = values_.all[arguments[0]], &offset = values_.all[arguments[1]];
  if (of.kind == Kind::Opaque) {
    return make({.kind = Kind::Opaque});
  }
  const auto shape = numbersOf(arguments[2]), strides = numbersOf(arguments[3]);
  if (of.kind != Kind::Storage || offset.kind != Kind::Integer || !shape || !strides ||
      shape->size() != strides->size()) {
    return damaged("makes a tensor of what is no storage, size and stride");
  }
  PickledTensor made = values_.tensors[of.extra];
  made.offset = offset.number;
  made.shape = *shape;
  made.strides = *strides;
  if (!liesWithin(made)) {
    return damaged("makes a tensor that does not lie within its storage");
  }
  values_.tensors.push_back(std::move(made));
  return make({.kind = Kind::Tensor, .extra = static_cast<Index>(values_.tensors.size() - 1)});
}

/// What Python would call; here the few globals with a meaning become what they would give, without a call.
Result<void> Machine::reduce() {
  LIX_TRY(const Index tuple, pop());
  LIX_TRY(const Index callee, pop());
  if (values_.all[tuple].kind != Kind::Tuple) {
    return damaged("calls with what is no tuple");
  }
  const std::vector<Index>& arguments = values_.items(tuple);
  const Value called = values_.all[callee];
  if (called.kind != Kind::Global) {
    return called.kind == Kind::Opaque ? push(make({.kind = Kind::Opaque})) : damaged("calls what cannot be called");
  }
  switch (called.meaning) {
    case Meaning::OrderedDict:
      return push(arguments.empty() ? makeList(Kind::Dict, {}) : make({.kind = Kind::Opaque}));
    case Meaning::RebuildTensor:
      return push(tensor(arguments));
    case Meaning::RebuildParameter:
    case Meaning::Size:
      return arguments.empty() ? damaged("calls with too few arguments") : push(arguments[0]);
    case Meaning::StorageType:
      break;
  }
  return push(make({.kind = Kind::Opaque}));
}

}  // namespace lix::nn::detail
