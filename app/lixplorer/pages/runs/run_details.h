#pragma once
#include <QWidget>
#include <optional>

#include "store/run_search.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;
class QTimer;
class QVBoxLayout;

namespace lix::app {

class Desk;
class RunButtons;

/// One run beside the table: what it is doing, tags and notes to edit, its settings to read.
class RunDetails : public QWidget {
  Q_OBJECT

 public:
  explicit RunDetails(Desk& desk, QWidget* parent = nullptr);
  ~RunDetails() override;  ///< keeps what was typed last

  /// Takes what changed of the same run; what is being typed stays.
  void setRun(const std::optional<store::RunRow>& run);
  /// What its series came to.
  void setSeries(const std::map<std::string, store::SeriesEnd>& ends);
  RunButtons& buttons() { return *buttons_; }
  void editTags();
  /// Keeps what was typed and is not kept yet.
  void save();

 Q_SIGNALS:
  void showInTrain();
  void inspect();
  void openFolder();
  void kept();  ///< tags or notes were written

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
  void addState(QVBoxLayout& column);
  void addFields(QVBoxLayout& column);
  void fillSettings();
  void showCheckpoint();

  Desk& desk_;
  std::optional<store::RunRow> run_;
  bool dirty_ = false;  ///< typed and not written
  int writing_ = 0;     ///< writes on their way: rows read before them are older than the fields
  QLabel *name_, *mark_, *status_, *message_, *goesOn_, *series_;
  RunButtons* buttons_;
  QLineEdit* tags_;
  QPlainTextEdit* notes_;
  QTableWidget* settings_;
  QPushButton *train_, *inspect_, *folder_;
  QTimer* timer_;
};

}  // namespace lix::app
