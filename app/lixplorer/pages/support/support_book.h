#pragma once
#include <QObject>
#include <QTimer>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "desk/desk.h"
#include "pages/support/support_document.h"
#include "store/support_store.h"
#include "support/history.h"

namespace lix::app {

/// The support sets of the workspace and the one that is open, with its undo steps; those of sets that were open before
/// come back with them, unless somebody else changed the set meanwhile. Every edit is kept as the set's draft 300 ms
/// later, and at once by flush() and when the book goes.
class SupportBook : public QObject {
  Q_OBJECT

 public:
  explicit SupportBook(Desk& desk);
  ~SupportBook() override;

  bool isReadOnly() const { return desk_.isReadOnly(); }
  bool isOpen() const { return !name_.empty(); }
  const std::string& name() const { return name_; }
  /// Grows whenever another set is shown or none: what was asked at another number was meant for another set.
  int opening() const { return opening_; }
  const SupportDocument& document() const { return history_.value(); }
  const support::History<SupportDocument>& history() const { return history_; }
  /// The newest changed first; of the last refresh.
  const std::vector<store::SupportSetRow>& sets() const { return sets_; }
  /// Of the open set, the newest first.
  const std::vector<store::SupportVersionRow>& versions() const { return versions_; }

  /// An edit with its title for the menu. A failure is told and changes nothing.
  void edit(const QString& title, Result<SupportDocument> document);
  void undo();
  void redo();
  /// Undoes or redoes up to a place of history().
  void goTo(std::size_t place);

  /// Makes a set of that name, or with a number after it where there is one, and opens it.
  void create(const QString& name, SupportDocument document = {});
  void open(const std::string& name);
  void rename(const QString& name);
  /// With all its versions; another one is opened if there is one.
  void remove();
  /// Of what is shown now.
  void saveVersion(const QString& note);
  /// A saved version as the next edit, which can be undone.
  void goBack(long long version);
  /// Another note for a saved version.
  void renameVersion(long long version, const QString& note);
  void removeVersion(long long version);
  /// What a version held, or why it cannot be read; answered later, and not where another set is shown by then.
  void readVersion(long long version, std::function<void(Result<SupportDocument>)> then);
  /// Reads the lists anew; at the first time opens the newest set.
  void refresh();
  /// Opens that set once the lists are read, if there is one and no other was asked for since.
  void want(const std::string& name);
  void flush();

 Q_SIGNALS:
  void opened();  ///< another set, or none
  void edited();
  void setsChanged();
  void versionsChanged();
  void versionKept(long long version);

 private:
  struct Loaded;
  void show(const std::string& name, ReadDocument read);
  void keepSteps();
  support::History<SupportDocument> stepsOf(const std::string& name, SupportDocument document);
  void tellProblems(const std::vector<std::string>& problems);
  void close();
  void changed();
  std::function<void(bool)> afterwards(std::function<void(bool)> then);

  Desk& desk_;
  Relay listRelay_, loadRelay_, versionRelay_, readRelay_;
  std::string name_;
  std::shared_ptr<std::string> nameInStore_;  // touched on the storing lane alone: renames and drafts stay in order
  support::History<SupportDocument> history_;
  std::deque<std::pair<std::string, support::History<SupportDocument>>> closed_;  ///< of other sets, the newest first
  std::vector<store::SupportSetRow> sets_;
  std::vector<store::SupportVersionRow> versions_;
  QTimer timer_;
  std::string wanted_;
  int opening_ = 0;
  bool dirty_ = false;
  bool listed_ = false;
};

}  // namespace lix::app
