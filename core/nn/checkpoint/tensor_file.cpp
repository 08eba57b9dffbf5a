#include "nn/checkpoint/tensor_file.h"

#include <array>
#include <fstream>

#include "base/text.h"
#if LIX_WITH_ZIP
#include "nn/checkpoint/pickle/torch_file.h"
#endif

namespace lix::nn {
namespace {
namespace fs = std::filesystem;

enum class Form { Safetensors, Zip, Pickle, Unknown };

/// By the first bytes; the extension only where they say nothing.
Form formOf(const fs::path& path) {
  std::array<char, 4> head{};
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) {
    return Form::Safetensors;  // whose reader says what is wrong with it
  }
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  const std::string_view start(head.data(), head.size());
  if (start == std::string_view("PK\3\4", 4)) {
    return Form::Zip;
  }
  if (start.starts_with("\x80\2")) {
    return Form::Pickle;
  }
  const auto extension = path.extension();
  return extension == ".pt" || extension == ".pth" || extension == ".bin" ? Form::Unknown : Form::Safetensors;
}

std::unexpected<Error> oldPickle(const fs::path& path) {
  return fail(ErrorCode::Unsupported,
              cat(path.string(),
                  " is a pickle of PyTorch before 1.6, which cannot be read. Write it anew in Python: python3 -c "
                  "\"import torch; torch.save(torch.load('",
                  path.filename().string(),
                  "', map_location='cpu', weights_only=True), 'weights.pt')\", and import weights.pt."));
}

Result<TensorFile> openZip([[maybe_unused]] const fs::path& path, [[maybe_unused]] TensorFile opened,
                           [[maybe_unused]] auto&& fill) {
#if LIX_WITH_ZIP
  LIX_TRY(TorchFile file, openTorchFile(path));
  fill(opened, file.owner, std::move(file.tensors));
  return opened;
#else
  return fail(ErrorCode::Unsupported, cat(path.string(),
                                          " was written by torch.save, and this program was built without "
                                          "libzip; take the checkpoint as safetensors."));
#endif
}

}  // namespace

Result<TensorFile> TensorFile::open(const fs::path& path, SafetensorsFile::Access access) {
  TensorFile opened;
  switch (formOf(path)) {
    case Form::Zip:
      return openZip(path, std::move(opened), [](TensorFile& into, auto owner, auto tensors) {
        into.owner_ = std::move(owner);
        into.tensors_ = std::move(tensors);
      });
    case Form::Pickle:
      return oldPickle(path);
    case Form::Unknown:
      return fail(ErrorCode::BadInput, cat(path.string(),
                                           " is not a file of torch.save (no zip and no pickle); it may be cut "
                                           "off. Get the file again."));
    case Form::Safetensors:
      break;
  }
  LIX_TRY(const SafetensorsFile file, SafetensorsFile::open(path, access));
  opened.mapped_ = true;
  opened.owner_ = file.owner();
  opened.tensors_ = file.tensors();
  opened.metadata_ = file.metadata();
  return opened;
}

}  // namespace lix::nn
