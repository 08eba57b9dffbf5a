#pragma once
#include <QFrame>
#include <memory>
#include <vector>

#include "data/picture_ref.h"
#include "desk/payload.h"

class QLabel;
class QToolButton;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class ClassName;
class Desk;
class PictureModel;
struct Duplicates;
struct PictureItem;

/// The first caption of a sample once its dataset is open, else its name.
QString captionOf(Desk& desk, const data::PictureRef& picture);

/// One class of a support set (its name to edit, its count, its pictures), or the tray of pictures without one.
/// Drops anywhere on it are its own.
class SupportColumn : public QFrame {
  Q_OBJECT

 public:
  enum class Kind { Tray, Class };
  enum class Access { Edit, Look };

  SupportColumn(Desk& desk, Kind kind, Access access, QWidget* parent = nullptr);

  /// Its place among the classes, from 0; the first nine show their key.
  void setPlace(int place);
  /// What is selected where all selected pictures went: keys go on with the next one; after anything else nothing, so
  /// that no picture which slid into their place is taken for them.
  enum class Afterwards { Nothing, Next };
  /// Selection and place are kept where their pictures stay.
  void setContent(const QString& name, const std::vector<data::PictureRef>& pictures, Afterwards afterwards);
  /// Names that its own is chosen from while it is edited.
  void setNames(const QStringList& names);
  /// What is wrong with some pictures: badges and tooltips.
  void setDuplicates(std::shared_ptr<const Duplicates> duplicates);
  /// Selects those of the pictures that stand here, and nothing else; the first of them is the current one.
  int select(const std::vector<data::PictureRef>& pictures);
  void editName();
  widgets::ImageGrid* grid() const { return grid_; }
  PictureModel* model() const { return model_; }
  std::vector<data::PictureRef> selected() const;
  /// Under the tray's pictures: puts those into classes that their datasets have a label for.
  QToolButton* sortButton() const { return sort_; }

 Q_SIGNALS:
  void renamed(const QString& name);
  void removeAsked();
  void dropped(const lix::app::Payload& payload, Qt::KeyboardModifiers modifiers);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildHead(Kind kind, Access access);
  void buildGrid(Kind kind, Access access);
  void showPictures(const std::vector<data::PictureRef>& pictures, Afterwards afterwards);
  void showCount();
  PictureItem itemAt(int row) const;

  Desk& desk_;
  QString key_;  ///< number key of the class, "" beyond the ninth
  QLabel* count_;
  ClassName* name_ = nullptr;
  QToolButton* sort_ = nullptr;
  QToolButton* remove_ = nullptr;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
  std::vector<data::PictureRef> pictures_;
  std::shared_ptr<const Duplicates> duplicates_;
  Qt::KeyboardModifiers dropModifiers_;  ///< of the drop that the grid is being told of
};

}  // namespace lix::app
