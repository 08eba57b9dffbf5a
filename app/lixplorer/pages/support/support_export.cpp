// Writing the open support set as a table, as class folders or as shards.
#include <QFileDialog>
#include <numeric>

#include "data/export.h"
#include "desk/tasks.h"
#include "pages/support/support_page.h"
#include "shared/support_pictures.h"

namespace lix::app {

void SupportPage::chooseExport(Export what) {
  const support::SupportSet& set = book_.document().set;
  if (set.size() == 0) {
    say(widgets::Severity::Info, tr("The set holds no pictures that could be exported; fill a class first."));
    return;
  }
  const QString name = QString::fromStdString(set.name);
  const QString place = what == Export::Table
                            ? QFileDialog::getSaveFileName(this, tr("Export a table"), name + ".csv", tr("Tables (*.csv)"))
                            : QFileDialog::getSaveFileName(this, tr("Name of the new folder"), name);
  if (!place.isEmpty()) {
    exportSet(what, place.toStdString());
  }
}

void SupportPage::exportSet(Export what, const std::filesystem::path& place) {
  const auto work = [what, place, set = book_.document().set,
                     &shelf = desk().datasets()](const Progress& progress) -> Result<std::size_t> {
    LIX_TRY(const data::Dataset dataset,
            datasetOf(set, [&](const std::string& name) -> Result<std::shared_ptr<const data::Dataset>> {
              LIX_TRY(const std::shared_ptr<const OpenDataset> opened, shelf.open(name));
              return std::shared_ptr<const data::Dataset>(opened, &opened->set);
            }));
    std::vector<std::uint32_t> all(dataset.samples.size());
    std::iota(all.begin(), all.end(), 0U);
    LIX_CHECK(what == Export::Table    ? data::exportTable(dataset, all, place, progress)
              : what == Export::Copies ? data::exportFolders(dataset, all, 0, place, progress)
                                       : data::exportShards(dataset, all, {.labelSet = 0}, place, progress));
    return all.size();
  };
  const QString where = QString::fromStdString(place.string());
  desk().tasks().start(tr("Exporting %1").arg(QString::fromStdString(place.filename().string())), work,
                       [this, where](std::size_t pictures) {
                         say(widgets::Severity::Info, tr("Wrote the set into %2; pictures: %1.").arg(pictures).arg(where));
                       });
}

}  // namespace lix::app
