#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "data/key_index.h"
#include "data/options.h"

namespace lix::data {

/// A caption as it is kept: white space around it dropped. Fails, with a reason alone, where nothing is left, where it
/// is not UTF-8, or where it has more than `longest` characters.
Result<std::string> captionOf(std::string_view text, std::size_t longest);

/// Gathers the samples of an index that names pictures with captions (JSON, lists), and finds the pictures: where the
/// index says, or else in the folders beside and above it, as these collections are unpacked. All captions are kept,
/// also equal ones, so that there are as many as published numbers count.
class CaptionGather {
 public:
  /// `index` is the file that names the pictures; options `images`, `max_caption` and `split_seed` are those of
  /// params().
  CaptionGather(std::filesystem::path index, const Options& options, Dataset& dataset);
  static std::vector<Param> params();

  /// The sample of a picture, made at its first mention; nothing for a name that leads out of the folder, which is
  /// reported.
  std::optional<std::size_t> picture(const std::string& name);
  void setSplit(std::size_t sample, Split split) { dataset_.samples[sample].split = split; }
  /// Adds a caption, or reports why not under `where`.
  void caption(std::size_t sample, std::string_view text, const std::string& where);
  void skip(const std::string& key, std::string reason);

  /// Looks for the files, drops what has none or no caption, and hands the pictures over. Fails where none lies
  /// anywhere.
  Result<void> finish();

 private:
  struct Place {
    std::filesystem::path folder;
    bool byLastPart = false;  // "val2014/a.jpg" lies there as "a.jpg"
  };
  std::vector<Place> placesWithPictures() const;

  std::filesystem::path index_, images_;
  std::size_t longest_;
  std::uint64_t seed_;
  Dataset& dataset_;
  KeyTable known_;
};

}  // namespace lix::data
