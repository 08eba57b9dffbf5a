#include "study/pack/pack.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"

namespace lix::study {
namespace {
using nlohmann::json;

PackedSample sampleFromJson(const json& part) {
  return {.key = part.at("key"),
          .captions = part.at("captions"),
          .labels = part.at("labels"),
          .split = part.at("split"),
          .hash = std::stoull(part.at("hash").get<std::string>(), nullptr, 16)};
}

Result<void> check(std::int64_t size, const std::vector<PackedSample>& samples, std::size_t labelSets,
                   const std::string& source) {
  if (size < 1 || size > 8192) {  // pictures without pixels would let a tiny file claim any number of them
    return fail(ErrorCode::BadInput, cat(source, " names pictures of ", size, " pixels. Pack the data again."));
  }
  for (const PackedSample& sample : samples) {
    if (sample.labels.size() != labelSets) {
      return fail(ErrorCode::BadInput, cat(source, " gives '", sample.key, "' ", sample.labels.size(), " labels for ",
                                           labelSets, " label sets. Pack the data again."));
    }
  }
  return {};
}

}  // namespace

Pack Pack::ofSamples(std::string name, std::filesystem::path source, std::vector<PackedSample> samples) {
  Pack pack;
  pack.folder_ = std::move(source);
  pack.name_ = std::move(name);
  pack.samples_ = std::move(samples);
  return pack;
}

Result<Pack> Pack::open(const std::filesystem::path& folder) {
  Pack pack;
  pack.folder_ = folder;
  const std::string source = (folder / "pack.json").string();
  LIX_TRY(const std::string text, readFile(folder / "pack.json", 4ULL << 30));
  try {
    const json whole = json::parse(text);
    if (whole.at("format").get<int>() > 1) {
      return fail(ErrorCode::Newer,
                  cat(source, " was made by a newer version of this program; update it, or pack the data again."));
    }
    pack.name_ = whole.at("name");
    pack.pictureSize_ = whole.at("picture_size");
    pack.labelSets_ = whole.at("label_sets");
    for (const json& part : whole.at("samples")) {
      pack.samples_.push_back(sampleFromJson(part));
    }
    if (const json skipped = whole.value("skipped", json::array()); !skipped.empty()) {
      pack.skipped_ = skipped.size();
      pack.firstSkipped_ = cat(skipped[0].at("key").get<std::string>(), ": ", skipped[0].at("reason").get<std::string>());
    }
  } catch (const std::exception& problem) {
    return fail(ErrorCode::BadInput, cat(source, " cannot be read: ", problem.what(), ". Pack the data again."));
  }
  const std::int64_t size = pack.pictureSize_;
  LIX_CHECK(check(size, pack.samples_, pack.labelSets_.size(), source));
  while (pack.pictures_.size() < pack.samples_.size()) {
    char name[32];
    std::snprintf(name, sizeof name, "pictures-%05zu.safetensors", pack.shards_.size());
    LIX_TRY(nn::SafetensorsFile shard, nn::SafetensorsFile::open(folder / name));
    const auto found = shard.tensors().find("pictures");
    if (found == shard.tensors().end() || found->second.type != nn::DType::U8 || found->second.shape.size() != 4 ||
        found->second.shape[0] < 1 || found->second.shape[1] != size || found->second.shape[2] != size ||
        found->second.shape[3] != 3) {
      return fail(ErrorCode::BadInput,
                  cat((folder / name).string(), " does not hold pictures of ", size, " pixels. Pack the data again."));
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(found->second.bytes.data());
    for (std::int64_t i = 0; i < found->second.shape[0]; ++i) {
      pack.pictures_.push_back(bytes + i * size * size * 3);
    }
    pack.shards_.push_back(std::move(shard));
  }
  if (pack.pictures_.size() != pack.samples_.size() || pack.samples_.empty()) {
    return fail(ErrorCode::BadInput, cat(folder.string(), " lists ", pack.samples_.size(), " pictures and holds ",
                                         pack.pictures_.size(), ". Pack the data again."));
  }
  return pack;
}

}  // namespace lix::study
