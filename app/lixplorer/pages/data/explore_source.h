#pragma once
#include <QObject>
#include <QPointer>
#include <QString>
#include <filesystem>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "desk/desk.h"
#include "desk/tasks.h"
#include "pages/data/data_page.h"
#include "pages/data/explore_vectors.h"
#include "study/explore/neighbour_graph.h"

namespace lix::app {

/// What the exploring panels of the Data page share: the chosen checkpoint, the shown dataset's vectors and the graph of
/// its neighbours, each made once as a task of the desk when a panel first needs it, and the way to the grid.
class ExploreSource : public QObject {
  Q_OBJECT

 public:
  using Vectors = std::shared_ptr<const ExploreVectors>;
  using Graph = std::shared_ptr<const study::NeighbourGraph>;

  ExploreSource(DataPage& page, Desk& desk);
  ~ExploreSource() override;

  Desk& desk() const { return desk_; }
  DataPage& page() const { return page_; }
  /// The dataset in the grid, null for none.
  std::shared_ptr<const Collection> collection() const { return page_.collection(); }
  const std::filesystem::path& checkpoint() const { return checkpoint_; }
  void setCheckpoint(const std::filesystem::path& checkpoint);

  /// Of the shown dataset by the chosen checkpoint; null until they are made.
  Vectors vectors() const { return isCurrent(vectors_) ? vectors_ : nullptr; }
  Graph graph() const { return vectors() ? graph_ : nullptr; }
  /// then(vectors), at once or after the task that makes them; nothing where that fails or is cancelled.
  void withVectors(std::function<void(Vectors)> then);
  void withGraph(std::function<void(Vectors, Graph)> then);

  /// One task at a time: a new one stops the one before. What fails is told by status().
  template <class T>
  void start(const QString& title, std::function<Result<T>(const Progress&)> work, std::function<void(T)> answer);
  void stop();
  bool isBusy() const { return !task_.isEmpty(); }
  /// What is being done, why it was not, or "".
  const QString& status() const { return status_; }
  /// Why nothing can be asked: no dataset, no checkpoint, no pictures; "" where something can.
  QString problem() const;

  /// Asks for a place and writes the vectors of the shown dataset there, with names, splits, labels and captions.
  void chooseExport();
  void exportVectors(const std::filesystem::path& place);

  /// Pictures of the shown dataset into the grid, with a note each (or none).
  void show(const QString& title, std::vector<std::uint32_t> samples, std::vector<QString> notes = {});

 Q_SIGNALS:
  /// Another dataset or checkpoint, vectors are there, or the status is another.
  void changed();

 private:
  bool isCurrent(const Vectors& vectors) const;
  void say(const QString& status);
  void sayStarted(const QString& title);
  void onTasks();

  DataPage& page_;
  Desk& desk_;
  std::filesystem::path checkpoint_;
  Vectors vectors_;
  Graph graph_;
  QString task_, status_;
};

template <class T>
void ExploreSource::start(const QString& title, std::function<Result<T>(const Progress&)> work,
                          std::function<void(T)> answer) {
  stop();
  sayStarted(title);
  task_ = desk_.tasks().start(
      title,
      [work = std::move(work)](const Progress& progress) -> Result<Result<T>> {
        Result<T> made = work(progress);
        if (!made && made.error().code == ErrorCode::Cancelled) {
          return std::unexpected(made.error());
        }
        return made;  // other failures are shown in the panel
      },
      [guard = QPointer(this), answer = std::move(answer)](Result<T> made) {
        if (!guard) {
          return;
        }
        guard->task_.clear();
        guard->say(made ? QString() : QString::fromStdString(made.error().message));
        if (made) {
          answer(std::move(*made));
        }
      });
}

}  // namespace lix::app
