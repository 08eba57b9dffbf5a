#include "study/train/train_data.h"

#include <cstring>

#include "base/text.h"
#include "study/train/feature_data.h"

namespace lix::study {
namespace {

std::string_view rowBytes(const TrainData& data, std::size_t row) {
  return {reinterpret_cast<const char*>(data.ids.data() + row * std::size_t(data.contextLength)),
          sizeof(std::int32_t) * std::size_t(data.contextLength)};
}

template <class Number>
Result<std::vector<Number>> numbers(const nn::SafetensorsFile& file, const std::string& name, nn::DType type,
                                    const std::string& source) {
  const auto found = file.tensors().find(name);
  if (found == file.tensors().end() || found->second.type != type) {
    return fail(ErrorCode::BadInput, cat(source, " has no '", name, "' of the right type. Pack the data again."));
  }
  std::vector<Number> values(found->second.bytes.size() / sizeof(Number));
  std::memcpy(values.data(), found->second.bytes.data(), found->second.bytes.size());
  return values;
}

}  // namespace

std::vector<std::vector<std::uint64_t>> TrainData::captionHashes() const {
  std::vector<std::vector<std::uint64_t>> hashes(pack.samples().size());
  for (std::size_t sample = 0; sample < hashes.size(); ++sample) {
    for (std::size_t row = firstRow[sample]; row < firstRow[sample + 1]; ++row) {
      hashes[sample].push_back(features ? featureHash(*features, row) : hash64(rowBytes(*this, row)));
    }
  }
  return hashes;
}

std::uint64_t TrainData::fingerprint() const {
  std::uint64_t hash = hash64(cat(contextLength, " ", vocabulary, " ", pack.pictureSize()));
  for (const auto& sample : pack.samples()) {
    hash = hash64(cat(sample.hash, " ", sample.split, " ", sample.captions.size()), hash);
  }
  if (features) {
    hash = hash64(hex(features->fingerprint), hash);
  }
  return hash64({reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(std::int32_t)}, hash);
}

Result<TrainData> openTrainData(const std::filesystem::path& folder) {
  if (isFeatureFile(folder)) {
    return openFeatureData(folder);
  }
  LIX_TRY(Pack pack, Pack::open(folder));
  const auto path = folder / "tokens.safetensors";
  LIX_TRY(const nn::SafetensorsFile file, nn::SafetensorsFile::open(path));
  TrainData data{.pack = std::move(pack)};
  LIX_TRY(data.ids, numbers<std::int32_t>(file, "ids", nn::DType::I32, path.string()));
  LIX_TRY(const auto lengths, numbers<std::int32_t>(file, "lengths", nn::DType::I32, path.string()));
  data.lengths.assign(lengths.begin(), lengths.end());
  const auto vocabulary = file.metadata().find("vocabulary");
  const auto size = vocabulary == file.metadata().end() ? std::nullopt : toInteger(vocabulary->second);
  const auto& shape = file.tensors().at("ids").shape;
  std::size_t rows = 0;
  for (const auto& sample : data.pack.samples()) {
    data.firstRow.push_back(rows);
    rows += sample.captions.size();
  }
  data.firstRow.push_back(rows);
  if (!size || shape.size() != 2 || std::size_t(shape[0]) != rows || lengths.size() != rows) {
    return fail(ErrorCode::BadInput, cat(path.string(), " does not fit pack.json. Pack the data again."));
  }
  data.vocabulary = static_cast<int>(*size);
  data.contextLength = static_cast<int>(shape[1]);
  for (const std::int32_t id : data.ids) {
    if (id < 0 || id >= data.vocabulary) {
      return fail(ErrorCode::BadInput,
                  cat(path.string(), " holds the token ", id, ", outside its vocabulary of ", data.vocabulary, "."));
    }
  }
  for (const int length : data.lengths) {
    if (length < 1 || length > data.contextLength) {
      return fail(ErrorCode::BadInput, cat(path.string(), " holds a caption of ", length, " tokens in a context of ",
                                           data.contextLength, "."));
    }
  }
  LIX_TRY(data.tokenizerFiles, nn::readTokenizerFiles(folder));
  return data;
}

}  // namespace lix::study
