#include "nn/checkpoint/import/weights.h"

#include <ATen/ops/from_blob.h>
#include "nn/ops/tensor.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::nn::detail {
namespace {
using Part = Taken::Part;
using Shape = std::vector<std::int64_t>;

constexpr std::size_t kMostNamed = 4;  ///< names in one sentence

std::string listed(const std::vector<std::string>& names) {
  const auto shown = std::vector(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostNamed)));
  const std::size_t more = names.size() - shown.size();
  return cat(join(shown, ", "), more > 0 ? cat(" and ", more, " more") : "");
}

std::string shapeText(const Shape& shape) {
  std::vector<std::string> parts;
  for (const auto extent : shape) {
    parts.push_back(std::to_string(extent));
  }
  return cat("[", join(parts, ", "), "]");
}

/// The shape that the source's weight must have for a parameter of `shape` to be its part.
Shape sourceShape(Shape shape, Part part) {
  if (part == Part::Transposed) {
    std::ranges::reverse(shape);
  } else if (part != Part::Whole) {
    shape[0] *= 3;
  }
  return shape;
}

bool fits(const Shape& given, const Shape& wanted) {
  const auto lacking = std::ssize(wanted) - std::ssize(given);
  return lacking >= 0 && std::all_of(wanted.begin(), wanted.begin() + lacking, [](auto extent) { return extent == 1; }) &&
         std::equal(given.begin(), given.end(), wanted.begin() + lacking, wanted.end());
}

at::Tensor tensorOf(const TensorView& view, const Shape& shape) {
  const at::ScalarType type = view.type == DType::F16    ? at::kHalf
                              : view.type == DType::BF16 ? at::kBFloat16
                              : view.type == DType::F64  ? at::kDouble
                                                         : at::kFloat;
  void* bytes = const_cast<std::byte*>(view.bytes.data());  // only ever read: the file is mapped read-only
  const at::Tensor mapped = at::from_blob(bytes, shape, type);
  return reinterpret_cast<std::uintptr_t>(bytes) % itemSize(view.type) == 0 ? mapped.to(at::kFloat)
                                                                            : mapped.clone().to(at::kFloat);
}

at::Tensor partOf(const at::Tensor& whole, Part part) {
  switch (part) {
    case Part::Whole:
      return whole;
    case Part::Transposed:
      return whole.t().contiguous();
    case Part::First:
    case Part::Second:
    case Part::Third:
      return whole.chunk(3, 0)[static_cast<std::size_t>(part) - static_cast<std::size_t>(Part::First)];
  }
  return whole;
}

bool isFloating(DType type) {
  return type == DType::F32 || type == DType::F16 || type == DType::BF16 || type == DType::F64;
}

/// One sentence about what does not match, or success.
Result<void> compare(const SourceWeights& weights, const std::vector<ParameterSpec>& specs,
                     const std::map<std::string, Taken>& source, const std::string& shapes) {
  std::set<std::string> used, missing;
  std::vector<std::string> wrong, other;
  for (const ParameterSpec& spec : specs) {
    const Taken& taken = source.at(spec.name);
    const bool first = used.insert(taken.name).second;
    const auto found = weights.tensors().find(taken.name);
    if (found == weights.tensors().end()) {
      missing.insert(taken.name);
    } else if (const Shape wanted = sourceShape(spec.shape, taken.part); first && !fits(found->second.shape, wanted)) {
      wrong.push_back(cat(taken.name, " has shape ", shapeText(found->second.shape), " instead of ", shapeText(wanted)));
    } else if (first && !isFloating(found->second.type)) {
      wrong.push_back(cat(taken.name, " has the type ", name(found->second.type)));
    }
  }
  for (const auto& [name, view] : weights.tensors()) {
    if (!used.contains(name)) {
      other.push_back(name);
    }
  }
  std::vector<std::string> problems;
  if (!missing.empty()) {
    problems.push_back(cat("lacks the weights ", listed({missing.begin(), missing.end()})));
  }
  if (!other.empty()) {
    problems.push_back(cat("holds weights that have no place: ", listed(other)));
  }
  if (!wrong.empty()) {
    problems.push_back(cat("does not have the shapes that ", shapes, " calls for: ", listed(wrong)));
  }
  if (problems.empty()) {
    return {};
  }
  return fail(ErrorCode::BadInput, cat(weights.path().string(), " ", join(problems, "; it "),
                                       ". Get the checkpoint again, with the model_config.json that belongs to it."));
}

}  // namespace

Result<SourceWeights> SourceWeights::open(const std::filesystem::path& path) {
  SourceWeights weights;
  LIX_TRY(weights.file_, SafetensorsFile::open(path));
  weights.path_ = path;
  for (const auto& [name, view] : weights.file_.tensors()) {
    std::string_view bare = name;
    for (const std::string_view prefix : {"_orig_mod.", "module.", "_orig_mod."}) {  // compiled, or compiled and wrapped
      if (bare.starts_with(prefix)) {
        bare.remove_prefix(prefix.size());
      }
    }
    if (!weights.tensors_.emplace(bare, view).second) {
      return fail(ErrorCode::BadInput,
                  cat(path.string(), " holds the weight '", bare, "' twice, with and without a wrapper's prefix."));
    }
  }
  return weights;
}

std::int64_t SourceWeights::extent(const std::string& name, std::size_t axis) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() || axis >= found->second.shape.size() ? 0 : found->second.shape[axis];
}

void SourceWeights::rename(const std::string& from, const std::string& to) {
  if (has(to)) {
    return;  // both: the other one is left over, which is said
  }
  if (auto entry = tensors_.extract(from); !entry.empty()) {
    entry.key() = to;
    tensors_.insert(std::move(entry));
  }
}

Result<Parameters> takeParameters(const SourceWeights& weights, const std::vector<ParameterSpec>& specs,
                                  const std::map<std::string, Taken>& source, const std::string& shapes) {
  LIX_CHECK(compare(weights, specs, source, shapes));
  Parameters parameters;
  for (const ParameterSpec& spec : specs) {
    const Taken& taken = source.at(spec.name);
    at::Tensor value =
        partOf(tensorOf(weights.tensors().at(taken.name), sourceShape(spec.shape, taken.part)), taken.part);
    if (!value.isfinite().all().item<bool>()) {
      return fail(ErrorCode::BadInput, cat(weights.path().string(), ": the weight '", taken.name,
                                           "' holds a value that is not finite."));
    }
    LIX_REQUIRE(value.sizes().vec() == spec.shape);
    parameters.emplace(spec.name, std::move(value));
  }
  return parameters;
}

}  // namespace lix::nn::detail
