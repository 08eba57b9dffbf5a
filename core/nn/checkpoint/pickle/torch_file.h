#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"

namespace lix::nn {

/// The weights of a file that torch.save wrote (zip form, PyTorch 1.6 and later), read into memory: only the storages
/// that they lie in, each checked against its record's size first. TorchScript is refused with what to do.
struct TorchFile {
  std::shared_ptr<const void> owner;
  std::map<std::string, TensorView> tensors;
};

Result<TorchFile> openTorchFile(const std::filesystem::path& path);

}  // namespace lix::nn
