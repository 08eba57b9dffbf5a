#include "pages/runs/column_menu.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QTableView>
#include <algorithm>
#include <set>

namespace lix::app {
namespace {

struct ColumnMenu {
  Q_DECLARE_TR_FUNCTIONS(ColumnMenu)
};

constexpr std::size_t kMostLookedInto = 1000;

void addChoices(QMenu& menu, const QString& title, RunColumn::Of of, const std::vector<std::string>& names,
                const std::vector<RunColumn>& shown, const std::function<void(const RunColumn&, bool)>& toggled) {
  QMenu* more = menu.addMenu(title);
  more->setToolTipsVisible(true);
  more->setEnabled(!names.empty());
  for (const std::string& name : names) {
    const RunColumn column{.of = of, .field = RunColumn::Name, .key = name};
    QAction* action = more->addAction(column.title());
    action->setCheckable(true);
    action->setChecked(std::ranges::find(shown, column) != shown.end());
    QObject::connect(action, &QAction::toggled, &menu, [column, toggled](bool on) { toggled(column, on); });
  }
}

}  // namespace

std::vector<std::string> settingNames(const std::vector<RunItemPtr>& runs) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < std::min(runs.size(), kMostLookedInto); ++i) {
    const QJsonObject settings = QJsonDocument::fromJson(QByteArray::fromStdString(runs[i]->row.settings)).object();
    for (const QString& key : settings.keys()) {
      names.insert(key.toStdString());
    }
  }
  return {names.begin(), names.end()};
}

void fillColumnMenu(QMenu& menu, QTableView& table, const std::vector<RunColumn>& shown, const ColumnChoices& choices,
                    const std::function<void(const RunColumn&, bool)>& toggled) {
  menu.clear();
  QHeaderView* header = table.horizontalHeader();
  for (int i = 0; i < int(RunColumn::kFields); ++i) {
    QAction* action = menu.addAction(shown[std::size_t(i)].title());
    action->setCheckable(true);
    action->setChecked(!header->isSectionHidden(i));
    action->setEnabled(i != int(RunColumn::Name));  // a run is nothing without its name
    QObject::connect(action, &QAction::toggled, &menu, [header, i](bool on) { header->setSectionHidden(i, !on); });
  }
  menu.addSeparator();
  addChoices(menu, ColumnMenu::tr("Settings"), RunColumn::Of::Setting, choices.settings, shown, toggled);
  addChoices(menu, ColumnMenu::tr("Last values of series"), RunColumn::Of::Metric, choices.series, shown, toggled);
}

}  // namespace lix::app
