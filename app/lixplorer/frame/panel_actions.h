#pragma once
#include <QList>
#include <QObject>
#include <functional>

#include "frame/page.h"

class QAction;
class QMenu;
class QMenuBar;

namespace lix::app {

/// View > Panels and View > Layouts: what a person does to the panels of the page in front by keys, menus and the command
/// palette, and layouts by names, kept in the user's settings.
class PanelActions : public QObject {
  Q_OBJECT

 public:
  /// `pages` outlive it; rows are added to the table at once.
  PanelActions(widgets::ActionTable& table, const QList<Page*>& pages, QWidget* window);
  /// Once the table has filled the menus: layouts come and go there.
  void setMenus(const QMenuBar& bar);
  void setPage(Page* page);

  /// Names of the current page's layouts, those of the program first.
  QStringList layouts() const { return layoutsOf(page_); }
  /// False, and a sentence is told, where its bytes are damaged or of another version.
  bool useLayout(const QString& name);
  /// Keeps how the panels stand; one of that name is replaced. An empty name is refused with a sentence.
  bool saveLayout(const QString& name);
  void deleteLayout(const QString& name);

 Q_SIGNALS:
  void said(const QString& sentence);

 private:
  static QStringList layoutsOf(const Page* page);
  void addPanels(Page* page);
  void addMoves();
  void addMove(const char* id, const QString& text, const QString& help, const QString& key,
               std::function<bool(widgets::DockArea&, const QString& panel)> move);
  void addArea(const char* id, const QString& text, const QString& help, const QString& key,
               std::function<void(widgets::DockArea&)> run);
  void toggle(widgets::DockArea& docks, const QString& id);
  void check(const Page* page);
  void askName();
  /// Rows of the table for the layouts of every page, and those of the page in front in the menu.
  void listLayouts();
  void listDeletable();
  widgets::DockArea* docks() const { return page_ != nullptr ? page_->docks() : nullptr; }

  widgets::ActionTable& table_;
  QList<Page*> pages_;
  QWidget* window_;
  QMenu* menu_ = nullptr;
  QList<QAction*> common_;  // of every page that has panels
  QMenu* remove_ = nullptr;
  QAction* beforeRemove_ = nullptr;
  QStringList listed_;  // rows of layouts, of every page
  Page* page_ = nullptr;
};

}  // namespace lix::app
