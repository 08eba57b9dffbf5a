#pragma once
#include <QTimer>
#include <QWidget>
#include <array>

#include "frame/page.h"

class QToolButton;

namespace lix::app {

/// The pages as a column of buttons at the left. A drag that rests on one shows its page; a drop on it hands the pictures
/// to that page.
class Rail : public QWidget {
  Q_OBJECT

 public:
  explicit Rail(QWidget* parent = nullptr);
  void setCurrent(PageId page);
  QToolButton* button(PageId page) const { return buttons_[static_cast<std::size_t>(page)]; }

 Q_SIGNALS:
  void chosen(lix::app::PageId page);
  void dropped(lix::app::PageId page, const lix::app::Payload& payload);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  std::array<QToolButton*, kPageCount> buttons_{};
  QTimer rest_;  // how long a drag has rested on a button
  PageId under_ = PageId::Data;
};

}  // namespace lix::app
