#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "imaging/image.h"

namespace lix::data {

enum class Split : std::uint8_t { Train, Validation, Test };

/// One picture with everything that is said of it. The pixels are loaded on demand by the dataset's PictureSource.
struct Sample {
  std::string key;                    ///< stable and unique in the dataset: relative path, code points, scene number
  std::vector<std::string> captions;  ///< UTF-8, none empty; may be none
  std::vector<int> labels;            ///< class index per label set, -1 = none; as long as Dataset::labelSets
  Split split = Split::Train;
  std::uint64_t version = 0;  ///< changes when the picture's file changes (size and time), so that caches know
};

/// One way to sort the pictures into classes ("group", "colour", a label column).
struct LabelSet {
  std::string name;
  std::vector<std::string> classes;  ///< names as prompts say them: '_' replaced by ' '
};

/// Something that was left out, and why, in one sentence.
struct Skipped {
  std::string key;
  std::string reason;
};

/// A picture as it is stored: the bytes of its file, and the extension that goes with them (".jpg").
struct StoredPicture {
  std::string bytes;
  std::string extension;
};

/// Pixels of the samples, by index. Loading is const and safe from several threads.
class PictureSource {
 public:
  virtual ~PictureSource() = default;
  virtual Result<imaging::Image> load(std::size_t index) const = 0;
  /// For a thumbnail whose longer side is `side`: may be smaller than load() gives, but no smaller than that.
  virtual Result<imaging::Image> loadSmall(std::size_t index, int side) const {
    (void)side;
    return load(index);
  }
  /// The file that the picture is; empty where it is drawn or lies in no file of its own.
  virtual std::filesystem::path file(std::size_t index) const {
    (void)index;
    return {};
  }
  /// The picture as it lies in a file or an archive; nothing where it is drawn or stored as bare pixels.
  virtual Result<std::optional<StoredPicture>> stored(std::size_t index) const {
    (void)index;
    return std::nullopt;
  }
  /// What caption `caption` of the picture speaks of, where the source knows (scenes); same size as the picture.
  virtual std::optional<imaging::Mask> mask(std::size_t index, std::size_t caption) const {
    (void)index, (void)caption;
    return std::nullopt;
  }
};

/// A set of pictures with captions and labels. A value: copying shares the pixels' source.
struct Dataset {
  std::string name;
  std::vector<Sample> samples;
  std::vector<LabelSet> labelSets;
  std::vector<Skipped> skipped;
  std::shared_ptr<const PictureSource> pictures;

  /// Index of the label set of that name, or an error that lists the names there are. "" = the first.
  Result<std::size_t> labelSet(const std::string& named) const;
};

/// Where a dataset comes from; kept in the workspace as JSON.
struct DatasetSpec {
  std::string kind;  ///< id of a source (sources/): "folder", "table", "shards", "emoji", ...
  std::string path;  ///< file, folder or pattern of shards; empty for the built-in ones
  std::string options = "{}";  ///< JSON object of the source's own options
};

/// Reads a dataset: every picture and caption that is unusable is listed in `skipped`; a set with nothing usable is an error.
Result<Dataset> open(const DatasetSpec& spec, const std::string& name);

/// The spec that a path or a built-in name stands for, found by looking at names and first bytes (data/recognise.h). Where
/// several things fit, or none, the error names them, or what was looked for.
Result<DatasetSpec> recognise(const std::string& pathOrName);

}  // namespace lix::data
