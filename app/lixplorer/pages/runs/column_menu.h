#pragma once
#include <functional>
#include <string>
#include <vector>

#include "pages/runs/run_item.h"

class QMenu;
class QTableView;

namespace lix::app {

/// What there is to show in columns: settings and series by name.
struct ColumnChoices {
  std::vector<std::string> settings, series;
};

/// The names of settings that some of the runs have (at most the first thousand are looked into), sorted.
std::vector<std::string> settingNames(const std::vector<RunItemPtr>& runs);

/// Fills a menu with the columns of a table of runs, each to be shown or hidden: those that it always has, settings and
/// series. `toggled` hears of settings and series.
void fillColumnMenu(QMenu& menu, QTableView& table, const std::vector<RunColumn>& shown, const ColumnChoices& choices,
                    const std::function<void(const RunColumn&, bool)>& toggled);

}  // namespace lix::app
