#include "pages/support/folder_listing.h"

#include <algorithm>
#include <system_error>

#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

class Walk {
 public:
  Walk(FolderListing& listing, std::size_t most, const std::stop_token& stop)
      : listing_(listing), most_(most), stop_(stop) {}

  void skip(const fs::path& path, std::string reason) {
    ++listing_.skippedCount;
    if (listing_.skipped.size() < kMostSkipped) {
      listing_.skipped.push_back({path.string(), std::move(reason)});
    }
  }
  void take(const fs::path& file, std::vector<fs::path>& into) {
    if (!data::hasPictureExtension(file)) {
      skip(file, "It is no picture by its name; .jpg, .png, .webp, .bmp, .tif, .ppm and .pgm are read.");
    } else if (taken_ == most_) {
      listing_.cut = true;
    } else {
      ++taken_;
      into.push_back(file);
    }
  }
  bool isOver() const { return listing_.cut || stop_.stop_requested(); }

  /// What lies directly in a folder, sorted.
  std::vector<fs::directory_entry> entries(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::directory_entry> found;
    for (fs::directory_iterator at(folder, error), end; !error && at != end && !stop_.stop_requested();
         at.increment(error)) {
      found.push_back(*at);
    }
    if (error) {
      skip(folder, "It cannot be listed: " + error.message() + ".");
    }
    std::ranges::sort(found, {}, [](const fs::directory_entry& entry) { return entry.path(); });
    return found;
  }
  /// All pictures below a folder.
  void deep(const fs::path& folder, std::vector<fs::path>& into) {
    for (const fs::directory_entry& entry : entries(folder)) {
      if (isOver()) {
        return;
      }
      std::error_code error;
      if (entry.is_directory(error) && !entry.is_symlink(error)) {
        deep(entry.path(), into);
      } else {
        take(entry.path(), into);
      }
    }
  }

 private:
  FolderListing& listing_;
  std::size_t most_;
  std::stop_token stop_;
  std::size_t taken_ = 0;
};

void listClasses(const fs::path& folder, FolderListing& listing, Walk& walk) {
  for (const fs::directory_entry& entry : walk.entries(folder)) {
    if (walk.isOver()) {
      return;
    }
    std::error_code error;
    if (!entry.is_directory(error)) {
      walk.take(entry.path(), listing.loose);
      continue;
    }
    ListedFolder one{data::spoken(entry.path().filename().string()), {}};
    walk.deep(entry.path(), one.pictures);
    if (!one.pictures.empty()) {
      listing.classes.push_back(std::move(one));
    }
  }
}

}  // namespace

std::size_t FolderListing::size() const {
  std::size_t count = loose.size();
  for (const ListedFolder& one : classes) {
    count += one.pictures.size();
  }
  return count;
}

FolderListing listFolders(const std::vector<fs::path>& paths, FolderUse use, std::size_t most,
                          const std::stop_token& stop) {
  FolderListing listing;
  Walk walk(listing, most, stop);
  for (const fs::path& path : paths) {
    if (walk.isOver()) {
      break;
    }
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      walk.skip(path, "There is nothing at this path.");
    } else if (!fs::is_directory(status)) {
      walk.take(path, listing.loose);
    } else if (use == FolderUse::Flat) {
      walk.deep(path, listing.loose);
    } else {
      listClasses(path, listing, walk);
    }
  }
  return listing;
}

std::string linesOf(const std::vector<data::Skipped>& skipped, std::size_t count) {
  std::string lines;
  for (const data::Skipped& one : skipped) {
    lines += one.key + ": " + one.reason + "\n";
  }
  if (count > skipped.size()) {
    lines += cat("... and ", count - skipped.size(), " more.\n");
  }
  return lines;
}

}  // namespace lix::app
