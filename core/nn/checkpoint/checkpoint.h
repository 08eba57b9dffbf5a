#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "nn/checkpoint/safetensors.h"
#include "nn/checkpoint/weights_hash.h"
#include "nn/model.h"

namespace lix::nn {

/// A checkpoint, loaded. What is ours has Hugging Face's layout: config.json and model.safetensors (F32, F16, BF16 or F64,
/// as fp32; F32 stays in the mapped file). There, parameters that the architecture has not and the recipe does not explain
/// are kept out; the ones it lacks are an error that names them, as is a wrong shape.
struct Checkpoint {
  Model model;
  std::string recipe;       ///< id of the recipe that trained it, "" if not ours
  std::optional<long long> seed;  ///< of that training, where known
  WeightsHash weightsHash;  ///< of the files' bytes; equal hash = equal model
};

/// Opens the folder of a checkpoint of ours or one as transformers, OpenCLIP or the Llip release keep it (a folder, or the
/// file of its weights), with what its files leave open taken as published.
Result<Checkpoint> loadCheckpoint(const std::filesystem::path& folder);

enum class Precision { Float32, Float16 };

/// Writes config.json (with the recipe and seed that trained it) and model.safetensors into an existing folder (towers and
/// scalars).
Result<void> saveModel(const Model& model, const std::string& recipe, const std::filesystem::path& folder,
                       Precision precision, std::optional<long long> seed = {});

/// Tensors of a safetensors file as torch tensors that own their memory (types kept).
Result<std::map<std::string, at::Tensor>> loadTensors(const std::filesystem::path& file);
/// Contiguous CPU tensors into a safetensors file.
Result<void> saveTensors(const std::filesystem::path& file, const std::map<std::string, at::Tensor>& tensors,
                         const std::map<std::string, std::string>& metadata = {});

}  // namespace lix::nn
