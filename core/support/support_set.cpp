#include "support/support_set.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"

namespace lix::support {
namespace {
using data::PictureRef;

Result<void> checkName(const std::string& name) {
  if (trim(name).empty()) {
    return fail(ErrorCode::BadInput, "A class needs a name; type one.");
  }
  if (!isUtf8(name)) {
    return fail(ErrorCode::BadInput, "The name of a class is not UTF-8; type it anew.");
  }
  if (name.find_first_of("\n\r") != std::string::npos) {
    return fail(ErrorCode::BadInput, cat("The class name '", name, "' holds a line break; write it on one line."));
  }
  return {};
}

std::optional<std::size_t> indexOf(const SupportSet& set, const std::string& name) {
  const auto found = std::ranges::find(set.classes, name, &SupportClass::name);
  return found == set.classes.end() ? std::nullopt
                                    : std::optional(static_cast<std::size_t>(found - set.classes.begin()));
}

std::unexpected<Error> taken(const std::string& name) {
  return fail(ErrorCode::BadInput, cat("There is a class '", name, "' already; choose another name."));
}

Result<void> checkIndex(const SupportSet& set, std::size_t index) {
  if (index < set.classes.size()) {
    return {};
  }
  return fail(ErrorCode::NotFound, cat("There is no class number ", index + 1, "; the set has ", set.classes.size(),
                                       set.classes.size() == 1 ? " class." : " classes."));
}

}  // namespace

std::size_t SupportSet::size() const {
  std::size_t count = 0;
  for (const SupportClass& one : classes) {
    count += one.pictures.size();
  }
  return count;
}

std::optional<std::size_t> SupportSet::classOf(const PictureRef& picture) const {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (std::ranges::find(classes[i].pictures, picture) != classes[i].pictures.end()) {
      return i;
    }
  }
  return std::nullopt;
}

Result<SupportSet> withClass(const SupportSet& set, const std::string& name) {
  LIX_CHECK(checkName(name));
  if (indexOf(set, name)) {
    return taken(name);
  }
  SupportSet result = set;
  result.classes.push_back({name, {}});
  return result;
}

Result<SupportSet> withClassRenamed(const SupportSet& set, std::size_t index, const std::string& name) {
  LIX_CHECK(checkIndex(set, index));
  LIX_CHECK(checkName(name));
  if (indexOf(set, name).value_or(index) != index) {
    return taken(name);
  }
  SupportSet result = set;
  result.classes[index].name = name;
  return result;
}

Result<SupportSet> withoutClass(const SupportSet& set, std::size_t index) {
  LIX_CHECK(checkIndex(set, index));
  SupportSet result = set;
  result.classes.erase(result.classes.begin() + static_cast<std::ptrdiff_t>(index));
  return result;
}

Result<SupportSet> withClassMoved(const SupportSet& set, std::size_t from, std::size_t to) {
  LIX_CHECK(checkIndex(set, from));
  LIX_CHECK(checkIndex(set, to));
  SupportSet result = set;
  SupportClass moved = std::move(result.classes[from]);
  result.classes.erase(result.classes.begin() + static_cast<std::ptrdiff_t>(from));
  result.classes.insert(result.classes.begin() + static_cast<std::ptrdiff_t>(to), std::move(moved));
  return result;
}

Result<SupportSet> withPictures(const SupportSet& set, std::span<const PictureRef> pictures, std::size_t index) {
  LIX_CHECK(checkIndex(set, index));
  SupportSet result = withoutPictures(set, pictures);
  std::set<PictureRef> added;
  for (const PictureRef& picture : pictures) {
    if (added.insert(picture).second) {
      result.classes[index].pictures.push_back(picture);
    }
  }
  return result;
}

SupportSet withoutPictures(const SupportSet& set, std::span<const PictureRef> pictures) {
  const std::set<PictureRef> gone(pictures.begin(), pictures.end());
  SupportSet result = set;
  for (SupportClass& one : result.classes) {
    std::erase_if(one.pictures, [&](const PictureRef& picture) { return gone.contains(picture); });
  }
  return result;
}

Result<void> check(const SupportSet& set) {
  std::set<std::string> names;
  std::set<PictureRef> seen;
  for (const SupportClass& one : set.classes) {
    LIX_CHECK(checkName(one.name));
    if (!names.insert(one.name).second) {
      return fail(ErrorCode::BadInput, cat("Two classes are called '", one.name, "'; rename one of them."));
    }
    for (const PictureRef& picture : one.pictures) {
      if (!seen.insert(picture).second) {
        return fail(ErrorCode::BadInput, cat("The picture ", data::shortName(picture), " in class '", one.name,
                                             "' stands in the set twice; take it out once."));
      }
    }
  }
  return {};
}

}  // namespace lix::support
