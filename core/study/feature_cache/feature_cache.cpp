#include "study/feature_cache/feature_cache.h"

#include <fcntl.h>
#include <unistd.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/contracts.h"
#include "base/text.h"
#include "study/feature_cache/shard.h"

namespace lix::study {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kExtension = ".features";
constexpr std::size_t kBatch = 4 << 20;  ///< bytes gathered before they are written

/// The appending lock of a cache folder, held while it lives.
class FolderLock {
 public:
  static Result<FolderLock> take(const fs::path& folder) {
    const fs::path path = folder / "lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    int code = file < 0 ? errno : 0;
    while (code == 0 && ::flock(file, LOCK_EX) != 0) {
      code = errno == EINTR ? 0 : errno;
    }
    if (code != 0) {
      if (file >= 0) {
        ::close(file);
      }
      return fail(ErrorCode::Io,
                  cat("Cannot lock the feature cache ", folder.string(), ": ", std::strerror(code), "."));
    }
    return FolderLock(file);
  }
  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (file_ >= 0) {
      ::close(file_);
    }
  }

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

/// Shards by number, which is the order in which they were begun.
std::vector<fs::path> shardFiles(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    if (entry->path().extension() == kExtension) {
      files.push_back(entry->path());
    }
  }
  std::ranges::sort(files);
  return files;
}

fs::path numbered(const fs::path& folder, unsigned long long number) { return folder / cat(hex(number), kExtension); }

/// Removes the oldest shards of the whole folder, `current` excepted, until it keeps its bound.
void enforceBound(const fs::path& root, std::uint64_t maxBytes, const fs::path& current) {
  struct Item {
    fs::file_time_type time;
    fs::path path;
    std::uint64_t bytes;
  };
  std::vector<Item> items;
  std::uint64_t total = 0;
  std::error_code code;
  for (fs::recursive_directory_iterator entry(root, code), end; !code && entry != end; entry.increment(code)) {
    if (entry->path().extension() != kExtension) {
      continue;
    }
    std::error_code gone;
    const auto bytes = entry->file_size(gone);
    const auto time = entry->last_write_time(gone);
    if (!gone) {
      items.push_back({time, entry->path(), bytes});
      total += bytes;
    }
  }
  std::ranges::sort(items, {}, [](const Item& item) { return std::pair(item.time, item.path); });
  for (const auto& item : items) {
    if (total <= maxBytes) {
      return;
    }
    if (item.path != current && fs::remove(item.path, code)) {
      total -= item.bytes;
    }
  }
}

}  // namespace

class FeatureCache::State {
 public:
  State(fs::path root, std::string_view key, std::size_t dimension, FeatureCacheLimits limits)
      : root_(std::move(root)),
        folder_(root_ / hex(hash64(key))),
        limits_(limits),
        layout_{hash64(key), hash64(key, 0x9E3779B97F4A7C15ULL), dimension} {}

  const detail::ShardLayout& layout() const { return layout_; }
  std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return index_.size();
  }

  Result<void> refresh() {
    const std::scoped_lock lock(mutex_);
    return refreshLocked();
  }

  bool read(std::uint64_t image, std::span<float> features) const {
    const std::scoped_lock lock(mutex_);
    return readLocked(image, features);
  }

  Result<std::size_t> append(std::span<const std::uint64_t> images, std::span<const float> features) {
    const std::scoped_lock lock(mutex_);
    LIX_TRY([[maybe_unused]] const auto held, FolderLock::take(root_));
    std::error_code code;
    fs::create_directories(folder_, code);
    if (code) {
      return fail(ErrorCode::Io, cat("Cannot make the folder ", folder_.string(), ": ", code.message(), "."));
    }
    LIX_CHECK(refreshLocked());
    std::vector<float> known(layout_.dimension);
    std::vector<std::byte> pending;
    std::unordered_set<std::uint64_t> stored;
    for (std::size_t i = 0; i < images.size(); ++i) {
      if (stored.contains(images[i]) || readLocked(images[i], known)) {
        continue;
      }
      if (const auto record =
              detail::makeRecord(images[i], features.subspan(i * layout_.dimension, layout_.dimension), layout_)) {
        pending.insert(pending.end(), record->begin(), record->end());
        stored.insert(images[i]);
      }
      if (pending.size() >= std::min<std::uint64_t>(kBatch, limits_.shardBytes)) {
        LIX_CHECK(flush(pending));
      }
    }
    LIX_CHECK(flush(pending));
    LIX_CHECK(refreshLocked());
    return stored.size();
  }

 private:
  struct Place {
    std::uint32_t shard;
    std::uint32_t record;
  };

  bool readLocked(std::uint64_t image, std::span<float> features) const {
    const auto found = index_.find(image);
    return found != index_.end() && shards_[found->second.shard].read(found->second.record, features);
  }

  Result<void> refreshLocked() {
    const auto files = shardFiles(folder_);
    const bool removed = std::ranges::any_of(
        shards_, [&](const auto& shard) { return !std::ranges::binary_search(files, shard.path()); });
    if (removed) {
      shards_.clear();
      index_.clear();
    }
    for (const auto& path : files) {
      if (std::ranges::none_of(shards_, [&](const auto& shard) { return shard.path() == path; })) {
        shards_.emplace_back(path, layout_);
      }
    }
    for (std::uint32_t s = 0; s < shards_.size(); ++s) {
      auto& shard = shards_[s];
      const auto before = shard.records();
      if (shard.refresh() == detail::ShardState::OtherDimension) {
        return fail(ErrorCode::BadInput,
                    cat("The feature cache ", folder_.string(), " holds vectors of ", shard.foundDimension(),
                        " numbers for this key, not ", layout_.dimension, ". Delete that folder."));
      }
      for (auto r = before; r < shard.records(); ++r) {
        const auto [entry, isNew] = index_.try_emplace(shard.image(r), Place{s, static_cast<std::uint32_t>(r)});
        if (!isNew && shard.sound(r)) {  // stored again because the earlier record is damaged
          entry->second = {s, static_cast<std::uint32_t>(r)};
        }
      }
    }
    return {};
  }

  /// Writes the gathered records to the newest shard, or to further ones where it is full.
  Result<void> flush(std::vector<std::byte>& pending) {
    std::span<const std::byte> rest = pending;
    while (!rest.empty()) {
      const auto [path, room] = writable();
      const auto count = std::min<std::size_t>(rest.size(), room);
      LIX_CHECK(detail::appendRecords(path, rest.first(count), layout_));
      enforceBound(root_, limits_.maxBytes, path);
      rest = rest.subspan(count);
    }
    pending.clear();
    return {};
  }

  /// The shard to append to and how many bytes of whole records it may still take.
  std::pair<fs::path, std::size_t> writable() const {
    const auto record = layout_.recordBytes();
    const auto capacity = (limits_.shardBytes - detail::kShardHeader) / record;
    const auto files = shardFiles(folder_);
    if (files.empty()) {
      return {numbered(folder_, 1), capacity * record};
    }
    detail::Shard last(files.back(), layout_);
    const auto state = last.refresh();
    if (state == detail::ShardState::Incomplete) {
      return {files.back(), capacity * record};  // killed while its header was written
    }
    if (state == detail::ShardState::Usable && last.records() < capacity) {
      return {files.back(), (capacity - last.records()) * record};
    }
    unsigned long long number = 0;
    std::sscanf(files.back().stem().c_str(), "%llx", &number);
    return {numbered(folder_, number + 1), capacity * record};
  }

  fs::path root_;
  fs::path folder_;
  FeatureCacheLimits limits_;
  detail::ShardLayout layout_;
  mutable std::mutex mutex_;
  std::vector<detail::Shard> shards_;
  std::unordered_map<std::uint64_t, Place> index_;
};

FeatureCache::FeatureCache(std::unique_ptr<State> state) : state_(std::move(state)) {}
FeatureCache::FeatureCache(FeatureCache&&) noexcept = default;
FeatureCache& FeatureCache::operator=(FeatureCache&&) noexcept = default;
FeatureCache::~FeatureCache() = default;

Result<FeatureCache> FeatureCache::open(const fs::path& folder, std::string_view key, std::size_t dimension,
                                        FeatureCacheLimits limits) {
  constexpr std::size_t kMaxDimension = 1 << 24;
  if (dimension == 0 || dimension > kMaxDimension) {
    return fail(ErrorCode::BadInput, cat("A feature cache cannot hold vectors of ", dimension, " numbers."));
  }
  auto state = std::make_unique<State>(folder, key, dimension, limits);
  const auto least = detail::kShardHeader + state->layout().recordBytes();
  if (limits.shardBytes < least || limits.maxBytes < limits.shardBytes) {
    return fail(ErrorCode::BadInput,
                cat("A feature cache of ", limits.maxBytes, " bytes in files of ", limits.shardBytes,
                    " cannot hold vectors of ", dimension, " numbers; allow at least ", least, " bytes."));
  }
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) {
    return fail(ErrorCode::Io, cat("Cannot make the folder ", folder.string(), ": ", code.message(), "."));
  }
  LIX_CHECK(state->refresh());
  return FeatureCache(std::move(state));
}

std::size_t FeatureCache::dimension() const { return state_->layout().dimension; }
std::size_t FeatureCache::size() const { return state_->size(); }

void FeatureCache::refresh() { (void)state_->refresh(); }

std::optional<std::vector<float>> FeatureCache::find(std::uint64_t image) const {
  std::vector<float> features(dimension());
  return state_->read(image, features) ? std::optional(std::move(features)) : std::nullopt;
}

std::vector<bool> FeatureCache::findMany(std::span<const std::uint64_t> images, std::span<float> features) {
  LIX_REQUIRE(features.size() == images.size() * dimension());
  refresh();
  std::vector<bool> found(images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    found[i] = state_->read(images[i], features.subspan(i * dimension(), dimension()));
  }
  return found;
}

Result<std::size_t> FeatureCache::append(std::span<const std::uint64_t> images, std::span<const float> features) {
  if (features.size() != images.size() * dimension()) {
    return fail(ErrorCode::BadInput, cat("The feature cache got ", features.size(), " numbers for ", images.size(),
                                         " images of ", dimension(), " numbers each."));
  }
  return state_->append(images, features);
}

}  // namespace lix::study
