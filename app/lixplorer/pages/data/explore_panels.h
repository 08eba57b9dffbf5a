#pragma once
#include <QJsonObject>

namespace lix::widgets {
class ActionTable;
}

namespace lix::app {

class DataPage;
class Desk;

/// Adds the exploring panels to the Data page: Similar, Map, Suspects, Captions.
void addExplorePanels(DataPage& page, Desk& desk);
/// What was chosen in them: the checkpoint that they share, and each panel's own by its name.
QJsonObject exploreState(const DataPage& page);
void restoreExplore(DataPage& page, const QJsonObject& state);
/// And their actions.
void addExploreActions(DataPage& page, widgets::ActionTable& table);

}  // namespace lix::app
