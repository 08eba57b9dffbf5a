#include "pages/support/support_column.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QKeyEvent>
#include <QMimeData>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "desk/dataset_shelf.h"
#include "desk/desk.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/class_name.h"
#include "pages/support/duplicates.h"
#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kLeastTray = 124, kMostWidth = 300;
constexpr int kSide = 52, kLeastAcross = 2;  // of the pictures of a class
constexpr int kMargin = 6;
constexpr int kNameHeight = 28;
constexpr int kKeys = 9;  // classes that a number key reaches

QToolButton* toolButton(const QString& icon, const QString& name, const QString& tip) {
  auto* button = new QToolButton;
  button->setIcon(widgets::icon(icon));
  button->setAccessibleName(name);
  button->setToolTip(tip);
  return button;
}

}  // namespace

QString captionOf(Desk& desk, const data::PictureRef& picture) {
  if (picture.isFile()) {
    return QString::fromStdString(picture.file.filename().string());
  }
  const auto open = desk.datasets().peek(picture.dataset);
  if (open && open->byKey.contains(picture.key)) {
    const auto& captions = open->set.samples[open->byKey.at(picture.key)].captions;
    if (!captions.empty()) {
      return QString::fromStdString(captions.front());
    }
  }
  return QString::fromStdString(picture.key);
}

SupportColumn::SupportColumn(Desk& desk, Kind kind, Access access, QWidget* parent)
    : QFrame(parent),
      desk_(desk),
      count_(new QLabel),
      grid_(new widgets::ImageGrid),
      model_(new PictureModel(desk, this)) {
  setProperty("card", true);
  setMaximumWidth(kMostWidth);
  setAcceptDrops(access == Access::Edit);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  column->setSpacing(4);
  buildHead(kind, access);
  buildGrid(kind, access);
  column->addWidget(grid_, 1);
  ensurePolished();
  grid_->ensurePolished();  // whose frame and scroll bar are the theme's
  setMinimumWidth(kind == Kind::Tray ? kLeastTray : grid_->widthFor(kLeastAcross) + 2 * (kMargin + frameWidth()));
}

void SupportColumn::buildHead(Kind kind, Access access) {
  auto* column = static_cast<QVBoxLayout*>(layout());
  count_->setProperty("muted", true);
  QToolButton* button = nullptr;
  if (kind == Kind::Tray) {
    auto* title = new QLabel(tr("Unsorted"));
    title->setProperty("heading", "section");
    title->setMinimumHeight(kNameHeight);
    column->addWidget(title);
    button = sort_ = toolButton("tag", tr("Sort by label"),
                                tr("Puts the unsorted pictures into classes by the labels of their dataset (Ctrl+L)."));
    sort_->setObjectName("support.sortByLabel");
  } else {
    name_ = new ClassName(access == Access::Edit);
    name_->setObjectName("support.className");
    name_->setMinimumHeight(kNameHeight);
    column->addWidget(name_);
    connect(name_, &ClassName::named, this, &SupportColumn::renamed);
    connect(name_, &ClassName::finished, this, [this] { grid_->setFocus(Qt::OtherFocusReason); });
    button = remove_ = toolButton("remove", tr("Remove class"),
                                  tr("Takes the class and its pictures out of the set; Ctrl+Z brings them back."));
    remove_->setObjectName("support.removeClass");
    remove_->setEnabled(access == Access::Edit);
    connect(remove_, &QToolButton::clicked, this, &SupportColumn::removeAsked);
  }
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(4, 0, 0, 0);
  count_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  foot->addWidget(count_, 1);
  foot->addWidget(button);
  column->addLayout(foot);
}

void SupportColumn::buildGrid(Kind kind, Access access) {
  const bool canEdit = access == Access::Edit;
  grid_->setObjectName(kind == Kind::Tray ? "support.tray" : "support.grid");
  grid_->setModel(model_);
  grid_->setSide(kSide);
  if (kind == Kind::Class) {
    grid_->keepBadgeRoom();  // flags come a moment after a drop
  }
  grid_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  grid_->setDragEnabled(true);
  grid_->setAcceptDrops(canEdit);
  grid_->viewport()->setAcceptDrops(canEdit);
  grid_->setDragDropMode(canEdit ? QAbstractItemView::DragDrop : QAbstractItemView::DragOnly);
  model_->setDropAccepted(canEdit);
  grid_->setEmptyText(!canEdit             ? tr("No pictures.")
                      : kind == Kind::Tray ? tr("Drop pictures or folders here.")
                                           : tr("Drop pictures here."));
  grid_->setToolTip(
      tr("1 to 9 put the selection into that class, Shift with a number into a new one, Ctrl+Shift into "
         "the last one used; the same keys held at a drop mean the same. Delete takes it out of the set, Space shows "
         "it large."));
  grid_->viewport()->installEventFilter(this);
  grid_->installEventFilter(this);
  connect(model_, &PictureModel::dropped, this,
          [this](const QMimeData* mime) { Q_EMIT dropped(fromMime(*mime), dropModifiers_); });
}

/// A model is not told which keys are held at a drop. F2 among the pictures is for the name of their class.
bool SupportColumn::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::Drop) {
    dropModifiers_ = static_cast<QDropEvent*>(event)->modifiers();
  }
  const bool isKey = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
  if (object == grid_ && isKey && name_ != nullptr && static_cast<QKeyEvent*>(event)->key() == Qt::Key_F2) {
    if (event->type() == QEvent::KeyPress) {
      name_->edit();
    }
    event->accept();
    return true;
  }
  return QFrame::eventFilter(object, event);
}

void SupportColumn::setPlace(int place) {
  key_ = place < kKeys ? QString::number(place + 1) : QString();
  name_->setPlaceholderText(tr("Class %1").arg(place + 1));
}

void SupportColumn::setContent(const QString& name, const std::vector<data::PictureRef>& pictures,
                               Afterwards afterwards) {
  if (name_ != nullptr) {
    name_->setName(name);
    name_->setAccessibleName(tr("Name of class %1").arg(name));
    name_->setToolTip(tr("%1: a double click, or F2 here or among its pictures, renames it.").arg(name));
    remove_->setAccessibleName(tr("Remove class %1").arg(name));
    grid_->setAccessibleName(tr("Pictures of class %1").arg(name));
  } else {
    grid_->setAccessibleName(tr("Unsorted pictures"));
  }
  if (sort_ != nullptr) {
    const bool labelled = std::ranges::any_of(pictures, [](const auto& picture) { return !picture.isFile(); });
    sort_->setEnabled(labelled && acceptDrops());
  }
  if (pictures != pictures_) {
    showPictures(pictures, afterwards);
  }
  showCount();
}

/// As much of it as there is room for; the tooltip has all.
void SupportColumn::showCount() {
  const QString count = pictureCount(pictures_.size());
  const QString whole = key_.isEmpty() ? count : tr("Key %1, %2").arg(key_, count);
  const bool fits = count_->fontMetrics().horizontalAdvance(whole) <= count_->width();
  count_->setText(fits ? whole : tr("%1: %2").arg(key_, count));
  count_->setToolTip(key_.isEmpty() ? count : tr("%1; the key %2 puts selected pictures into this class.").arg(count, key_));
}

void SupportColumn::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  layout()->activate();
  showCount();
}

void SupportColumn::setNames(const QStringList& names) {
  if (name_ != nullptr) {
    name_->setChoices(names);
  }
}

void SupportColumn::showPictures(const std::vector<data::PictureRef>& pictures, Afterwards afterwards) {
  const std::vector<data::PictureRef> before = selected();
  const std::set<data::PictureRef> chosen(before.begin(), before.end());
  const int row = grid_->currentIndex().row();
  model_->setItems({});  // which asks for no row of the old pictures any more
  pictures_ = pictures;
  model_->setItems(static_cast<int>(pictures_.size()), [this](int at) { return itemAt(at); });
  QItemSelection kept;
  int first = -1;
  for (int i = 0; i < model_->rowCount(); ++i) {
    if (chosen.contains(pictures[static_cast<std::size_t>(i)])) {
      kept.select(model_->index(i), model_->index(i));
      first = first < 0 ? i : first;
    }
  }
  if (chosen.empty() || model_->rowCount() == 0 || (first < 0 && afterwards == Afterwards::Nothing)) {
    return;
  }
  if (first < 0) {
    first = std::clamp(row - static_cast<int>(chosen.size()) + 1, 0, model_->rowCount() - 1);
    kept.select(model_->index(first), model_->index(first));
  }
  grid_->selectionModel()->setCurrentIndex(model_->index(first), QItemSelectionModel::NoUpdate);
  grid_->selectionModel()->select(kept, QItemSelectionModel::ClearAndSelect);
}

PictureItem SupportColumn::itemAt(int row) const {
  const data::PictureRef& picture = pictures_[static_cast<std::size_t>(row)];
  PictureItem item{.picture = picture};
  item.caption = captionOf(desk_, picture);
  item.tip = item.caption + "\n" +
             QString::fromStdString(picture.isFile() ? picture.file.string() : data::shortName(picture));
  if (duplicates_) {
    if (const auto found = duplicates_->flags.find(picture); found != duplicates_->flags.end()) {
      item.badge = badgeOf(found->second.trouble);
      item.tip += "\n" + sentenceOf(found->second);
      item.frame = found->second.trouble == Trouble::Conflict ? widgets::GridFrame::Wrong : widgets::GridFrame::None;
    }
  }
  return item;
}

void SupportColumn::setDuplicates(std::shared_ptr<const Duplicates> duplicates) {
  duplicates_ = std::move(duplicates);
  if (model_->rowCount() > 0) {
    Q_EMIT model_->dataChanged(model_->index(0), model_->index(model_->rowCount() - 1));
  }
}

int SupportColumn::select(const std::vector<data::PictureRef>& pictures) {
  const std::set<data::PictureRef> wanted(pictures.begin(), pictures.end());
  QItemSelection selection;
  int first = -1, count = 0;
  for (int i = 0; i < model_->rowCount(); ++i) {
    if (wanted.contains(pictures_[static_cast<std::size_t>(i)])) {
      selection.select(model_->index(i), model_->index(i));
      first = first < 0 ? i : first;
      ++count;
    }
  }
  if (first >= 0) {
    grid_->selectionModel()->setCurrentIndex(model_->index(first), QItemSelectionModel::NoUpdate);
    grid_->scrollTo(model_->index(first));
  }
  grid_->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
  return count;
}

void SupportColumn::editName() {
  if (name_ != nullptr) {
    name_->edit();
  }
}

std::vector<data::PictureRef> SupportColumn::selected() const {
  return model_->pictures(grid_->selectionModel()->selectedIndexes());
}

void SupportColumn::dragEnterEvent(QDragEnterEvent* event) {
  if (canRead(*event->mimeData())) {
    event->acceptProposedAction();
  }
}

void SupportColumn::dropEvent(QDropEvent* event) {
  event->acceptProposedAction();
  Q_EMIT dropped(fromMime(*event->mimeData()), event->modifiers());
}

}  // namespace lix::app
