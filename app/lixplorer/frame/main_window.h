#pragma once
#include <QMainWindow>
#include <QTimer>
#include <array>
#include <memory>
#include <string>

#include "frame/page.h"
#include "store/run_store.h"
#include "theme/theme.h"

class QSplitter;
class QStackedWidget;

namespace lix::widgets {
class ActionTable;
class JobStrip;
class MessagePanel;
}  // namespace lix::widgets

namespace lix::app {

class CloseBar;
class DoctorSheet;
class Guide;
class GuideBook;
class PanelActions;
class Rail;

/// Of the message panel: a person closed it.
inline constexpr const char* kClosedByHand = "closedByHand";

/// Places the rail, the pages, the message panel and the job strip around a desk, and keeps how they stood. The actions
/// are in window_actions.cpp.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(std::unique_ptr<Desk> desk);
  ~MainWindow() override;

  Desk& desk() { return *desk_; }
  Page* page(PageId id) const { return pages_[static_cast<std::size_t>(id)]; }
  PageId currentPage() const { return current_; }
  void showPage(PageId id);
  widgets::ActionTable& actions() { return *actions_; }
  widgets::MessagePanel& messages() { return *messages_; }
  widgets::JobStrip& jobs() { return *jobs_; }
  Guide& guide() { return *guide_; }
  DoctorSheet& doctor() { return *doctor_; }

  /// Opens another workspace in a window of its own in this one's place. A failure leaves everything as it is and is told.
  void openWorkspace(const std::filesystem::path& folder, store::OpenMode mode);

 Q_SIGNALS:
  /// What the workspace kept of the last time is shown again (also where it kept nothing).
  void restored();

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  void addActions();
  void addFileActions();
  void addViewActions();
  void addHelpActions();
  void build();
  void connectDesk();
  void connectJobs();
  void connectCloseBar();
  void connectDoctor();
  /// Pictures, captions or paths for a page, which is shown; what it has no use for is said.
  void hand(PageId id, const Payload& payload);
  /// Names of the runs that go on on this machine.
  QStringList goingRuns() const;
  void updateJobs();
  void onJobButton(const QString& id, store::RunRequest request);
  /// Writes how the pages stand where that has changed: now and then, and when the window closes.
  void saveSession();
  void restoreSession();
  /// The tour, once, at the first start with the demo workspace.
  void offerGuide();
  void updateTitle();
  void setTheme(widgets::ThemeChoice choice);

  std::unique_ptr<Desk> desk_;
  std::unique_ptr<widgets::ActionTable> actions_;
  std::array<Page*, kPageCount> pages_{};
  PageId current_ = PageId::Data;
  Rail* rail_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  QSplitter* splitter_ = nullptr;
  QSplitter* beside_ = nullptr;  // the page with its messages, and the doctor's sheet
  DoctorSheet* doctor_ = nullptr;
  widgets::MessagePanel* messages_ = nullptr;
  widgets::JobStrip* jobs_ = nullptr;
  CloseBar* closeBar_ = nullptr;
  Guide* guide_ = nullptr;
  GuideBook* book_ = nullptr;  // made when it is asked for
  PanelActions* panels_ = nullptr;
  std::unique_ptr<Relay> sessionRelay_;
  QTimer keeping_;
  std::string kept_;            // the session as it was written last
  bool restored_ = false;       // until then there is nothing to be kept
  bool closing_ = false;        // a person has said so
  bool closeWhenIdle_ = false;  // when the runs that were asked to stop have stopped
};

}  // namespace lix::app
