#pragma once
#include <QScrollArea>
#include <memory>
#include <vector>

#include "pages/support/support_column.h"
#include "pages/support/support_document.h"

class QHBoxLayout;
class QPushButton;

namespace lix::app {

class NewClassZone;

/// The columns of a support set side by side: the tray and the classes. Says what a person
/// wants; changes nothing itself.
class SupportBoard : public QScrollArea {
  Q_OBJECT

 public:
  SupportBoard(Desk& desk, SupportColumn::Access access, QWidget* parent = nullptr);

  /// Where pictures are to go.
  static constexpr int kTray = -1, kNewClass = -2, kLastUsed = -3;
  static constexpr int kArrived = -4;  ///< from another page: without a class, unless they have one already

  void setDocument(const SupportDocument& document);
  void setDuplicates(const std::shared_ptr<const Duplicates>& duplicates);
  /// Selects those pictures in their columns, shows the first of them and gives it the keyboard.
  void select(const std::vector<data::PictureRef>& pictures);
  SupportColumn* tray() const { return tray_; }
  SupportColumn* column(int index) const { return columns_[static_cast<std::size_t>(index)]; }
  int columnCount() const { return static_cast<int>(columns_.size()); }
  void editName(int index);
  /// Names that classes may well have: the labels of the dataset.
  void setNames(const QStringList& names);
  /// Adds a class; stands where it is always seen, outside the columns.
  QPushButton* addButton() const { return add_; }
  /// Number keys, Delete and Space of a grid with pictures that is not in a column (predictions) mean the same here.
  void listenTo(widgets::ImageGrid* grid, PictureModel* model);

 Q_SIGNALS:
  /// To a class by its index, or kTray, kNewClass, kLastUsed.
  void assignAsked(const std::vector<lix::data::PictureRef>& pictures, int target);
  void takeOutAsked(const std::vector<lix::data::PictureRef>& pictures);
  /// On a column (index or kTray), or beside them (kNewClass).
  void dropped(const lix::app::Payload& payload, int target);
  void renameAsked(int index, const QString& name);
  void removeAsked(int index);
  void addAsked();
  void previewAsked(lix::widgets::ImageGrid* grid, lix::app::PictureModel* model, int row);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  struct Heard {
    widgets::ImageGrid* grid;
    PictureModel* model;
  };
  SupportColumn* addColumn();
  void watchDrags(SupportColumn* column);
  void layOut();
  bool onKey(const Heard& heard, int key, Qt::KeyboardModifiers modifiers, quint32 scanCode);

  Desk& desk_;
  SupportColumn::Access access_;
  QHBoxLayout* row_;
  SupportColumn* tray_;
  QPushButton* add_;
  NewClassZone* zone_ = nullptr;  ///< null where nothing can be dropped
  std::vector<SupportColumn*> columns_;
  std::vector<Heard> heard_;
  std::shared_ptr<const Duplicates> duplicates_;
  QStringList names_;
  SupportColumn::Afterwards afterwards_ = SupportColumn::Afterwards::Nothing;  ///< of the edit that is being asked for
};

}  // namespace lix::app
