#include "nn/checkpoint/checkpoint.h"

#include <ATen/ops/empty.h>
#include "nn/ops/tensor.h"

#include <cstring>
#include <optional>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/tensor_bits.h"
#include "nn/checkpoint/weights_hash.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::pair<DType, at::ScalarType> kTypes[] = {
    {DType::Bool, at::kBool},  {DType::U8, at::kByte},       {DType::I8, at::kChar}, {DType::I16, at::kShort},
    {DType::F16, at::kHalf},   {DType::BF16, at::kBFloat16}, {DType::I32, at::kInt}, {DType::F32, at::kFloat},
    {DType::F64, at::kDouble}, {DType::I64, at::kLong}};

std::optional<at::Tensor> toTensor(const TensorView& view) {
  for (const auto& [type, scalar] : kTypes) {
    if (type == view.type) {
      at::Tensor tensor = at::empty(view.shape, scalar);
      if (!view.bytes.empty()) {
        std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
      }
      return tensor;
    }
  }
  return std::nullopt;
}

/// Learned scalars that may stand beside the towers, whatever the recipe.
bool isScalar(const std::string& key) {
  return key == "logit_scale" || key == "logit_bias" || key.starts_with("lixp.");
}

/// Of the model's settings and of every weight's name and bytes.
std::string hashOf(const ModelConfig& config, const detail::SourceWeights& weights) {
  unsigned long long hash = hash64(configToJson(config, ""));
  for (const auto& [name, view] : weights.tensors()) {
    hash = hashBytes(view.bytes, hash64(name, hash));
  }
  return hex(hash);
}

/// The same, when it is asked for. The files are mapped once more for it, since parameters that lie in the first mapping
/// may be trained meanwhile; what was copied into memory would be held there twice, so that is hashed at once.
Result<WeightsHash> hashLater(const ModelConfig& config, const detail::SourceWeights& weights) {
  if (!weights.isMapped()) {
    return WeightsHash(hashOf(config, weights));
  }
  LIX_TRY(const detail::SourceWeights stored, detail::SourceWeights::open(weights.files(), SafetensorsFile::Access::Read));
  return WeightsHash([config, stored] { return hashOf(config, stored); });
}

/// What our own config.json keeps beside the model.
void readAbout(const std::string& config, Checkpoint& checkpoint) {
  const auto json = nlohmann::json::parse(config, nullptr, false);
  const auto about = json.is_object() ? json.value("lix", nlohmann::json()) : nlohmann::json();
  if (about.is_object() && about.contains("recipe") && about["recipe"].is_string()) {
    checkpoint.recipe = about["recipe"];
  }
  if (about.is_object() && about.contains("seed") && about["seed"].is_number_integer()) {
    checkpoint.seed = about["seed"].get<long long>();
  }
}

}  // namespace

Result<Checkpoint> loadCheckpoint(const fs::path& folder) {
  LIX_TRY(detail::Source source, detail::openSource(folder));
  Checkpoint checkpoint;
  if (source.kind == detail::SourceKind::HuggingFace) {
    readAbout(source.configText, checkpoint);
  }
  const detail::SourceWeights weights = source.weights;
  LIX_TRY(detail::Converted converted, detail::convert(std::move(source)));
  checkpoint.model = std::move(converted.model);
  LIX_TRY(checkpoint.weightsHash, hashLater(checkpoint.model.config, weights));
  return checkpoint;
}

Result<std::string> weightsHash(const fs::path& folder) {
  LIX_TRY(const Checkpoint checkpoint, loadCheckpoint(folder));
  return checkpoint.weightsHash.text();
}

Result<void> saveModel(const Model& model, const std::string& recipe, const fs::path& folder, Precision precision,
                       std::optional<long long> seed) {
  std::map<std::string, at::Tensor> tensors;
  for (const auto& [name, value] : model.parameters) {
    // Scalars keep full precision: a temperature rounded to fp16 is another temperature.
    const bool half = precision == Precision::Float16 && !isScalar(name);
    tensors.emplace(name, value.detach().to(half ? at::kHalf : at::kFloat));
  }
  LIX_CHECK(writeFile(folder / "config.json", configToJson(model.config, recipe, seed)));
  return saveTensors(folder / "model.safetensors", tensors, {{"format", "pt"}});
}

Result<std::map<std::string, at::Tensor>> loadTensors(const fs::path& path) {
  LIX_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
  std::map<std::string, at::Tensor> tensors;
  for (const auto& [name, view] : file.tensors()) {
    auto tensor = toTensor(view);
    if (!tensor) {
      return fail(ErrorCode::Unsupported,
                  cat(path.string(), ": '", name, "' has a type that cannot be computed with."));
    }
    tensors.emplace(name, std::move(*tensor));
  }
  return tensors;
}

Result<void> saveTensors(const fs::path& path, const std::map<std::string, at::Tensor>& tensors,
                         const std::map<std::string, std::string>& metadata) {
  std::map<std::string, at::Tensor> held;  // contiguous copies must outlive the views
  std::map<std::string, TensorView> views;
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor& own = held.emplace(name, tensor.detach().contiguous()).first->second;
    const auto type = std::ranges::find(kTypes, own.scalar_type(), &std::pair<DType, at::ScalarType>::second);
    views.emplace(
        name,
        TensorView{type->first, own.sizes().vec(), {static_cast<const std::byte*>(own.data_ptr()), own.nbytes()}});
  }
  return writeSafetensors(path, views, metadata);
}

}  // namespace lix::nn
