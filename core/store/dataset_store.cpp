#include "store/dataset_store.h"

#include "base/text.h"
#include "store/connection.h"

namespace lix::store {
namespace {

std::unexpected<Error> unknown(std::string_view name) {
  return fail(ErrorCode::NotFound,
              cat("The workspace has no dataset '", name, "'. Add it first, or name one that it lists."));
}

constexpr const char* kSelect = "SELECT id, name, kind, path, options, counts, fingerprint, added_at FROM datasets";

DatasetRow readRow(const Connection& connection, Query& query) {
  DatasetRow row;
  row.id = query.integer();
  row.name = query.text();
  row.kind = query.text();
  row.path = connection.restored(query.text());
  row.options = connection.moved().json(query.text());
  row.counts = query.text();
  row.fingerprint = query.text();
  row.addedAt = query.text();
  return row;
}

}  // namespace

Result<DatasetRow> DatasetStore::add(DatasetRow row) const {
  return writing(*connection_, [&]() -> Result<DatasetRow> {
    if (Query(*connection_, "SELECT 1 FROM datasets WHERE name = ?").with(row.name).next()) {
      return fail(ErrorCode::BadInput, cat("The workspace has a dataset '", row.name,
                                           "' already. Choose another name, or remove that one."));
    }
    row.addedAt = now();
    Query(
        *connection_,
        "INSERT INTO datasets (name, kind, path, options, counts, fingerprint, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .with(row.name, row.kind, connection_->stored(row.path), row.options, row.counts, row.fingerprint, row.addedAt)
        .run();
    row.id = connection_->database().getLastInsertRowid();
    return row;
  });
}

Result<void> DatasetStore::update(const DatasetRow& row) const {
  return writing(*connection_, [&]() -> Result<void> {
    const int changed =
        Query(*connection_, "UPDATE datasets SET path = ?, options = ?, counts = ?, fingerprint = ? WHERE name = ?")
            .with(connection_->stored(row.path), row.options, row.counts, row.fingerprint, row.name)
            .run();
    return changed == 1 ? Result<void>() : unknown(row.name);
  });
}

Result<DatasetRow> DatasetStore::find(std::string_view name) const {
  return reading(*connection_, [&]() -> Result<DatasetRow> {
    Query query(*connection_, cat(kSelect, " WHERE name = ?"));
    return query.with(name).next() ? Result<DatasetRow>(readRow(*connection_, query)) : unknown(name);
  });
}

Result<std::vector<DatasetRow>> DatasetStore::list() const {
  return reading(*connection_, [&]() -> Result<std::vector<DatasetRow>> {
    std::vector<DatasetRow> rows;
    for (Query query(*connection_, cat(kSelect, " ORDER BY name")); query.next();) {
      rows.push_back(readRow(*connection_, query));
    }
    return rows;
  });
}

Result<std::map<std::string, std::filesystem::path>> DatasetStore::places() const {
  return reading(*connection_, [&]() -> Result<std::map<std::string, std::filesystem::path>> {
    std::map<std::string, std::filesystem::path> places;
    for (Query query(*connection_, "SELECT name, path FROM datasets"); query.next();) {
      std::string name = query.text();
      places.emplace(std::move(name), connection_->restored(query.text()));
    }
    return places;
  });
}

Result<void> DatasetStore::remove(std::string_view name) const {
  return writing(*connection_, [&]() -> Result<void> {
    return Query(*connection_, "DELETE FROM datasets WHERE name = ?").with(name).run() == 1 ? Result<void>()
                                                                                            : unknown(name);
  });
}

}  // namespace lix::store
