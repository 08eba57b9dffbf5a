#include "data/caption_gather.h"

#include <algorithm>

#include "base/text.h"
#include "data/file_pictures.h"
#include "data/formats/byte_file.h"
#include "data/recognise.h"
#include "data/source.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFolders = 64;  // that are looked into
constexpr std::size_t kProbes = 64;       // pictures, spread over the index

fs::path inside(const fs::path& folder, const std::string& key, bool byLastPart) {
  return folder / (byLastPart ? fs::path(key).filename() : fs::path(key));
}

void addFolders(const fs::path& folder, int depth, std::vector<fs::path>& all) {
  if (all.size() >= kMostFolders) {
    return;
  }
  all.push_back(folder);
  const auto glance = depth > 0 ? Glance::at(folder) : fail(ErrorCode::NotFound, "");
  if (glance) {
    for (const std::string& name : glance->folders()) {
      addFolders(folder / name, depth - 1, all);
    }
  }
}

}  // namespace

Result<std::string> captionOf(std::string_view text, std::size_t longest) {
  const auto inner = trim(text);
  if (inner.empty()) {
    return fail(ErrorCode::BadInput, "The caption is empty.");
  }
  if (!isUtf8(inner)) {
    return fail(ErrorCode::BadInput, "The caption is not UTF-8.");
  }
  const auto length = std::size_t(std::ranges::count_if(inner, [](char c) { return (c & 0xc0) != 0x80; }));
  if (length > longest) {
    return fail(ErrorCode::BadInput,
                cat("The caption has ", length, " characters, more than the limit of ", longest, "."));
  }
  return std::string(inner);
}

CaptionGather::CaptionGather(fs::path index, const Options& options, Dataset& dataset)
    : index_(std::move(index)),
      images_(options.text("images")),
      longest_(std::size_t(options.integer("max_caption"))),
      seed_(std::uint64_t(options.integer("split_seed"))),
      dataset_(dataset) {}

std::vector<Param> CaptionGather::params() {
  return {
      {.key = "images",
       .title = "Folder of pictures",
       .value = std::string(),
       .help =
           "Where the pictures lie, from the index on or absolute; looked for beside and above the index if empty."},
      longestCaptionParam(),
      splitSeedParam()};
}

void CaptionGather::skip(const std::string& key, std::string reason) {
  dataset_.skipped.push_back({isUtf8(key) ? key : hex(hash64(key)), std::move(reason)});
}

std::optional<std::size_t> CaptionGather::picture(const std::string& name) {
  if (!staysBelow(name) || !isUtf8(name) || name.find('\n') != std::string::npos) {
    skip(name, "The name leads out of the folder of pictures, or is none that a file has; it is refused.");
    return std::nullopt;
  }
  if (const std::size_t known = known_.find(name, dataset_.samples); known != KeyTable::kNone) {
    return known;
  }
  const std::size_t index = dataset_.samples.size();
  dataset_.samples.push_back({.key = name, .captions = {}, .labels = {}, .split = splitOf(name, seed_)});
  known_.add(index, dataset_.samples);
  return index;
}

void CaptionGather::caption(std::size_t sample, std::string_view text, const std::string& where) {
  auto caption = captionOf(text, longest_);
  if (!caption) {
    skip(where, caption.error().message);
    return;
  }
  dataset_.samples[sample].captions.push_back(std::move(*caption));
}

/// Folders in which some of the pictures lie, the one with the most first.
std::vector<CaptionGather::Place> CaptionGather::placesWithPictures() const {
  const fs::path beside = index_.has_parent_path() ? index_.parent_path() : fs::path(".");
  std::vector<fs::path> folders;
  if (!images_.empty()) {
    folders.push_back(beside / images_);
  } else {
    addFolders(beside, 2, folders);
    addFolders(fs::absolute(beside).lexically_normal().parent_path(), 1, folders);
  }
  const std::size_t count = dataset_.samples.size(), step = std::max<std::size_t>(1, count / kProbes);
  std::vector<std::pair<std::size_t, Place>> found;
  for (const fs::path& folder : folders) {
    for (const bool byLastPart : {false, true}) {
      std::size_t hits = 0;
      for (std::size_t i = 0; i < count; i += step) {
        std::error_code ignored;
        hits += fs::is_regular_file(inside(folder, dataset_.samples[i].key, byLastPart), ignored);
      }
      if (hits > 0) {
        found.emplace_back(hits, Place{folder, byLastPart});
        break;
      }
    }
  }
  std::ranges::stable_sort(found, std::ranges::greater(), &std::pair<std::size_t, Place>::first);
  std::vector<Place> places;
  std::ranges::transform(found, std::back_inserter(places), &std::pair<std::size_t, Place>::second);
  return places;
}

Result<void> CaptionGather::finish() {
  const std::vector<Place> places = placesWithPictures();
  const auto captioned =
      std::ranges::find_if(dataset_.samples, [](const Sample& one) { return !one.captions.empty(); });
  if (places.empty() && captioned != dataset_.samples.end()) {
    return fail(ErrorCode::NotFound,
                cat("None of the ", dataset_.samples.size(), " pictures that '", index_.string(), "' names (",
                    captioned->key, ", ...) lies beside or above it; set images to the folder they are in."));
  }
  PathList paths;
  std::size_t kept = 0;
  for (Sample& sample : dataset_.samples) {
    if (sample.captions.empty()) {
      skip(sample.key, "The picture has no caption.");
      continue;
    }
    Result<FileState> state = fail(ErrorCode::NotFound, "");
    fs::path file;
    for (std::size_t i = 0; i < places.size() && !state; ++i) {
      file = inside(places[i].folder, sample.key, places[i].byLastPart);
      state = fileState(file);
    }
    if (!state || state->size == 0) {
      skip(sample.key,
           state ? "The picture file is empty." : "There is no such picture in the folders where the others are.");
      continue;
    }
    sample.version = state->version;
    paths.add(file.native());
    if (Sample& target = dataset_.samples[kept]; &target != &sample) {
      target = std::move(sample);
    }
    ++kept;
  }
  dataset_.samples.resize(kept);
  dataset_.pictures = std::make_shared<FilePictures>(std::move(paths));
  return {};
}

}  // namespace lix::data
