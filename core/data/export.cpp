#include "data/export.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "imaging/write.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kReportEvery = 1000;  // rows of a table
constexpr const char* kUnlabelledFolder = "no class";

std::string_view nameOf(Split split) {
  return split == Split::Train ? "train" : split == Split::Validation ? "val" : "test";
}

/// A field by RFC 4180.
std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n\t;") == std::string::npos) {
    return field;
  }
  std::string text = "\"";
  for (const char c : field) {
    text.append(c == '"' ? 2 : 1, c);
  }
  return text + '"';
}

std::string captionCell(const std::vector<std::string>& captions) {
  const bool plain = captions.size() == 1 && !captions.front().starts_with('[');
  return captions.empty() ? "" : plain ? captions.front() : json(captions).dump();
}

std::unexpected<Error> stopped() { return fail(ErrorCode::Cancelled, kExportStopped); }

/// A name that is one part of a path and seen as such.
std::string fileNameOf(std::string name) {
  std::ranges::replace(name, '/', '_');
  if (name.empty() || name.front() == '.') {
    name.insert(name.begin(), '_');
  }
  return name;
}

/// Gives each picture a place of its own below the folder.
class Places {
 public:
  explicit Places(const fs::path& folder) : folder_(folder) {}

  Result<fs::path> next(const std::string& className, const std::string& name) {
    const fs::path into = className.empty() ? folder_ : folder_ / fileNameOf(className);
    std::error_code error;
    fs::create_directories(into, error);
    if (error) {
      return fail(ErrorCode::Io, cat("The folder '", into.string(), "' cannot be made: ", error.message(), "."));
    }
    const fs::path wanted = into / fileNameOf(name);
    fs::path place = wanted;
    for (int i = 2; !taken_.insert(place.native()).second; ++i) {
      place = into / cat(wanted.stem().string(), " (", i, ")", wanted.extension().string());
    }
    return place;
  }

 private:
  const fs::path folder_;
  std::unordered_set<std::string> taken_;
};

Result<void> copyTo(const Dataset& dataset, std::size_t sample, const std::string& className, Places& places) {
  const fs::path file = dataset.pictures->file(sample);
  const std::string& key = dataset.samples[sample].key;
  if (file.empty()) {
    LIX_TRY(const std::optional<StoredPicture> stored, dataset.pictures->stored(sample));
    LIX_TRY(const fs::path place, places.next(className, cat(key, stored ? stored->extension : ".png")));
    if (stored) {
      return writeFile(place, stored->bytes);
    }
    LIX_TRY(const imaging::Image image, dataset.pictures->load(sample));
    return imaging::writePng(place, image);
  }
  LIX_TRY(const fs::path place, places.next(className, file.filename().string()));
  std::error_code error;
  fs::copy_file(file, place, error);
  return error ? fail(ErrorCode::Io, cat("The picture '", file.string(), "' cannot be copied: ", error.message(),
                                         "; nothing was written."))
               : Result<void>();
}

}  // namespace

Result<void> exportTable(const Dataset& dataset, std::span<const std::uint32_t> samples, const fs::path& file,
                         const Progress& progress) {
  std::string text = "path,caption";
  for (const LabelSet& set : dataset.labelSets) {
    text += cat(",", quoted(set.name));
  }
  text += ",split\n";
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % kReportEvery == 0 && !report(progress, "rows", (long long)i, (long long)samples.size())) {
      return stopped();
    }
    const Sample& sample = dataset.samples[samples[i]];
    const fs::path place = dataset.pictures->file(samples[i]);
    if (place.empty()) {
      return fail(ErrorCode::Unsupported, cat("The picture '", sample.key, "' is drawn by the program or lies in a shard, so a "
                                              "table cannot name its file; export copies or shards instead."));
    }
    text += cat(quoted(fs::absolute(place).string()), ",", quoted(captionCell(sample.captions)));
    for (std::size_t set = 0; set < dataset.labelSets.size(); ++set) {
      const int label = sample.labels[set];
      text += cat(",", label < 0 ? std::string() : quoted(dataset.labelSets[set].classes[std::size_t(label)]));
    }
    text += cat(",", nameOf(sample.split), "\n");
  }
  return writeFile(file, text);
}

Result<void> checkNewFolder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error))) {
    return fail(ErrorCode::BadInput, cat("'", folder.string(), "' exists already and is not an empty folder; choose a new one."));
  }
  return {};
}

Result<void> exportFolders(const Dataset& dataset, std::span<const std::uint32_t> samples,
                           std::optional<std::size_t> labelSet, const fs::path& folder, const Progress& progress) {
  LIX_REQUIRE(!labelSet || *labelSet < dataset.labelSets.size());
  LIX_CHECK(checkNewFolder(folder));
  return replaceFolder(folder, [&](const fs::path& temporary) -> Result<void> {
    Places places(temporary);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (!report(progress, "pictures", (long long)i, (long long)samples.size())) {
        return stopped();
      }
      const int label = labelSet ? dataset.samples[samples[i]].labels[*labelSet] : -1;
      const std::string className = !labelSet   ? ""
                                    : label < 0 ? kUnlabelledFolder
                                                : dataset.labelSets[*labelSet].classes[std::size_t(label)];
      LIX_CHECK(copyTo(dataset, samples[i], className, places));
    }
    return {};
  });
}

}  // namespace lix::data
