#include "lixp/support/sets.h"

#include "base/text.h"

namespace lix::app {

Result<support::SupportSet> loadSet(const store::Workspace& workspace, const std::string& name,
                                    std::optional<long long> version) {
  const store::SupportStore store(workspace);
  const auto rows = store.load(name, version);
  if (!rows) {
    std::vector<std::string> names;
    if (const auto sets = store.list()) {
      for (const auto& set : *sets) {
        names.push_back(set.name);
      }
    }
    if (rows.error().code != ErrorCode::NotFound) {
      return std::unexpected(rows.error());
    }
    return fail(ErrorCode::NotFound,
                cat(rows.error().message, names.empty() ? " There are no support sets yet; lixp support new makes one."
                                                        : cat(" There are: ", join(names, ", "), ".")));
  }
  support::SupportSet set{.name = name, .classes = {}};
  for (const store::SupportClassRow& row : *rows) {
    support::SupportClass one{row.name, {}};
    for (const std::string& text : row.pictures) {
      LIX_TRY(data::PictureRef picture, data::pictureRefFromText(text));
      one.pictures.push_back(std::move(picture));
    }
    set.classes.push_back(std::move(one));
  }
  LIX_CHECK(support::check(set));
  return set;
}

std::vector<store::SupportClassRow> rowsOf(const support::SupportSet& set) {
  std::vector<store::SupportClassRow> rows;
  for (const support::SupportClass& one : set.classes) {
    rows.push_back({one.name, {}});
    for (const data::PictureRef& picture : one.pictures) {
      rows.back().pictures.push_back(data::toText(picture));
    }
  }
  return rows;
}

std::string wordOf(const data::PictureRef& picture) {
  return picture.isFile() ? picture.file.string() : cat(picture.dataset, ":", picture.key);
}

}  // namespace lix::app
