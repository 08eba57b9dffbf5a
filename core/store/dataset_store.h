#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/workspace.h"

namespace lix::store {

/// A dataset by reference: where its pictures lie, never the pictures themselves.
struct DatasetRow {
  long long id = 0;
  std::string name;            ///< unique
  std::string kind;            ///< id of the source that reads it: "folder", "table", ...
  std::filesystem::path path;  ///< empty for built-in sources
  std::string options = "{}";  ///< JSON: the source's settings
  std::string counts = "{}";   ///< JSON: pictures, captions, classes, skipped, per split where known
  std::string fingerprint;     ///< hash over what was found; differs when the data changed
  std::string addedAt;
};

class DatasetStore {
 public:
  explicit DatasetStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// Fails where the name is taken; returns the row with id and addedAt.
  Result<DatasetRow> add(DatasetRow row) const;
  /// Writes path, options, counts and fingerprint of the row of that name anew.
  Result<void> update(const DatasetRow& row) const;
  Result<DatasetRow> find(std::string_view name) const;
  /// By name.
  Result<std::vector<DatasetRow>> list() const;
  /// Where each lies, by name: all that a look for changes by others needs.
  Result<std::map<std::string, std::filesystem::path>> places() const;
  Result<void> remove(std::string_view name) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
