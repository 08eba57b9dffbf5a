#include "nn/checkpoint/import/weights.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include "nn/ops/tensor.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/contracts.h"
#include "base/text.h"
#include "nn/checkpoint/tensor_bits.h"
#include "nn/checkpoint/tensor_file.h"

namespace lix::nn::detail {
namespace {
using Part = Taken::Part;
using Shape = std::vector<std::int64_t>;

constexpr std::size_t kMostNamed = 4;  ///< names in one sentence

std::string listed(const std::vector<std::string>& names) {
  const auto shown =
      std::vector(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostNamed)));
  const std::size_t more = names.size() - shown.size();
  return cat(join(shown, ", "), more > 0 ? cat(" and ", more, " more") : "");
}

/// The weights that a parameter is made of, and the shapes that they must have for one of `shape`.
std::vector<std::pair<std::string, Shape>> sourcesOf(const Taken& taken, Shape shape) {
  switch (taken.part) {
    case Part::Whole:
      break;
    case Part::Transposed:
      std::ranges::reverse(shape);
      break;
    case Part::First:
    case Part::Second:
    case Part::Third:
      shape[0] *= 3;
      break;
    case Part::Joined: {
      Shape first = shape, second = shape;
      first[0] = shape[0] / 3;
      second[0] = shape[0] - first[0];
      return {{taken.name, first}, {taken.second, second}};
    }
  }
  return {{taken.name, shape}};
}

bool fits(const Shape& given, const Shape& wanted) {
  const auto begin = [](const Shape& shape) {
    return std::ranges::find_if(shape, [](auto extent) { return extent != 1; });
  };
  return std::equal(begin(given), given.end(), begin(wanted), wanted.end());
}

at::Tensor partOf(const at::Tensor& whole, Part part) {
  switch (part) {
    case Part::Whole:
    case Part::Joined:
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

/// What other programs keep beside the weights of the towers: tables of positions, masks, and OpenAI's sizes.
bool isBookkeeping(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kNames{"input_resolution", "context_length", "vocab_size",
                                                          "attn_mask"};
  return name.ends_with("position_ids") || name.ends_with(".attn_mask") ||
         std::ranges::find(kNames, name) != kNames.end();
}

/// One sentence about what does not match, or success.
Result<void> judge(const Mismatch& found, const std::filesystem::path& path, const std::string& shapes) {
  std::vector<std::string> problems;
  if (!found.missing.empty()) {
    problems.push_back(cat("lacks the weights ", listed(found.missing)));
  }
  if (!found.other.empty()) {
    problems.push_back(cat("holds weights that have no place: ", listed(found.other)));
  }
  if (!found.wrong.empty()) {
    problems.push_back(cat("does not have the shapes that ", shapes, " calls for: ", listed(found.wrong)));
  }
  if (problems.empty()) {
    return {};
  }
  return fail(ErrorCode::BadInput, cat(path.string(), " ", join(problems, "; it "),
                                       ". Get the checkpoint again, with the configuration that belongs to it."));
}

}  // namespace

std::string shapeText(const Shape& shape) {
  std::vector<std::string> parts;
  for (const auto extent : shape) {
    parts.push_back(std::to_string(extent));
  }
  return cat("[", join(parts, ", "), "]");
}

Mismatch compareWeights(const SourceWeights& weights, const std::vector<ParameterSpec>& specs, const NameTable& source) {
  Mismatch found;
  std::set<std::string> used, missing;
  for (const ParameterSpec& spec : specs) {
    for (const auto& [taken, wanted] : sourcesOf(source.at(spec.name), spec.shape)) {
      const bool first = used.insert(taken).second;
      const auto given = weights.tensors().find(taken);
      if (given == weights.tensors().end()) {
        missing.insert(taken);
      } else if (first && !fits(given->second.shape, wanted)) {
        found.wrong.push_back(
            cat(taken, " has shape ", shapeText(given->second.shape), " instead of ", shapeText(wanted)));
      } else if (first && !isFloating(given->second.type)) {
        found.wrong.push_back(cat(taken, " has the type ", name(given->second.type)));
      }
    }
  }
  found.missing.assign(missing.begin(), missing.end());
  for (const auto& [name, view] : weights.tensors()) {
    if (!used.contains(name) && !isBookkeeping(name)) {
      found.other.push_back(name);
    }
  }
  return found;
}

Result<SourceWeights> SourceWeights::open(const std::vector<std::filesystem::path>& files,
                                           SafetensorsFile::Access access) {
  SourceWeights weights;
  LIX_REQUIRE(!files.empty());
  weights.files_ = files;
  for (const auto& path : files) {
    LIX_TRY(const TensorFile file, TensorFile::open(path, access));
    weights.mapped_ = weights.mapped_ && file.isMapped();
    weights.owners_->push_back(file.owner());
    weights.metadata_.insert(file.metadata().begin(), file.metadata().end());
    for (const auto& [name, view] : file.tensors()) {
      std::string_view bare = name;
      for (const std::string_view prefix :
           {"_orig_mod.", "module.", "_orig_mod."}) {  // compiled, or compiled and wrapped
        if (bare.starts_with(prefix)) {
          bare.remove_prefix(prefix.size());
        }
      }
      if (!weights.tensors_.emplace(bare, view).second) {
        return fail(ErrorCode::BadInput, cat(path.string(), " holds the weight '", bare,
                                             "' twice, with and without a wrapper's prefix or in two shards."));
      }
    }
  }
  LIX_CHECK(weights.dropPrefix("model."));
  LIX_CHECK(weights.dropPrefix("clip."));
  return weights;
}

/// Where every weight stands below one prefix: a model within a larger one.
Result<void> SourceWeights::dropPrefix(std::string_view prefix) {
  if (tensors_.empty() ||
      !std::ranges::all_of(tensors_, [&](const auto& one) { return one.first.starts_with(prefix); })) {
    return {};
  }
  std::map<std::string, TensorView> bare;
  for (auto& [name, view] : tensors_) {
    bare.emplace(name.substr(prefix.size()), std::move(view));
  }
  tensors_ = std::move(bare);
  return {};
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

void SourceWeights::replace(const std::string& name, const at::Tensor& value) {
  const auto own = std::make_shared<const at::Tensor>(value.to(at::kFloat).contiguous());
  owners_->push_back(own);
  tensors_[name] = {DType::F32, own->sizes().vec(), {static_cast<const std::byte*>(own->data_ptr()), own->nbytes()}};
}

at::Tensor SourceWeights::tensor(const TensorView& view, const Shape& shape) const {
  const at::ScalarType type = view.type == DType::F16    ? at::kHalf
                              : view.type == DType::BF16 ? at::kBFloat16
                              : view.type == DType::F64  ? at::kDouble
                                                         : at::kFloat;
  void* bytes = const_cast<std::byte*>(view.bytes.data());  // mapped so that what is written stays here
  const at::Tensor mapped = at::from_blob(
      bytes, shape, [owners = owners_](void*) {}, type);
  return reinterpret_cast<std::uintptr_t>(bytes) % itemSize(view.type) == 0 ? mapped.to(at::kFloat)
                                                                            : mapped.clone().to(at::kFloat);
}

Result<Parameters> takeParameters(const SourceWeights& weights, const std::vector<ParameterSpec>& specs,
                                  const NameTable& source, const std::string& shapes) {
  LIX_CHECK(judge(compareWeights(weights, specs, source), weights.path(), shapes));
  Parameters parameters;
  std::set<std::string> checked;
  for (const ParameterSpec& spec : specs) {
    const Taken& taken = source.at(spec.name);
    std::vector<at::Tensor> parts;
    for (const auto& [name, shape] : sourcesOf(taken, spec.shape)) {
      const TensorView& view = weights.tensors().at(name);
      parts.push_back(weights.tensor(view, shape));
      const bool finite = !checked.insert(name).second ||  // a double may be finite and no float
                          (view.type == DType::F64 ? parts.back().isfinite().all().item<bool>() : allFinite(view));
      if (!finite) {
        return fail(ErrorCode::BadInput,
                    cat(weights.path().string(), ": the weight '", name, "' holds a value that is not finite."));
      }
    }
    at::Tensor value = partOf(parts.size() == 1 ? parts[0] : at::cat(parts), taken.part);
    LIX_REQUIRE(value.sizes().vec() == spec.shape);
    parameters.emplace(spec.name, std::move(value));
  }
  return parameters;
}

std::map<std::string, at::Tensor> giveParameters(const Parameters& parameters, const NameTable& source) {
  std::map<std::string, at::Tensor> given;
  std::map<std::string, std::array<at::Tensor, 3>> packed;
  for (const auto& [ours, taken] : source) {
    const at::Tensor value = parameters.at(ours).detach();
    switch (taken.part) {
      case Part::Whole:
        given[taken.name] = value.contiguous();
        break;
      case Part::Transposed:
        given[taken.name] = value.t().contiguous();
        break;
      case Part::First:
      case Part::Second:
      case Part::Third:
        packed[taken.name][static_cast<std::size_t>(taken.part) - static_cast<std::size_t>(Part::First)] = value;
        break;
      case Part::Joined:
        given[taken.name] = value.narrow(0, 0, value.size(0) / 3).contiguous();
        given[taken.second] = value.narrow(0, value.size(0) / 3, value.size(0) - value.size(0) / 3).contiguous();
        break;
    }
  }
  for (const auto& [name, parts] : packed) {
    given[name] = at::cat({parts[0], parts[1], parts[2]});
  }
  return given;
}

}  // namespace lix::nn::detail
