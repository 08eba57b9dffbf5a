#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"

namespace lix::study::detail {

/// What every record of a shard has in common.
struct ShardLayout {
  std::uint64_t key = 0;  ///< two independent hashes of the key's text
  std::uint64_t key2 = 0;
  std::uint64_t dimension = 0;

  std::size_t recordBytes() const;  ///< u64 image, u64 checksum, dimension fp16, padded to 8
};

inline constexpr std::size_t kShardHeader = 64;

enum class ShardState { Usable, Foreign, Incomplete, OtherDimension };

/// One shard file, mapped read-only as far as it holds whole records.
class Shard {
 public:
  Shard(std::filesystem::path path, const ShardLayout& layout);
  ~Shard();
  Shard(Shard&& other) noexcept;
  Shard& operator=(Shard&&) = delete;
  Shard(const Shard&) = delete;

  /// Maps what was appended since; a file cut in its middle keeps its whole records.
  ShardState refresh();
  const std::filesystem::path& path() const { return path_; }
  std::size_t records() const { return records_; }
  std::uint64_t image(std::size_t record) const;
  /// Whether the record's checksum agrees.
  bool sound(std::size_t record) const;
  /// Copies a record out; false where its checksum does not agree.
  bool read(std::size_t record, std::span<float> features) const;
  std::uint64_t foundDimension() const { return foundDimension_; }

 private:
  const std::byte* at(std::size_t record) const;

  std::filesystem::path path_;
  ShardLayout layout_;
  int file_ = -1;
  const std::byte* mapped_ = nullptr;
  std::size_t mappedBytes_ = 0;
  std::size_t records_ = 0;
  std::uint64_t foundDimension_ = 0;
};

/// The bytes of one record; nothing where a value is not finite or too large for fp16.
std::optional<std::vector<std::byte>> makeRecord(std::uint64_t image, std::span<const float> features,
                                                 const ShardLayout& layout);

/// Cuts a half-written record off the end of a shard (made with its header where it is new) and appends whole records.
/// The caller holds the lock.
Result<void> appendRecords(const std::filesystem::path& path, std::span<const std::byte> records,
                           const ShardLayout& layout);

}  // namespace lix::study::detail
