#include "nn/checkpoint/pickle/torch_file.h"

#include <cstring>
#include <new>
#include <vector>

#include "base/text.h"
#include "nn/checkpoint/pickle/unpickler.h"
#include "nn/checkpoint/pickle/zip_archive.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t kMostPickle = 64 << 20;
using Bytes = std::unique_ptr<std::byte[]>;

/// What the views lie in: storages by name, and copies of what was not contiguous.
struct Held {
  std::map<std::string, Bytes> storages;
  std::vector<Bytes> copies;
  std::uint64_t copied = 0;
};

std::unexpected<Error> damaged(const fs::path& path, std::string_view why) {
  return fail(ErrorCode::BadInput, cat(path.string(), " is not a usable file of torch.save: ", why,
                                       ". Get the file again, or take the checkpoint as safetensors."));
}

Result<void> checkKind(const ZipArchive& archive) {
  const std::string path = archive.path().string(), name = archive.path().filename().string();
  for (const auto& [entry, size] : archive.sizes()) {
    if (entry == "constants.pkl" || entry.starts_with("code/")) {
      return fail(ErrorCode::Unsupported,
                  cat(path,
                      " is a TorchScript archive, which holds a program beside its weights. Save the weights alone in "
                      "Python: python3 -c \"import torch; torch.save(torch.jit.load('",
                      name, "', map_location='cpu').state_dict(), 'weights.pt')\", and import weights.pt."));
    }
  }
  if (!archive.has("data.pkl")) {
    return damaged(archive.path(), "it holds no data.pkl");
  }
  if (archive.has("byteorder")) {
    char order[6] = {};
    if (archive.sizes().at("byteorder") != sizeof order ||
        !archive.read("byteorder", reinterpret_cast<std::byte*>(order)) ||
        std::memcmp(order, "little", sizeof order) != 0) {
      return fail(ErrorCode::Unsupported,
                  cat(path, " was written on a big-endian machine; take the checkpoint as safetensors."));
    }
  }
  return {};
}

Result<std::map<std::string, PickledTensor>> describe(const ZipArchive& archive) {
  const std::uint64_t size = archive.sizes().at("data.pkl");
  if (size > kMostPickle) {
    return damaged(archive.path(),
                   cat("its pickle has ", size, " bytes, more than the ", kMostPickle, " that one may have"));
  }
  std::vector<std::byte> pickle(size);
  LIX_CHECK(archive.read("data.pkl", pickle.data()));
  return unpickleTensors(pickle, archive.path().string());
}

/// The bytes of a tensor's storage, read once.
Result<const std::byte*> storageOf(const ZipArchive& archive, const PickledTensor& tensor, Held& held) {
  const std::string record = "data/" + tensor.storage;
  const auto size = archive.sizes().find(record);
  if (size == archive.sizes().end()) {
    return damaged(archive.path(), cat("the storage ", record, " is missing"));
  }
  if (size->second != std::uint64_t(tensor.storageSize) * itemSize(tensor.type)) {
    return damaged(archive.path(), cat("the storage ", record, " has ", size->second, " bytes, which is not ",
                                       tensor.storageSize, " numbers of type ", name(tensor.type)));
  }
  auto found = held.storages.find(tensor.storage);
  if (found == held.storages.end()) {
    Bytes bytes(new (std::nothrow) std::byte[size->second]);
    if (!bytes) {
      return fail(ErrorCode::NoMemory,
                  cat(archive.path().string(), " does not fit into memory (", record, " alone has ", size->second >> 20,
                      " MiB); take the checkpoint as safetensors, which is mapped."));
    }
    LIX_CHECK(archive.read(record, bytes.get()));
    found = held.storages.emplace(tensor.storage, std::move(bytes)).first;
  }
  return found->second.get();
}

/// Element by element in row-major order; there are no more of them than the storage has.
Bytes contiguous(const PickledTensor& tensor, const std::byte* storage, std::size_t item, std::size_t count) {
  Bytes copy(new std::byte[count * item]);
  std::vector<std::int64_t> at(tensor.shape.size(), 0);
  std::int64_t place = tensor.offset;
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(copy.get() + i * item, storage + std::size_t(place) * item, item);
    for (std::size_t axis = at.size(); axis-- > 0;) {
      place += tensor.strides[axis];
      if (++at[axis] < tensor.shape[axis]) {
        break;
      }
      place -= tensor.strides[axis] * tensor.shape[axis];
      at[axis] = 0;
    }
  }
  return copy;
}

}  // namespace

Result<TorchFile> openTorchFile(const fs::path& path) {
  LIX_TRY(const ZipArchive archive, ZipArchive::open(path));
  LIX_CHECK(checkKind(archive));
  LIX_TRY(const auto described, describe(archive));
  std::error_code ignored;
  const std::uint64_t fileSize = fs::file_size(path, ignored);
  const auto held = std::make_shared<Held>();
  TorchFile file{held, {}};
  for (const auto& [name, tensor] : described) {
    LIX_TRY(const std::byte* storage, storageOf(archive, tensor, *held));
    const std::size_t item = itemSize(tensor.type);
    std::size_t count = 1;
    for (const auto extent : tensor.shape) {
      count *= std::size_t(extent);
    }
    const std::byte* begin = storage + std::size_t(tensor.offset) * item;
    if (count > 0 && !tensor.isContiguous()) {
      held->copied += count * item;
      if (held->copied > fileSize) {
        return damaged(path, "its tensors view the same bytes again and again");
      }
      held->copies.push_back(contiguous(tensor, storage, item, count));
      begin = held->copies.back().get();
    }
    file.tensors.emplace(name, TensorView{tensor.type, tensor.shape, {begin, count * item}});
  }
  return file;
}

}  // namespace lix::nn
