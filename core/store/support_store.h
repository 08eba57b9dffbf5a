#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/workspace.h"

namespace lix::store {

/// A support set as rows: classes in order, each with its pictures as texts (data::toText).
struct SupportClassRow {
  std::string name;
  std::vector<std::string> pictures;
  bool operator==(const SupportClassRow&) const = default;
};

struct SupportSetRow {
  std::string name;        ///< unique
  long long versions = 0;  ///< saved ones: 1..versions
  std::string changedAt;   ///< of the draft or the newest version
};

struct SupportVersionRow {
  long long version = 0;
  std::string note;
  std::string savedAt;
  long long pictures = 0, classes = 0;
};

/// Support sets with their saved versions, whose pictures never change, and one draft each: the work since then, kept on
/// every edit so that nothing is lost. Not-found is ErrorCode::NotFound.
class SupportStore {
 public:
  explicit SupportStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// Makes the set where there is none; replaces its draft.
  Result<void> saveDraft(std::string_view name, const std::vector<SupportClassRow>& classes) const;
  /// Keeps the classes as the next version, which is also the draft now; returns its number.
  Result<long long> saveVersion(std::string_view name, const std::vector<SupportClassRow>& classes,
                                std::string_view note = {}) const;
  /// The newest changed first.
  Result<std::vector<SupportSetRow>> list() const;
  /// The saved ones, oldest first.
  Result<std::vector<SupportVersionRow>> versions(std::string_view name) const;
  /// The draft, or a version.
  Result<std::vector<SupportClassRow>> load(std::string_view name, std::optional<long long> version = {}) const;
  Result<void> rename(std::string_view from, std::string_view to) const;
  Result<void> remove(std::string_view name) const;
  /// Another note for a saved version.
  Result<void> renameVersion(std::string_view name, long long version, std::string_view note) const;
  /// A saved version alone; the numbers of the others stay. The newest number may be given again.
  Result<void> removeVersion(std::string_view name, long long version) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
