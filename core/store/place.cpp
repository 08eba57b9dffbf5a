#include "store/place.h"

#include <sqlite3.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

#include "base/text.h"

namespace lix::store {
namespace fs = std::filesystem;
namespace {

constexpr int kSince = 7;          // the schema version that has the table
constexpr int kPicturesSince = 2;  // support sets and layouts
constexpr int kPicturesLooked = 200;

/// Where it lay, the last place last.
std::vector<std::string> placesOf(Connection& connection) {
  std::vector<std::string> places;
  if (schemaVersionOf(connection) >= kSince) {
    for (Query query(connection, "SELECT folder FROM places ORDER BY id"); query.next();) {
      places.push_back(query.text());
    }
  }
  return places;
}

std::vector<std::string> textsOf(Connection& connection, const std::string& sql) {
  std::vector<std::string> texts;
  for (Query query(connection, sql); query.next();) {
    texts.push_back(query.text());
  }
  return texts;
}

/// The folder that a path must have been written in, "" where nothing says so: a checkpoint, or a file with its folder, that
/// is gone from there and lies below the workspace by the end of the same path. The longest end counts.
std::string formerFolder(const fs::path& path, const fs::path& folder) {
  std::error_code ignored;
  if (!path.is_absolute() || fs::exists(path, ignored)) {
    return {};
  }
  fs::path before = "/", rest = path.relative_path();
  while (!rest.empty()) {
    before /= *rest.begin();
    rest = path.lexically_relative(before);
    if (rest.empty() || rest == ".") {
      break;
    }
    const bool withFolder = rest.has_parent_path();
    if (fs::exists(folder / rest / "model.safetensors", ignored) || (withFolder && fs::is_regular_file(folder / rest, ignored))) {
      return before.string();
    }
  }
  return {};
}

/// Places that the rows of a workspace of before version 7 speak of.
std::vector<std::string> guessedPlaces(Connection& connection) {
  // By indices: from the slash to before the character that follows it.
  auto paths = textsOf(connection,
                       "SELECT path FROM checkpoints WHERE path >= '/' AND path < '0' UNION "
                       "SELECT out FROM runs WHERE out >= '/' AND out < '0'");
  if (schemaVersionOf(connection) >= kPicturesSince) {
    for (const std::string& document : textsOf(connection, "SELECT document FROM layouts")) {
      for (const std::string_view text : stringsOf(document)) {
        paths.push_back(unescaped(text));
      }
    }
    std::ranges::move(textsOf(connection, cat("SELECT DISTINCT picture FROM support_pictures WHERE picture GLOB 'file:/*' LIMIT ",
                                              kPicturesLooked)),
                      std::back_inserter(paths));
  }
  std::set<std::string> places;
  for (const std::string& text : paths) {
    places.insert(formerFolder(text.substr(schemeOf(text).size()), connection.place().folder));
  }
  places.erase("");
  return {places.begin(), places.end()};
}

/// A function of SQL with one text, for as long as this lives.
class TextFunction {
 public:
  using Function = std::function<std::string(std::string)>;
  TextFunction(Connection& connection, const char* name, Function function)
      : handle_(connection.database().getHandle()), name_(name), function_(std::move(function)) {
    ::sqlite3_create_function(handle_, name_, 1, SQLITE_UTF8, this, call, nullptr, nullptr);
  }
  ~TextFunction() { ::sqlite3_create_function(handle_, name_, 1, SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr); }
  TextFunction(const TextFunction&) = delete;
  TextFunction& operator=(const TextFunction&) = delete;

 private:
  static void call(sqlite3_context* context, int, sqlite3_value** values) {
    const auto* self = static_cast<const TextFunction*>(::sqlite3_user_data(context));
    const auto* text = reinterpret_cast<const char*>(::sqlite3_value_text(values[0]));
    const std::string made = self->function_(text == nullptr ? std::string() : std::string(text));
    ::sqlite3_result_text(context, made.data(), static_cast<int>(made.size()), SQLITE_TRANSIENT);
  }

  sqlite3* handle_;
  const char* name_;
  Function function_;
};

/// Writes every path of an earlier place anew: relative where it stands by itself, whole within JSON.
void rewriteRows(Connection& connection, const Moved& moved) {
  const TextFunction path(connection, "lix_path", [&](const std::string& text) {
    const std::string now = moved.path(text);
    return now == text ? text : connection.stored(now);
  });
  const TextFunction picture(connection, "lix_picture", [&](std::string text) { return moved.picture(std::move(text)); });
  const TextFunction json(connection, "lix_json", [&](std::string text) { return moved.json(std::move(text)); });
  struct Column {
    const char *table, *name, *function;
  };
  for (const Column& column : {Column{"checkpoints", "path", "lix_path"},
                               {"datasets", "path", "lix_path"},
                               {"runs", "out", "lix_path"},
                               {"runs", "init_checkpoint", "lix_path"},
                               {"evaluations", "checkpoint", "lix_path"},
                               {"support_pictures", "picture", "lix_picture"},
                               {"layouts", "document", "lix_json"},
                               {"datasets", "options", "lix_json"},
                               {"runs", "settings", "lix_json"},
                               {"evaluations", "settings", "lix_json"}}) {
    // Ignored where the same file stands under its new path already (a picture of the same version, a checkpoint).
    Query(connection, cat("UPDATE OR IGNORE ", column.table, " SET ", column.name, " = ", column.function, "(", column.name, ") WHERE ",
                          column.function, "(", column.name, ") <> ", column.name))
        .run();
  }
  connection.database().exec("DELETE FROM checkpoints WHERE lix_path(path) <> path");
  connection.database().exec("DELETE FROM support_pictures WHERE lix_picture(picture) <> picture");
}

void rememberPlace(Connection& connection, const std::vector<std::string>& before, const std::string& now) {
  for (const std::string& folder : before) {
    Query(connection, "INSERT OR IGNORE INTO places (folder) VALUES (?)").with(folder).run();
  }
  Query(connection, "DELETE FROM places WHERE folder = ?").with(now).run();
  Query(connection, "INSERT INTO places (folder) VALUES (?)").with(now).run();
}

}  // namespace

Result<void> settlePlace(Connection& connection) {
  const std::string here = connection.place().folder.string();
  std::vector<std::string> places = placesOf(connection);
  if (connection.place().readOnly) {
    const bool known = !places.empty();
    const bool elsewhere = known && places.back() != here;
    connection.setMoved(Moved(here, known ? places : guessedPlaces(connection), elsewhere ? Moved::Rule::Always : Moved::Rule::WhereGone));
    return {};
  }
  if (places.empty() || places.back() != here) {
    LIX_CHECK(writing(connection, [&]() -> Result<void> {
      places = placesOf(connection);  // another program may have done it by now
      if (places.empty() || places.back() != here) {
        const auto rule = places.empty() ? Moved::Rule::WhereGone : Moved::Rule::Always;
        places = places.empty() ? guessedPlaces(connection) : places;
        const Moved moved(here, places, rule);
        if (!moved.isEmpty()) {
          rewriteRows(connection, moved);
        }
        rememberPlace(connection, places, here);
      }
      return {};
    }));
  }
  connection.setMoved(Moved(here, places, Moved::Rule::WhereGone));
  return {};
}

}  // namespace lix::store
