// The Train page's form as a person uses it: what it shows, takes, warns of and remembers.
#include <QAbstractSpinBox>
#include <QWheelEvent>

#include "pages/train/command_field.h"
#include "train_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

TEST_F(TrainPageTest, DryRunTellsNumbersAndLeavesNoRun) {
  recipe("siglixp");
  tiny(6);
  EXPECT_FALSE(find<DryRunCard>("train.dryRunCard")->isVisible());
  const QRect startAt = find<QPushButton>("train.startButton")->geometry();
  click("train.dryRun");
  QTest::qWait(20);  // a layout
  EXPECT_EQ(find<QPushButton>("train.startButton")->geometry(), startAt) << "it moves under the hand";
  EXPECT_EQ(find<QPushButton>("train.dryRun")->text(), "Stop dry run");
  ASSERT_TRUE(waitFor([this] { return find<DryRunCard>("train.dryRunCard")->isVisible(); }, kLong))
      << desk_.said().join('\n').toStdString();
  EXPECT_GT(QLocale().toLongLong(text("train.dryRun.0")), 1'000'000) << text("train.dryRun.0").toStdString();
  EXPECT_TRUE(text("train.dryRun.1").contains("MiB")) << "as the forecast has it: " << text("train.dryRun.1").toStdString();
  EXPECT_TRUE(text("train.dryRun.5").contains("MiB"));
  EXPECT_TRUE(text("train.warnings").contains("too short for tau_ctx"));
  EXPECT_FALSE(text("train.dryRunWarnings").contains("too short for tau_ctx")) << "is said above already";
  EXPECT_TRUE(text("train.dryRunWarnings").contains("6 pictures") || text("train.dryRunWarnings").isEmpty());
  EXPECT_TRUE(rows().empty());
  grabPage(*page_, "train-dry-run");
  // Called off in the middle, it says nothing and can be tried again.
  const auto said = desk_.said().size();
  click("train.dryRun");
  click("train.dryRun");
  EXPECT_TRUE(waitFor([this] { return desk_.desk().tasks().isIdle(); }, kLong));
  EXPECT_EQ(desk_.said().size(), said);
  EXPECT_EQ(find<QPushButton>("train.dryRun")->text(), "Dry run");
}

TEST_F(TrainPageTest, WarnsWhileNumbersAreTyped) {
  recipe("siglixp");
  values({{"steps", 20LL}});
  EXPECT_TRUE(find<QLabel>("train.warnings")->isVisibleTo(page_.get()));
  EXPECT_TRUE(text("train.warnings").contains("too short for tau_ctx to move"));
  values({{"steps", 2000LL}});
  EXPECT_FALSE(find<QLabel>("train.warnings")->isVisibleTo(page_.get()));
  values({{"steps", 20LL}});
  recipe("siglip");
  EXPECT_FALSE(find<QLabel>("train.warnings")->isVisibleTo(page_.get()));
  EXPECT_TRUE(text("train.recipeHelp").contains("2303.15343"));
}

TEST_F(TrainPageTest, TheFormShowsWhatTheRecipeTakes) {
  const auto has = [this](const char* field) { return page_->findChild<QWidget*>(field) != nullptr; };
  const auto command = [this] { return find<QLineEdit>("train.command")->text(); };
  recipe("siglixp");
  EXPECT_TRUE(has("param.alpha") && has("param.shared_scale"));
  EXPECT_FALSE(has("param.tokens") || has("param.lock_image") || has("param.canary_every"));
  type("param.alpha", "0.5");
  values({{"uniform_context", true}});
  EXPECT_TRUE(command().contains("--alpha 0.5") && command().contains("--uniform-context")) << command().toStdString();
  auto* towers = find<QComboBox>("train.towers");
  towers->setFocus();
  QTest::keyClick(towers, Qt::Key_End);
  EXPECT_TRUE(command().contains("--towers clip")) << command().toStdString();
  grabPage(*page_, "train-options");
  recipe("llip");
  EXPECT_TRUE(has("param.tokens") && has("param.tau"));
  EXPECT_FALSE(has("param.alpha") || towers->isVisibleTo(page_.get()));
  EXPECT_FALSE(command().contains("--alpha") || command().contains("--towers")) << command().toStdString();
  type("param.tokens", "4");
  EXPECT_TRUE(command().contains("--tokens 4")) << command().toStdString();
  recipe("siglixp");
  EXPECT_TRUE(command().contains("--alpha 0.5") && command().contains("--uniform-context")) << "what was set is kept";
  find<DatasetBox>("train.canary")->setName("emoji");
  EXPECT_TRUE(has("param.canary_every"));
  auto* best = find<QComboBox>("train.canaryBest");
  best->setFocus();
  QTest::keyClick(best, Qt::Key_Down);
  EXPECT_TRUE(command().contains("--canary emoji --canary-best canary.zero_shot")) << command().toStdString();
  EXPECT_LE(page_->minimumSizeHint().width(), 1024 - 84) << "too wide for a small window";
  grabPage(*page_, "train-canary");
}

TEST_F(TrainPageTest, AZeroThatMeansSomethingElseIsSaidInWords) {
  recipe("siglixp");
  const auto shown = [this](const char* field) { return find<QAbstractSpinBox>(field)->text(); };
  EXPECT_EQ(shown("param.alpha"), "recipe's (0.9)");
  EXPECT_EQ(shown("param.threads"), "all cores");
  EXPECT_EQ(shown("param.ema"), "off");
  EXPECT_TRUE(shown("param.scalar_multiplier").startsWith("by rule ("));
  EXPECT_EQ(shown("param.seed"), "0") << "that is a seed";
  type("param.alpha", "0.5");
  EXPECT_EQ(shown("param.alpha"), "0.5");
  type("param.alpha", "0");
  EXPECT_EQ(shown("param.alpha"), "recipe's (0.9)");
  recipe("clipxp");
  EXPECT_TRUE(shown("param.alpha").startsWith("recipe's (")) << shown("param.alpha").toStdString();
  recipe("llip");
  EXPECT_TRUE(shown("param.tokens").startsWith("size's (")) << shown("param.tokens").toStdString();
}

TEST_F(TrainPageTest, ANumberOutOfRangeIsToldAndOneFarFromUsualIsWarnedOf) {
  recipe("siglip");
  type("param.learning_rate", "5");
  EXPECT_TRUE(text("train.warnings").contains("Learning rate lies between")) << text("train.warnings").toStdString();
  EXPECT_TRUE(find<QLabel>("train.warnings.1")->text().contains("1000 times the usual 0.001"));
  type("param.learning_rate", "0.002");
  EXPECT_FALSE(find<QLabel>("train.warnings")->isVisibleTo(page_.get()));
  find<DatasetBox>("train.canary")->setName("emoji");
  values({{"steps", 300LL}, {"canary_every", 10050LL}});
  EXPECT_TRUE(text("train.warnings").contains("every 10050 steps")) << text("train.warnings").toStdString();
}

TEST_F(TrainPageTest, TheHelpFollowsTheKeyboardAlsoToBoxes) {
  page_->activateWindow();
  find<QWidget>("param.steps")->setFocus();
  ASSERT_TRUE(waitFor([this] { return text("train.fieldHelp").contains("<b>Steps</b>"); }));
  find<QComboBox>("train.recipe")->setFocus();
  EXPECT_TRUE(waitFor([this] { return text("train.fieldHelp").contains("<b>Recipe</b>: What the model learns"); }));
}

TEST_F(TrainPageTest, RecipesStandInAnOrderOneCanFollow) {
  const auto* box = find<QComboBox>("train.recipe");
  QStringList ids;
  for (int i = 0; i < box->count(); ++i) {
    ids << box->itemData(i).toString();
  }
  EXPECT_EQ(ids.mid(0, 5), (QStringList{"siglip", "siglixp", "clip", "clipxp", "llip"}));
  QStringList rungs;
  for (int i = 5; i < box->count(); ++i) {
    rungs << box->itemText(i);
  }
  QStringList sorted = rungs;
  sorted.sort();
  EXPECT_EQ(rungs, sorted);
}

TEST_F(TrainPageTest, ACommandThatIsTooLongEndsInAnEllipsisAndIsToldWhole) {
  const auto* command = find<CommandField>("train.command");
  ASSERT_GT(command->text().size(), 60);
  EXPECT_TRUE(command->shownText().endsWith(QChar(0x2026))) << command->shownText().toStdString();
  EXPECT_TRUE(command->toolTip().contains(command->text().toHtmlEscaped()));
}

TEST_F(TrainPageTest, TheWheelScrollsTheFormAndChangesNothing) {
  auto* seed = find<QWidget>("param.seed");
  auto* canary = find<QComboBox>("train.canary");
  const int chosen = canary->currentIndex();
  for (QWidget* over : {seed, static_cast<QWidget*>(canary)}) {
    const QPointF at = QRectF(over->rect()).center();
    QWheelEvent wheel(at, over->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(over, &wheel);
  }
  EXPECT_EQ(std::get<long long>(find<widgets::ParamForm>("train.params")->values().at("seed")), 0);
  EXPECT_EQ(canary->currentIndex(), chosen);
}

TEST_F(TrainPageTest, OpensADatasetThatTheShelfListsLater) {
  page_->open("dataset:emoji");
  EXPECT_EQ(find<DatasetBox>("train.data")->name(), "emoji");
  page_->open("dataset:rings");
  test::makeDiscs(desk_.scratch() / "rings");
  desk_.desk().datasets().add(desk_.scratch() / "rings");
  EXPECT_TRUE(waitFor([this] { return find<DatasetBox>("train.data")->name() == "rings"; }));
}

TEST_F(TrainPageTest, AFailedAddLeavesTheChoiceAlone) {
  const fs::path empty = desk_.scratch() / "empty";
  fs::create_directories(empty);
  EXPECT_TRUE(dropOn(page_.get(), Payload{.paths = {empty}}));
  ASSERT_TRUE(waitFor([this] { return !desk_.said().isEmpty(); }));
  test::makeDiscs(desk_.scratch() / "rings");
  desk_.desk().datasets().add(desk_.scratch() / "rings");  // by another page
  ASSERT_TRUE(waitFor([this] { return desk_.wasSaid("Added rings"); }));
  desk_.settle();
  EXPECT_EQ(find<DatasetBox>("train.data")->name(), "discs");
  EXPECT_TRUE(dropOn(page_.get(), Payload{.paths = {desk_.scratch() / "rings"}}));
  EXPECT_TRUE(waitFor([this] { return find<DatasetBox>("train.data")->name().starts_with("rings"); }));
}

TEST_F(TrainPageTest, AStartFromACheckpointTakesATenthOfTheRate) {
  const fs::path models = desk_.model("siglip-tiny-emoji"), llip = desk_.model("llip16-tiny-emoji");
  for (const auto& [path, recipe] : {std::pair(models, "siglip"), {llip, "llip"}}) {
    ASSERT_TRUE(store::CheckpointStore(desk_.workspace())
                    .record({.path = path, .weightsHash = path.string(), .recipe = recipe}));
  }
  page_.reset();
  desk_.reopen();
  open();
  recipe("siglixp");
  EXPECT_TRUE(text("train.startNote").contains("New weights"));
  QTest::qWait(20);  // a layout
  const int fieldsAt = find<QWidget>("train.params")->y();
  EXPECT_GE(find<CheckpointBox>("train.start")->findData(QString::fromStdString(models.string())), 0);
  EXPECT_LT(find<CheckpointBox>("train.start")->findData(QString::fromStdString(llip.string())), 0)
      << "has other towers";
  page_->open("checkpoint:" + QString::fromStdString(models.string()));
  QTest::qWait(20);  // a layout
  EXPECT_EQ(find<QWidget>("train.params")->y(), fieldsAt);
  EXPECT_TRUE(text("train.startNote").contains(find<QAbstractSpinBox>("param.learning_rate")->text())) << text("train.startNote").toStdString();
  EXPECT_FALSE(find<QComboBox>("train.size")->isEnabled());
  EXPECT_EQ(std::get<double>(find<widgets::ParamForm>("train.params")->values().at("learning_rate")), 1e-4);
  click("train.copy");
  EXPECT_TRUE(QApplication::clipboard()->text().contains("--init " + QString::fromStdString(models.string()) +
                                                         " --learning-rate 1e-04"))
      << QApplication::clipboard()->text().toStdString();
  page_->open("checkpoint:" + QString::fromStdString(llip.string()));
  EXPECT_EQ(find<QComboBox>("train.recipe")->currentData().toString(), "llip") << "the one that fits";
  EXPECT_EQ(find<CheckpointBox>("train.start")->folder(), llip);
  EXPECT_TRUE(desk_.wasSaid("has other towers"));
  find<CheckpointBox>("train.start")->setFolder({});
  EXPECT_EQ(std::get<double>(find<widgets::ParamForm>("train.params")->values().at("learning_rate")), 1e-3);
}

TEST_F(TrainPageTest, ReadOnlyTrainsNothing) {
  auto opened = Desk::open(desk_.folder(), store::OpenMode::ReadOnly);
  ASSERT_TRUE(opened);
  page_.reset(makeTrainPage(**opened));
  page_->show();
  EXPECT_FALSE(find<QPushButton>("train.startButton")->isEnabled());
  EXPECT_FALSE(find<QPushButton>("train.dryRun")->isEnabled());
  EXPECT_TRUE(text("train.obstacle").contains("reading only"));
  page_.reset();
}

TEST_F(TrainPageTest, RemembersItsFormAndTakesRubbish) {
  recipe("clipxp");
  values({{"steps", 321LL}, {"flip", true}, {"learning_rate", 2e-3}});
  QTest::keyClick(find<QSlider>("train.smoothing"), Qt::Key_End);
  EXPECT_DOUBLE_EQ(find<QDoubleSpinBox>("train.smoothingNumber")->value(), 0.99);
  const QJsonObject state = page_->state();
  open();
  page_->restore(
      {{"form", QJsonObject{{"recipe", "none"}, {"values", QJsonObject{{"steps", -4}, {"batch", "x"}, {"clip", 1e9}}}}},
       {"smoothing", "?"},
       {"splitter", 3}});
  EXPECT_EQ(std::get<long long>(find<widgets::ParamForm>("train.params")->values().at("steps")), 1000);
  page_->restore(state);
  EXPECT_EQ(find<QComboBox>("train.recipe")->currentData().toString(), "clipxp");
  const ParamValues back = find<widgets::ParamForm>("train.params")->values();
  EXPECT_EQ(std::get<long long>(back.at("steps")), 321);
  EXPECT_TRUE(std::get<bool>(back.at("flip")));
  EXPECT_DOUBLE_EQ(std::get<double>(back.at("learning_rate")), 2e-3);
  EXPECT_DOUBLE_EQ(find<QDoubleSpinBox>("train.smoothingNumber")->value(), 0.99);
}

TEST_F(TrainPageTest, TakesADatasetAndRefusesSinglePictures) {
  find<DatasetBox>("train.data")->setName("emoji");
  EXPECT_TRUE(dropOn(page_.get(), Payload{.pictures = {data::PictureRef::sample("discs", "x")}}));
  EXPECT_EQ(find<DatasetBox>("train.data")->name(), "discs");
  EXPECT_TRUE(dropOn(page_.get(), Payload{.pictures = {data::PictureRef::ofFile("/nowhere/a.png")}}));
  EXPECT_TRUE(desk_.wasSaid("not from single pictures"));
}

}  // namespace
}  // namespace lix::app
