#pragma once
#include <filesystem>
#include <string>

#include "base/result.h"
#include "data/dataset.h"

namespace lix::data {

/// Where sources keep what took long to find; an empty folder keeps nothing.
struct Keeping {
  std::filesystem::path folder;
  bool isReadOnly = false;  ///< what is there is read, and nothing is written
};

/// open() where what took long to find (the places of pictures in shards) is kept and taken from there the next time, as
/// long as the shard's size and time are the same. Whatever is wrong with what is kept, or with keeping it, the dataset is
/// read as without.
Result<Dataset> open(const DatasetSpec& spec, const std::string& name, const Keeping& keeping);

}  // namespace lix::data
