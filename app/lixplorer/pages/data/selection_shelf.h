#pragma once
#include <QObject>
#include <QString>
#include <functional>
#include <string>
#include <vector>

#include "desk/relay.h"
#include "store/selection_store.h"

namespace lix::app {

class Desk;

/// The kept selections of the workspace: read and changed on the storing lane. What changed last can be taken back.
class SelectionShelf : public QObject {
  Q_OBJECT

 public:
  explicit SelectionShelf(Desk& desk, QObject* parent = nullptr);

  /// By dataset, then by name; of the last reading.
  const std::vector<store::SelectionRow>& rows() const { return rows_; }
  std::vector<store::SelectionRow> of(const std::string& dataset) const;
  /// Reads them anew; `changed` follows where they differ.
  void refresh();
  /// The keys of one, in `answer`, here; nothing is answered where it cannot be read (which is said), and a newer reading
  /// makes an older one void.
  void read(const std::string& dataset, const std::string& name, std::function<void(std::vector<std::string>)> answer);

  void keep(const store::SelectionRow& row, std::vector<std::string> keys);
  void include(const std::string& dataset, const std::string& name, std::vector<std::string> keys);
  void exclude(const std::string& dataset, const std::string& name, std::vector<std::string> keys);
  void rename(const std::string& dataset, const std::string& from, const std::string& to, const std::string& note);
  void remove(const std::string& dataset, const std::string& name);
  /// Takes the last change back; nothing where there is none.
  void undo();

 Q_SIGNALS:
  void changed();
  /// A change was made that undo() takes back.
  void undoOffered(const QString& sentence);
  /// Pictures or name of one are others now.
  void edited(const QString& dataset, const QString& from, const QString& to);

 private:
  struct Change;
  using Work = std::function<Result<void>(const store::Workspace&, Change&)>;
  void change(Work work, std::function<QString(const Change&)> sentence);

  Desk& desk_;
  Relay listing_, reading_;
  std::vector<store::SelectionRow> rows_;
  std::function<Result<void>(const store::Workspace&)> undo_;
  QString undoDataset_, undoFrom_, undoTo_;
};

}  // namespace lix::app
