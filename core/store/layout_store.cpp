#include "store/layout_store.h"

#include "base/text.h"
#include "store/connection.h"

namespace lix::store {
namespace {

constexpr int kSince = 2;  // the schema version that has the table; an older workspace, read only, has no layouts

}  // namespace

Result<void> LayoutStore::save(std::string_view name, std::string_view json) const {
  return writing(*connection_, [&]() -> Result<void> {
    Query(*connection_,
          "INSERT INTO layouts (name, document, saved_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET document = "
          "excluded.document, saved_at = excluded.saved_at")
        .with(name, json, now())
        .run();
    return {};
  });
}

Result<std::optional<std::string>> LayoutStore::load(std::string_view name) const {
  return reading(*connection_, [&]() -> Result<std::optional<std::string>> {
    if (schemaVersionOf(*connection_) < kSince) {
      return std::nullopt;
    }
    Query query(*connection_, "SELECT document FROM layouts WHERE name = ?");
    return query.with(name).next() ? std::optional(connection_->moved().json(query.text())) : std::nullopt;
  });
}

}  // namespace lix::store
