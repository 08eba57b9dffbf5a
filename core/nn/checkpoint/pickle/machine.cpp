#include "nn/checkpoint/pickle/machine.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/text.h"

namespace lix::nn::detail {
namespace {

constexpr std::size_t kMostValues = 1'000'000, kMostText = 1 << 16;

/// The instructions that are known, by their names in Python's pickletools.
enum Code : unsigned char {
  kMarkCode = '(',
  kStop = '.',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kEmptyList = ']',
  kEmptyTuple = ')',
  kBinFloat = 'G',
  kProto = 0x80,
  kNewObj = 0x81,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a
};

struct Known {
  std::string_view name;
  Meaning meaning;
  DType type = DType::F32;
};
constexpr auto kGlobals = std::to_array<Known>({{"collections.OrderedDict", Meaning::OrderedDict},
                                                {"torch._utils._rebuild_tensor_v2", Meaning::RebuildTensor},
                                                {"torch._utils._rebuild_parameter", Meaning::RebuildParameter},
                                                {"torch.Size", Meaning::Size},
                                                {"torch.FloatStorage", Meaning::StorageType, DType::F32},
                                                {"torch.HalfStorage", Meaning::StorageType, DType::F16},
                                                {"torch.BFloat16Storage", Meaning::StorageType, DType::BF16},
                                                {"torch.DoubleStorage", Meaning::StorageType, DType::F64},
                                                {"torch.LongStorage", Meaning::StorageType, DType::I64},
                                                {"torch.IntStorage", Meaning::StorageType, DType::I32},
                                                {"torch.ShortStorage", Meaning::StorageType, DType::I16},
                                                {"torch.CharStorage", Meaning::StorageType, DType::I8},
                                                {"torch.ByteStorage", Meaning::StorageType, DType::U8},
                                                {"torch.BoolStorage", Meaning::StorageType, DType::Bool}});

}  // namespace

std::unexpected<Error> Machine::damaged(std::string_view why) const {
  return fail(ErrorCode::BadInput, cat(origin_, " cannot be read as weights: its pickle ", why, " (byte ", at_,
                                       "). Get the file again, or take the checkpoint as safetensors."));
}

Result<std::span<const std::byte>> Machine::take(std::size_t count) {
  if (count > bytes_.size() - at_) {
    return damaged("is cut off");
  }
  const auto part = bytes_.subspan(at_, count);
  at_ += count;
  return part;
}

/// Little endian.
Result<std::uint64_t> Machine::number(std::size_t count) {
  LIX_TRY(const auto part, take(count));
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value |= std::uint64_t(part[i]) << (8 * i);
  }
  return value;
}

Result<std::string_view> Machine::line() {
  const auto rest = bytes_.subspan(at_, std::min(bytes_.size() - at_, kMostText));
  const auto end = std::ranges::find(rest, std::byte('\n'));
  if (end == rest.end()) {
    return damaged("has a name without an end");
  }
  const std::string_view text(reinterpret_cast<const char*>(rest.data()), static_cast<std::size_t>(end - rest.begin()));
  at_ += text.size() + 1;
  return text;
}

Result<Index> Machine::run() {
  while (true) {
    LIX_TRY(const auto code, take(1));
    if (std::to_integer<unsigned char>(code[0]) == kStop) {
      return pop();
    }
    LIX_CHECK(step(std::to_integer<unsigned char>(code[0])));
  }
}

Result<void> Machine::step(unsigned char code) {
  switch (code) {
    case kProto: {
      LIX_TRY(const auto version, number(1));
      return version == 2 ? Result<void>() : damaged(cat("has protocol ", version, ", and only 2 can be read"));
    }
    case kMarkCode:
      return push(kMark);
    case kBinInt:
    case kBinInt1:
    case kBinInt2:
    case kLong1:
    case kBinFloat:
    case kNone:
    case kNewTrue:
    case kNewFalse:
      return pushNumber(code);
    case kBinUnicode:
      return pushText();
    case kGlobal:
      return pushGlobal();
    case kBinPut:
    case kLongBinPut:
    case kBinGet:
    case kLongBinGet:
      return memo(code);
    case kReduce:
      return reduce();
    case kBinPersId:
      return storage();
    case kBuild: {  // state of an object: nothing of it is needed
      LIX_CHECK(pop());
      return stack_.empty() ? damaged("builds nothing") : Result<void>();
    }
    case kNewObj:
      LIX_CHECK(pop());
      LIX_CHECK(pop());
      return push(make({.kind = Kind::Opaque}));
    default:
      return container(code);
  }
}

Result<void> Machine::container(unsigned char code) {
  switch (code) {
    case kEmptyTuple:
    case kTuple1:
    case kTuple2:
    case kTuple3:
      return tuple(code == kEmptyTuple ? 0 : code - kTuple1 + 1u);
    case kTuple: {
      LIX_TRY(auto items, popToMark());
      return push(makeList(Kind::Tuple, std::move(items)));
    }
    case kEmptyDict:
      return push(makeList(Kind::Dict, {}));
    case kEmptyList:
      return push(makeList(Kind::List, {}));
    case kAppend: {
      LIX_TRY(const Index item, pop());
      LIX_TRY(const Index list, pop());
      LIX_CHECK(addTo(Kind::List, std::array{item}, list));
      return push(list);
    }
    case kSetItem: {
      LIX_TRY(const Index value, pop());
      LIX_TRY(const Index key, pop());
      LIX_TRY(const Index dict, pop());
      LIX_CHECK(addTo(Kind::Dict, std::array{key, value}, dict));
      return push(dict);
    }
    case kAppends:
      return addMarked(Kind::List);
    case kSetItems:
      return addMarked(Kind::Dict);
    default:
      return damaged(
          cat("holds the instruction ", int(code), ", which files of weights do not need and which is not obeyed"));
  }
}

Result<void> Machine::pushNumber(unsigned char code) {
  switch (code) {
    case kNone:
      return push(make({.kind = Kind::None}));
    case kNewTrue:
    case kNewFalse:
      return push(make({.kind = Kind::Bool, .number = code == kNewTrue}));
    case kBinFloat:
      LIX_CHECK(take(8));
      return push(make({.kind = Kind::Real}));  // no number with a fraction says anything about a tensor
    default:
      break;
  }
  std::size_t bytes = code == kBinInt ? 4 : code == kBinInt2 ? 2 : 1;
  if (code == kLong1) {
    LIX_TRY(bytes, number(1));
  }
  if (bytes > 8) {
    LIX_CHECK(take(bytes));
    return push(make({.kind = Kind::Opaque}));
  }
  LIX_TRY(const std::uint64_t value, number(bytes));
  const bool isSigned = code == kBinInt || code == kLong1;
  const int shift = bytes == 0 ? 0 : 64 - 8 * static_cast<int>(bytes);
  return push(make(
      {.kind = Kind::Integer,
       .number = isSigned ? std::bit_cast<std::int64_t>(value << shift) >> shift : static_cast<std::int64_t>(value)}));
}

Result<void> Machine::pushText() {
  LIX_TRY(const auto length, number(4));
  LIX_TRY(const auto part, take(length));
  const std::string_view text(reinterpret_cast<const char*>(part.data()), part.size());
  if (!isUtf8(text)) {
    return damaged("holds a text that is not UTF-8");
  }
  values_.texts.emplace_back(text);
  return push(make({.kind = Kind::Text, .extra = static_cast<Index>(values_.texts.size() - 1)}));
}

Result<void> Machine::pushGlobal() {
  LIX_TRY(const auto module, line());
  LIX_TRY(const auto name, line());
  const std::string whole = cat(module, ".", name);
  const auto known = std::ranges::find(kGlobals, whole, &Known::name);
  return push(known == kGlobals.end() ? make({.kind = Kind::Opaque})
                                      : make({.kind = Kind::Global, .meaning = known->meaning, .type = known->type}));
}

Result<void> Machine::memo(unsigned char code) {
  LIX_TRY(const auto place, number(code == kBinPut || code == kBinGet ? 1 : 4));
  const auto key = static_cast<std::uint32_t>(place);
  if (code == kBinPut || code == kLongBinPut) {
    if (stack_.empty() || stack_.back() == kMark) {
      return damaged("remembers what is not there");
    }
    memo_[key] = stack_.back();
    return {};
  }
  const auto found = memo_.find(key);
  return found == memo_.end() ? damaged("asks for what was never remembered") : push(found->second);
}

Result<void> Machine::tuple(std::size_t count) {
  std::vector<Index> items(count);
  for (std::size_t i = count; i-- > 0;) {
    LIX_TRY(items[i], pop());
  }
  return push(makeList(Kind::Tuple, std::move(items)));
}

/// Into a list or dict; what is added to a placeholder is gone.
Result<void> Machine::addTo(Kind kind, std::span<const Index> items, Index to) {
  const Value& value = values_.all[to];
  if (value.kind == Kind::Opaque) {
    return {};
  }
  if (value.kind != kind || (kind == Kind::Dict && items.size() % 2 != 0)) {
    return damaged("adds to what is no list and no dict");
  }
  auto& list = values_.lists[value.extra];
  list.insert(list.end(), items.begin(), items.end());
  return {};
}

Result<void> Machine::addMarked(Kind kind) {
  LIX_TRY(const auto items, popToMark());
  LIX_TRY(const Index to, pop());
  LIX_CHECK(addTo(kind, items, to));
  return push(to);
}

Result<Index> Machine::make(Value value) {
  if (values_.all.size() >= kMostValues) {
    return damaged(cat("makes more than ", kMostValues, " values"));
  }
  values_.all.push_back(value);
  return static_cast<Index>(values_.all.size() - 1);
}

Result<Index> Machine::makeList(Kind kind, std::vector<Index> items) {
  values_.lists.push_back(std::move(items));
  return make({.kind = kind, .extra = static_cast<Index>(values_.lists.size() - 1)});
}

Result<void> Machine::push(Result<Index> made) {
  if (!made) {
    return std::unexpected(std::move(made).error());
  }
  if (stack_.size() >= kMostValues) {
    return damaged(cat("stacks more than ", kMostValues, " values"));
  }
  stack_.push_back(*made);
  return {};
}

Result<Index> Machine::pop() {
  if (stack_.empty() || stack_.back() == kMark) {
    return damaged("takes more than it put on its stack");
  }
  const Index top = stack_.back();
  stack_.pop_back();
  return top;
}

Result<std::vector<Index>> Machine::popToMark() {
  const auto mark = std::find(stack_.rbegin(), stack_.rend(), kMark);
  if (mark == stack_.rend()) {
    return damaged("ends a list that it never began");
  }
  std::vector<Index> items(mark.base(), stack_.end());
  stack_.erase(mark.base() - 1, stack_.end());
  return items;
}

}  // namespace lix::nn::detail
