#pragma once
#include <QJsonObject>
#include <QWidget>

#include "desk/desk.h"

namespace lix::widgets {
class ActionTable;
class DockArea;
}

namespace lix::app {

QString pageName(PageId page);   ///< "data", also its scope in the action table and its icon
QString pageTitle(PageId page);  ///< translated: "Data"

/// One page of the window. Drops anywhere on it, on its rail button, and what other pages send come by receive().
class Page : public QWidget {
  Q_OBJECT

 public:
  Page(Desk& desk, PageId id, QWidget* parent = nullptr);

  PageId id() const { return id_; }
  /// Adds the page's own actions; rows take pageName(id()) as scope.
  virtual void addActions(widgets::ActionTable& table) { (void)table; }
  /// Whether the page could do something with it; asked at drag moves, so cheap.
  virtual bool accepts(const Payload& payload) const { return !payload.isEmpty(); }
  /// Says in one sentence that it could not.
  void refuse(const Payload& payload);
  /// Takes pictures, captions or paths; says in the message panel what it cannot use and why.
  virtual void receive(const Payload& payload) { (void)payload; }
  /// Opens something by name (Desk::show).
  virtual void open(const QString& what) { (void)what; }
  /// Comes to the front, goes to the back: live reading may rest meanwhile.
  virtual void shown() {}
  virtual void hidden() {}
  /// The panels that a person can move here, null where the page has none: the window keeps their layout and offers
  /// layouts by name.
  virtual widgets::DockArea* docks() const { return nullptr; }
  /// What was chosen here, kept in the workspace; restore() takes any older or damaged one without complaint.
  virtual QJsonObject state() const { return {}; }
  virtual void restore(const QJsonObject& state) { (void)state; }

 protected:
  Desk& desk() const { return desk_; }
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  Desk& desk_;
  PageId id_;
};

Page* makeDataPage(Desk& desk);
Page* makeTrainPage(Desk& desk);
Page* makeInspectPage(Desk& desk);
Page* makeSupportPage(Desk& desk);
Page* makeCurvesPage(Desk& desk);
Page* makeComparePage(Desk& desk);
Page* makeRunsPage(Desk& desk);

}  // namespace lix::app
