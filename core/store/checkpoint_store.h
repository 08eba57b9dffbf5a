#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "store/workspace.h"

namespace lix::store {

struct CheckpointRow {
  long long id = 0;
  std::optional<long long> run;  ///< none for an imported one
  long long step = 0;
  std::filesystem::path path;  ///< folder; unique
  std::string weightsHash;     ///< of model.safetensors
  std::string recipe;
  std::string createdAt;
};

class CheckpointStore {
 public:
  explicit CheckpointStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// Writes what lies in the folder now: a checkpoint folder that is written again keeps its row and id. Returns the
  /// id. To be called after the folder is in place.
  Result<long long> record(const CheckpointRow& row) const;
  Result<CheckpointRow> find(const std::filesystem::path& path) const;
  /// The folder is none of the workspace's any more; the files stay. NotFound where it was none.
  Result<void> forget(const std::filesystem::path& path) const;
  /// Of one run by step, or all, oldest first.
  Result<std::vector<CheckpointRow>> list(std::optional<long long> run = {}) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
