#pragma once
#include <QObject>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/key_index.h"
#include "data/picture_ref.h"
#include "desk/relay.h"

namespace lix::app {

class Desk;
struct ReadDataset;

/// A dataset with its samples by key; they stay where they are.
struct OpenDataset {
  explicit OpenDataset(data::Dataset dataset) : set(std::move(dataset)), byKey(set.samples) {}
  OpenDataset(const OpenDataset&) = delete;
  OpenDataset& operator=(const OpenDataset&) = delete;

  const data::Dataset set;
  const data::KeyIndex byKey;
};

/// The datasets of the workspace and those that come with the program.
class DatasetShelf : public QObject {
  Q_OBJECT

 public:
  explicit DatasetShelf(Desk& desk);

  struct Entry {
    std::string name;
    data::DatasetSpec spec;
    bool builtIn = false;
    std::string counts;  ///< JSON as `lixp data add` wrote it, "{}" where nothing is known
  };
  /// Built-in ones first, then by name. Of the last refresh.
  std::vector<Entry> entries() const;
  /// Reads the workspace anew; `changed` follows.
  void refresh();
  /// The same where another program has changed the datasets since; `changed` does not follow otherwise.
  void look();
  /// Adds a folder or table in the background (progress in the job strip), then emits added(name). A folder of pictures
  /// that was added before gives that name.
  void add(const std::filesystem::path& path);
  void remove(const std::string& name);
  /// It is read anew when it is wanted next.
  void forget(const std::string& name);

  /// The dataset if it is open already; never waits.
  std::shared_ptr<const OpenDataset> peek(const std::string& name) const;
  /// Opens it where it is not; takes as long as that takes, so not on the window's thread. Any thread.
  Result<std::shared_ptr<const OpenDataset>> open(const std::string& name) const;
  /// Pixels of a picture, decoded now. Any thread but the window's.
  Result<imaging::Image> load(const data::PictureRef& picture) const;
  /// The same for a thumbnail whose longer side is `side`: no smaller than that, but quicker.
  Result<imaging::Image> loadSmall(const data::PictureRef& picture, int side) const;

 Q_SIGNALS:
  void changed();
  void added(const QString& name);

 private:
  std::optional<std::string> nameOfPath(const std::filesystem::path& path) const;
  struct Place {
    std::shared_ptr<const OpenDataset> opened;
    std::size_t sample = 0;
  };
  Result<Place> placeOf(const data::PictureRef& picture) const;
  void keep(const std::shared_ptr<ReadDataset>& read);

  Desk& desk_;
  Relay relay_, looking_;
  mutable std::mutex mutex_;
  mutable std::mutex opening_;
  std::vector<Entry> entries_;
  mutable std::map<std::string, std::shared_ptr<const OpenDataset>> open_;
};

}  // namespace lix::app
