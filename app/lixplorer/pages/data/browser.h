#pragma once
#include <QObject>
#include <QString>

#include "jobs/lane.h"
#include "pages/data/collection.h"

namespace lix::app {

/// What the data page shows, without widgets: opens datasets, gathers dropped files, filters, all in the background. The
/// newest wish wins.
class DataBrowser : public QObject {
  Q_OBJECT

 public:
  explicit DataBrowser(Desk& desk, QObject* parent = nullptr);
  ~DataBrowser() override;

  /// Opens a dataset; collectionChanged, shownChanged or failed follows. Filters by class begin anew.
  void openDataset(const std::string& name);
  /// Looks at what is shown again, in case its files changed; nothing is told where they did not.
  void reopen();
  void showLoose();
  /// Files join the loose collection chunk by chunk; looseChanged follows each. At the end looseRead tells how many of
  /// these could be taken, how many not, and lists the first of those.
  void addFiles(std::vector<std::string> files);
  void setFilter(const Filter& filter);
  /// Nothing is shown any more.
  void clear();

  /// The name of what is shown or being opened; empty for loose files and for nothing.
  const std::string& name() const { return name_; }
  bool isOpening() const { return opening_; }
  const std::shared_ptr<const Collection>& collection() const { return collection_; }
  const std::shared_ptr<const Collection>& loose() const { return loose_; }
  std::size_t waitingFiles() const { return waiting_.size() - next_; }
  const Filter& filter() const { return filter_; }
  /// Of the newest filter whose answer is there; null before the first.
  const std::shared_ptr<const Shown>& shown() const { return shown_; }

 Q_SIGNALS:
  void opening();
  void collectionChanged();
  void shownChanged();
  void failed(const QString& sentence, bool placeIsMissing);
  void looseChanged();
  void looseRead(qulonglong taken, qulonglong refused, const QString& details);

 private:
  struct Opened;
  void show(std::shared_ptr<const Collection> collection);
  void applyNow();
  void gather();

  Desk& desk_;
  jobs::Lane reading_;
  std::string name_;
  bool opening_ = false;
  std::shared_ptr<const Collection> collection_, loose_;
  std::vector<std::shared_ptr<const Collection>> kept_;  // newest last
  std::vector<std::string> waiting_;  // paths; as text they are cheap to copy
  std::size_t next_ = 0, samplesBefore_ = 0, skippedBefore_ = 0;
  Filter filter_;
  std::shared_ptr<const Shown> shown_;
  class Relays;
  std::unique_ptr<Relays> relays_;
};

}  // namespace lix::app
