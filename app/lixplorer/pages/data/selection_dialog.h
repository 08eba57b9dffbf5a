#pragma once
#include <QDialog>
#include <vector>

#include "store/selection_store.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace lix::app {

/// Asks how pictures shall be kept: under a new name, added to a kept selection or taken out of it; or for another name of one.
class SelectionDialog : public QDialog {
  Q_OBJECT

 public:
  enum class Way { New, Add, TakeOut };
  /// `count` pictures; `rows` are the kept selections of their dataset.
  SelectionDialog(std::size_t count, std::vector<store::SelectionRow> rows, QWidget* parent);
  /// For another name and note of a kept one.
  SelectionDialog(const store::SelectionRow& row, QWidget* parent);

 Q_SIGNALS:
  void answered(lix::app::SelectionDialog::Way way, const QString& name, const QString& note);

 private:
  void build(const QString& question);
  void onName(const QString& name);
  void answer(Way way);
  std::vector<store::SelectionRow> rows_;
  QLabel *question_ = nullptr, *state_ = nullptr;
  QComboBox* name_ = nullptr;
  QLineEdit* note_ = nullptr;
  QPushButton *keep_ = nullptr, *add_ = nullptr, *take_ = nullptr;
};

}  // namespace lix::app
