#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "data/file_pictures.h"
#include "data/formats/class_names.h"
#include "data/formats/shard.h"
#include "data/formats/shard_index.h"
#include "data/formats/shard_list.h"
#include "data/formats/shard_pictures.h"
#include "data/formats/tar.h"
#include "data/open_kept.h"
#include "data/options.h"
#include "data/source.h"

namespace lix::data::sources {

const Source& shards();

namespace {

namespace fs = std::filesystem;

/// The shards that are meant, as paths from their common folder on.
struct Shards {
  fs::path root;
  std::vector<std::string> names;
};

fs::path commonFolder(const std::vector<std::string>& files) {
  fs::path common = fs::path(files.front()).parent_path();
  for (const std::string& file : files) {
    while (!common.empty() && common != common.root_path() &&
           std::ranges::mismatch(common, fs::path(file)).in1 != common.end()) {
      common = common.parent_path();
    }
  }
  return common;
}

/// Says which shards are missing: of a pattern those that are no files, of a folder those that nshards.txt counts.
void dropMissing(Shards& shards, Dataset& dataset) {
  std::erase_if(shards.names, [&](const std::string& name) {
    std::error_code ignored;
    const bool isMissing = !fs::is_regular_file(shards.root / name, ignored);
    if (isMissing) {
      dataset.skipped.push_back({name, "There is no such shard."});
    }
    return isMissing;
  });
}

void noteMissing(const Shards& shards, Dataset& dataset) {
  std::map<std::string, long long> counts;  // by folder
  for (const std::string& name : shards.names) {
    ++counts[fs::path(name).parent_path().string()];
  }
  for (const auto& [folder, there] : counts) {
    const auto text = readFile(shards.root / folder / "nshards.txt", 64);
    const auto stated = text ? toInteger(trim(*text)) : std::nullopt;
    if (stated && *stated != there) {
      dataset.skipped.push_back({folder.empty() ? "nshards.txt" : folder + "/nshards.txt",
                                 cat("It speaks of ", *stated, " shards, and there are ", there, ".")});
    }
  }
}

Result<Shards> shardsAt(const std::string& path) {
  Shards shards;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    shards.root = fs::path(path).lexically_normal();
    LIX_TRY(shards.names, listShards(path));
    if (shards.names.empty()) {
      return fail(ErrorCode::NotFound, cat("The folder '", path, "' holds no shards (.tar)."));
    }
    return shards;
  }
  LIX_TRY(std::vector<std::string> files, expandShards(path));
  LIX_REQUIRE(!files.empty());
  shards.root = commonFolder(files);
  for (const std::string& file : files) {
    shards.names.push_back(
        fs::path(file).lexically_relative(shards.root.empty() ? fs::path(".") : shards.root).string());
  }
  std::ranges::sort(files);
  if (const auto twice = std::ranges::adjacent_find(files); twice != files.end()) {
    return fail(ErrorCode::BadInput, cat("The shard '", *twice, "' is named twice in '", path, "'."));
  }
  return shards;
}

std::optional<Split> splitOfPath(const fs::path& path) {
  for (const fs::path& part : path) {
    std::string words = lowered(part.string());
    std::ranges::replace_if(
        words, [](char c) { return c == '-' || c == '_' || c == '.'; }, ' ');
    for (const std::string& word : split(words, ' ')) {
      if (const auto named = splitNamed(word)) {
        return named;
      }
    }
  }
  return std::nullopt;
}

/// A small text in the folder of the shards or in the one above it (CLIP_benchmark keeps them beside train/ and test/).
std::optional<fs::path> textOf(const fs::path& root, const char* name) {
  std::error_code ignored;
  const fs::path here = root.empty() ? fs::path(".") : root;
  for (const fs::path& folder : {here, (fs::absolute(here) / "").lexically_normal().parent_path().parent_path()}) {
    if (fs::is_regular_file(folder / name, ignored)) {
      return folder / name;
    }
  }
  return std::nullopt;
}

Result<ShardWishes> wishesOf(const Options& options, const fs::path& root) {
  ShardWishes wishes{.imageKeys = {},
                     .captionKey = lowered(options.text("caption_key")),
                     .captionField = {},
                     .captionLines = options.flag("caption_lines"),
                     .longestCaption = std::size_t(options.integer("max_caption"))};
  for (const std::string& key : split(lowered(options.text("image_keys")), ';')) {
    for (const std::string& part : split(key, ',')) {
      if (!trim(part).empty()) {
        wishes.imageKeys.emplace_back(trim(part));
      }
    }
  }
  if (const auto colon = wishes.captionKey.find(':'); colon != std::string::npos) {
    wishes.captionField = options.text("caption_key").substr(colon + 1);
    wishes.captionKey.resize(colon);
  }
  const auto file = textOf(root, "dataset_type.txt");
  const auto type = file ? readFile(*file, 64) : Result<std::string>("");
  if (type && trim(*type) == "multilabel") {
    return fail(ErrorCode::Unsupported, cat("'", root.string(), "' holds several labels a picture (", file->string(),
                                            " says multilabel), which is not read: one label a picture is."));
  }
  wishes.captionLines = wishes.captionLines || (type && trim(*type) == "retrieval");
  return wishes;
}

/// Walks the shards on several threads, since they mostly wait for the disk, and hands them over in their order.
/// Threads are at most a few shards ahead, so that little stands in memory twice.
class ShardQueue {
 public:
  ShardQueue(const Shards& shards, const ShardWishes& wishes, const Keeping& keeping)
      : shards_(shards), wishes_(wishes), kept_(keeping, wishes) {
    for (std::size_t i = 0; i < std::min(kThreads, shards.names.size()); ++i) {
      threads_.emplace_back([this] { work(); });
    }
  }

  ShardQueue(const ShardQueue&) = delete;
  ShardQueue& operator=(const ShardQueue&) = delete;
  ~ShardQueue() {
    const std::lock_guard lock(mutex_);
    taken_ = shards_.names.size();  // none are begun any more
    changed_.notify_all();
  }

  /// Of the next shard.
  ShardContents next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready_.contains(given_); });
    ShardContents contents = std::move(ready_.extract(given_).mapped());
    ++given_;
    changed_.notify_all();
    return contents;
  }

 private:
  static constexpr std::size_t kThreads = 8, kAhead = 2 * kThreads;

  void work() {
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return taken_ < given_ + kAhead || taken_ >= shards_.names.size(); });
      if (taken_ >= shards_.names.size()) {
        return;
      }
      const std::size_t i = taken_++;
      lock.unlock();
      const std::string prefix = fs::path(shards_.names[i]).replace_extension().generic_string();
      ShardContents contents = contentsOf(shards_.root / shards_.names[i], std::uint32_t(i), prefix);
      lock.lock();
      ready_.emplace(i, std::move(contents));
      changed_.notify_all();
    }
  }

  ShardContents contentsOf(const fs::path& path, std::uint32_t number, const std::string& prefix) const {
    if (auto kept = kept_.find(path, number, prefix)) {
      return std::move(*kept);
    }
    ShardContents contents = readShard(path, number, prefix, wishes_);
    kept_.keep(path, prefix, contents);
    return contents;
  }

  const Shards& shards_;
  const ShardWishes& wishes_;
  const ShardIndex kept_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, ShardContents> ready_;
  std::size_t taken_ = 0, given_ = 0;
  std::vector<std::jthread> threads_;  // last, so that they end first
};

/// Puts the shards' samples one behind the other. Room is taken for as many as the shards' sizes let expect: pages that
/// stay empty cost nothing, and growing by doubling would hold half of them twice.
class Merge {
 public:
  Merge(const Shards& shards, const Options& options, Dataset& dataset)
      : dataset_(dataset),
        seed_(std::uint64_t(options.integer("split_seed"))),
        rootSplit_(splitOfPath(shards.root.filename())) {
    for (const std::string& name : shards.names) {
      std::error_code ignored;
      const auto size = fs::file_size(shards.root / name, ignored);
      sizes_.push_back(ignored ? 0 : size);
      left_ += sizes_.back();
    }
  }

  void add(std::size_t number, const std::string& name, ShardContents contents) {
    left_ -= sizes_[number];
    read_ += sizes_[number];
    const std::size_t count = dataset_.samples.size() + contents.samples.size();
    if (count > dataset_.samples.capacity()) {
      const double rest = double(count) * double(left_) / double(std::max<std::uintmax_t>(read_, 1));
      const auto expected = count + std::size_t(std::min(1.05 * rest, 1e8));
      dataset_.samples.reserve(expected);
      pictures.reserve(expected);
      labels.reserve(expected);
    }
    const auto named = splitOfPath(name);
    for (Sample& sample : contents.samples) {
      sample.split = named ? *named : rootSplit_ ? *rootSplit_ : splitOf(sample.key, seed_);
      dataset_.samples.push_back(std::move(sample));
    }
    pictures.insert(pictures.end(), contents.pictures.begin(), contents.pictures.end());
    labels.insert(labels.end(), contents.labels.begin(), contents.labels.end());
    std::ranges::move(contents.skipped, std::back_inserter(dataset_.skipped));
  }

  std::vector<ShardPicture> pictures;
  std::vector<int> labels;

 private:
  Dataset& dataset_;
  std::uint64_t seed_;
  std::optional<Split> rootSplit_;
  std::vector<std::uintmax_t> sizes_;
  std::uintmax_t left_ = 0, read_ = 0;
};

Result<Dataset> openShardsKept(const DatasetSpec& spec, const std::string& name, const Keeping& keeping) {
  LIX_TRY(const Options options, Options::parse(spec, shards().params));
  LIX_TRY(Shards found, shardsAt(spec.path));
  Dataset dataset{.name = name, .samples = {}, .labelSets = {}, .skipped = {}, .pictures = nullptr};
  dropMissing(found, dataset);
  noteMissing(found, dataset);
  LIX_TRY(const ShardWishes wishes, wishesOf(options, found.root));
  Merge merge(found, options, dataset);
  PathList paths(found.root);
  ShardQueue queue(found, wishes, keeping);
  for (std::size_t i = 0; i < found.names.size(); ++i) {
    paths.add(found.names[i]);
    merge.add(i, found.names[i], queue.next());
  }
  const auto names = textOf(found.root, "classnames.txt");
  NumberedClasses classes(names ? names->parent_path() : found.root);
  LIX_CHECK(classes.apply("class", merge.labels, options.flag("captions_from_classes"), dataset));
  dataset.pictures = std::make_shared<ShardPictures>(std::move(paths), std::move(merge.pictures));
  return dataset;
}

Result<Dataset> openShards(const DatasetSpec& spec, const std::string& name) { return openShardsKept(spec, name, Keeping{}); }

Result<Findings> findShards(const Glance& glance) {
  const auto finding = [&](bool sure) {
    return Findings{{.spec = {.kind = "shards", .path = glance.path().string()}, .sure = sure}};
  };
  const auto isTar = [](const std::string& name) { return lowered(fs::path(name).extension().string()) == ".tar"; };
  if (!glance.isFolder()) {
    const std::string extension = glance.extension();
    if (extension != ".tar" && extension != ".gz" && extension != ".tgz") {
      return Findings();
    }
    if (!looksLikeTar(glance.head())) {
      return Findings();
    }
    if (extension != ".tar") {
      return fail(ErrorCode::Unsupported, cat("'", glance.path().string(),
                                              "' is a packed tar file, in which no place can be reached "
                                              "without unpacking what is before it; unpack it with gunzip."));
    }
    return finding(true);
  }
  if (std::ranges::any_of(glance.files(), isTar)) {
    return finding(glance.folders().empty());
  }
  for (const std::string& name : glance.folders()) {
    if (splitNamed(name)) {
      LIX_TRY(const Glance below, Glance::at(glance.path() / name));
      if (std::ranges::any_of(below.files(), isTar)) {
        return finding(true);
      }
    }
  }
  return Findings();
}

std::vector<Param> parameters() {
  return {
      {.key = "image_keys",
       .title = "Picture extensions",
       .value = std::string("jpg;png;jpeg;webp"),
       .help = "Extensions of the members that are pictures, with semicolons between them."},
      {.key = "caption_key",
       .title = "Caption extension",
       .value = std::string("txt"),
       .help = "Extension of the member that is the caption; json:FIELD takes a field of a JSON member."},
      {.key = "caption_lines",
       .title = "A caption a line",
       .value = false,
       .help =
           "Every line of the member is a caption of its own, as in retrieval sets of CLIP_benchmark (which say so)."},
      captionsFromClassesParam(),
      longestCaptionParam(),
      splitSeedParam()};
}

}  // namespace

const Source& shards() {
  static const Source source{
      .id = "shards",
      .title = "Shards (WebDataset, img2dataset)",
      .help =
          "Tar files with members KEY.jpg, KEY.txt, KEY.cls: one, a folder of them, or a pattern such as "
          "{00000..00012}.tar, several joined by '::'. Read where they are, never unpacked. CLIP_benchmark's "
          "layout (train/, test/, classnames.txt, dataset_type.txt) is known.",
      .params = parameters(),
      .open = openShards,
      .find = findShards,
      .looksFor = "shards of WebDataset or img2dataset (.tar, a folder of them, {00000..00012}.tar)",
      .openKept = openShardsKept};
  return source;
}

}  // namespace lix::data::sources
