#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/param.h"
#include "data/dataset.h"
#include "data/recognise.h"

namespace lix::data {

struct Keeping;

/// One kind of place that pictures come from; its file in sources/ defines `const Source& lix::data::sources::<id>()`.
struct Source {
  std::string id;
  std::string title;
  std::string help;
  std::vector<Param> params;  ///< keys of DatasetSpec::options
  /// Reads the set; damaged pictures and captions go to Dataset::skipped. Result is validated by data::open.
  Result<Dataset> (*open)(const DatasetSpec& spec, const std::string& name);
  /// The files or folders at a path that this source reads, best first; an error says why one that is meant for it is not
  /// read. Null for the built-in ones, which are called by their ids.
  Result<Findings> (*find)(const Glance& glance) = nullptr;
  std::string looksFor;  ///< what `find` looks for, in words for a person
  /// For sources that take long: `open` that keeps what it found below a folder and takes it from there the next time.
  Result<Dataset> (*openKept)(const DatasetSpec& spec, const std::string& name, const Keeping& keeping) = nullptr;
};

namespace sources {
/// All sources, in the order of their files in sources/.
std::span<const Source* const> table();
}  // namespace sources

/// Deterministic split of a key: test 20 %, validation 10 %, train 70 %, by a hash of (seed, key), so that a picture stays in
/// its split when others are added. Keys that must stay together (variants of one picture) are given the same `key`.
Split splitOf(std::string_view key, std::uint64_t seed = 0);

/// Parameters that sources share: `split_seed`, `max_caption`, `captions_from_classes`.
Param splitSeedParam();
Param longestCaptionParam();
Param captionsFromClassesParam();

}  // namespace lix::data
