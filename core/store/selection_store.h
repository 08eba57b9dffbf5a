#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "store/workspace.h"

namespace lix::store {

/// Pictures of one dataset under a name.
struct SelectionRow {
  long long id = 0;
  std::string dataset;
  std::string name;  ///< unique in its dataset
  std::string note;
  long long pictures = 0;
  std::string createdAt, changedAt;
  bool operator==(const SelectionRow&) const = default;
};

/// Selections with their pictures by key, in their order. They outlive their dataset's row, so that a dataset that is put
/// back finds them again. Not-found is ErrorCode::NotFound.
class SelectionStore {
 public:
  explicit SelectionStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// Keeps the keys (a key that comes twice counts once). Fails where the dataset has one of that name, or where the name is
  /// blank or of several lines; names are taken without the space around them. Returns the row with id, count and moments.
  Result<SelectionRow> add(SelectionRow row, const std::vector<std::string>& keys) const;
  /// Puts back what was: the row as it was (name, note, moments) with these keys, whatever stands there now.
  Result<void> restore(const SelectionRow& row, const std::vector<std::string>& keys) const;
  /// By dataset, then by name.
  Result<std::vector<SelectionRow>> list() const;
  Result<SelectionRow> find(std::string_view dataset, std::string_view name) const;
  Result<std::vector<std::string>> keys(std::string_view dataset, std::string_view name) const;
  /// Adds at the end, or takes out; returns how many pictures that were.
  Result<long long> include(std::string_view dataset, std::string_view name, const std::vector<std::string>& keys) const;
  Result<long long> exclude(std::string_view dataset, std::string_view name, const std::vector<std::string>& keys) const;
  /// Another name and note.
  Result<void> rename(std::string_view dataset, std::string_view from, std::string_view to, std::string_view note) const;
  Result<void> remove(std::string_view dataset, std::string_view name) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
