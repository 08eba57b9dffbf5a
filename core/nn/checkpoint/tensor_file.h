#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"

namespace lix::nn {

/// Named tensors of a file of weights in whichever form it has, told by its content: safetensors (mapped), or the zip
/// with a pickle that torch.save writes (.bin, .pt, .pth), through a restricted reader that executes nothing. What can
/// not be read (TorchScript, files of PyTorch before 1.6) is one sentence that says what to do.
class TensorFile {
 public:
  static Result<TensorFile> open(const std::filesystem::path& path,
                                 SafetensorsFile::Access access = SafetensorsFile::Access::CopyOnWrite);

  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  /// Texts beside the tensors; only safetensors have any.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  /// Whether the tensors lie in the file itself, instead of in memory.
  bool isMapped() const { return mapped_; }
  /// What keeps the views alive. What is written into a view stays with this process.
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  bool mapped_ = false;
  std::shared_ptr<const void> owner_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace lix::nn
