#include "store/connection.h"

#include <sqlite3.h>
#include <sys/statvfs.h>

#include <limits>

#include "base/file.h"
#include "base/text.h"

namespace lix::store {
namespace fs = std::filesystem;
namespace {

constexpr int kBusyMilliseconds = 10'000;

bool isDiskFull(const fs::path& database) {
  struct statvfs disk{};
  return ::statvfs(database.parent_path().c_str(), &disk) == 0 &&
         (disk.f_bavail == 0 || (disk.f_files > 0 && disk.f_favail == 0));
}

}  // namespace

FolderRemover::~FolderRemover() {
  if (!path_.empty()) {
    lix::detail::removeQuietly(path_);
  }
}

Connection::Connection(Place place, const std::string& name, int flags, FolderRemover copy)
    : place_(std::move(place)), copy_(std::move(copy)), database_(name, flags, kBusyMilliseconds) {
  database_.exec("PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;");
  if (place_.readOnly) {
    database_.exec("PRAGMA query_only = ON;");
  }
}

bool Connection::isIdle() { return ::sqlite3_get_autocommit(database_.getHandle()) != 0; }

std::string Connection::stored(const fs::path& path) const {
  if (path.empty()) {
    return {};
  }
  std::error_code code;
  fs::path full = fs::weakly_canonical(fs::absolute(path), code);
  if (code) {
    full = fs::absolute(path).lexically_normal();
  }
  if (!full.has_filename()) {
    full = full.parent_path();
  }
  const fs::path relative = full.lexically_relative(place_.folder);
  return relative.empty() || *relative.begin() == ".." ? full.string() : relative.string();
}

fs::path Connection::restored(const std::string& text) const {
  if (text.empty() || text == ".") {
    return text.empty() ? fs::path() : place_.folder;
  }
  return (place_.folder / moved_.path(text)).lexically_normal();
}

int schemaVersionOf(Connection& connection) {
  Query query(connection, "PRAGMA user_version");
  return query.next() ? static_cast<int>(query.integer()) : 0;
}

Error translate(const fs::path& database, const SQLite::Exception& exception) {
  const std::string name = cat("The workspace database ", database.string());
  const int code = exception.getErrorCode() & 0xFF;
  const bool unsure = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
  if (code == SQLITE_FULL || (unsure && isDiskFull(database))) {
    return {ErrorCode::Io, cat("The disk that holds ", database.string(),
                               " is full; nothing was changed. Free some space and try again.")};
  }
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::Busy,
              cat(name, " was in use by another program for ", kBusyMilliseconds / 1000, " seconds; try again.")};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::Io,
              cat(name, " cannot be written to. Change its access rights, or use a workspace that you may write to.")};
    case SQLITE_NOTADB:
      return {ErrorCode::BadInput,
              cat(name, " is not a database. Restore it from a copy, or choose another workspace folder.")};
    case SQLITE_CORRUPT:
      return {ErrorCode::BadInput, cat(name, " is damaged (", exception.what(),
                                       "). Restore it from a copy, or rescue what can still be read with: sqlite3 ",
                                       database.string(), " .recover")};
    case SQLITE_CANTOPEN:
      return {ErrorCode::Io,
              cat(name, " cannot be opened. Check that it is there and that you may read it and its folder.")};
    case SQLITE_IOERR:
      return {ErrorCode::Io, cat(name, " cannot be read or written (", exception.what(), "). Check the disk.")};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::BadInput, cat(name, " refuses the row: ", exception.what(), ". Correct the named value.")};
    case SQLITE_NOMEM:
      return {ErrorCode::NoMemory,
              cat("There is not enough memory to use ", database.string(), "; close other programs and try again.")};
    default:
      return {ErrorCode::Io, cat(name, " cannot be used: ", exception.what(), ".")};
  }
}

double Query::real() {
  const auto column = statement_.getColumn(column_++);
  return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

std::optional<long long> Query::optionalInteger() {
  const auto column = statement_.getColumn(column_++);
  return column.isNull() ? std::nullopt : std::optional<long long>(column.getInt64());
}

}  // namespace lix::store
