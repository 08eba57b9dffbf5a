#include "pages/data/explore_source.h"

#include <QFileDialog>
#include <algorithm>

#include "desk/checkpoint_shelf.h"
#include "study/reader/export_features.h"

namespace lix::app {
namespace {

constexpr std::size_t kNeighbours = 10;

}  // namespace

ExploreSource::ExploreSource(DataPage& page, Desk& desk) : QObject(&page), page_(page), desk_(desk) {
  connect(&desk.tasks(), &Tasks::changed, this, &ExploreSource::onTasks);
  connect(&page, &DataPage::collectionChanged, this, [this] {
    if (!isCurrent(vectors_)) {
      vectors_.reset();
      graph_.reset();
      stop();
      status_.clear();
    }
    Q_EMIT changed();
  });
}

ExploreSource::~ExploreSource() { stop(); }

void ExploreSource::setCheckpoint(const std::filesystem::path& checkpoint) {
  if (checkpoint_ == checkpoint) {
    return;
  }
  checkpoint_ = checkpoint;
  vectors_.reset();
  graph_.reset();
  stop();
  status_.clear();
  Q_EMIT changed();
}

bool ExploreSource::isCurrent(const Vectors& vectors) const {
  return vectors && collection() && vectors->of == collection()->set && vectors->checkpoint == checkpoint_;
}

QString ExploreSource::problem() const {
  if (!collection() || collection()->samples().empty()) {
    return tr("Choose a dataset at the left, or drop pictures: this looks through all of them.");
  }
  if (checkpoint_.empty()) {
    return tr("Choose a checkpoint: it says which pictures are alike.");
  }
  return {};
}

void ExploreSource::sayStarted(const QString& title) {
  say(tr("%1: the job strip shows how far it is, and stops it.").arg(title));
}

void ExploreSource::say(const QString& status) {
  status_ = status;
  Q_EMIT changed();
}

void ExploreSource::stop() {
  if (!task_.isEmpty()) {
    desk_.tasks().cancel(std::exchange(task_, {}));
  }
}

void ExploreSource::onTasks() {
  const auto lines = desk_.tasks().lines();
  if (!task_.isEmpty() && std::ranges::find(lines, task_, &widgets::JobLine::id) == lines.end()) {
    task_.clear();
    say(tr("That was stopped. Press the button again to begin anew; what was read is kept."));
  }
}

void ExploreSource::withVectors(std::function<void(Vectors)> then) {
  if (const QString why = problem(); !why.isEmpty()) {
    say(why);
    return;
  }
  if (const Vectors there = vectors()) {
    then(there);
    return;
  }
  // The shelves outlive the background lane's tasks: the desk ends its lanes first.
  start<Vectors>(
      tr("Reading the pictures of %1").arg(collection()->isLoose() ? tr("the dropped files")
                                                                   : QString::fromStdString(collection()->set->set.name)),
      [shelf = &desk_.checkpoints(), folder = checkpoint_, set = collection()->set,
       cache = desk_.featureCache()](const Progress& progress) -> Result<Vectors> {
        LIX_TRY(const auto reader, shelf->open(folder));
        return embedForExploring(*reader, folder, set, cache, progress);
      },
      [this, then = std::move(then)](const Vectors& made) {
        if (!isCurrent(made)) {
          return;
        }
        vectors_ = made;
        if (!made->skipped.empty()) {
          desk_.say(widgets::Severity::Warning, tr("%1 pictures could not be read and are left out of exploring.")
                                                    .arg(made->skipped.size()),
                    skippedLines(made->skipped));
        }
        Q_EMIT changed();
        then(made);
      });
}

void ExploreSource::withGraph(std::function<void(Vectors, Graph)> then) {
  withVectors([this, then = std::move(then)](const Vectors& vectors) {
    if (const Graph there = graph()) {
      then(vectors, there);
      return;
    }
    start<Graph>(
        tr("Comparing all pictures"),
        [vectors](const Progress& progress) -> Result<Graph> {
          LIX_TRY(auto graph, study::neighbourGraph(vectors->rows, kNeighbours, progress));
          return std::make_shared<const study::NeighbourGraph>(std::move(graph));
        },
        [this, vectors, then](const Graph& graph) {
          if (this->vectors() == vectors) {
            graph_ = graph;
            then(vectors, graph);
          }
        });
  });
}

void ExploreSource::chooseExport() {
  if (const QString why = problem(); !why.isEmpty()) {
    desk_.say(widgets::Severity::Info, why);
    return;
  }
  const QString place = QFileDialog::getSaveFileName(
      &page_, tr("Export the vectors"),
      (collection()->isLoose() ? tr("vectors") : QString::fromStdString(collection()->set->set.name)) + ".safetensors",
      tr("Tensors (*.safetensors);;NumPy, with a table of names (*.npy)"));
  if (!place.isEmpty()) {
    exportVectors(place.toStdString());
  }
}

void ExploreSource::exportVectors(const std::filesystem::path& place) {
  if (place.extension() != ".safetensors" && place.extension() != ".npy") {
    desk_.say(widgets::Severity::Info, tr("The name of the file should end in .safetensors or .npy, which says how it is written."));
    return;
  }
  desk_.tasks().start(
      tr("Exporting %1").arg(QString::fromStdString(place.filename().string())),
      [folder = checkpoint_, set = collection()->set, cache = desk_.featureCache(),
       place](const Progress& progress) { return study::exportFeatures(folder, set->set, place, cache, progress); },
      [desk = &desk_, where = QString::fromStdString(place.string())](const study::ExportedFeatures& written) {
        desk->say(written.skipped == 0 ? widgets::Severity::Info : widgets::Severity::Warning,
                  tr("Wrote vectors of %1 pictures and %2 captions into %3; pictures that could not be read: %4.")
                      .arg(written.pictures).arg(written.captions).arg(where).arg(written.skipped));
      });
}

void ExploreSource::show(const QString& title, std::vector<std::uint32_t> samples, std::vector<QString> notes) {
  page_.setMatches(title, std::move(samples), std::move(notes));
}

}  // namespace lix::app
