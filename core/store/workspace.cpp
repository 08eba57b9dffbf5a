#include "store/workspace.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "store/connection.h"
#include "store/file_system.h"
#include "store/migrations.h"
#include "store/place.h"

namespace lix::store {
namespace fs = std::filesystem;
namespace {

constexpr int kApplicationId = 0x4C495850;  // "LIXP"
constexpr int kOldestReadable = 1;  // later versions added tables, which stores know may be missing, and words to checks
constexpr const char* kDatabaseName = "workspace.sqlite";

using Opened = Result<std::unique_ptr<Connection>>;

long long pragma(Connection& connection, const std::string& name) {
  Query query(connection, cat("PRAGMA ", name));
  return query.next() ? query.integer() : 0;
}

/// Refuses databases of other programs and of newer versions; returns the version.
Result<int> identify(Connection& connection) {
  const std::string& file = connection.place().database.string();
  if (pragma(connection, "application_id") != kApplicationId) {
    return fail(ErrorCode::BadInput,
                cat(file, " is a database, but not one of this program. Choose another workspace folder."));
  }
  const int version = schemaVersionOf(connection);
  if (version > schemaVersion()) {
    return fail(ErrorCode::Newer, cat("The workspace ", connection.place().folder.string(), " is of version ", version,
                                      ", and this program knows versions up to ", schemaVersion(),
                                      ". Install a newer LIxPlorer to open it; nothing was changed."));
  }
  if (version < 0) {
    return fail(ErrorCode::BadInput, cat("The workspace database ", file, " is damaged: it says that it is of version ",
                                         version, ". Restore it from a copy."));
  }
  return version;
}

/// Brings a database to the newest version, one transaction a migration; another program may be doing the same.
Result<void> migrate(Connection& connection) {
  for (int known = schemaVersion(); schemaVersionOf(connection) < known;) {
    LIX_CHECK(writing(connection, [&]() -> Result<void> {
      const int version = schemaVersionOf(connection);
      if (version < known) {
        connection.database().exec(migrations()[static_cast<std::size_t>(version)]);
        connection.database().exec(cat("PRAGMA user_version = ", version + 1));
        connection.database().exec(cat("PRAGMA application_id = ", kApplicationId));
      }
      return {};
    }));
  }
  return {};
}

/// Changing the journal takes the whole file for itself, for which SQLite does not wait by itself.
Result<void> setJournal(Connection& connection) {
  const bool ahead = connection.place().journal == Journal::WriteAhead;
  const std::string wanted = ahead ? "wal" : "delete";
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (true) {
    try {
      Query query(connection, cat("PRAGMA journal_mode = ", wanted));
      if (query.next() && query.text() == wanted) {
        break;
      }
      return fail(ErrorCode::Unsupported,
                  cat("The disk of ", connection.place().database.string(), " does not allow a journal of kind '",
                      wanted, "'; move the workspace to a local disk."));
    } catch (const SQLite::Exception& exception) {
      if (exception.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() > limit) {
        throw;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  // With a write-ahead log NORMAL never damages the file; a power cut may take back the last changes, a killed program
  // not.
  connection.database().exec(ahead ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
  return {};
}

/// A new database comes into its place whole, or not at all; one that is there by then is left alone.
Result<void> create(const fs::path& folder) {
  static std::atomic<int> counter = 0;
  const fs::path part = folder / cat(".", kDatabaseName, ".", ::getpid(), ".", ++counter, ".part");
  std::error_code ignored;
  const auto made = guarded(folder / kDatabaseName, [&]() -> Result<void> {
    Connection connection({folder, folder / kDatabaseName, false, Journal::Rollback}, part.string(),
                          SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    return migrate(connection);
  });
  if (made && ::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, (folder / kDatabaseName).c_str(), RENAME_NOREPLACE) != 0 &&
      errno != EEXIST) {
    const int code = errno;
    fs::remove(part, ignored);
    return fail(ErrorCode::Io, cat("Cannot make ", (folder / kDatabaseName).string(), ": ", std::strerror(code),
                                   ". Choose a folder on another disk."));
  }
  fs::remove(part, ignored);
  fs::remove(part.string() + "-journal", ignored);
  return made;
}

Result<void> makeFolders(const fs::path& folder) {
  for (const fs::path& path : {folder, folder / "checkpoints", folder / "cache"}) {
    std::error_code code;
    fs::create_directories(path, code);
    if (code) {
      return fail(ErrorCode::Io, cat("Cannot make the folder ", path.string(), ": ", code.message(),
                                     ". Choose a place that you may write to, with space left."));
    }
  }
  return {};
}

/// Makes what is missing of a workspace; where that fails, what it had made is gone again.
Result<void> createAll(const fs::path& folder) {
  std::vector<fs::path> made;  // innermost last
  for (fs::path path = folder; !path.empty() && !fs::exists(path); path = path.parent_path()) {
    made.insert(made.begin(), path);
  }
  for (const char* name : {"checkpoints", "cache"}) {
    if (!fs::exists(folder / name)) {
      made.push_back(folder / name);
    }
  }
  Result<void> done = makeFolders(folder);
  if (done && !Workspace::isIn(folder)) {
    done = create(folder);
  }
  for (auto path = made.rbegin(); !done && path != made.rend(); ++path) {
    std::error_code ignored;
    fs::remove(*path, ignored);  // only while empty
  }
  return done;
}

/// Read through the connection: closing a file of one's own would drop all locks (fcntl) that this process has on it, also
/// those of its other connections, whose log another process could then take away.
Result<void> checkWhole(Connection& connection, const fs::path& file) {
  sqlite3_file* open = nullptr;
  std::array<unsigned char, 100> header{};  // https://www.sqlite.org/fileformat.html, section 1.3
  const bool read = ::sqlite3_file_control(connection.database().getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &open) == SQLITE_OK &&
                    open != nullptr && open->pMethods != nullptr &&
                    open->pMethods->xRead(open, header.data(), int(header.size()), 0) == SQLITE_OK;
  if (read && isCutOff(header, file)) {
    return fail(
        ErrorCode::BadInput,
        cat("The workspace database ", file.string(),
            " is damaged: its end is missing. Restore it from a copy, or rescue what can still be read with: sqlite3 ",
            file.string(), " .recover"));
  }
  return {};
}

Opened openForWriting(const fs::path& folder, FileSystem fileSystem) {
  const fs::path file = folder / kDatabaseName;
  if (::access(folder.c_str(), W_OK) != 0 || ::access(file.c_str(), W_OK) != 0) {
    return fail(ErrorCode::Io, cat("The workspace ", folder.string(), " cannot be written to (", std::strerror(errno),
                                   "). Open it for reading only, or change its access rights."));
  }
  const Journal journal = fileSystem == FileSystem::Network ? Journal::Rollback : Journal::WriteAhead;
  auto connection = std::make_unique<Connection>(Connection::Place{folder, file, false, journal}, file.string(),
                                                 SQLite::OPEN_READWRITE);
  LIX_CHECK(checkWhole(*connection, file));
  LIX_CHECK(identify(*connection));
  LIX_CHECK(makeFolders(folder));
  LIX_CHECK(setJournal(*connection));
  LIX_CHECK(migrate(*connection));
  LIX_CHECK(settlePlace(*connection));
  return connection;
}

Opened openForReading(const fs::path& folder, FileSystem fileSystem) {
  const fs::path file = folder / kDatabaseName;
  const bool writable = ::access(folder.c_str(), W_OK) == 0 && ::access(file.c_str(), W_OK) == 0;
  const Journal journal = !writable                           ? Journal::None
                          : fileSystem == FileSystem::Network ? Journal::Rollback
                                                              : Journal::WriteAhead;
  const Connection::Place place{folder, file, true, journal};
  std::unique_ptr<Connection> connection;
  if (writable) {
    // Opened as for writing and then told not to (query_only): a reader alone could not tidy up the log it reads.
    connection = std::make_unique<Connection>(place, file.string(), SQLite::OPEN_READWRITE);
  } else if (hasLog(file)) {
    LIX_TRY(const fs::path copy, copyWithLog(file));
    connection = std::make_unique<Connection>(place, (copy / kDatabaseName).string(), SQLite::OPEN_READWRITE,
                                              FolderRemover(copy));
  } else {
    connection = std::make_unique<Connection>(place, immutableUri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
  }
  LIX_CHECK(checkWhole(*connection, file));
  LIX_TRY(const int version, identify(*connection));
  if (version < kOldestReadable) {
    return fail(ErrorCode::Unsupported,
                cat("The workspace ", folder.string(), " is of version ", version, ", older than the ", kOldestReadable,
                    " that this program reads. Open it once for writing (a copy, if it cannot be written to)."));
  }
  LIX_CHECK(settlePlace(*connection));
  return connection;
}

}  // namespace

Result<Workspace> Workspace::open(const fs::path& named, OpenMode mode, FileSystem fileSystem) {
  std::error_code code;
  fs::path folder = fs::weakly_canonical(fs::absolute(named, code), code);
  if (code || named.empty()) {
    return fail(ErrorCode::Io, cat("Cannot look into ", named.empty() ? "a folder without a name" : named.string(),
                                   code ? ": " : "", code ? code.message() : "", ". Name a folder that you may read."));
  }
  folder = folder.has_filename() ? folder : folder.parent_path();
  if (fs::exists(folder, code) && !fs::is_directory(folder, code)) {
    return fail(ErrorCode::BadInput, cat(folder.string(), " is a file; a workspace is a folder."));
  }
  if (mode == OpenMode::Create) {
    LIX_CHECK(createAll(folder));
  }
  if (!isIn(folder)) {
    return fail(ErrorCode::NotFound, cat(folder.string(), " is not a workspace: it holds no file ", kDatabaseName,
                                         ". Name a folder that does."));
  }
  const fs::path file = folder / kDatabaseName;
  if (fs::file_size(file, code) == 0 && !hasLog(file)) {
    return fail(ErrorCode::BadInput,
                cat("The workspace database ", file.string(),
                    " is empty, so it is damaged. Restore it from a copy, or remove it to begin anew."));
  }
  fileSystem = fileSystem == FileSystem::Detect ? fileSystemOf(folder) : fileSystem;
  LIX_TRY(auto connection, guarded(file, [&] {
            return mode == OpenMode::ReadOnly ? openForReading(folder, fileSystem) : openForWriting(folder, fileSystem);
          }));
  return Workspace(std::move(connection));
}

bool Workspace::isIn(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / kDatabaseName, ignored);
}

Workspace::Workspace(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;
Workspace::~Workspace() = default;

const fs::path& Workspace::folder() const { return connection_->place().folder; }
bool Workspace::isReadOnly() const { return connection_->place().readOnly; }
Journal Workspace::journal() const { return connection_->place().journal; }

Result<void> Workspace::check() const {
  return reading(*connection_, [&]() -> Result<void> {
    Query pages(*connection_, "PRAGMA integrity_check(1)");
    const std::string found = pages.next() ? pages.text() : "nothing could be read";
    Query keys(*connection_, "PRAGMA foreign_key_check");
    const std::string dangling = keys.next() ? cat("a row of ", keys.text(), " refers to a row that is not there") : "";
    if (found == "ok" && dangling.empty()) {
      return {};
    }
    return fail(ErrorCode::BadInput, cat("The workspace database ", connection_->place().database.string(),
                                         " is damaged: ", found != "ok" ? found : dangling,
                                         ". Restore it from a copy, or rescue what can still be read with: sqlite3 ",
                                         connection_->place().database.string(), " .recover"));
  });
}

int schemaVersion() { return static_cast<int>(migrations().size()); }

std::string now() {
  const auto moment = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count() % 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 40> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text.data() + length, text.size() - length, ".%03dZ", static_cast<int>(milliseconds));
  return text.data();
}

}  // namespace lix::store
