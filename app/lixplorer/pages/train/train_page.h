#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "desk/relay.h"
#include "frame/page.h"

class QLabel;
class QLayout;
class QPushButton;
class QScrollArea;
class QSplitter;
class QTabWidget;

namespace lix::app {

class CommandField;
class DataPreview;
class DryRunCard;
struct DryRunText;
class LiveView;
class QueuePanel;
class RunQueue;
class TrainForm;

/// Sets up a run, tries it, starts it, and shows how it goes. The runs are processes of their own: this page places
/// widgets and hands a command line to the desk.
class TrainPage : public Page {
  Q_OBJECT

 public:
  explicit TrainPage(Desk& desk);

  void addActions(widgets::ActionTable& table) override;
  bool accepts(const Payload& payload) const override;
  void receive(const Payload& payload) override;
  void open(const QString& what) override;
  void shown() override;
  void hidden() override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 private:
  QWidget* setUp();
  QWidget* views();
  QWidget* editingRow();
  QLayout* commandRow();
  QLayout* startRow();
  void refresh();
  QStringList arguments() const;
  void dryRun();
  void showDryRun(DryRunText text);
  void start();
  /// Lets the run wait, or gives the waiting one that is edited these settings.
  void queue();
  void editQueued(qlonglong run);
  bool isWaiting(const QString& name) const;
  void postTrain();
  void copyCommand();
  void take(const std::filesystem::path& path);
  /// Whether that is the dropped path, or what was found in it.
  bool isAdding(const std::filesystem::path& path) const;
  /// What a run that goes on has to say: skipped steps, a drop of its canary.
  void tellNotices();
  void tellEnds();
  void tellEnd(long long run);

  Relay looking_;
  TrainForm* form_;
  DryRunCard* card_;
  LiveView* live_;
  RunQueue* queue_;
  QueuePanel* queuePanel_;
  DataPreview* preview_;
  QTabWidget* tabs_;
  QSplitter* splitter_;
  QScrollArea* scroll_;
  CommandField* command_;
  QLabel *obstacle_, *fieldHelp_, *editingText_;
  QWidget* editingRow_;
  QPushButton *dryRun_, *queueIt_, *start_, *postTrain_;
  QString editing_;  ///< name of the waiting run whose settings are in the form, "" for none
  QString trying_;  ///< task of the dry run, "" while there is none
  bool starting_ = false, queueing_ = false;
  std::filesystem::path adding_;  ///< dropped and being added, to be chosen here when it is there
  std::vector<long long> ended_;  ///< runs whose end is to be told
  std::map<long long, std::string> noticed_;  ///< the last notice of each run
};

}  // namespace lix::app
