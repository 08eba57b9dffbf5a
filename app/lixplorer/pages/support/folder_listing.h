#pragma once
#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace lix::app {

struct ListedFolder {
  std::string name;  ///< as prompts say it: '_' replaced by ' '
  std::vector<std::filesystem::path> pictures;
};

/// The picture files (by their names) of dropped folders and files, sorted by path.
struct FolderListing {
  std::vector<ListedFolder> classes;
  std::vector<std::filesystem::path> loose;  ///< pictures of no subfolder
  std::vector<data::Skipped> skipped;        ///< what is no picture or cannot be listed; at most kMostSkipped
  std::size_t skippedCount = 0;
  bool cut = false;  ///< there were more than `most`

  std::size_t size() const;
};
inline constexpr std::size_t kMostSkipped = 2000;

enum class FolderUse {
  Classes,  ///< a dropped folder's subfolders (with all that lies in them) are classes
  Flat      ///< all pictures are loose
};

/// Looks at the disk, so not on the window's thread. Stops early with what it has when asked to. Links to folders are
/// followed only where they were dropped themselves, so that no circle is walked.
FolderListing listFolders(const std::vector<std::filesystem::path>& paths, FolderUse use, std::size_t most,
                          const std::stop_token& stop = {});

/// Skipped things as lines for a message's details.
std::string linesOf(const std::vector<data::Skipped>& skipped, std::size_t count);

}  // namespace lix::app
