#pragma once

#include "pages/support/support_book.h"
#include "pages/support/support_panel.h"

class QLabel;
class QListWidget;

namespace lix::app {

/// Every step that was made since the set was opened, the newest first; a click undoes or redoes up to it.
class HistoryPanel : public SupportPanel {
  Q_OBJECT

 public:
  explicit HistoryPanel(SupportBook& book, QWidget* parent = nullptr);
  void setActive(bool active) override;

 private:
  void show();
  SupportBook& book_;
  QLabel* hint_;
  QListWidget* list_;
  bool active_ = false;
};

}  // namespace lix::app
