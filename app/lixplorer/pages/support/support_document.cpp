#include "pages/support/support_document.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace lix::app {
namespace {
using data::PictureRef;

SupportDocument withoutUnsorted(const SupportDocument& document, std::span<const PictureRef> pictures) {
  const std::set<PictureRef> gone(pictures.begin(), pictures.end());
  SupportDocument result = document;
  std::erase_if(result.unsorted, [&](const PictureRef& picture) { return gone.contains(picture); });
  return result;
}

std::set<PictureRef> all(const SupportDocument& document) {
  std::set<PictureRef> pictures(document.unsorted.begin(), document.unsorted.end());
  for (const auto& one : document.set.classes) {
    pictures.insert(one.pictures.begin(), one.pictures.end());
  }
  return pictures;
}

std::vector<std::string> texts(const std::vector<PictureRef>& pictures) {
  std::vector<std::string> result;
  for (const PictureRef& picture : pictures) {
    result.push_back(data::toText(picture));
  }
  return result;
}

/// The pictures of a row that can be read and were not seen before.
std::vector<PictureRef> readable(const store::SupportClassRow& row, std::set<PictureRef>& seen,
                                 std::vector<std::string>& problems) {
  std::vector<PictureRef> pictures;
  for (const std::string& text : row.pictures) {
    auto picture = data::pictureRefFromText(text);
    if (!picture) {
      problems.push_back(picture.error().message);
    } else if (!seen.insert(*picture).second) {
      problems.push_back(cat("The picture ", data::shortName(*picture), " stood in the set twice; the first stays."));
    } else {
      pictures.push_back(std::move(*picture));
    }
  }
  return pictures;
}

}  // namespace

std::vector<store::SupportClassRow> toRows(const SupportDocument& document) {
  std::vector<store::SupportClassRow> rows;
  for (const auto& one : document.set.classes) {
    rows.push_back({one.name, texts(one.pictures)});
  }
  if (!document.unsorted.empty()) {
    rows.push_back({kUnsortedRow, texts(document.unsorted)});
  }
  return rows;
}

ReadDocument fromRows(const std::vector<store::SupportClassRow>& rows) {
  ReadDocument read;
  std::set<PictureRef> seen;
  for (const auto& row : rows) {
    std::vector<PictureRef> pictures = readable(row, seen, read.problems);
    auto& unsorted = read.document.unsorted;
    if (row.name != kUnsortedRow) {
      if (const auto next = support::withClass(read.document.set, row.name); next) {
        read.document.set = *next;
        read.document.set.classes.back().pictures = std::move(pictures);
        continue;
      } else {
        read.problems.push_back(cat(next.error().message, " Its pictures are unsorted now."));
      }
    }
    unsorted.insert(unsorted.end(), pictures.begin(), pictures.end());
  }
  return read;
}

Result<SupportDocument> assigned(const SupportDocument& document, std::span<const PictureRef> pictures,
                                 std::size_t index) {
  SupportDocument result = withoutUnsorted(document, pictures);
  LIX_TRY(result.set, support::withPictures(result.set, pictures, index));
  return result;
}

SupportDocument unsorted(const SupportDocument& document, std::span<const PictureRef> pictures) {
  SupportDocument result = without(document, pictures);
  const auto fresh = newOnes(result, pictures);
  result.unsorted.insert(result.unsorted.end(), fresh.begin(), fresh.end());
  return result;
}

std::vector<PictureRef> newOnes(const SupportDocument& document, std::span<const PictureRef> pictures) {
  std::set<PictureRef> known = all(document);
  std::vector<PictureRef> fresh;
  for (const PictureRef& picture : pictures) {
    if (known.insert(picture).second) {
      fresh.push_back(picture);
    }
  }
  return fresh;
}

SupportDocument without(const SupportDocument& document, std::span<const PictureRef> pictures) {
  SupportDocument result = withoutUnsorted(document, pictures);
  result.set = support::withoutPictures(result.set, pictures);
  return result;
}

Result<SupportDocument> sorted(const SupportDocument& document,
                               std::span<const std::pair<PictureRef, std::string>> pictures) {
  SupportDocument result = document;
  auto& classes = result.set.classes;
  std::map<std::string, std::size_t> indexes;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    indexes.emplace(classes[i].name, i);
  }
  std::map<PictureRef, std::size_t> places;
  for (const auto& [picture, name] : pictures) {
    if (!indexes.contains(name)) {
      // Names are judged by a set without pictures, which costs little to copy.
      support::SupportSet names;
      for (const auto& one : classes) {
        names.classes.push_back({one.name, {}});
      }
      LIX_TRY(names, support::withClass(names, name));
      indexes.emplace(name, classes.size());
      classes.push_back(std::move(names.classes.back()));
    }
    places.insert_or_assign(picture, indexes.at(name));
  }
  const auto goes = [&](const PictureRef& picture) { return places.contains(picture); };
  std::erase_if(result.unsorted, goes);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    std::erase_if(classes[i].pictures, [&](const PictureRef& picture) {
      const auto place = places.find(picture);
      return place != places.end() && place->second != i;
    });
    for (const PictureRef& picture : classes[i].pictures) {
      places.erase(picture);  // stays where it is
    }
  }
  for (const auto& [picture, name] : pictures) {
    if (const auto place = places.extract(picture)) {
      classes[place.mapped()].pictures.push_back(picture);
    }
  }
  return result;
}

std::string freeClassName(const SupportDocument& document) {
  for (std::size_t n = document.set.classes.size() + 1;; ++n) {
    std::string name = cat("class ", n);
    if (std::ranges::find(document.set.classes, name, &support::SupportClass::name) == document.set.classes.end()) {
      return name;
    }
  }
}

}  // namespace lix::app
