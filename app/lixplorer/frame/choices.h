#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "chrome/eliding_box.h"

namespace lix::app {

class Desk;

/// Chooses a checkpoint of the workspace; follows the shelf and keeps its choice while that exists. The last entry opens
/// a folder.
class CheckpointBox : public widgets::ElidingBox {
  Q_OBJECT

 public:
  explicit CheckpointBox(Desk& desk, QWidget* parent = nullptr);
  /// Only entries that this accepts (by recipe); all by default.
  void setFilter(std::function<bool(const std::string& recipe)> filter);
  /// A first entry with an empty folder ("start from nothing").
  void setNoneText(const QString& text);
  std::filesystem::path folder() const;  ///< empty: none
  /// Chooses it now, or as soon as the shelf has it.
  void setFolder(const std::filesystem::path& folder);

 Q_SIGNALS:
  void chosen();  ///< by a person, by setFolder, or because the shelf changed

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void refill();
  void askForFolder();
  /// Chooses the wanted one; where it is not there (any more) the first, which is said.
  void settle();
  int lastCheckpoint() const;

  Desk& desk_;
  std::function<bool(const std::string&)> filter_;
  QString noneText_;
  QString wanted_;   // what was chosen, also while the shelf does not have it yet
  QString pending_;  // a folder that is being read; it becomes the wanted one when it is a checkpoint
  bool looked_ = false;  // whether the shelf was asked anew for the wanted one
  bool filling_ = false;
};

/// Chooses a dataset by name; follows the shelf.
class DatasetBox : public widgets::ElidingBox {
  Q_OBJECT

 public:
  explicit DatasetBox(Desk& desk, QWidget* parent = nullptr);
  void setNoneText(const QString& text);
  std::string name() const;  ///< "" = none
  void setName(const std::string& name);

 Q_SIGNALS:
  void chosen();

 private:
  void refill();
  Desk& desk_;
  QString noneText_;
  QString wanted_;
  bool filling_ = false;
};

}  // namespace lix::app
