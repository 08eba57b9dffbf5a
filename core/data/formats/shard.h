#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/file_pictures.h"

namespace lix::data {

/// What of a shard's samples is wanted, and where it is (WebDataset: members of one sample are `<key>.<ext>` one after
/// the other, the key ends at the first '.' of the base name, the extension is compared in lower case).
struct ShardWishes {
  std::vector<std::string> imageKeys;  ///< extensions of pictures; the first member that has one of them is taken
  std::string captionKey = "txt";      ///< extension of the caption's member, whose text is it
  std::string captionField;            ///< field of that member instead, which is JSON then
  bool captionLines = false;           ///< one caption a line (retrieval sets of CLIP_benchmark)
  std::size_t longestCaption = 10'000;
};

/// Where a picture lies in a shard: 16 bytes, since there are millions.
struct ShardPicture {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t shard = 0;
};

/// The samples of one shard. `labels[i]` is the number in the member "cls", -1 where there is none.
struct ShardContents {
  std::vector<Sample> samples;
  std::vector<ShardPicture> pictures;
  std::vector<int> labels;
  std::vector<Skipped> skipped;  ///< one a reason, with the count and the first key
  std::optional<FileState> state;  ///< of the shard as it was walked; nothing where it could not be opened
};

/// Sample::version of a picture at that offset of a shard.
std::uint64_t versionInShard(std::uint64_t shardVersion, std::uint64_t offset);

/// Walks a shard (formats/tar.h); keys get `prefix` and a slash. Of contents only captions and labels are read. A
/// sample without a picture, or without both caption and label, is left out, as are a name that leads out of the
/// folder, links, and a key that comes again. A damaged shard gives what comes before the damage, and says so in
/// `skipped`.
ShardContents readShard(const std::filesystem::path& path, std::uint32_t number, const std::string& prefix,
                        const ShardWishes& wishes);

}  // namespace lix::data
