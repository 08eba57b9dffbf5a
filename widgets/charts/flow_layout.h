#pragma once
#include <QLayout>
#include <QList>

namespace lix::widgets {

/// Widgets in reading order over as many lines as they need; none is wider than half a line where there are many.
class FlowLayout : public QLayout {
 public:
  explicit FlowLayout(QWidget* parent = nullptr) : QLayout(parent) {}
  ~FlowLayout() override;

  void addItem(QLayoutItem* item) override { items_.append(item); }
  int count() const override { return int(items_.size()); }
  QLayoutItem* itemAt(int index) const override { return items_.value(index); }
  QLayoutItem* takeAt(int index) override {
    return index >= 0 && index < items_.size() ? items_.takeAt(index) : nullptr;
  }
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override { return place(QRect(0, 0, width, 0), Move::No); }
  QSize sizeHint() const override;
  QSize minimumSize() const override;
  void setGeometry(const QRect& rect) override;

 private:
  enum class Move { No, Yes };
  /// Returns the height that the items need.
  int place(const QRect& rect, Move move) const;
  QList<QLayoutItem*> items_;
};

}  // namespace lix::widgets
