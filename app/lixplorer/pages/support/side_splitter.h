#pragma once
#include <QSplitter>

namespace lix::app {

/// Two widgets side by side of which the right one keeps the width that a person gave it: where the window gets too
/// small for that it is narrower meanwhile.
class SideSplitter : public QSplitter {
  Q_OBJECT

 public:
  SideSplitter(QWidget* wide, QWidget* side, QWidget* parent = nullptr);

  int side() const { return side_; }
  /// In pixels; less than its least width means the width it begins with.
  void setSide(int width);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void place();
  int side_;
};

}  // namespace lix::app
