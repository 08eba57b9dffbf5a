// Inspect's panels that rest and come back, and a checkpoint that is replaced while they look.
#include <QLabel>
#include <fstream>

#include "inspect_page_support.h"
#include "pages/inspect/map_panel.h"
#include "pages/inspect/tokens_panel.h"
#include "pages/inspect/weights_panel.h"

namespace lix::app {
namespace {
using testing_support::InspectPageTest;
using testing_support::waitFor;

class InspectRestingTest : public InspectPageTest {
 protected:
  WeightsPanel& panel() { return *page->findChild<WeightsPanel*>(); }
  const study::InspectSettings& shown() { return page->reading()->question.settings; }
  QString said() { return part<QLabel>("weightsSaid")->text(); }
};

/// A training run saves its checkpoint while a token is knocked out; then another picture is chosen.
TEST_F(InspectRestingTest, ACheckpointThatIsReplacedIsReadAnewOnce) {
  begin();
  const std::filesystem::path folder = copied("llip16-tiny-emoji");
  page->findChild<CheckpointBox*>("inspect.checkpoint")->setFolder(folder);
  ASSERT_TRUE(waitFor([&] { return page->reading()->facts.folder == folder; }));
  Q_EMIT panel().settingsAsked({.tau = {}, .withoutTokens = {0}, .heads = {}});
  ASSERT_TRUE(waitFor([&] { return !shown().withoutTokens.empty(); }));
  type("a very old car");
  ASSERT_TRUE(waitReading({"red apple", "a car", "a very old car"}));
  ASSERT_TRUE(waitFor([&] { return said().contains(QStringLiteral("→")); })) << said().toStdString();
  const std::string before = page->reading()->facts.weightsHash;
  {
    std::fstream file(folder / "model.safetensors", std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(-4, std::ios::end);
    const int byte = file.get();
    file.seekp(-4, std::ios::end);
    file.put(char(byte ^ 1));
  }
  std::filesystem::last_write_time(folder / "model.safetensors", std::filesystem::file_time_type::clock::now());
  int asked = 0;
  QObject::connect(&panel(), &InspectPanel::settingsAsked, &panel(), [&asked] { ++asked; });
  matrix().setCurrentIndex(scores().index(1, 0));
  ASSERT_TRUE(waitFor([&] { return page->reading()->facts.weightsHash != before; })) << "the page reads it anew";
  ASSERT_TRUE(waitFor([&] { return said().contains(QStringLiteral("→")); })) << said().toStdString();
  test.settle();
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(shown().withoutTokens, std::vector<std::size_t>{0}) << "the token stays out";
}

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
