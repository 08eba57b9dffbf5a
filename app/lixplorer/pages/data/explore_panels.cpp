#include "pages/data/explore_panels.h"

#include <QLineEdit>
#include <functional>

#include "chrome/action_table.h"
#include "docks/dock_area.h"
#include "pages/data/data_page.h"
#include "pages/data/explore_captions.h"
#include "pages/data/explore_map.h"
#include "pages/data/explore_similar.h"
#include "pages/data/explore_source.h"
#include "pages/data/explore_suspects.h"

namespace lix::app {

void addExplorePanels(DataPage& page, Desk& desk) {
  auto* source = new ExploreSource(page, desk);
  page.addPanel("similar", DataPage::tr("Similar"), new ExploreSimilar(*source));
  page.addPanel("map", DataPage::tr("Map"), new ExploreMap(*source));
  page.addPanel("suspects", DataPage::tr("Suspects"), new ExploreSuspects(*source));
  page.addPanel("captions", DataPage::tr("Captions"), new ExploreCaptions(*source));
}

QJsonObject exploreState(const DataPage& page) {
  const auto* source = page.findChild<ExploreSource*>();
  if (source == nullptr) {
    return {};
  }
  QJsonObject state{{"checkpoint", QString::fromStdString(source->checkpoint().string())}};
  for (const ExplorePanel* panel : page.findChildren<ExplorePanel*>()) {
    state[panel->objectName()] = panel->state();
  }
  return state;
}

void restoreExplore(DataPage& page, const QJsonObject& state) {
  auto* source = page.findChild<ExploreSource*>();
  if (source == nullptr || state.isEmpty()) {
    return;
  }
  if (const QString folder = state["checkpoint"].toString(); !folder.isEmpty()) {
    source->setCheckpoint(folder.toStdString());
  }
  for (ExplorePanel* panel : page.findChildren<ExplorePanel*>()) {
    panel->restore(state[panel->objectName()].toObject());
  }
}

void addExploreActions(DataPage& page, widgets::ActionTable& table) {
  if (page.findChild<ExploreSimilar*>() == nullptr) {
    return;
  }
  const auto add = [&](const char* verb, const QString& text, const QString& help, const char* key, std::function<void()> run) {
    table.add({.id = QStringLiteral("data.") + verb, .menu = DataPage::tr("&Data"), .text = text, .help = help, .icon = {},
               .key = QKeySequence(QString::fromLatin1(key)), .run = [run = std::move(run)](bool) { run(); }, .scope = "data"});
  };
  const auto inFront = [&page](const QString& id) { page.docks()->showPanel(id); };
  add("nearestToSelected", DataPage::tr("Nearest to the selection"),
      DataPage::tr("Finds the pictures of the dataset that are nearest to the selected ones."), "Ctrl+Shift+N", [&page, inFront] {
        inFront("similar");
        page.findChild<ExploreSimilar*>()->findSelected();
      });
  add("nearestToCaption", DataPage::tr("Nearest to a caption..."),
      DataPage::tr("Finds the pictures of the dataset that are nearest to a caption."), "Ctrl+Shift+E", [&page, inFront] {
        inFront("similar");
        page.findChild<QLineEdit*>("data.similarCaption")->setFocus(Qt::ShortcutFocusReason);
      });
  add("makeMap", DataPage::tr("Make map"), DataPage::tr("Lays the pictures of the dataset out as a map."), "", [&page, inFront] {
    inFront("map");
    page.findChild<ExploreMap*>()->make();
  });
  add("lookForSuspects", DataPage::tr("Look for suspects"),
      DataPage::tr("Looks for duplicates, leaks between splits, outliers or doubtful labels."), "", [&page, inFront] {
        inFront("suspects");
        page.findChild<ExploreSuspects*>()->look();
      });
  add("countCaptions", DataPage::tr("Count captions"), DataPage::tr("Counts words, tokens and equal captions of the dataset."), "",
      [&page, inFront] {
        inFront("captions");
        page.findChild<ExploreCaptions*>()->count();
      });
  add("exportVectors", DataPage::tr("Export vectors..."),
      DataPage::tr("Writes what the chosen checkpoint makes of all pictures and captions of the dataset, as .safetensors or .npy."),
      "", [&page] { page.findChild<ExploreSource*>()->chooseExport(); });
  page.grid()->addAction(table.action("data.nearestToSelected"));
}

}  // namespace lix::app
