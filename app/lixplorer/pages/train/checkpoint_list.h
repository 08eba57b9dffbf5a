#pragma once
#include <QElapsedTimer>
#include <QWidget>
#include <filesystem>
#include <optional>
#include <vector>

#include "desk/relay.h"
#include "store/checkpoint_store.h"
#include "store/run_store.h"

class QPushButton;
class QToolButton;
class QTreeWidget;

namespace lix::app {

class Desk;
class UndoBar;

/// The checkpoints of a run: the newest, the best by its canary, and the steps that were kept, each a start for looking,
/// measuring and comparing. A kept step can be removed, and that be undone until another is removed or the window closes.
/// Folded to one line at first.
class CheckpointList : public QWidget {
  Q_OBJECT

 public:
  explicit CheckpointList(Desk& desk, QWidget* parent = nullptr);
  ~CheckpointList() override;

  void setRun(const std::optional<store::RunRow>& run);
  /// Asks the shown run to keep its present step.
  void keepStep();

 private:
  enum class Kind { Last, Best, Kept };
  struct Entry {
    Kind kind = Kind::Kept;
    store::CheckpointRow row;
  };
  QWidget* actions();
  QPushButton* action(const char* name, const QString& icon, const QString& text, const QString& tip);
  void read();
  void take(std::vector<Entry> entries);
  void update();
  const Entry* chosen() const;
  void open(int page);
  void remove();
  void undo();
  /// What was removed before is removed for good.
  void forgetRemoved();
  QString textOf(const Entry& entry) const;

  Desk& desk_;
  Relay relay_;
  std::optional<store::RunRow> run_;
  std::vector<Entry> entries_;
  std::optional<store::CheckpointRow> removed_;  ///< can still be brought back
  QElapsedTimer sinceRead_;
  QToolButton* fold_;
  QPushButton *keep_, *inspect_, *measure_, *compare_, *remove_;
  UndoBar* undo_;
  QWidget* body_;
  QTreeWidget* list_;
};

}  // namespace lix::app
