#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "data/formats/shard.h"
#include "data/open_kept.h"

namespace lix::data {

/// What walks through shards found (readShard), a file a shard below one folder, so that a shard is walked once. A file
/// counts only where its sum is right and it is of that path, wish, size and time; anything else is as if it were not there,
/// and is written anew. Safe from several threads and programs.
class ShardIndex {
 public:
  ShardIndex(const Keeping& keeping, const ShardWishes& wishes);
  std::optional<ShardContents> find(const std::filesystem::path& shard, std::uint32_t number,
                                    const std::string& prefix) const;
  /// Failing costs only the time of the next walk, so it is not told.
  void keep(const std::filesystem::path& shard, const std::string& prefix, const ShardContents& contents) const;

 private:
  std::string identity(const std::filesystem::path& shard, const std::string& prefix) const;
  std::filesystem::path fileOf(const std::string& identity) const;
  Keeping keeping_;
  std::string wishes_;
};

/// The bytes of such a file and back; nothing where they are not whole, of another shard, or speak of places outside it.
struct IndexedShard {
  std::string identity;            ///< path, prefix and wishes
  std::uint64_t size = 0, version = 0;  ///< of the shard (data/file_pictures.h)
};
std::string packIndex(const IndexedShard& of, const std::string& prefix, const ShardContents& contents);
std::optional<ShardContents> unpackIndex(std::string_view bytes, const IndexedShard& of, const std::string& prefix,
                                         std::uint32_t number);

}  // namespace lix::data
