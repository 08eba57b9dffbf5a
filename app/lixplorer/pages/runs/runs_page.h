#pragma once
#include <map>
#include <vector>

#include "desk/relay.h"
#include "frame/page.h"
#include "store/run_store.h"

class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace lix::app {

class EmptyState;
class RunDetails;
class RunTableModel;
class TrashBar;

/// All runs of the workspace as a table, whoever started them, and the trash.
class RunsPage : public Page {
  Q_OBJECT

 public:
  explicit RunsPage(Desk& desk);

  void addActions(widgets::ActionTable& table) override;
  bool accepts(const Payload&) const override { return false; }
  void open(const QString& what) override;
  void shown() override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 private:
  enum class View { Runs, Trash };
  void build();
  void buildTable();
  QWidget* controls();
  void setView(View view);
  void refreshRows();
  void readTrash();
  void readLosses();
  void onSelection();
  void keepSomethingChosen();
  std::vector<long long> chosen() const;
  const store::RunRow* current() const;
  void select(long long run);
  void rename();
  void changeName(long long run, const QString& name);
  void moveToTrash();
  void takeFromTrash();
  void showInTrain();
  void inspect();
  void openFolder();

  Relay trashRelay_, lossRelay_, folderRelay_;
  std::vector<store::RunRow> trashed_;
  std::map<long long, long long> lossSteps_;  ///< run -> step whose loss is known
  View view_ = View::Runs;
  long long wanted_ = 0;  ///< to be selected as soon as it is there
  RunTableModel* model_;
  QSortFilterProxyModel* proxy_;
  QTableView* table_;
  RunDetails* details_;
  TrashBar* trashBar_;
  QLineEdit* filter_;
  QPushButton *runsButton_, *trashButton_;
  QStackedWidget* stack_;
  EmptyState* empty_;
  QSplitter* splitter_;
};

}  // namespace lix::app
