#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "data/picture_ref.h"
#include "store/support_store.h"
#include "support/support_set.h"

namespace lix::app {

/// What the Support page edits: classes with their pictures, and pictures that have no class yet. A picture stands in
/// it at most once. A value; every edit gives a new one. (The set's own name is left empty here: renaming is no edit.)
struct SupportDocument {
  support::SupportSet set;
  std::vector<data::PictureRef> unsorted;
  bool operator==(const SupportDocument&) const = default;
};

/// The name of the row of unsorted pictures in the workspace: with its line break it is no class's name.
inline constexpr const char* kUnsortedRow = "\nunsorted";
/// As the workspace keeps it: the classes, and where there are any the unsorted pictures as a last row.
std::vector<store::SupportClassRow> toRows(const SupportDocument& document);
/// What of the rows can be used; each thing that cannot be is told in a sentence.
struct ReadDocument {
  SupportDocument document;
  std::vector<std::string> problems;
};
ReadDocument fromRows(const std::vector<store::SupportClassRow>& rows);

/// The pictures in a class, wherever they were before.
Result<SupportDocument> assigned(const SupportDocument& document, std::span<const data::PictureRef> pictures,
                                 std::size_t index);
/// The pictures without a class, wherever they were before.
SupportDocument unsorted(const SupportDocument& document, std::span<const data::PictureRef> pictures);
/// Those of the pictures that are not in the document yet, in their order and each once.
std::vector<data::PictureRef> newOnes(const SupportDocument& document, std::span<const data::PictureRef> pictures);
SupportDocument without(const SupportDocument& document, std::span<const data::PictureRef> pictures);
/// Each picture in the class of that name, which is made where there is none.
Result<SupportDocument> sorted(const SupportDocument& document,
                               std::span<const std::pair<data::PictureRef, std::string>> pictures);
/// "class 3": a name that no class has.
std::string freeClassName(const SupportDocument& document);

}  // namespace lix::app
