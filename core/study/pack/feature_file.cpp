#include "study/pack/feature_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "nn/checkpoint/half.h"

namespace lix::study {
namespace {
using nn::DType;
using nn::TensorView;

constexpr std::int64_t kMostRows = 1LL << 31;
constexpr int kMostWidth = 65536;

template <class... Parts>
std::unexpected<Error> bad(const Parts&... parts) {
  return fail(ErrorCode::BadInput, cat(parts...));
}

}  // namespace

/// Row `row` as floats. Files need not be aligned.
void copyRow(const TensorView& view, std::size_t row, float* out) {
  const auto width = std::size_t(view.shape[1]), size = nn::itemSize(view.type);
  const std::byte* from = view.bytes.data() + row * width * size;
  if (view.type == DType::F32) {
    std::memcpy(out, from, width * size);
    return;
  }
  for (std::size_t i = 0; i < width; ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, from + i * size, size);
    out[i] = view.type == DType::F16 ? nn::fromHalf(bits) : nn::fromBrain(bits);
  }
}

std::string_view rowBytes(const TensorView& view, std::size_t row) {
  const std::size_t size = std::size_t(view.shape[1]) * nn::itemSize(view.type);
  return {reinterpret_cast<const char*>(view.bytes.data()) + row * size, size};
}

std::string_view allBytes(const TensorView& view) {
  return {reinterpret_cast<const char*>(view.bytes.data()), view.bytes.size()};
}

Result<TensorView> FeatureFile::features(const char* name) const {
  const TensorView* view = find(name);
  if (view == nullptr) {
    return bad(path_, " has no '", name, "'; a file of features holds image_features and text_features.");
  }
  const bool floats = view->type == DType::F32 || view->type == DType::F16 || view->type == DType::BF16;
  if (!floats || view->shape.size() != 2) {
    return bad(path_, ": '", name, "' is no matrix of F32, F16 or BF16.");
  }
  if (view->shape[0] < 1 || view->shape[0] >= kMostRows || view->shape[1] < 1 || view->shape[1] > kMostWidth) {
    return bad(path_, ": '", name, "' has ", view->shape[0], " rows of ", view->shape[1],
               " numbers; at least one row of 1 to ", kMostWidth, " is needed.");
  }
  std::vector<float> row(std::size_t(view->shape[1]));
  for (std::size_t i = 0; i < std::size_t(view->shape[0]); ++i) {
    copyRow(*view, i, row.data());
    if (!std::ranges::all_of(row, [](float value) { return std::isfinite(value); })) {
      return bad(path_, ": row ", i, " of '", name,
                 "' (counted from 0) holds a value that is not finite; leave it out.");
    }
  }
  return *view;
}

Result<std::vector<std::int64_t>> FeatureFile::integers(const char* name, std::size_t count) const {
  const TensorView* view = find(name);
  std::vector<std::int64_t> values;
  if (view == nullptr) {
    return values;
  }
  const std::size_t size = nn::itemSize(view->type);
  if ((view->type != DType::U8 && view->type != DType::I32 && view->type != DType::I64) || view->shape.size() != 1 ||
      view->bytes.size() != count * size) {
    return bad(path_, ": '", name, "' should hold ", count, " whole numbers (U8, I32 or I64), one a row.");
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t wide = 0;
    std::int32_t narrow = 0;
    std::memcpy(size == 4 ? static_cast<void*>(&narrow) : &wide, view->bytes.data() + i * size, size);
    values.push_back(size == 4 ? narrow : wide);
  }
  return values;
}

Result<std::vector<std::string>> FeatureFile::lines(const char* name, std::size_t count) const {
  const TensorView* view = find(name);
  if (view == nullptr) {
    return std::vector<std::string>();
  }
  std::string_view text = allBytes(*view);
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  std::vector<std::string> found = split(text, '\n');
  if (view->type != DType::U8 || !isUtf8(allBytes(*view)) || (count > 0 && found.size() != count)) {
    return bad(path_, ": '", name, "' should be UTF-8 bytes of ", count, " lines.");
  }
  return found;
}

std::string FeatureFile::metadata(const char* key) const {
  const auto found = file_.metadata().find(key);
  return found == file_.metadata().end() ? "" : found->second;
}

const TensorView* FeatureFile::find(const char* name) const {
  const auto found = file_.tensors().find(name);
  return found == file_.tensors().end() ? nullptr : &found->second;
}

Result<std::vector<std::vector<std::uint32_t>>> captionRows(const FeatureFile& read, std::size_t pictures,
                                                            std::size_t rows) {
  LIX_TRY(const auto owners, read.integers("caption_of", rows));
  if (owners.empty() && rows != pictures) {
    return bad(read.path(), " has ", pictures, " pictures and ", rows,
               " captions; say with 'caption_of' which picture each caption belongs to.");
  }
  std::vector<std::vector<std::uint32_t>> captions(pictures);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t owner = owners.empty() ? std::int64_t(row) : owners[row];
    if (owner < 0 || owner >= std::int64_t(pictures)) {
      return bad(read.path(), ": caption ", row, " (counted from 0) belongs to picture ", owner, ", of which there are ",
                 pictures, ".");
    }
    captions[std::size_t(owner)].push_back(static_cast<std::uint32_t>(row));
  }
  return captions;
}

}  // namespace lix::study
