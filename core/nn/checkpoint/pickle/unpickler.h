#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"

namespace lix::nn {

/// A tensor as a pickle describes it: a view of a storage whose bytes lie elsewhere. Checked: rank at most 16, every
/// element within the storage, and no more elements than the storage has.
struct PickledTensor {
  DType type = DType::F32;
  std::string storage;           ///< the record's name, letters, digits, "_" and "-" only
  std::int64_t storageSize = 0;  ///< elements
  std::int64_t offset = 0;       ///< elements
  std::vector<std::int64_t> shape, strides;

  bool isContiguous() const;
};

/// Reads the pickle of a file that torch.save wrote (protocol 2) and returns the tensors of its state dict: the dict
/// itself, or what lies in it under "state_dict", "model_state_dict" or "model". Executes nothing: of the pickle's
/// instructions only those that build lists, dicts, tuples, texts and numbers are known, of its globals only
/// OrderedDict, torch's tensors and storages; everything else becomes a placeholder without content. `origin` is named
/// in errors. At most 64 MiB, a million values, and as many bytes of memory as that makes.
Result<std::map<std::string, PickledTensor>> unpickleTensors(std::span<const std::byte> pickle,
                                                             const std::string& origin);

}  // namespace lix::nn
