#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "nn/checkpoint/pickle/unpickler.h"

namespace lix::nn::detail {

using Index = std::uint32_t;

/// What a pickle can be made of here.
enum class Kind : std::uint8_t { None, Bool, Integer, Real, Text, Tuple, List, Dict, Global, Storage, Tensor, Opaque };

/// The globals that mean something; none is ever called.
enum class Meaning : std::uint8_t { OrderedDict, RebuildTensor, RebuildParameter, Size, StorageType };

struct Value {
  Kind kind = Kind::None;
  Meaning meaning = Meaning::OrderedDict;  ///< of a Global
  DType type = DType::F32;                 ///< of a Global that is a StorageType
  std::int64_t number = 0;                 ///< Bool, Integer
  Index extra = 0;                         ///< into texts, lists or tensors of the machine
};

/// All that a pickle has made. Values refer to one another by index, so shared and circular ones cost nothing.
struct Values {
  std::vector<Value> all;
  std::vector<std::string> texts;
  std::vector<std::vector<Index>> lists;  ///< of Tuple and List the items, of Dict key, value, key, value, ...
  std::vector<PickledTensor> tensors;     ///< of Storage (without a shape) and Tensor

  const std::string* text(Index at) const { return all[at].kind == Kind::Text ? &texts[all[at].extra] : nullptr; }
  const std::vector<Index>& items(Index at) const { return lists[all[at].extra]; }
};

}  // namespace lix::nn::detail
