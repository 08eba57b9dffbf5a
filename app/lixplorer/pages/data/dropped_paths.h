#pragma once
#include <QString>
#include <filesystem>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace lix::app {

/// What a file that is no picture looks like by its name.
enum class FileKind { Video, Archive, OtherPicture, OtherTable, WebAddress, Other };

/// Dropped paths that are no pictures by their names, sorted.
struct DroppedPaths {
  std::vector<std::filesystem::path> datasets;  ///< folders that are there, and tables
  std::vector<data::Skipped> unreadable;        ///< not there, or of no kind that could be opened
  std::map<FileKind, std::vector<std::string>> unusable;
};

/// Asks the disk once for each path, so not for the window's thread; gives what it has where it is asked to stop.
DroppedPaths sortPaths(std::span<const std::filesystem::path> paths, std::stop_token stop = {});

/// One sentence about what cannot be used, with what to do for each kind; "" where everything can.
QString unusableSentence(const DroppedPaths& paths);
/// Its details: the names, a line each.
QString unusableDetails(const DroppedPaths& paths);

/// A list for the details of a message: "key: reason" lines, the first `most` of them.
QString skippedLines(std::span<const data::Skipped> skipped, std::size_t most = 1000);

/// "1 picture", "1,420 pictures": `one` and `many` with %1 for the number.
QString counted(std::size_t count, const QString& one, const QString& many);

}  // namespace lix::app
