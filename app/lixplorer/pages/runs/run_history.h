#pragma once
#include <QObject>
#include <QString>
#include <functional>
#include <utility>
#include <vector>

#include "store/workspace.h"

namespace lix::app {

class Desk;

/// One change of some runs, as it is made and taken back.
struct RunChange {
  using Act = std::function<Result<void>(const store::Workspace& workspace, long long run)>;
  std::vector<std::pair<long long, QString>> runs;  ///< with their names
  QString made;                                     ///< "Moved to the trash: %1."; %1 is the run, or "3 runs"
  QString takenBack;                                ///< "Out of the trash again: %1."
  Act make, takeBack;
};

/// What was changed on runs here, newest last, so that it can be taken back and made again. A change is made run by run:
/// those that could not be changed are no part of it, and their reason is said.
class RunHistory : public QObject {
  Q_OBJECT

 public:
  explicit RunHistory(Desk& desk) : desk_(desk) {}

  void make(RunChange change);
  void undo();
  void redo();
  /// Nothing can be taken back any more (the trash was emptied).
  void forget();
  bool canUndo() const { return place_ > 0; }
  bool canRedo() const { return place_ < changes_.size(); }
  /// Whether the last thing done here took a change back.
  bool isTakenBack() const { return takenBack_; }

 Q_SIGNALS:
  /// The workspace was written to; `sentence` says what came of it, "" where nothing was changed.
  void changed(const QString& sentence);

 private:
  enum class Way { Make, TakeBack, Again };
  void act(RunChange change, Way way);
  void done(const RunChange& change, Way way);

  Desk& desk_;
  std::vector<RunChange> changes_;
  std::size_t place_ = 0;  ///< of them so many stand
  bool takenBack_ = false;
  bool busy_ = false;      ///< taking back or making again: one after the other
};

}  // namespace lix::app
