// What the panel of nearest pictures and captions is made of and shows.
#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QResizeEvent>
#include <QTabBar>
#include <algorithm>

#include "charts/flow_layout.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/context_source.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/nearest_panel.h"
#include "pages/inspect/panel_parts.h"

namespace lix::app {
namespace {

constexpr int kSide = 72;
constexpr int kBeside = 520;  // from this width on captions stand beside the pictures

QString cosine(float value) { return QString::number(double(value), 'f', 3); }

}  // namespace

CaptionList::CaptionList(QWidget* parent) : QTreeWidget(parent) {
  setColumnCount(2);
  setHeaderHidden(true);
  setRootIsDecorated(false);
  setUniformRowHeights(true);
  setSelectionMode(ExtendedSelection);
  setDragEnabled(true);
  setDragDropMode(DragOnly);
  setTextElideMode(Qt::ElideRight);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  header()->setStretchLastSection(true);
  header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
}

QMimeData* CaptionList::mimeData(const QList<QTreeWidgetItem*>& items) const {
  Payload payload;
  for (const QTreeWidgetItem* item : items) {
    payload.captions.push_back(item->data(1, Qt::UserRole).toString().toStdString());
  }
  return toMime(payload);
}

NearestPanel::NearestPanel(Desk& desk, std::shared_ptr<PreparedPictures> prepared, QWidget* parent)
    : InspectPanel(parent), desk_(desk), prepared_(std::move(prepared)), reading_(desk.interactive()) {
  build();
  connectParts();
  say(tr("Choose a checkpoint and a picture or caption: this shows which pictures and captions of a dataset lie nearest "
         "to it."));
}

void NearestPanel::build() {
  bar_ = new SourceBar(desk_, "inspect.nearest", SourceBar::Kinds::Sets);
  tabs_ = new QTabBar;
  tabs_->setObjectName("inspect.nearestTabs");
  tabs_->setToolTip(tr("Nearest captions or nearest pictures: Left and Right choose."));
  tabs_->setAccessibleName(tr("What to look near to"));
  tabs_->setDrawBase(false);
  tabs_->setExpanding(false);
  tabs_->addTab(tr("To the picture"));
  tabs_->addTab(tr("To the caption"));
  tabs_->setTabToolTip(0, tr("What lies nearest to the current picture. Left and Right switch."));
  tabs_->setTabToolTip(1, tr("What lies nearest to the current caption. Left and Right switch."));
  said_ = mutedLabel();
  said_->setObjectName("inspect.nearestSaid");
  busy_ = new BusyLine;
  lists_ = buildLists();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 6, 8, 0);
  layout->setSpacing(4);
  layout->addWidget(bar_);
  layout->addWidget(tabs_);
  layout->addWidget(said_);
  layout->addWidget(busy_);
  auto* below = new QVBoxLayout;  // keeps its room while the lists are hidden
  below->addWidget(lists_, 1);
  below->addStretch(0);
  auto* place = new QWidget;
  below->setContentsMargins(0, 0, 0, 0);
  place->setLayout(below);
  layout->addWidget(place, 1);
}

QWidget* NearestPanel::buildLists() {
  model_ = new PictureModel(desk_, this);
  grid_ = new widgets::ImageGrid;
  grid_->setObjectName("inspect.nearestPictures");
  grid_->setAccessibleName(tr("Nearest pictures"));
  grid_->setToolTip(tr("Pictures by falling cosine. Double click or Enter adds one to this page, Space shows it large; "
                       "drag them to any page."));
  grid_->setSide(kSide);
  grid_->setModel(model_);
  grid_->setEmptyText(tr("No pictures"));
  grid_->setMinimumHeight(kSide + 60);
  captions_ = new CaptionList;
  captions_->setObjectName("inspect.nearestCaptions");
  captions_->setAccessibleName(tr("Nearest captions"));
  captions_->setToolTip(tr("Captions by falling cosine. Double click or Enter adds one to this page; drag them to any "
                           "page."));
  captions_->setMinimumHeight(64);
  picturesName_ = new QLabel(tr("Pictures"));
  picturesName_->setBuddy(grid_);
  captionsName_ = new QLabel(tr("Captions"));
  captionsName_->setBuddy(captions_);
  auto* box = new QWidget;
  listsLayout_ = new QBoxLayout(QBoxLayout::TopToBottom, box);
  listsLayout_->setContentsMargins(0, 0, 0, 6);
  listsLayout_->setSpacing(8);
  const auto add = [&](QLabel* name, QWidget* list, int share) {
    auto* part = new QVBoxLayout;
    part->setSpacing(2);
    part->addWidget(name);
    part->addWidget(list, 1);
    listsLayout_->addLayout(part, share);
  };
  add(picturesName_, grid_, 3);
  add(captionsName_, captions_, 2);
  return box;
}

void NearestPanel::connectParts() {
  connect(&desk_.tasks(), &Tasks::changed, this, &NearestPanel::onTasks);
  connect(bar_, &SourceBar::changed, this, [this] {
    ask();
    Q_EMIT stateChanged();
  });
  connect(bar_, &SourceBar::setsRead, this, [this] {
    asked_.reset();  // the draft may have changed
    ask();
  });
  connect(tabs_, &QTabBar::currentChanged, this, [this] {
    ask();
    Q_EMIT stateChanged();
  });
  connect(grid_, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
    if (index.isValid()) {
      desk_.handOver(PageId::Inspect, {.pictures = {model_->picture(index)}, .captions = {}, .paths = {}});
    }
  });
  connect(captions_, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
    const std::string caption = item->data(1, Qt::UserRole).toString().toStdString();
    desk_.handOver(PageId::Inspect, {.pictures = {}, .captions = {caption}, .paths = {}});
  });
  auto* preview = new PicturePreview(desk_, this);
  const auto show = [this, preview](int row) {
    if (row >= 0 && row < model_->rowCount()) {
      grid_->setCurrentIndex(model_->index(row));
      preview->show(model_->item(row).picture, model_->item(row).caption);
    }
  };
  connect(grid_, &widgets::ImageGrid::previewAsked, this, [show](const QModelIndex& index) { show(index.row()); });
  connect(preview, &PicturePreview::stepped, this, [this, show](int delta) { show(grid_->currentIndex().row() + delta); });
}

void NearestPanel::resizeEvent(QResizeEvent* event) {
  InspectPanel::resizeEvent(event);
  listsLayout_->setDirection(event->size().width() >= kBeside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

QString NearestPanel::described() const {
  const NearBase& base = *answer_->question.base;
  QString text = base.pooled ? tr("%1: cosine of pooled vectors (the even mixture of a picture's tokens). ")
                             : tr("%1: cosine. ");
  text = text.arg(QString::fromStdString(answer_->model)) +
         tr("Among %1 and their %2 captions.").arg(QString::fromStdString(base.name)).arg(base.captions.size());
  if (base.picturesLeftOut > 0) {
    text += tr(" %1 more pictures are left out.").arg(base.picturesLeftOut);
  }
  if (base.captionsLeftOut > 0) {
    text += tr(" %1 more captions are left out.").arg(base.captionsLeftOut);
  }
  return text;
}

void NearestPanel::fillPictures() {
  const NearBase& base = *answer_->question.base;
  std::vector<PictureItem> items;
  for (std::size_t i = 0; i < answer_->pictures.size(); ++i) {
    const NearRow& one = answer_->pictures[i];
    const bool same = answer_->samePicture[i];
    const QString label = QString::fromStdString(base.labels[one.row]);
    items.push_back({.picture = base.pictures[one.row],
                     .caption = label,
                     .detail = cosine(one.cosine),
                     .badge = same ? tr("same") : QString(),
                     .frame = widgets::GridFrame::None,
                     .tip = tooltipText(same ? tr("%1\ncosine %2: the same picture").arg(label, cosine(one.cosine))
                                             : tr("%1\ncosine %2").arg(label, cosine(one.cosine)))});
  }
  model_->setItems(std::move(items));
}

void NearestPanel::fillCaptions() {
  const NearBase& base = *answer_->question.base;
  captions_->clear();
  for (std::size_t i = 0; i < answer_->captions.size(); ++i) {
    const NearRow& one = answer_->captions[i];
    const QString caption = QString::fromStdString(base.captions[one.row]);
    auto* item = new QTreeWidgetItem(captions_);
    item->setText(0, cosine(one.cosine));
    item->setText(1, answer_->sameCaption[i] ? tr("%1 (the same caption)").arg(caption) : caption);
    item->setData(1, Qt::UserRole, caption);
    item->setToolTip(1, tooltipText(caption));
  }
  captionsName_->setText(base.captions.empty() ? tr("Captions: these pictures have none") : tr("Captions"));
}

void NearestPanel::say(const QString& text) {
  reading_.drop();
  busy_->setBusy(false);
  answer_.reset();
  said_->setText(text);
  lists_->setVisible(false);
}

QJsonObject NearestPanel::state() const {
  QJsonObject state = bar_->state();
  state["tab"] = tabs_->currentIndex();
  return state;
}

void NearestPanel::restore(const QJsonObject& state) {
  tabs_->setCurrentIndex(std::clamp(state["tab"].toInt(), 0, tabs_->count() - 1));
  bar_->restore(state);
}

}  // namespace lix::app
