#include "nn/checkpoint/pickle/unpickler.h"

#include <array>

#include "base/text.h"
#include "nn/checkpoint/pickle/machine.h"

namespace lix::nn {
namespace {
using detail::Index;
using detail::Kind;
using detail::Values;

constexpr std::size_t kMostBytes = 64 << 20, kMostName = 1024;

/// What a dict has under a text, or nothing.
std::optional<Index> under(const Values& values, Index dict, std::string_view key) {
  const auto& items = values.items(dict);
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (const std::string* text = values.text(items[i]); text != nullptr && *text == key) {
      return items[i + 1];
    }
  }
  return std::nullopt;
}

}  // namespace

bool PickledTensor::isContiguous() const {
  std::int64_t step = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] != 1 && strides[i] != step) {
      return false;
    }
    step *= shape[i];
  }
  return true;
}

Result<std::map<std::string, PickledTensor>> unpickleTensors(std::span<const std::byte> pickle,
                                                             const std::string& origin) {
  if (pickle.size() > kMostBytes) {
    return fail(ErrorCode::BadInput, cat(origin, " has a pickle of ", pickle.size(), " bytes, more than the ",
                                         kMostBytes, " that one may have. Take the checkpoint as safetensors."));
  }
  detail::Machine machine(pickle, origin);
  LIX_TRY(Index top, machine.run());
  const Values& values = machine.values();
  if (values.all[top].kind == Kind::Dict) {
    for (const char* key : {"state_dict", "model_state_dict", "model"}) {
      if (const auto inner = under(values, top, key); inner && values.all[*inner].kind == Kind::Dict) {
        top = *inner;
        break;
      }
    }
  }
  std::map<std::string, PickledTensor> tensors;
  if (values.all[top].kind == Kind::Dict) {
    const auto& items = values.items(top);
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      const std::string* name = values.text(items[i]);
      if (name != nullptr && name->size() <= kMostName && values.all[items[i + 1]].kind == Kind::Tensor) {
        tensors[*name] = values.tensors[values.all[items[i + 1]].extra];
      }
    }
  }
  if (tensors.empty()) {
    return fail(ErrorCode::Unsupported,
                cat(origin,
                    " holds no dict of weights that can be read without executing it (a whole model was saved, or "
                    "something else). Save its state_dict() in Python, best as safetensors."));
  }
  return tensors;
}

}  // namespace lix::nn
