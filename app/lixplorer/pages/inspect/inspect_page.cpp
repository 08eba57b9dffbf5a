#include "pages/inspect/inspect_page.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/thumbnails.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "figure_view/figure_view.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/matrix_panel.h"
#include "pages/inspect/score_matrix.h"
#include "study/doctor/doctor.h"
#include "theme/theme.h"

namespace lix::app {

InspectPage::InspectPage(Desk& desk, QWidget* parent)
    : Page(desk, PageId::Inspect, parent),
      loading_(desk.io()),
      reading_(desk.interactive()),
      otherReading_(desk.interactive()),
      dropping_(desk.io()),
      looking_(desk.io()),
      grouping_(desk.interactive()),
      pasting_(desk.io()),
      prepared_(std::make_shared<PreparedPictures>()) {
  build();
  connectPictures();
  connectFigures();
  connectPanels();
  showState();
}

InspectPage::~InspectPage() { delete docks_; }

void InspectPage::connectPictures() {
  connect(&debounce_, &QTimer::timeout, this, &InspectPage::read);
  connect(checkpoint_, &CheckpointBox::chosen, this, [this] {
    settings_ = {};
    showState();
    showCurrent();
    readSoon();
  });
  connect(other_, &CheckpointBox::chosen, this, [this] {
    nextOther_.reset();
    readSoon();
  });
  connect(checkpoint_, &QComboBox::activated, this, [this] { modelChosen_ = true; });
  connect(&desk().checkpoints(), &CheckpointShelf::changed, this, [this] {
    lookFirst();
    showState();
  });
  connect(add_, &QPushButton::clicked, this, &InspectPage::choosePictures);
  connect(remove_, &QPushButton::clicked, this, &InspectPage::removePictures);
  connect(new QShortcut(QKeySequence::Delete, grid_, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this,
          &InspectPage::removePictures);
  connect(model_, &PictureModel::dropped, this, [this](const QMimeData* mime) { receive(fromMime(*mime)); });
  connect(grid_, &widgets::ImageGrid::previewAsked, this, [this](const QModelIndex& index) { preview(index.row()); });
  connect(preview_, &PicturePreview::stepped, this, [this](int delta) {
    if (!pictures_.empty()) {
      preview(std::clamp(current() + delta, 0, int(pictures_.size()) - 1));
    }
  });
  connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
    if (!filling_) {
      showCurrent();
    }
  });
}

void InspectPage::connectFigures() {
  connect(captions_, &CaptionPanel::changed, this, [this](const QString& step) {
    touched_ = true;
    record(step.isEmpty() ? tr("Change captions") : step);
    showState();
    readSoon();
  });
  connect(captions_, &CaptionPanel::otherPasted, this, &InspectPage::paste);
  connect(captions_, &CaptionPanel::refused, this, [this](int count) {
    desk().say(
        widgets::Severity::Warning,
        tr("%1 captions fit on this page; %2 more were left out. Remove some first.").arg(kMostCaptions).arg(count));
  });
  connect(captions_, &CaptionPanel::orderWanted, this, &InspectPage::orderCaptions);
  connect(scores_, &MatrixPanel::sheetChanged, this, &InspectPage::orderCaptions);
  connect(captions_, &CaptionPanel::currentChanged, this,
          [this](int) { showCurrent(); });
  connect(scores_, &MatrixPanel::picked, this, [this](int picture, int caption) {
    const auto found = std::ranges::find(pictures_, answer_->question.pictures[std::size_t(picture)].ref);
    setCurrent(int(found - pictures_.begin()));
    setCurrentCaption(caption);
  });
  connect(scores_, &MatrixPanel::failed, this,
          [this](const QString& sentence) { desk().say(widgets::Severity::Error, sentence); });
  scores_->matrix().setThumbnails([this](int row) {
    return answer_ && row < int(answer_->question.pictures.size())
               ? desk().thumbnails().get(answer_->question.pictures[std::size_t(row)].ref)
               : QPixmap();
  });
  connect(&desk().thumbnails(), &Thumbnails::ready, scores_->matrix().verticalHeader()->viewport(),
          qOverload<>(&QWidget::update));
  connect(emptyButton_, &QPushButton::clicked, this, [this] {
    if (checkpoint_->folder().empty()) {
      desk().show(PageId::Train);
    } else {
      choosePictures();
    }
  });
}

void InspectPage::connectPanels() {
  for (const auto& entry : panels_) {
    InspectPanel* panel = entry.second;
    connect(panel, &InspectPanel::settingsAsked, this, [this](const study::InspectSettings& settings) {
      const QString model = answer_ ? QString::fromStdString(answer_->facts.name) : QString();
      if (const auto before = std::exchange(settings_, settings); before != settings) {
        record(settingsStep(before, settings, model));
      }
      readSoon();
    });
    connect(panel, &InspectPanel::pictureAsked, this, &InspectPage::setCurrent);
    connect(panel, &InspectPanel::captionAsked, this, &InspectPage::setCurrentCaption);
    for (widgets::FigureView* figure : panel->findChildren<widgets::FigureView*>()) {
      connect(figure, &widgets::FigureView::failed, this,
              [this](const QString& sentence) { desk().say(widgets::Severity::Error, sentence); });
    }
  }
  connect(docks_, &widgets::DockArea::frontChanged, this, [this](const QString& id, bool inFront) {
    const auto panel = panels_.find(id);
    if (panel != panels_.end() && inFront) {
      lookAt(panel->second);
    } else if (panel != panels_.end()) {
      panel->second->rest();
    }
  });
}

int InspectPage::current() const { return grid_->currentIndex().row(); }

int InspectPage::currentInReading() const {
  if (!answer_ || current() < 0 || current() >= int(pictures_.size())) {
    return -1;
  }
  const auto& shown = answer_->question.pictures;
  const auto found = std::ranges::find(shown, pictures_[std::size_t(current())], &LoadedPicture::ref);
  return found == shown.end() ? -1 : int(found - shown.begin());
}

int InspectPage::captionInReading(int caption) const {
  if (!answer_ || caption < 0 || caption >= captions_->captions().size()) {
    return -1;
  }
  const std::string text = captions_->captions()[caption].toStdString();
  const auto& read = answer_->question.captions;
  if (std::size_t(caption) < read.size() && read[std::size_t(caption)] == text) {
    return caption;  // of several alike its own
  }
  const auto found = std::ranges::find(read, text);
  return found == read.end() ? -1 : int(found - read.begin());
}

void InspectPage::setCurrentCaption(int inReading) {
  if (!answer_ || inReading < 0 || inReading >= int(answer_->question.captions.size())) {
    return;
  }
  const QString text = QString::fromStdString(answer_->question.captions[std::size_t(inReading)]);
  const QStringList& captions = captions_->captions();
  captions_->setCurrent(captions.value(inReading) == text ? inReading : int(captions.indexOf(text)));
}

void InspectPage::setCurrent(int row) {
  if (row >= 0 && row < model_->rowCount() && row != current()) {
    grid_->selectionModel()->setCurrentIndex(model_->index(row), QItemSelectionModel::ClearAndSelect);
  }
}

void InspectPage::setCaptions(const QStringList& captions) { captions_->setCaptions(captions); }

void InspectPage::setPictures(std::vector<data::PictureRef> pictures) {
  touched_ = true;
  pictures_ = std::move(pictures);
  pictures_.resize(std::min(pictures_.size(), kMostPictures));
  wantedRow_ = 0;
  load();
}

void InspectPage::showGrid() {
  filling_ = true;
  std::vector<PictureItem> items;
  for (const data::PictureRef& ref : pictures_) {
    const auto known = std::ranges::find(loaded_, ref, &LoadedPicture::ref);
    const bool named = known != loaded_.end();
    const std::string label = named ? known->label : data::shortName(ref);
    items.push_back({.picture = ref,
                     .caption = QString::fromStdString(named ? known->name : label),
                     .tip = tooltipText(QString::fromStdString(label))});
  }
  model_->setItems(std::move(items));
  if (!pictures_.empty()) {
    const int row = std::clamp(wantedRow_, 0, int(pictures_.size()) - 1);
    grid_->selectionModel()->setCurrentIndex(model_->index(row), QItemSelectionModel::ClearAndSelect);
  }
  filling_ = false;
  remove_->setEnabled(!pictures_.empty());
  count_->setText(pictures_.empty() ? QString() : QString::number(pictures_.size()));
}

void InspectPage::sayRefused(const QString& sentence, const std::vector<data::Skipped>& refused) {
  constexpr std::size_t kListed = 200;
  QStringList lines;
  for (std::size_t i = 0; i < std::min(refused.size(), kListed); ++i) {
    lines << QString::fromStdString(refused[i].reason);
  }
  if (refused.size() > kListed) {
    lines << tr("and %1 more").arg(refused.size() - kListed);
  }
  const bool one = refused.size() == 1;  // then its reason says all
  desk().say(widgets::Severity::Warning, one ? lines.front() : sentence, one ? QString() : lines.join('\n'));
}

void InspectPage::choosePictures() {
  const QStringList files = QFileDialog::getOpenFileNames(
      this, tr("Add pictures"), {},
      tr("Pictures (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.ppm *.pgm);;All files (*)"));
  std::vector<data::PictureRef> pictures;
  for (const QString& file : files) {
    pictures.push_back(data::PictureRef::ofFile(file.toStdString()));
  }
  addPictures(pictures);
}

void InspectPage::addPictures(const std::vector<data::PictureRef>& pictures) {
  std::size_t refused = 0;
  bool added = false;
  for (const data::PictureRef& ref : pictures) {
    if (std::ranges::find(pictures_, ref) != pictures_.end()) {
      continue;
    }
    if (pictures_.size() >= kMostPictures) {
      ++refused;
      continue;
    }
    pictures_.push_back(ref);
    wantedRow_ = added ? wantedRow_ : int(pictures_.size()) - 1;
    added = true;
  }
  if (refused > 0) {
    desk().say(
        widgets::Severity::Warning,
        tr("%1 pictures fit on this page; %2 more were left out. Remove some first.").arg(kMostPictures).arg(refused));
  }
  if (added) {
    touched_ = true;
    load();
  } else if (!pictures.empty() && refused == 0) {
    setCurrent(int(std::ranges::find(pictures_, pictures.front()) - pictures_.begin()));
  }
}

void InspectPage::removePictures() {
  const auto gone = selected();
  if (gone.empty()) {
    return;
  }
  touched_ = true;
  wantedRow_ = std::max(current(), 0);
  std::erase_if(pictures_, [&](const data::PictureRef& ref) { return std::ranges::find(gone, ref) != gone.end(); });
  load();
}

void InspectPage::receive(const Payload& payload) {
  addPictures(payload.pictures);
  if (!payload.captions.empty()) {
    QStringList lines;
    for (const std::string& caption : payload.captions) {
      lines << QString::fromStdString(caption);
    }
    addCaptions(lines);
  }
  if (!payload.paths.empty()) {
    readPaths(payload.paths);
  }
}

void InspectPage::addCaptions(const QStringList& captions) {
  if (const int left = captions_->addCaptions(captions); left > 0) {
    Q_EMIT captions_->refused(left);
  }
}

void InspectPage::readPaths(const std::vector<std::filesystem::path>& paths) {
  struct Dropped {
    std::vector<std::filesystem::path> checkpoints;
    DroppedText text;
  };
  const auto sort = [paths](std::stop_token) {
    Dropped sorted;
    std::vector<std::filesystem::path> others;
    for (const std::filesystem::path& path : paths) {
      std::error_code ignored;
      if (!study::doctor::looksLikeCheckpoint(path)) {
        others.push_back(path);
      } else {
        sorted.checkpoints.push_back(std::filesystem::is_directory(path, ignored) ? path : path.parent_path());
      }
    }
    sorted.text = readDropped(others);
    return sorted;
  };
  dropping_.ask(sort, [this](const Dropped& all) {
                  for (const std::filesystem::path& folder : all.checkpoints) {
                    const auto choose = [this, folder](const QString& added) {
                      if (added.toStdString() == folder.string()) {
                        checkpoint_->setFolder(folder);
                      }
                    };
                    connect(&desk().checkpoints(), &CheckpointShelf::added, checkpoint_, choose, Qt::SingleShotConnection);
                    desk().checkpoints().add(folder);
                  }
                  const DroppedText& dropped = all.text;
                  QStringList lines;
                  for (const std::string& caption : dropped.captions) {
                    lines << QString::fromStdString(caption);
                  }
                  addCaptions(lines);
                  if (dropped.folders > 0) {
                    desk().say(
                        widgets::Severity::Warning,
                        tr("Folders go to the Data page: drop them there, then drag pictures from there to here."));
                  }
                  if (!dropped.refused.empty()) {
                    sayRefused(tr("%n dropped files were not used as they are.", nullptr, int(dropped.refused.size())),
                               dropped.refused);
                  }
                });
}

InspectView InspectPage::view() const {
  return {.checkpoint = checkpoint_->folder(),
          .other = other_->folder(),
          .pictures = loaded_,
          .picture = current(),
          .caption = captions_->current(),
          .answer = answer_,
          .otherAnswer = otherReading(),
          .inAnswer = currentInReading(),
          .captionInAnswer = captionInReading(captions_->current())};
}

void InspectPage::showCurrent() {
  orderCaptions();
  scores_->setCurrent(currentInReading(), captions_->current() < 0 ? 0 : captionInReading(captions_->current()));
  for (const auto& [id, panel] : panels_) {
    if (docks_->isInFront(id)) {
      lookAt(panel);
    }
  }
}

void InspectPage::lookAt(InspectPanel* panel) {
  if (!loading_.busy()) {  // else takeLoaded() comes
    panel->look(view());
  }
}

Page* makeInspectPage(Desk& desk) { return new InspectPage(desk); }

}  // namespace lix::app
