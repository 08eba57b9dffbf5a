#pragma once
#include <QObject>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "desk/relay.h"

namespace lix::study {
class Reader;
}

namespace lix::app {

class Desk;

/// The checkpoints of the workspace: those of its runs, and those that a person opened.
class CheckpointShelf : public QObject {
  Q_OBJECT

 public:
  explicit CheckpointShelf(Desk& desk);
  ~CheckpointShelf() override;

  struct Entry {
    std::filesystem::path folder;
    std::string label;   ///< run's name, or the folder's; unique among entries
    std::string recipe;  ///< "siglip", "llip", ...
    long long run = 0;   ///< 0: opened by a person or shipped
    long long step = 0;
  };
  /// The newest first. Of the last refresh.
  const std::vector<Entry>& entries() const { return entries_; }
  void refresh();
  /// Takes a checkpoint folder into the workspace (by reference) after reading it in the background; then added(folder).
  void add(const std::filesystem::path& folder);

  /// The model of a folder, read where it is not in memory (at most four are; read again where its files changed). Any
  /// thread but the window's.
  Result<std::shared_ptr<const study::Reader>> open(const std::filesystem::path& folder) const;

 Q_SIGNALS:
  void changed();
  void added(const QString& folder);

 private:
  struct Kept;
  Desk& desk_;
  Relay relay_;
  std::vector<Entry> entries_;
  mutable std::mutex mutex_;
  mutable std::vector<Kept> kept_;
};

}  // namespace lix::app
