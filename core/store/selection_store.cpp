#include "store/selection_store.h"

#include "base/text.h"
#include "store/connection.h"

namespace lix::store {
namespace {

constexpr int kSince = 6;  // the schema version that has the tables; an older workspace, read only, has no selections
constexpr const char* kSelect = "SELECT id, dataset, name, note, pictures, created_at, changed_at FROM selections";

std::unexpected<Error> unknown(std::string_view dataset, std::string_view name) {
  return fail(ErrorCode::NotFound, cat("The dataset '", dataset, "' has no selection '", name,
                                       "'. Keep it first, or name one that is listed."));
}

SelectionRow readRow(Query& query) {
  SelectionRow row;
  row.id = query.integer();
  row.dataset = query.text();
  row.name = query.text();
  row.note = query.text();
  row.pictures = query.integer();
  row.createdAt = query.text();
  row.changedAt = query.text();
  return row;
}

Result<SelectionRow> rowOf(Connection& connection, std::string_view dataset, std::string_view name) {
  if (schemaVersionOf(connection) < kSince) {
    return unknown(dataset, name);
  }
  Query query(connection, cat(kSelect, " WHERE dataset = ? AND name = ?"));
  return query.with(dataset, name).next() ? Result<SelectionRow>(readRow(query)) : unknown(dataset, name);
}

Result<std::string> usableName(Connection& connection, std::string_view dataset, std::string_view wanted) {
  const std::string name(trim(wanted));
  if (name.empty() || name.find('\n') != std::string::npos) {
    return fail(ErrorCode::BadInput, "A selection needs a name of one line; type one.");
  }
  if (rowOf(connection, dataset, name)) {
    return fail(ErrorCode::BadInput, cat("The dataset '", dataset, "' has a selection '", name,
                                         "' already. Choose another name, or add to that one."));
  }
  return name;
}

/// Adds those that are not there yet, behind the last; returns how many.
long long insertKeys(Connection& connection, long long selection, const std::vector<std::string>& keys) {
  Query last(connection, "SELECT coalesce(max(position), -1) FROM selection_pictures WHERE selection = ?");
  last.with(selection).next();
  long long position = last.integer(), added = 0;
  Query insert(connection, "INSERT OR IGNORE INTO selection_pictures (selection, position, picture) VALUES (?, ?, ?)");
  for (const std::string& key : keys) {
    added += insert.with(selection, ++position, key).run();
  }
  return added;
}

void noteChange(Connection& connection, long long selection, long long by) {
  Query(connection, "UPDATE selections SET pictures = pictures + ?, changed_at = ? WHERE id = ?")
      .with(by, now(), selection)
      .run();
}

long long insertRow(Connection& connection, const SelectionRow& row, const std::vector<std::string>& keys) {
  Query(connection, "INSERT INTO selections (dataset, name, note, pictures, created_at, changed_at) VALUES (?, ?, ?, 0, ?, ?)")
      .with(row.dataset, row.name, row.note, row.createdAt, row.changedAt)
      .run();
  const long long id = connection.database().getLastInsertRowid();
  const long long count = insertKeys(connection, id, keys);
  Query(connection, "UPDATE selections SET pictures = ? WHERE id = ?").with(count, id).run();
  return id;
}

}  // namespace

Result<SelectionRow> SelectionStore::add(SelectionRow row, const std::vector<std::string>& keys) const {
  return writing(*connection_, [&]() -> Result<SelectionRow> {
    LIX_TRY(row.name, usableName(*connection_, row.dataset, row.name));
    row.createdAt = row.changedAt = now();
    insertRow(*connection_, row, keys);
    return rowOf(*connection_, row.dataset, row.name);
  });
}

Result<void> SelectionStore::restore(const SelectionRow& row, const std::vector<std::string>& keys) const {
  return writing(*connection_, [&]() -> Result<void> {
    Query(*connection_, "DELETE FROM selections WHERE dataset = ? AND name = ?").with(row.dataset, row.name).run();
    insertRow(*connection_, row, keys);
    return {};
  });
}

Result<std::vector<SelectionRow>> SelectionStore::list() const {
  return reading(*connection_, [&]() -> Result<std::vector<SelectionRow>> {
    std::vector<SelectionRow> rows;
    if (schemaVersionOf(*connection_) < kSince) {
      return rows;
    }
    for (Query query(*connection_, cat(kSelect, " ORDER BY dataset, name")); query.next();) {
      rows.push_back(readRow(query));
    }
    return rows;
  });
}

Result<SelectionRow> SelectionStore::find(std::string_view dataset, std::string_view name) const {
  return reading(*connection_, [&] { return rowOf(*connection_, dataset, name); });
}

Result<std::vector<std::string>> SelectionStore::keys(std::string_view dataset, std::string_view name) const {
  return reading(*connection_, [&]() -> Result<std::vector<std::string>> {
    LIX_TRY(const SelectionRow row, rowOf(*connection_, dataset, name));
    std::vector<std::string> keys;
    keys.reserve(std::size_t(row.pictures));
    Query query(*connection_, "SELECT picture FROM selection_pictures WHERE selection = ? ORDER BY position");
    for (query.with(row.id); query.next();) {
      keys.push_back(query.text());
    }
    return keys;
  });
}

Result<long long> SelectionStore::include(std::string_view dataset, std::string_view name,
                                          const std::vector<std::string>& keys) const {
  return writing(*connection_, [&]() -> Result<long long> {
    LIX_TRY(const SelectionRow row, rowOf(*connection_, dataset, name));
    const long long added = insertKeys(*connection_, row.id, keys);
    noteChange(*connection_, row.id, added);
    return added;
  });
}

Result<long long> SelectionStore::exclude(std::string_view dataset, std::string_view name,
                                          const std::vector<std::string>& keys) const {
  return writing(*connection_, [&]() -> Result<long long> {
    LIX_TRY(const SelectionRow row, rowOf(*connection_, dataset, name));
    long long taken = 0;
    Query remove(*connection_, "DELETE FROM selection_pictures WHERE selection = ? AND picture = ?");
    for (const std::string& key : keys) {
      taken += remove.with(row.id, key).run();
    }
    noteChange(*connection_, row.id, -taken);
    return taken;
  });
}

Result<void> SelectionStore::rename(std::string_view dataset, std::string_view from, std::string_view to,
                                    std::string_view note) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const SelectionRow row, rowOf(*connection_, dataset, from));
    std::string name(trim(to));
    if (name != from) {
      LIX_TRY(name, usableName(*connection_, dataset, to));
    }
    Query(*connection_, "UPDATE selections SET name = ?, note = ?, changed_at = ? WHERE id = ?")
        .with(name, note, now(), row.id)
        .run();
    return {};
  });
}

Result<void> SelectionStore::remove(std::string_view dataset, std::string_view name) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const SelectionRow row, rowOf(*connection_, dataset, name));
    Query(*connection_, "DELETE FROM selections WHERE id = ?").with(row.id).run();
    return {};
  });
}

}  // namespace lix::store
