#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"
#include "nn/parameters.h"

namespace lix::nn::detail {

/// Tensors of another program's file, without the prefixes that its wrappers put before their names ("_orig_mod.",
/// "module."). Mapped, not copied.
class SourceWeights {
 public:
  static Result<SourceWeights> open(const std::filesystem::path& file);

  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  bool has(const std::string& name) const { return tensors_.contains(name); }
  /// The extent of an axis, or 0 where the weight or the axis is not there.
  std::int64_t extent(const std::string& name, std::size_t axis) const;
  void rename(const std::string& from, const std::string& to);
  const std::filesystem::path& path() const { return path_; }

 private:
  SafetensorsFile file_;
  std::filesystem::path path_;
  std::map<std::string, TensorView> tensors_;
};

/// What of a source's weight a parameter of ours is.
struct Taken {
  enum class Part { Whole, Transposed, First, Second, Third } part = Part::Whole;  ///< thirds of the first axis
  std::string name;
};

/// Every parameter of `specs` from the weight that `source` names for it. Missing, left over and wrongly shaped weights
/// are one error that names them, as is a value that is not finite; `shapes` says what calls for the shapes. A weight
/// may lack leading axes of extent 1. What is fp32 and not transposed still lies in the mapped
/// file, so `weights` must outlive it.
Result<Parameters> takeParameters(const SourceWeights& weights, const std::vector<ParameterSpec>& specs,
                                  const std::map<std::string, Taken>& source, const std::string& shapes);

}  // namespace lix::nn::detail
