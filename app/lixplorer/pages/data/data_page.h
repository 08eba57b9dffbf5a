#pragma once
#include <string>

#include "frame/page.h"
#include "image_grid/image_grid.h"
#include "pages/data/browser.h"
#include "pages/data/data_matches.h"
#include "pages/data/data_widgets.h"
#include "pages/data/dropped_paths.h"
#include "pages/data/selection_dialog.h"
#include "pages/data/selection_shelf.h"
#include "store/dataset_store.h"

namespace lix::app {

/// Datasets and dropped pictures: a list at the left, a grid with filters, what is known of one picture at the right.
class DataPage : public Page, protected DataWidgets {
  Q_OBJECT

 public:
  explicit DataPage(Desk& desk);

  widgets::ImageGrid* grid() const { return grid_; }
  const DataBrowser& browser() const { return *browser_; }
  /// Shows a dataset by name; datasetShown follows when its pictures stand in the grid.
  void openDataset(const std::string& name);
  /// Takes it out of the workspace, with a bar that offers to undo that.
  void removeDataset(const std::string& name);
  /// Its folder or table is at another place now; refused where nothing can be read there.
  void locate(const std::string& name, const std::filesystem::path& place);
  /// Reads what is shown anew from the disk.
  void reread();
  /// Decodes every picture of the shown dataset, however many there are, and keeps what is found.
  void checkEvery();

  /// What the grid shows pictures of; null while nothing is shown. Samples are numbers of its pictures.
  std::shared_ptr<const Collection> collection() const { return shownOf_; }
  /// Of the pictures that are selected, in the grid's order.
  std::vector<std::uint32_t> selectedSamples() const;
  /// These alone, in this order, with a bar that says "title (count)" and clears them; split, class and words go on to
  /// filter. Numbers that the collection does not have are passed over. Notes, one a sample or none, stand below the
  /// pictures and in their tips.
  void setMatches(const QString& title, std::vector<std::uint32_t> samples, std::vector<QString> notes = {});
  void clearMatches();
  const SelectionShelf& selections() const { return *selections_; }
  /// Shows a kept selection of a dataset, which is opened where it is not.
  void openSelection(const QString& dataset, const QString& name);
  /// Writes the selected pictures, or all that are shown where none is selected.
  using Export = PictureExport;
  void exportPictures(Export what, const std::filesystem::path& place);
  /// A panel of its own beside the grid; `id` names it in layouts that are kept.
  void addPanel(const QString& id, const QString& title, QWidget* panel);
  widgets::DockArea* docks() const override { return docks_; }
  /// What is handed to other pages and programs at once is not more than this; more is refused with a sentence.
  static constexpr int kMostHandedOver = 100'000;
  bool refuseTooMany(qsizetype pictures) const;
  /// The pictures of rows of the grid, in its order.
  std::vector<data::PictureRef> picturesAt(const QModelIndexList& indexes) const;

  void addActions(widgets::ActionTable& table) override;
  void receive(const Payload& payload) override;
  void open(const QString& what) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void datasetShown();
  /// Another dataset, another reading of it, or none: collection() is another one.
  void collectionChanged();
  /// Other pictures are selected, or the rows are others.
  void selectionChanged();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum class Tab { Pictures, Skipped };
  PictureModel* makeModel();
  void connectBrowser();
  void connectControls();
  void begin();
  void showFirst();
  void onShelfChanged();
  void lookAgain();
  void onCollection();
  void onShown();
  void announce();
  void onFailed(const QString& sentence, bool placeIsMissing);
  void updateList();
  void updateCounts();
  void updateDetails();
  void updateSkipped();
  void updateMiddle();
  void selectPictures();
  ChosenPictures chosenNow() const;
  void choose(const ChosenPictures& chosen);
  int rowOf(const std::string& key) const;
  Filter restoredFilter(const Collection& collection) const;
  void connectSelections();
  void addSelectionActions(widgets::ActionTable& table);
  void showSelection();
  void onSelectionEdited(const QString& dataset, const QString& from, const QString& to);
  void askKeeping();
  void askRenaming(const QString& dataset, const QString& name);
  void keepSelected(SelectionDialog::Way way, const QString& name, const QString& note);
  QMimeData* dragOf(const QString& dataset, const QString& name);
  std::vector<data::PictureRef> picturesOfSelection() const;
  void chooseExport(Export what);
  std::vector<std::uint32_t> exportedSamples() const;
  void chooseFolder();
  void chooseTable();
  void chooseNewPlace();
  void receivePaths(const std::vector<std::filesystem::path>& paths);
  void addDatasets(const DroppedPaths& sorted);
  void onLooseRead(qulonglong taken, qulonglong refused, const QString& details);
  void undoRemoval();
  void send(PageId page);
  void copy();
  void preview(const QModelIndex& index);
  void step(int delta);
  std::filesystem::path fileOf(std::size_t sample) const;
  int selectedCount() const;

  DataBrowser* browser_;
  // What the rows of the grid are; the two belong together.
  std::shared_ptr<const Collection> shownOf_;
  std::shared_ptr<const Shown> rows_;
  std::shared_ptr<const Collection> announced_;  // collectionChanged was told of it
  ShownMatches matched_;
  SelectionShelf* selections_;
  enum class Undo { Dataset, Selection } undo_ = Undo::Dataset;  // what the note at the left takes back
  std::unordered_map<std::string, std::string> met_;  // pictures that turned out unreadable, of what is shown
  std::vector<std::string> wanted_;                   // keys to select when their dataset is shown
  std::map<std::string, QString> known_;              // counts of datasets that were opened here
  std::vector<std::filesystem::path> unsorted_;
  std::shared_ptr<store::DatasetRow> removed_;  // what undo puts back
  data::DatasetSpec spec_;  // of what is shown; empty for loose files
  QString problem_;
  std::string pending_;  // dataset to open when the page is first seen
  QJsonObject restored_;
  bool begun_ = false, wantLoose_ = false;
  Relay sorting_;
};

}  // namespace lix::app
