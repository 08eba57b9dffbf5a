#include "store/support_store.h"

#include "base/text.h"
#include "store/connection.h"

namespace lix::store {
namespace {

constexpr long long kDraft = 0;  // its number among the versions
constexpr int kSince = 2;        // the schema version that has the tables; an older workspace, read only, has no sets

using Classes = std::vector<SupportClassRow>;

std::unexpected<Error> unknown(std::string_view name) {
  return fail(ErrorCode::NotFound,
              cat("The workspace has no support set '", name, "'. Save it first, or name one that it lists."));
}

Result<void> checkName(std::string_view name) {
  return trim(name).empty() ? fail(ErrorCode::BadInput, "A support set needs a name; type one.") : Result<void>();
}

Result<long long> idOf(Connection& connection, std::string_view name) {
  if (schemaVersionOf(connection) < kSince) {
    return unknown(name);
  }
  Query query(connection, "SELECT id FROM support_sets WHERE name = ?");
  return query.with(name).next() ? Result<long long>(query.integer()) : unknown(name);
}

/// The row of a saved version.
Result<long long> versionIdOf(Connection& connection, std::string_view name, long long version) {
  LIX_TRY(const long long set, idOf(connection, name));
  Query query(connection, "SELECT id FROM support_versions WHERE support_set = ? AND version = ? AND version > 0");
  if (!query.with(set, version).next()) {
    return fail(ErrorCode::NotFound,
                cat("The support set '", name, "' has no version ", version, ". Name one that it lists."));
  }
  return query.integer();
}

/// Keeps the classes under a number that is free.
void insertVersion(Connection& connection, long long set, long long number, const Classes& classes,
                   std::string_view note) {
  Query(connection, "INSERT INTO support_versions (support_set, version, note, saved_at) VALUES (?, ?, ?, ?)")
      .with(set, number, note, now())
      .run();
  const long long version = connection.database().getLastInsertRowid();
  Query addClass(connection, "INSERT INTO support_classes (version, position, name) VALUES (?, ?, ?)");
  Query addPicture(connection, "INSERT INTO support_pictures (version, class, position, picture) VALUES (?, ?, ?, ?)");
  for (std::size_t c = 0; c < classes.size(); ++c) {
    addClass.with(version, c, classes[c].name).run();
    for (std::size_t i = 0; i < classes[c].pictures.size(); ++i) {
      addPicture.with(version, c, i, classes[c].pictures[i]).run();
    }
  }
}

/// Writes the draft anew, and the set where there is none; returns the set's id.
Result<long long> writeDraft(Connection& connection, std::string_view name, const Classes& classes) {
  LIX_CHECK(checkName(name));
  Query(connection,
        "INSERT INTO support_sets (name, changed_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET changed_at = "
        "excluded.changed_at")
      .with(name, now())
      .run();
  LIX_TRY(const long long set, idOf(connection, name));
  Query(connection, "DELETE FROM support_versions WHERE support_set = ? AND version = ?").with(set, kDraft).run();
  insertVersion(connection, set, kDraft, classes, "");
  return set;
}

}  // namespace

Result<void> SupportStore::saveDraft(std::string_view name, const Classes& classes) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_CHECK(writeDraft(*connection_, name, classes));
    return {};
  });
}

Result<long long> SupportStore::saveVersion(std::string_view name, const Classes& classes,
                                            std::string_view note) const {
  return writing(*connection_, [&]() -> Result<long long> {
    LIX_TRY(const long long set, writeDraft(*connection_, name, classes));
    Query last(*connection_, "SELECT max(version) FROM support_versions WHERE support_set = ?");
    last.with(set).next();
    const long long number = last.integer() + 1;
    insertVersion(*connection_, set, number, classes, note);
    return number;
  });
}

Result<std::vector<SupportSetRow>> SupportStore::list() const {
  return reading(*connection_, [&]() -> Result<std::vector<SupportSetRow>> {
    std::vector<SupportSetRow> rows;
    if (schemaVersionOf(*connection_) < kSince) {
      return rows;
    }
    // Drafts are written anew with the highest id, which tells changes of the same millisecond apart.
    Query query(*connection_,
                "SELECT s.name, (SELECT max(version) FROM support_versions WHERE support_set = s.id), s.changed_at "
                "FROM support_sets s JOIN support_versions draft ON draft.support_set = s.id AND draft.version = 0 "
                "ORDER BY s.changed_at DESC, draft.id DESC");
    while (query.next()) {
      SupportSetRow row;
      row.name = query.text();
      row.versions = query.integer();
      row.changedAt = query.text();
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

Result<std::vector<SupportVersionRow>> SupportStore::versions(std::string_view name) const {
  return reading(*connection_, [&]() -> Result<std::vector<SupportVersionRow>> {
    LIX_TRY(const long long set, idOf(*connection_, name));
    Query query(*connection_,
                "SELECT version, note, saved_at, (SELECT count(*) FROM support_pictures WHERE version = v.id), "
                "(SELECT count(*) FROM support_classes WHERE version = v.id) FROM support_versions v "
                "WHERE support_set = ? AND version > 0 ORDER BY version");
    std::vector<SupportVersionRow> rows;
    for (query.with(set); query.next();) {
      SupportVersionRow row;
      row.version = query.integer();
      row.note = query.text();
      row.savedAt = query.text();
      row.pictures = query.integer();
      row.classes = query.integer();
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

Result<Classes> SupportStore::load(std::string_view name, std::optional<long long> version) const {
  return reading(*connection_, [&]() -> Result<Classes> {
    LIX_CHECK(idOf(*connection_, name));
    // One statement, since another program may write the draft anew between two. A version without classes is one row.
    Query query(*connection_,
                "SELECT c.position, c.name, p.position, p.picture FROM support_sets s "
                "JOIN support_versions v ON v.support_set = s.id "
                "LEFT JOIN support_classes c ON c.version = v.id "
                "LEFT JOIN support_pictures p ON p.version = c.version AND p.class = c.position "
                "WHERE s.name = ? AND v.version = ? ORDER BY c.position, p.position");
    query.with(name, version.value_or(kDraft));
    if (version == kDraft || !query.next()) {
      return fail(ErrorCode::NotFound, cat("The support set '", name, "' has no version ", version.value_or(kDraft),
                                           ". Name one that it lists."));
    }
    Classes classes;
    std::optional<long long> last;
    do {
      const auto position = query.optionalInteger();
      std::string label = query.text();
      if (position && position != last) {
        classes.push_back({std::move(label), {}});
        last = position;
      }
      if (query.optionalInteger()) {
        classes.back().pictures.push_back(connection_->moved().picture(query.text()));
      }
    } while (query.next());
    return classes;
  });
}

Result<void> SupportStore::rename(std::string_view from, std::string_view to) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_CHECK(checkName(to));
    LIX_TRY(const long long set, idOf(*connection_, from));
    if (const auto other = idOf(*connection_, to); other && *other != set) {
      return fail(ErrorCode::BadInput,
                  cat("The workspace has a support set '", to, "' already. Choose another name, or remove that one."));
    }
    Query(*connection_, "UPDATE support_sets SET name = ? WHERE id = ?").with(to, set).run();
    return {};
  });
}

Result<void> SupportStore::remove(std::string_view name) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const long long set, idOf(*connection_, name));
    Query(*connection_, "DELETE FROM support_sets WHERE id = ?").with(set).run();
    return {};
  });
}

Result<void> SupportStore::renameVersion(std::string_view name, long long version, std::string_view note) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const long long id, versionIdOf(*connection_, name, version));
    Query(*connection_, "UPDATE support_versions SET note = ? WHERE id = ?").with(note, id).run();
    return {};
  });
}

Result<void> SupportStore::removeVersion(std::string_view name, long long version) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const long long id, versionIdOf(*connection_, name, version));
    Query(*connection_, "DELETE FROM support_versions WHERE id = ?").with(id).run();
    return {};
  });
}

}  // namespace lix::store
