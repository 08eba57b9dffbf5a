#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/options.h"

namespace lix::data {

/// Which columns of a table mean what, by position.
struct TableColumns {
  std::size_t path = 0;
  std::vector<std::size_t> captions;
  std::vector<std::size_t> labels;
  std::optional<std::size_t> split;
};

/// The columns that the options name, or else the usual names in any case: path, filepath, image, file, filename,
/// image_path, file_name, image_name; caption, title or text (the first there is, and all of caption_1, caption_2,
/// ...); label or class; split. Fails with the list of columns where a named column or the path is missing, or where
/// there are neither captions nor labels.
Result<TableColumns> findColumns(const std::vector<std::string>& header, const Options& options,
                                 const std::string& table);

}  // namespace lix::data
