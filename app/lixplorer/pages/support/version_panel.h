#pragma once

#include "pages/support/support_book.h"
#include "pages/support/support_panel.h"

class QLineEdit;
class QListWidget;
class QPushButton;

namespace lix::app {

/// The saved versions of the open set: save one with a note, look at what each held, go back to it.
class VersionPanel : public SupportPanel {
  Q_OBJECT

 public:
  explicit VersionPanel(SupportBook& book, QWidget* parent = nullptr);
  void save();

 private:
  void showVersions();
  SupportBook& book_;
  QLineEdit* note_;
  QListWidget* list_;
  QPushButton *save_, *back_;
};

}  // namespace lix::app
