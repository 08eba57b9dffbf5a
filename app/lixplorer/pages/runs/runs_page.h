#pragma once
#include <set>
#include <vector>

#include "desk/relay.h"
#include "frame/page.h"
#include "pages/runs/run_history.h"
#include "pages/runs/run_order.h"
#include "pages/runs/run_reading.h"

class QLineEdit;
class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace lix::app {

class ArchiveBar;
class EmptyState;
class RunComparison;
class RunDetails;
class RunTableModel;
class TrashBar;
class HistoryBar;

/// All runs of the workspace as a table, whoever started them; those put aside, and the trash. Runs are read, filtered
/// and sorted off the window's thread where they are many, and only those that changed are read again.
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

 Q_SIGNALS:
  void arranged();  ///< the table shows what was read, filtered and sorted last

 private:
  enum class View { Runs, Archive, Trash };
  void build();
  void buildTable();
  QWidget* controls();
  QWidget* buildLeft();
  void setView(View view);
  void readAnew();  ///< all, as other columns need other series
  void read();
  void take(const RunsRead& read);
  void readTrash();
  void arrange();
  void showRows(std::vector<RunItemPtr> rows);
  void showCounts();
  std::vector<std::string> shownSeries() const;

  void onSelection();
  void readDetails();
  void compareChosen();
  void showComparison(bool visible);
  void shareHeight();  ///< between table and comparison, until a person has moved their border
  void keepSomethingChosen();
  std::vector<long long> chosen() const;  ///< in the order of the table
  std::vector<std::pair<long long, QString>> chosenNames() const;
  void chooseRow(int row);
  const store::RunRow* current() const;
  void select(long long run);

  void toggleColumn(const RunColumn& column, bool on);
  void showColumnMenu(const QPoint& at);
  void fillColumns(QMenu& menu);
  void rename();
  void changeName(long long run, const QString& name);
  void moveToTrash();
  void restoreChosen();  ///< out of the trash or the archive
  void archiveOrBack();
  void onHistory();
  void copyTable() const;
  void showInTrain();
  void inspect();
  void openFolder();

  Relay readRelay_, trashRelay_, detailsRelay_, compareRelay_, namesRelay_, arrangeRelay_, folderRelay_;
  std::vector<RunItemPtr> items_, trashed_;  ///< newest first
  std::set<long long> archived_;
  std::vector<std::string> seriesNames_;
  long long mark_ = 0;
  bool bordersMoved_ = false;
  bool readAgain_ = false;  ///< something changed while it was read
  bool whole_ = false;      ///< all were read once
  RunHistory history_;
  RunOrder order_;
  View view_ = View::Runs;
  long long wanted_ = 0;  ///< to be selected as soon as it is there
  RunTableModel* model_;
  QTableView* table_;
  RunDetails* details_;
  RunComparison* comparison_;
  TrashBar* trashBar_;
  ArchiveBar* archiveBar_;
  HistoryBar* historyBar_;
  QLineEdit* filter_;
  QPushButton *runsButton_, *archiveButton_, *trashButton_, *compareButton_, *columnsButton_;
  QMenu* columnMenu_;
  QStackedWidget* stack_;
  EmptyState* empty_;
  QSplitter *splitter_, *left_;
};

}  // namespace lix::app
