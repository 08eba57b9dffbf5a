#include "support/difference.h"

#include <algorithm>
#include <map>

namespace lix::support {
namespace {

using Classes = std::map<data::PictureRef, std::string>;

Classes classesOf(const SupportSet& set) {
  Classes classes;
  for (const SupportClass& one : set.classes) {
    for (const data::PictureRef& picture : one.pictures) {
      classes.emplace(picture, one.name);
    }
  }
  return classes;
}

bool has(const SupportSet& set, const std::string& name) {
  return std::ranges::find(set.classes, name, &SupportClass::name) != set.classes.end();
}

/// Names of `set` that `other` has not.
std::vector<std::string> onlyIn(const SupportSet& set, const SupportSet& other) {
  std::vector<std::string> names;
  for (const SupportClass& one : set.classes) {
    if (!has(other, one.name)) {
      names.push_back(one.name);
    }
  }
  return names;
}

/// Whether more than half of the pictures of each class stand in the other one.
bool isRenamed(const SupportClass& before, const SupportClass& after, const Classes& newer) {
  const auto common = static_cast<std::size_t>(std::ranges::count_if(before.pictures, [&](const auto& picture) {
    const auto found = newer.find(picture);
    return found != newer.end() && found->second == after.name;
  }));
  return 2 * common > before.pictures.size() && 2 * common > after.pictures.size();
}

void findRenamed(const SupportSet& before, const SupportSet& after, const Classes& newer, SetDifference& result) {
  for (const SupportClass& old : before.classes) {
    const auto gone = std::ranges::find(result.removed, old.name);
    if (gone == result.removed.end()) {
      continue;
    }
    const auto match = std::ranges::find_if(after.classes, [&](const SupportClass& one) {
      return std::ranges::find(result.added, one.name) != result.added.end() && isRenamed(old, one, newer);
    });
    if (match != after.classes.end()) {
      result.renamed.emplace_back(old.name, match->name);
      result.removed.erase(gone);
      std::erase(result.added, match->name);
    }
  }
}

}  // namespace

SetDifference difference(const SupportSet& before, const SupportSet& after) {
  const Classes older = classesOf(before), newer = classesOf(after);
  SetDifference result;
  result.added = onlyIn(after, before);
  result.removed = onlyIn(before, after);
  findRenamed(before, after, newer, result);
  std::map<std::string, std::string> names(result.renamed.begin(), result.renamed.end());
  for (const SupportClass& one : after.classes) {
    for (const data::PictureRef& picture : one.pictures) {
      const auto then = older.find(picture);
      if (then == older.end()) {
        result.entered.push_back({picture, {}, one.name});
      } else if (const auto renamed = names.find(then->second);
                 (renamed == names.end() ? then->second : renamed->second) != one.name) {
        result.moved.push_back({picture, then->second, one.name});
      }
    }
  }
  for (const SupportClass& one : before.classes) {
    for (const data::PictureRef& picture : one.pictures) {
      if (!newer.contains(picture)) {
        result.left.push_back({picture, one.name, {}});
      }
    }
  }
  return result;
}

}  // namespace lix::support
