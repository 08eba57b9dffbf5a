#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "data/export.h"
#include "data/formats/tar_writer.h"
#include "imaging/write.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kReportEvery = 64;

const char* folderOf(Split split) {
  return split == Split::Train ? "train" : split == Split::Validation ? "val" : "test";
}

/// The picture as it is stored where loaders of shards know its format, else as PNG.
Result<StoredPicture> pictureOf(const Dataset& dataset, std::size_t sample) {
  constexpr std::array<std::string_view, 4> kKnown{".jpg", ".jpeg", ".png", ".webp"};
  LIX_TRY(std::optional<StoredPicture> stored, dataset.pictures->stored(sample));
  if (stored && std::ranges::find(kKnown, stored->extension) != kKnown.end()) {
    return std::move(*stored);
  }
  LIX_TRY(const imaging::Image image, dataset.pictures->load(sample));
  LIX_TRY(std::string bytes, imaging::encodePng(image));
  return StoredPicture{std::move(bytes), ".png"};
}

/// Captions a line each; line breaks within one become spaces.
std::string linesOf(const std::vector<std::string>& captions) {
  std::vector<std::string> lines = captions;
  for (std::string& line : lines) {
    std::ranges::replace_if(
        line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  }
  return join(lines, "\n");
}

std::string keyOf(std::size_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 9 ? 9 - digits.size() : 0, '0');
  return digits;
}

/// Writes the pictures of one split, a new shard whenever one is full.
class SplitWriter {
 public:
  SplitWriter(const Dataset& dataset, const ShardExport& wanted, fs::path folder)
      : dataset_(dataset), wanted_(wanted), folder_(std::move(folder)) {}

  Result<void> add(std::size_t sample) {
    if (!tar_ || count_ % wanted_.perShard == 0) {
      LIX_CHECK(nextShard());
    }
    const std::string key = keyOf(count_++);
    const Sample& one = dataset_.samples[sample];
    LIX_TRY(const StoredPicture picture, pictureOf(dataset_, sample));
    LIX_CHECK(tar_->add(key + picture.extension, picture.bytes));
    if (wanted_.labelSet && one.labels[*wanted_.labelSet] >= 0) {
      LIX_CHECK(tar_->add(key + ".cls", std::to_string(one.labels[*wanted_.labelSet])));
    }
    LIX_CHECK(tar_->add(key + ".json", json{{"key", one.key}}.dump()));
    return one.captions.empty() ? Result<void>() : tar_->add(key + ".txt", linesOf(one.captions));
  }

  Result<void> finish() {
    if (!tar_) {
      return {};
    }
    LIX_CHECK(tar_->finish());
    return writeFile(folder_ / "nshards.txt", cat(shards_, "\n"));
  }

 private:
  Result<void> nextShard() {
    if (tar_) {
      LIX_CHECK(tar_->finish());
    }
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) {
      return fail(ErrorCode::Io, cat("The folder '", folder_.string(), "' cannot be made: ", error.message(), "."));
    }
    LIX_TRY(TarWriter next, TarWriter::create(folder_ / cat(shards_++, ".tar")));
    tar_.emplace(std::move(next));
    return {};
  }

  const Dataset& dataset_;
  const ShardExport& wanted_;
  fs::path folder_;
  std::optional<TarWriter> tar_;
  std::size_t count_ = 0, shards_ = 0;
};

}  // namespace

Result<void> exportShards(const Dataset& dataset, std::span<const std::uint32_t> samples, const ShardExport& wanted,
                          const fs::path& folder, const Progress& progress) {
  LIX_REQUIRE(wanted.perShard > 0 && (!wanted.labelSet || *wanted.labelSet < dataset.labelSets.size()));
  LIX_CHECK(checkNewFolder(folder));
  return replaceFolder(folder, [&](const fs::path& temporary) -> Result<void> {
    std::vector<SplitWriter> writers;
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
      writers.emplace_back(dataset, wanted, temporary / folderOf(split));
    }
    bool hasSeveral = false;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (i % kReportEvery == 0 && !report(progress, "pictures", (long long)i, (long long)samples.size())) {
        return fail(ErrorCode::Cancelled, kExportStopped);
      }
      const Sample& sample = dataset.samples[samples[i]];
      hasSeveral = hasSeveral || sample.captions.size() > 1;
      LIX_CHECK(writers[std::size_t(sample.split)].add(samples[i]));
    }
    for (SplitWriter& writer : writers) {
      LIX_CHECK(writer.finish());
    }
    if (wanted.labelSet) {
      LIX_CHECK(
          writeFile(temporary / "classnames.txt", join(dataset.labelSets[*wanted.labelSet].classes, "\n") + "\n"));
    }
    return writeFile(temporary / "dataset_type.txt",
                     hasSeveral || !wanted.labelSet ? "retrieval\n" : "classification\n");
  });
}

}  // namespace lix::data
