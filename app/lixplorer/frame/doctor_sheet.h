#pragma once
#include <QWidget>
#include <filesystem>
#include <optional>

#include "desk/relay.h"
#include "jobs/lane.h"
#include "study/doctor/report.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTextBrowser;

namespace lix::app {

class CheckpointBox;
class Desk;

/// The doctor's sheet beside the page: what a checkpoint or dataset is, what is unusual about it and what silent mistakes
/// would cost. Filled on a lane of its own, with progress; the page stays in use.
class DoctorSheet : public QWidget {
  Q_OBJECT

 public:
  explicit DoctorSheet(Desk& desk, QWidget* parent = nullptr);

  /// Shows itself and examines what lies at the path; what was being examined is left.
  void examine(const std::filesystem::path& path);
  /// The same for what the window is adding anyway: a path that is being examined is not begun anew.
  void look(const std::filesystem::path& path);
  /// Null until the first one is there, and while one is being made.
  const study::doctor::Report* report() const { return report_ ? &*report_ : nullptr; }
  bool isBusy() const { return relay_.busy(); }

 Q_SIGNALS:
  void closed();

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void build();
  QWidget* buildChoice();
  QWidget* buildProgress();
  QWidget* buildButtons();
  void cancel();
  void showProgress(const QString& what, int done, int total);
  void showReport();
  void showTrouble(const QString& sentence);
  void fillIcons();
  void save();

  Desk& desk_;
  std::optional<study::doctor::Report> report_;
  std::filesystem::path path_;
  CheckpointBox* checkpoint_ = nullptr;
  QPushButton* examine_ = nullptr;
  QWidget* working_ = nullptr;
  QLabel* what_ = nullptr;
  QProgressBar* bar_ = nullptr;
  QLabel *name_ = nullptr, *icon_ = nullptr, *verdict_ = nullptr;
  QTextBrowser* text_ = nullptr;
  QPushButton *copy_ = nullptr, *save_ = nullptr;
  jobs::Lane lane_{"doctor"};
  Relay relay_{lane_};  // last: it goes before what it uses
};

}  // namespace lix::app
