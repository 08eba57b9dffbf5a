// What the page hands to others: pictures with captions, and the list as a file.
#include <QFileDialog>
#include <QItemSelectionModel>
#include <algorithm>

#include "base/file.h"
#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/comparison_text.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostInspected = 200;  // pictures that Inspect is given at once

}  // namespace

void ComparePage::inspect() {
  const auto selected = grid_->selectionModel()->selectedIndexes();
  if (shown_ == nullptr || selected.isEmpty()) {
    desk().say(widgets::Severity::Info, tr("Select the pictures that Inspect is to open."));
    return;
  }
  Payload payload{.pictures = model_->pictures(selected), .captions = {}, .paths = {}};
  for (const QModelIndex& index : selected) {
    const ComparedPicture& picture = shown_->pictures[rows_[std::size_t(index.row())]];
    for (const std::string& caption : captionsOf(*shown_, picture)) {
      if (std::ranges::find(payload.captions, caption) == payload.captions.end()) {
        payload.captions.push_back(caption);
      }
    }
  }
  desk().handOver(PageId::Inspect, payload);
}

void ComparePage::handOver(PageId page) {
  if (shown_ == nullptr || rows_.empty()) {
    desk().say(widgets::Severity::Info, tr("The list has no pictures to hand over."));
    return;
  }
  const std::size_t most = page == PageId::Inspect ? std::min(rows_.size(), kMostInspected) : rows_.size();
  Payload payload;
  for (std::size_t i = 0; i < most; ++i) {
    payload.pictures.push_back(data::PictureRef::sample(shown_->order.dataset, shown_->pictures[rows_[i]].key));
  }
  if (most < rows_.size()) {
    desk().say(widgets::Severity::Info,
               tr("Inspect gets the first %1 of the %2 pictures of the list.").arg(most).arg(rows_.size()));
  }
  desk().handOver(page, payload);
}

void ComparePage::askForFile() {
  if (shown_ == nullptr || rows_.empty()) {
    desk().say(widgets::Severity::Info, tr("The list has no pictures to save."));
    return;
  }
  auto* dialog = new QFileDialog(this, tr("Save the list"), QString(), tr("Comma-separated values (*.csv)"));
  dialog->setObjectName("compare.csvDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("csv");
  dialog->selectFile("comparison.csv");
  connect(dialog, &QFileDialog::fileSelected, this, [this, shown = shown_, rows = rows_](const QString& file) {
    if (const auto written = writeFile(file.toStdString(), picturesCsv(*shown, rows)); !written) {
      desk().say(written.error());
    }
  });
  dialog->open();
}

}  // namespace lix::app
