#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::nn {

enum class DType : std::uint8_t { Bool, U8, I8, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64 };

std::size_t itemSize(DType type);
std::string_view name(DType type);  ///< as in the file: "F32"

/// A tensor in a file or in memory, row-major, little endian; the bytes belong to somebody else.
struct TensorView {
  DType type = DType::F32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
};

/// A safetensors file, memory-mapped and checked in full when opened (format: safetensors 0.4, every rule of its
/// reader).
class SafetensorsFile {
 public:
  /// Whether who has the views may write to them; what is written stays with this process.
  enum class Access { Read, CopyOnWrite };
  static Result<SafetensorsFile> open(const std::filesystem::path& path, Access access = Access::Read);

  /// What keeps the views alive.
  const std::shared_ptr<const void>& owner() const { return mapping_; }
  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  std::shared_ptr<const void> mapping_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// Writes tensors whole or not at all (temporary file, fsync, rename), in the order that the format's own writers use.
Result<void> writeSafetensors(const std::filesystem::path& path, const std::map<std::string, TensorView>& tensors,
                              const std::map<std::string, std::string>& metadata = {});

}  // namespace lix::nn
