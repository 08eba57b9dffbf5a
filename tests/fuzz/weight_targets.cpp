// Files of weights: safetensors, zips of torch.save and the pickles in them, NumPy's matrices.
#include <array>

#include "fuzz/target.h"
#include "nn/checkpoint/npy.h"
#include "nn/checkpoint/pickle/torch_file.h"
#include "nn/checkpoint/pickle/unpickler.h"
#include "nn/checkpoint/safetensors.h"

namespace lix::fuzz {
namespace {

/// Reads every byte, so that a view that leads out of its file is noticed.
void touch(const nn::TensorView& view) {
  std::size_t elements = 1;
  for (const std::int64_t extent : view.shape) {
    promise(extent >= 0, "extents are not negative");
    elements *= std::size_t(extent);
  }
  promise(view.bytes.size() == elements * nn::itemSize(view.type), "a tensor has the bytes that its shape needs");
  volatile unsigned sum = 0;  // volatile: reading is the point
  for (const std::byte byte : view.bytes) {
    sum = sum + unsigned(byte);
  }
}

Outcome safetensors(std::string_view bytes) {
  const auto file = nn::SafetensorsFile::open(put("model.safetensors", bytes));
  if (!file) {
    promise(!file.error().message.empty(), "a refusal says why");
    return Outcome::Refused;
  }
  for (const auto& [name, view] : file->tensors()) {
    touch(view);
  }
  const auto copy = scratch() / "copy.safetensors";
  promise(nn::writeSafetensors(copy, file->tensors(), file->metadata()).has_value(), "what was read can be written");
  const auto again = nn::SafetensorsFile::open(copy);
  promise(again && again->tensors().size() == file->tensors().size(), "what was written can be read");
  return Outcome::Read;
}

Outcome pickle(std::string_view bytes) {
  const auto tensors = nn::unpickleTensors(std::as_bytes(std::span(bytes)), "data.pkl");
  if (!tensors) {
    promise(!tensors.error().message.empty(), "a refusal says why");
    return Outcome::Refused;
  }
  for (const auto& [name, tensor] : *tensors) {
    promise(tensor.shape.size() == tensor.strides.size(), "every dimension has a stride");
    std::int64_t last = tensor.offset;
    bool empty = false;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      promise(tensor.shape[i] >= 0 && tensor.strides[i] >= 0, "extents and strides are not negative");
      empty |= tensor.shape[i] == 0;
      last += empty ? 0 : (tensor.shape[i] - 1) * tensor.strides[i];
    }
    promise(empty || (tensor.offset >= 0 && last < tensor.storageSize), "every element lies within its storage");
    promise(tensor.storage.find_first_of("/\\.") == std::string::npos, "a storage's name leads nowhere");
  }
  return Outcome::Read;
}

Outcome torchFile(std::string_view bytes) {
  const auto file = nn::openTorchFile(put("pytorch_model.bin", bytes));
  if (!file) {
    promise(!file.error().message.empty(), "a refusal says why");
    return Outcome::Refused;
  }
  for (const auto& [name, view] : file->tensors) {
    touch(view);
  }
  return Outcome::Read;
}

Outcome npy(std::string_view bytes) {
  const auto matrix = nn::readNpyMatrix(put("features.npy", bytes));
  promise(!matrix || matrix->values.size() == std::size_t(matrix->rows * matrix->columns), "a matrix is whole");
  return matrix ? Outcome::Read : Outcome::Refused;
}

}  // namespace

std::span<const Target> weightTargets() {
  static constexpr std::array<Target, 4> all{
      {{"safetensors", safetensors}, {"pickle", pickle}, {"torch_file", torchFile}, {"npy", npy}}};
  return all;
}

}  // namespace lix::fuzz
