#pragma once
#include <QListWidget>
#include <set>
#include <string>
#include <vector>

namespace lix::app {

/// Names to be checked off; those that come newly are checked or not as `newOnes` says. Space toggles, Ctrl+A checks
/// all, again none.
class CheckList : public QListWidget {
  Q_OBJECT

 public:
  enum class NewOnes { Checked, Unchecked };
  explicit CheckList(const QString& accessibleName, NewOnes newOnes = NewOnes::Checked, QWidget* parent = nullptr);

  struct Row {
    std::string name;  ///< what is told
    QString title;     ///< what is shown
    QString tip;
  };
  /// Replaces the rows; what a person did to a name is remembered while it is away.
  void setRows(const std::vector<Row>& rows);
  std::vector<std::string> checked() const;
  /// Names that differ from what new ones are; for session state.
  std::vector<std::string> changedNames() const { return {changed_.begin(), changed_.end()}; }
  void setChangedNames(const std::vector<std::string>& names);
  void setAll(Qt::CheckState state);

 Q_SIGNALS:
  void changed();  ///< by a person

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  Qt::CheckState ordinary() const { return newOnes_ == NewOnes::Checked ? Qt::Checked : Qt::Unchecked; }
  void onItemChanged(const QListWidgetItem* item);
  NewOnes newOnes_;
  std::set<std::string> changed_;
  bool filling_ = false;
};

}  // namespace lix::app
