#include "data/table_columns.h"

#include <algorithm>

#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::data {
namespace {

using Names = std::vector<std::string>;

/// Header of a table with exact look-up for named and lower-case look-up for usual columns.
class Header {
 public:
  Header(const Names& names, const std::string& table) : names_(names), table_(table) {}

  std::unexpected<Error> missing(std::string_view what) const {
    return fail(ErrorCode::BadInput, cat("The table '", table_, "' has no ", what, "; its columns are: ",
                                         join(names_, ", "), ". Name the right ones in the options."));
  }

  Result<std::size_t> named(const std::string& name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) {
      return missing(cat("column '", name, "'"));
    }
    return std::size_t(found - names_.begin());
  }

  std::optional<std::size_t> firstOf(const Names& usual) const {
    for (const std::string& name : usual) {
      for (std::size_t i = 0; i < names_.size(); ++i) {
        if (lowered(trim(names_[i])) == name) {
          return i;
        }
      }
    }
    return std::nullopt;
  }

  /// caption1, caption_2, caption 3, captions...
  std::vector<std::size_t> numberedCaptions() const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string name = lowered(trim(names_[i]));
      const auto rest = name.starts_with("caption") ? name.substr(7) : std::string("x");
      if (rest == "s" || (!rest.empty() && rest.find_first_not_of("_ 0123456789") == std::string::npos)) {
        result.push_back(i);
      }
    }
    return result;
  }

 private:
  const Names& names_;
  const std::string& table_;
};

Result<std::vector<std::size_t>> allNamed(const Header& header, const Names& names) {
  std::vector<std::size_t> result;
  for (const std::string& name : names) {
    LIX_TRY(const std::size_t column, header.named(name));
    result.push_back(column);
  }
  return result;
}

}  // namespace

Result<TableColumns> findColumns(const std::vector<std::string>& names, const Options& options,
                                 const std::string& table) {
  const Header header(names, table);
  TableColumns columns;
  if (const std::string& path = options.text("path_column"); !path.empty()) {
    LIX_TRY(columns.path, header.named(path));
  } else if (const auto usual = header.firstOf({"path", "filepath", "image", "file", "filename", "image_path", "file_name", "image_name"})) {
    columns.path = *usual;
  } else {
    return header.missing("column for the picture's path (path, filepath, image, file)");
  }
  LIX_TRY(columns.captions, allNamed(header, options.list("caption_columns")));
  LIX_TRY(columns.labels, allNamed(header, options.list("label_columns")));
  if (columns.captions.empty()) {
    columns.captions = header.numberedCaptions();
    if (const auto usual = header.firstOf({"caption", "title", "text", "comment"})) {
      columns.captions.insert(columns.captions.begin(), *usual);
    }
  }
  if (columns.labels.empty()) {
    if (const auto usual = header.firstOf({"label", "class"})) {
      columns.labels.push_back(*usual);
    }
  }
  if (columns.captions.empty() && columns.labels.empty()) {
    return header.missing("column of captions (caption, title, text) or labels (label, class)");
  }
  if (const std::string& split = options.text("split_column"); !split.empty()) {
    LIX_TRY(columns.split, header.named(split));
  } else {
    columns.split = header.firstOf({"split"});
  }
  return columns;
}

}  // namespace lix::data
