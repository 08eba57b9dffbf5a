#pragma once

namespace lix::widgets {
class ActionTable;
}

namespace lix::app {

class DataPage;
class Desk;

/// Adds the exploring panels to the Data page: Similar, Map, Suspects, Captions.
void addExplorePanels(DataPage& page, Desk& desk);
/// And their actions.
void addExploreActions(DataPage& page, widgets::ActionTable& table);

}  // namespace lix::app
