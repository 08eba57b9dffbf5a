#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lix::store {

/// Paths below folders where a workspace lay before, as they are now. A path is another one only where something lies at
/// its new place; all others, and text that is no path, come back as they were.
class Moved {
 public:
  enum class Rule {
    WhereGone,  ///< what still lies at its old place is meant as it is written
    Always      ///< also then: the workspace was moved or copied, and its rows still say where it lay
  };

  Moved() = default;
  Moved(std::filesystem::path folder, std::vector<std::string> earlier, Rule rule);

  bool isEmpty() const { return earlier_.empty(); }
  std::string path(std::string text) const;
  /// A picture of a support set: "file:PATH"; others as they are.
  std::string picture(std::string text) const;
  /// Every string of a JSON text that is such a path or picture, or names a checkpoint ("checkpoint:PATH"); all else stays
  /// byte for byte.
  std::string json(std::string text) const;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> earlier_;  ///< without a slash at the end, the longest first
  Rule rule_ = Rule::WhereGone;
};

/// What stands before a path in the texts that name pictures and checkpoints: "file:", "checkpoint:" or nothing.
std::string_view schemeOf(std::string_view text);

/// The strings of a JSON text, without quotes, as they stand there (escaped); in order.
std::vector<std::string_view> stringsOf(std::string_view json);

/// A string of a JSON text as it is meant, and back. Paths alone: other escapes than of quote and backslash stay.
std::string unescaped(std::string_view text);
std::string escaped(std::string_view text);

}  // namespace lix::store
