#pragma once
#include <QString>
#include <filesystem>
#include <functional>
#include <memory>

#include "desk/desk.h"
#include "store/workspace.h"
#include "support/support.h"

class QWidget;
class QMimeData;

namespace lix::app::testing_support {

inline constexpr int kPatience = 20000;  ///< how long a test waits for what must come

/// A desk on a workspace of its own, in which the shipped checkpoints are recorded where they lie, and what was said.
class TestDesk {
 public:
  enum class Checkpoints { Shipped, None };
  explicit TestDesk(Checkpoints checkpoints = Checkpoints::Shipped, store::OpenMode mode = store::OpenMode::ReadWrite);
  ~TestDesk();

  Desk& desk() { return *desk_; }
  std::filesystem::path folder() const { return folder_.path() / "work"; }
  std::filesystem::path scratch() const { return folder_.path(); }
  /// Folder of a shipped checkpoint: "siglip-tiny-emoji", ...
  std::filesystem::path model(const char* name) const;
  /// Sentences that were said, oldest first, with their details behind a line break.
  const QStringList& said() const { return said_; }
  bool wasSaid(const QString& part) const;
  /// Closes the desk and opens it again, as a person does with the window.
  void reopen();
  /// A connection of the test's own.
  store::Workspace workspace() const;
  /// Waits until the lanes have nothing to do and their answers have come.
  void settle();

 private:
  void open(store::OpenMode mode);
  test::TemporaryFolder folder_;
  std::unique_ptr<Desk> desk_;
  QStringList said_;
};

/// Waits for a condition while events are processed; false where it did not come.
bool waitFor(const std::function<bool()>& condition, int ms = kPatience);

/// A drop of a payload or of mime data in the middle of a widget (its viewport for views): enter, move and drop events.
/// Returns whether the drop was accepted.
bool dropOn(QWidget* widget, const Payload& payload);
bool dropOn(QWidget* widget, QMimeData* mime);

/// Saves the widget in light and dark at 1024x640 and 1440x900 into $LIX_SHOTS, if that is set:
/// <name>-{light,dark}-<size>.png.
void grabPage(QWidget& widget, const QString& name);

}  // namespace lix::app::testing_support
