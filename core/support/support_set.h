#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/picture_ref.h"

namespace lix::support {

struct SupportClass {
  std::string name;
  std::vector<data::PictureRef> pictures;
  bool operator==(const SupportClass&) const = default;
};

/// Pictures sorted into classes by hand: what a few-shot adapter is fitted on. A value; every edit gives a new one.
/// Class names are unique, not empty, without line breaks; a picture stands in the set at most once.
struct SupportSet {
  std::string name;
  std::vector<SupportClass> classes;

  std::size_t size() const;  ///< pictures in all classes
  /// The class of a picture, if it is in the set.
  std::optional<std::size_t> classOf(const data::PictureRef& picture) const;
  bool operator==(const SupportSet&) const = default;
};

/// A class with that name at the end.
Result<SupportSet> withClass(const SupportSet& set, const std::string& name);
Result<SupportSet> withClassRenamed(const SupportSet& set, std::size_t index, const std::string& name);
Result<SupportSet> withoutClass(const SupportSet& set, std::size_t index);
Result<SupportSet> withClassMoved(const SupportSet& set, std::size_t from, std::size_t to);
/// The pictures as the last ones of the class, in their order; those that stand elsewhere in the set are moved.
Result<SupportSet> withPictures(const SupportSet& set, std::span<const data::PictureRef> pictures, std::size_t index);
/// Without the pictures; those that are not in the set are passed over.
SupportSet withoutPictures(const SupportSet& set, std::span<const data::PictureRef> pictures);
/// The first sentence about what breaks the rules above (files and databases may hold anything), or success.
Result<void> check(const SupportSet& set);

}  // namespace lix::support
