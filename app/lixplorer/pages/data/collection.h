#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "desk/dataset_shelf.h"

namespace lix::app {

/// Texts one after the other in one: a million std::string take twice the memory.
class TextList {
 public:
  void add(std::string_view text) {
    texts_ += text;
    ends_.push_back(texts_.size());
  }
  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t at) const {
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    return std::string_view(texts_).substr(begin, ends_[at] - begin);
  }
  void fit() { texts_.shrink_to_fit(); }

 private:
  std::string texts_;
  std::vector<std::uint64_t> ends_;
};

/// Pictures that the grid can show, with what searching needs: a dataset, or files that were dropped (then samples are
/// named by their paths and the dataset's name is empty). Never changed once made.
struct Collection {
  std::shared_ptr<const OpenDataset> set;
  TextList folded;  ///< per sample its key and captions, case-folded UTF-8, one a line
  std::size_t captions = 0;
  std::array<std::size_t, 3> perSplit{};  ///< by data::Split
  std::vector<std::size_t> withoutClass;  ///< pictures, by label set
  std::vector<data::Skipped> skipped;     ///< of the set, and of the check when it was added
  std::vector<std::string> foldedSkipped;
  std::unordered_set<std::string> skippedKeys;

  const std::vector<data::Sample>& samples() const { return set->set.samples; }
  bool isLoose() const { return set->set.name.empty(); }
  data::PictureRef picture(std::size_t sample) const;
};

/// `counts` is what the workspace keeps of the dataset (DatasetShelf::Entry). Takes about a second for a million
/// captions. Null where it was asked to stop.
std::shared_ptr<const Collection> makeCollection(std::shared_ptr<const OpenDataset> set, const std::string& counts,
                                                 std::stop_token stop = {});

/// How many pictures such counts speak of, without reading the rest of them; nothing where they do not say.
std::optional<std::size_t> picturesIn(const std::string& counts);

/// What pictures are written as: a table of their files, copies in class folders, or WebDataset shards.
enum class PictureExport { Table, Folders, Shards };

inline constexpr int kAnyClass = -2;
inline constexpr int kNoClass = -1;

/// Pictures in an order of their own: samples of one reading of a dataset (nearest first), which are found again by key in
/// a newer one, or keys where `of` is null (a kept selection).
struct Matches {
  std::shared_ptr<const OpenDataset> of;
  std::vector<std::uint32_t> samples;
  std::vector<std::string> keys;
  std::size_t size() const { return of ? samples.size() : keys.size(); }
};

/// Which pictures of a collection are wanted. All conditions must hold.
struct Filter {
  std::shared_ptr<const Matches> matches;  ///< these alone and in their order; null for all
  std::optional<data::Split> split;
  std::size_t labelSet = 0;  ///< taken as 0 where there are fewer
  int wantedClass = kAnyClass;
  std::string text;  ///< words that all occur in key or captions, in any case
  bool operator==(const Filter&) const = default;
};

/// The samples that a filter leaves, rising or in the order of its matches, and how many it would leave for each class of
/// its label set.
struct Shown {
  bool isRising = true;
  std::vector<std::uint32_t> rowsBySample;  ///< where rows are not rising: their places, by rising sample
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> perClass;
  std::size_t withoutClass = 0, anyClass = 0;
  std::size_t missing = 0;  ///< of the matches: not in the dataset now
};

/// Where a sample stands in Shown::rows, -1 where it does not.
int rowOfSample(const Shown& shown, std::size_t sample);

/// Nothing where it was asked to stop.
std::optional<Shown> applyFilter(const Collection& collection, const Filter& filter, std::stop_token stop = {});

/// Case-folded words of a text, case-folded text, and whether it holds all of the words.
std::vector<std::string> foldedWords(const std::string& text);
std::string folded(const std::string& text);
bool holdsAll(std::string_view folded, const std::vector<std::string>& words);

inline constexpr std::size_t kMostLooseFiles = 100'000;

/// The loose collection with more files: those that are there and hold something become samples, others are skipped
/// with their reason (also beyond kMostLooseFiles); files that it has are passed over. `before` may be null. Looks at
/// each file once (stat), decodes none. Null where it was asked to stop.
std::shared_ptr<const Collection> withFiles(const std::shared_ptr<const Collection>& before,
                                            std::span<const std::string> files, std::stop_token stop = {});

}  // namespace lix::app
