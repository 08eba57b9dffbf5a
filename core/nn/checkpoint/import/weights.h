#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"
#include "nn/parameters.h"

namespace lix::nn::detail {

/// Tensors of another program's files, without the prefixes that its wrappers put before their names ("_orig_mod.",
/// "module."; "clip." and "model." where all weights of the towers have it). Mapped, not copied, where the file's form
/// allows it.
class SourceWeights {
 public:
  /// One file, or the shards of one set of weights.
  static Result<SourceWeights> open(const std::vector<std::filesystem::path>& files,
                                    SafetensorsFile::Access access = SafetensorsFile::Access::CopyOnWrite);

  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  bool has(const std::string& name) const { return tensors_.contains(name); }
  /// The extent of an axis, or 0 where the weight or the axis is not there.
  std::int64_t extent(const std::string& name, std::size_t axis) const;
  void rename(const std::string& from, const std::string& to);
  void erase(const std::string& name) { tensors_.erase(name); }
  /// Puts a tensor in place of what has the name.
  void replace(const std::string& name, const at::Tensor& value);
  /// Texts that the first file keeps beside its weights.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  /// The first file.
  const std::filesystem::path& path() const { return files_.front(); }
  const std::vector<std::filesystem::path>& files() const { return files_; }
  /// Whether all tensors lie in their files, instead of in memory.
  bool isMapped() const { return mapped_; }
  /// A floating weight as fp32 of `shape`, which has as many numbers. What is fp32 already still lies in the file, and
  /// keeps it mapped.
  at::Tensor tensor(const TensorView& view, const std::vector<std::int64_t>& shape) const;

 private:
  using Owners = std::vector<std::shared_ptr<const void>>;
  Result<void> dropPrefix(std::string_view prefix);

  std::vector<std::filesystem::path> files_;
  bool mapped_ = true;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
  std::shared_ptr<Owners> owners_ = std::make_shared<Owners>();  ///< what the views lie in
};

/// What of a source's weight a parameter of ours is.
struct Taken {
  enum class Part {
    Whole,
    Transposed,
    First,  ///< thirds of the first axis
    Second,
    Third,
    Joined,  ///< `name` and `second`, one behind the other on the first axis, a third and two thirds of ours
  } part = Part::Whole;
  std::string name;
  std::string second;
};

using NameTable = std::map<std::string, Taken>;

/// How weights differ from what a model calls for, each by name.
struct Mismatch {
  std::vector<std::string> missing;  ///< sorted, each once
  std::vector<std::string> wrong;    ///< shape or type, as half a sentence: "x has shape [2] instead of [3]"
  std::vector<std::string> other;    ///< has no place, other programs' bookkeeping left aside
};
Mismatch compareWeights(const SourceWeights& weights, const std::vector<ParameterSpec>& specs, const NameTable& source);

/// Every parameter of `specs` from the weight that `source` names for it. Missing, left over and wrongly shaped weights
/// are one error that names them, as is a value that is not finite; `shapes` says what calls for the shapes. Weights
/// may have more or fewer leading axes of extent 1.
Result<Parameters> takeParameters(const SourceWeights& weights, const std::vector<ParameterSpec>& specs,
                                  const NameTable& source, const std::string& shapes);

/// The other way: parameters of ours under the names of `source`, contiguous.
std::map<std::string, at::Tensor> giveParameters(const Parameters& parameters, const NameTable& source);

/// "[3, 128]", for people.
std::string shapeText(const std::vector<std::int64_t>& shape);

}  // namespace lix::nn::detail
