// Inspect's panels that rest and come back.
#include <QLabel>

#include "inspect_page_support.h"
#include "pages/inspect/map_panel.h"
#include "pages/inspect/tokens_panel.h"
#include "pages/inspect/weights_panel.h"

namespace lix::app {
namespace {
using testing_support::InspectPageTest;
using testing_support::waitFor;

class InspectRestingTest : public InspectPageTest {};

TEST_F(InspectRestingTest, APanelThatRestsHoldsNoReading) {
  begin();
  auto copy = std::make_shared<const ReadAnswer>(*page->reading());
  const std::weak_ptr<const ReadAnswer> held = copy;
  InspectView view{.pictures = {}, .picture = 0, .caption = 0, .answer = std::move(copy), .inAnswer = 0};
  view.otherAnswer = view.answer;
  WeightsPanel weights(test.desk(), std::make_shared<PreparedPictures>());
  TokensPanel counts(test.desk());
  MapPanel map(test.desk());
  const std::vector<InspectPanel*> panels{&weights, &counts, &map};
  for (InspectPanel* panel : panels) {
    panel->look(view);
    panel->rest();
    panel->look(view);
  }
  ASSERT_TRUE(waitFor([&] { return counts.answer() != nullptr; })) << "it rested before its answer came";
  EXPECT_FALSE(weights.view().figure() == nullptr);
  EXPECT_FALSE(map.overlay().map().values.empty());
  for (InspectPanel* panel : panels) {
    panel->rest();
  }
  view.answer.reset();
  view.otherAnswer.reset();
  EXPECT_TRUE(waitFor([&] { return held.expired(); }));
  panels[0]->setEmptyText("nothing");
  view.answer = page->reading();
  for (InspectPanel* panel : panels) {
    panel->look(view);
  }
  EXPECT_TRUE(waitFor([&] { return counts.answer() != nullptr; }));
  EXPECT_FALSE(weights.view().figure() == nullptr);
}

TEST_F(InspectRestingTest, APictureWithScoresAloneSaysSoInPlaceOfItsMaps) {
  begin();
  auto bare = std::make_shared<ReadAnswer>(*page->reading());
  bare->reading.pictures[0] = {};
  InspectView view{.pictures = {}, .picture = 0, .caption = 0, .answer = bare, .inAnswer = 0};
  MapPanel map(test.desk());
  map.setEmptyText("empty");
  map.look(view);
  EXPECT_TRUE(map.overlay().isEmpty());
  EXPECT_TRUE(map.overlay().emptyText().contains("scores alone")) << map.overlay().emptyText().toStdString();
  view.inAnswer = 1;
  map.look(view);
  EXPECT_FALSE(map.overlay().isEmpty());
  map.look({});
  EXPECT_EQ(map.overlay().emptyText(), "empty");
}

TEST_F(InspectRestingTest, CountsAnewAfterItWasHiddenWhileCounting) {
  begin();
  const auto* tokens = page->findChild<TokensPanel*>();
  page->docks()->showPanel("tokens");
  page->docks()->showPanel("weights");
  test.settle();
  EXPECT_EQ(tokens->answer(), nullptr);
  page->docks()->showPanel("tokens");
  ASSERT_TRUE(waitFor([&] { return tokens->answer() != nullptr; }));
  EXPECT_TRUE(part<QLabel>("tokensSaid")->text().startsWith("Captions move")) << part<QLabel>("tokensSaid")->text().toStdString();
}

}  // namespace
}  // namespace lix::app
