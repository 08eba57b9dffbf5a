#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace lix::fuzz {

enum class Outcome { Read, Refused };

/// One reader of files that other people made. `run` reads the bytes as such a file: they are accepted or refused, and
/// what is accepted keeps the promises of the reader's header, which `run` checks (it ends the program otherwise).
struct Target {
  std::string_view name;  ///< also of its folder in corpus/
  Outcome (*run)(std::string_view bytes);
};

std::span<const Target> weightTargets();
std::span<const Target> textTargets();
std::span<const Target> dataTargets();

/// Ends the program where a reader broke a promise.
void promise(bool kept, const char* what);

/// A folder of this process in memory, removed at its end, for readers that want a path.
const std::filesystem::path& scratch();
/// Writes scratch()/name, without the sync to a disk that real files get.
std::filesystem::path put(std::string_view name, std::string_view bytes);

}  // namespace lix::fuzz
