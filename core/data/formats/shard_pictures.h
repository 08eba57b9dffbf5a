#pragma once
#include <filesystem>
#include <vector>

#include "data/dataset.h"
#include "data/file_pictures.h"
#include "data/formats/shard.h"

namespace lix::data {

/// Pictures that lie in shards, each read from its place and decoded upright when it is asked for; nothing is unpacked,
/// and no file stays open.
class ShardPictures : public PictureSource {
 public:
  ShardPictures(PathList shards, std::vector<ShardPicture> pictures)
      : shards_(std::move(shards)), pictures_(std::move(pictures)) {}
  Result<imaging::Image> load(std::size_t index) const override;
  Result<imaging::Image> loadSmall(std::size_t index, int side) const override;
  Result<std::optional<StoredPicture>> stored(std::size_t index) const override;

 private:
  Result<std::string> bytes(std::size_t index) const;
  std::string nameOf(std::size_t index) const;
  PathList shards_;
  std::vector<ShardPicture> pictures_;
};

}  // namespace lix::data
