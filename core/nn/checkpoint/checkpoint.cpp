#include "nn/checkpoint/checkpoint.h"

#include <ATen/ops/empty.h>
#include "nn/ops/tensor.h"

#include <cstring>
#include <optional>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
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

std::string shapeText(at::IntArrayRef shape) {
  std::vector<std::string> parts;
  for (const auto extent : shape) {
    parts.push_back(std::to_string(extent));
  }
  return cat("[", join(parts, ", "), "]");
}

/// Learned scalars that may stand beside the towers, whatever the recipe.
bool isScalar(const std::string& key) {
  return key == "logit_scale" || key == "logit_bias" || key.starts_with("lixp.");
}

bool isFloating(DType type) {
  return type == DType::F32 || type == DType::F16 || type == DType::BF16 || type == DType::F64;
}

Result<Parameters> parametersFrom(const SafetensorsFile& file, const ModelConfig& config, const std::string& source) {
  Parameters parameters;
  const auto specs = parameterSpecs(config);
  for (const ParameterSpec& spec : specs) {
    const auto found = file.tensors().find(spec.name);
    if (found == file.tensors().end()) {
      return fail(ErrorCode::BadInput,
                  cat(source, " has no weight '", spec.name, "', which its config.json calls for."));
    }
    if (found->second.shape != spec.shape) {
      return fail(ErrorCode::BadInput,
                  cat(source, ": the weight '", spec.name, "' has shape ", shapeText(found->second.shape),
                      " where its config.json calls for ", shapeText(spec.shape), "."));
    }
    if (!isFloating(found->second.type)) {
      return fail(ErrorCode::Unsupported, cat(source, ": the weight '", spec.name, "' has the type ",
                                              name(found->second.type), "; F32, F16, BF16 and F64 can be read."));
    }
  }
  for (const auto& [name, view] : file.tensors()) {
    const bool ours = isScalar(name) || std::ranges::any_of(specs, [&](const auto& spec) { return spec.name == name; });
    if (!ours || !isFloating(view.type)) {
      continue;  // position_ids of old files
    }
    at::Tensor tensor = toTensor(view)->to(at::kFloat);
    if (!tensor.isfinite().all().item<bool>()) {
      return fail(ErrorCode::BadInput, cat(source, ": the weight '", name, "' holds a value that is not finite."));
    }
    if (isScalar(name) && tensor.numel() != 1) {
      return fail(ErrorCode::BadInput, cat(source, ": '", name, "' should be one number."));
    }
    parameters.emplace(name, std::move(tensor));
  }
  return parameters;
}

std::string hashOf(const ModelConfig& config, const SafetensorsFile& file) {
  unsigned long long hash = hash64(configToJson(config, ""));
  for (const auto& [name, view] : file.tensors()) {
    hash = hash64({reinterpret_cast<const char*>(view.bytes.data()), view.bytes.size()}, hash64(name, hash));
  }
  return hex(hash);
}

}  // namespace

Result<Checkpoint> loadCheckpoint(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / "config.json", ignored)) {
    return fail(ErrorCode::NotFound, cat(folder.string(), " is not a checkpoint: it has no config.json."));
  }
  LIX_TRY(const std::string text, readFile(folder / "config.json", 1 << 20));
  LIX_TRY(ModelConfig config, configFromJson(text, (folder / "config.json").string()));
  const fs::path weights = folder / "model.safetensors";
  LIX_TRY(const SafetensorsFile file, SafetensorsFile::open(weights));
  Checkpoint checkpoint;
  LIX_TRY(checkpoint.model.parameters, parametersFrom(file, config, weights.string()));
  checkpoint.model.config = config;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const auto about = json.value("lix", nlohmann::json());
  if (about.is_object() && about.contains("recipe") && about["recipe"].is_string()) {
    checkpoint.recipe = about["recipe"];
  }
  if (about.is_object() && about.contains("seed") && about["seed"].is_number_integer()) {
    checkpoint.seed = about["seed"].get<long long>();
  }
  checkpoint.weightsHash = hashOf(config, file);
  return checkpoint;
}

Result<std::string> weightsHash(const fs::path& folder) {
  LIX_TRY(const std::string text, readFile(folder / "config.json", 1 << 20));
  LIX_TRY(const ModelConfig config, configFromJson(text, (folder / "config.json").string()));
  LIX_TRY(const SafetensorsFile file, SafetensorsFile::open(folder / "model.safetensors"));
  return hashOf(config, file);
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
