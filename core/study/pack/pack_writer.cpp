#include "study/pack/pack_writer.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "imaging/hash.h"
#include "imaging/transform.h"
#include "nn/checkpoint/safetensors.h"

namespace lix::study {
namespace {
using nlohmann::json;

constexpr std::size_t kShardBytes = 256u << 20;

json sampleToJson(const data::Dataset& dataset, const data::Sample& sample, std::uint64_t hash) {
  json labels = json::array();
  for (std::size_t set = 0; set < dataset.labelSets.size(); ++set) {
    const int label = sample.labels[set];
    labels.push_back(label < 0 ? "" : dataset.labelSets[set].classes[std::size_t(label)]);
  }
  return {{"key", sample.key},
          {"captions", sample.captions},
          {"labels", labels},
          {"split", int(sample.split)},
          {"hash", hex(hash)}};
}

Result<void> writeShard(const std::filesystem::path& folder, std::size_t number, int size,
                        const std::vector<std::uint8_t>& pixels) {
  char name[32];
  std::snprintf(name, sizeof name, "pictures-%05zu.safetensors", number);
  const std::int64_t bytes = std::int64_t(size) * size * 3;
  const nn::TensorView view{
      nn::DType::U8, {std::int64_t(pixels.size()) / bytes, size, size, 3}, std::as_bytes(std::span(pixels))};
  return nn::writeSafetensors(folder / name, {{"pictures", view}});
}

/// Fills the pack's folder. Pictures are decoded a shard at a time, by all cores, and kept in the dataset's order.
Result<PackReport> fill(const data::Dataset& dataset, int size, PackFit fit, const std::filesystem::path& folder,
                        const Progress& progress) {
  const std::size_t bytes = std::size_t(size) * size * 3;
  const std::size_t perShard = std::max<std::size_t>(1, std::min<std::size_t>(4096, kShardBytes / bytes));
  const imaging::SquareFit how{.fit = fit == PackFit::Squash ? imaging::Fit::Squash : imaging::Fit::CropCentre};
  PackReport report{.skipped = dataset.skipped};
  json samples = json::array();
  const std::size_t total = dataset.samples.size();
  std::size_t shard = 0;
  for (std::size_t begin = 0; begin < total; begin += perShard) {
    if (!lix::report(progress, "Packing pictures", static_cast<long long>(begin), static_cast<long long>(total))) {
      return fail(ErrorCode::Cancelled, "Packing was cancelled; nothing was written.");
    }
    const std::size_t count = std::min(perShard, total - begin);
    std::vector<Result<imaging::Image>> pictures(count, fail(ErrorCode::BadInput, ""));
    parallelFor(count, [&](std::size_t i) {
      pictures[i] = dataset.pictures->load(begin + i);
      if (pictures[i]) {
        *pictures[i] = imaging::fitSquare(*pictures[i], size, how);
      }
    });
    std::vector<std::uint8_t> pixels;
    for (std::size_t i = 0; i < count; ++i) {
      const data::Sample& sample = dataset.samples[begin + i];
      if (!pictures[i]) {
        report.skipped.push_back({sample.key, pictures[i].error().message});
        continue;
      }
      samples.push_back(sampleToJson(dataset, sample, imaging::contentHash(*pictures[i])));
      pixels.insert(pixels.end(), pictures[i]->pixels.begin(), pictures[i]->pixels.end());
    }
    if (!pixels.empty()) {
      LIX_CHECK(writeShard(folder, shard++, size, pixels));
    }
  }
  if (samples.empty()) {
    return fail(ErrorCode::BadInput, cat("None of the ", total, " pictures of '", dataset.name, "' can be used: ",
                                         report.skipped.empty() ? "" : report.skipped.back().reason));
  }
  json labelSets = json::array(), skipped = json::array();
  for (const auto& set : dataset.labelSets) {
    labelSets.push_back(set.name);
  }
  for (const auto& one : report.skipped) {
    skipped.push_back({{"key", one.key}, {"reason", one.reason}});
  }
  report.packed = samples.size();
  const json whole{{"format", 1},        {"name", dataset.name}, {"picture_size", size}, {"label_sets", labelSets},
                   {"samples", samples}, {"skipped", skipped}};
  LIX_CHECK(writeFile(folder / "pack.json", whole.dump(-1, ' ', false, json::error_handler_t::replace)));
  return report;
}

}  // namespace

Result<PackReport> writePack(const data::Dataset& dataset, int size, PackFit fit, const std::filesystem::path& folder,
                             const Progress& progress) {
  if (size < 8 || size > 4096) {
    return fail(ErrorCode::BadInput, cat("Pictures of ", size, " pixels cannot be packed; choose 8 to 4096."));
  }
  PackReport report;
  LIX_CHECK(replaceFolder(folder, [&](const std::filesystem::path& temporary) -> Result<void> {
    LIX_TRY(report, fill(dataset, size, fit, temporary, progress));
    return {};
  }));
  return report;
}

std::uint64_t fingerprint(const data::Dataset& dataset) {
  std::uint64_t hash = hash64(dataset.name);
  for (const auto& set : dataset.labelSets) {
    hash = hash64(set.name + "\n" + join(set.classes, "\n"), hash);
  }
  for (const auto& sample : dataset.samples) {
    hash = hash64(sample.key, hash ^ sample.version);
    hash = hash64(join(sample.captions, "\n"), hash);
    for (const int label : sample.labels) {
      hash = hash64(std::to_string(label), hash);
    }
    hash = hash64(std::to_string(int(sample.split)), hash);
  }
  return hash;
}

}  // namespace lix::study
