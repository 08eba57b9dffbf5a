#include "study/eval/zero_shot.h"

#include <ATen/ops/stack.h>

#include "base/file.h"
#include "inspect_support.h"
#include "nn/ops/unit.h"
#include "study/eval/truncation.h"

namespace lix::study {
namespace {

void writeText(const std::filesystem::path& file, const std::string& text) { LIX_EXPECT_OK(writeFile(file, text)); }

using lix::test::TemporaryFolder;
using test::Kind;
using Texts = std::vector<std::string>;

std::string refusal(const std::filesystem::path& file, const Texts& datasets = {}) {
  const auto found = findTemplates(file.string(), datasets);
  return found ? "" : found.error().message;
}

TEST(Templates, LinesListsAndBothPlaceholders) {
  const TemporaryFolder folder;
  writeText(folder / "lines.txt", "a photo of a {}\n\n a {c} of {c} \n");
  EXPECT_EQ(findTemplates((folder / "lines.txt").string())->texts, (Texts{"a photo of a {}", "a {} of {}"}));
  writeText(folder / "list.json", R"(["{c}.", "{}!"])");
  EXPECT_EQ(findTemplates((folder / "list.json").string())->texts, (Texts{"{}.", "{}!"}));
  writeText(folder / "one.txt", "{}");
  EXPECT_EQ(findTemplates((folder / "one.txt").string())->texts, (Texts{"{}"}));
  EXPECT_EQ(findTemplates("openai")->texts.size(), 80u);
  EXPECT_EQ(findTemplates("imagenet-simple")->texts.size(), 7u);
}

TEST(Templates, OfADatasetByNameOrColon) {
  EXPECT_EQ(findTemplates("clip", {"mine", "Food-101"})->name, "clip:food101");
  EXPECT_EQ(findTemplates("clip:pets")->texts, (Texts{"a photo of a {}, a type of pet."}));
  EXPECT_EQ(findTemplates("clip", {"cifar100"})->texts.size(), 18u);
  const auto none = findTemplates("clip", {"mine"});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("clip:DATASET"), std::string::npos) << none.error().message;
}

TEST(Templates, WholePromptsByClass) {
  const TemporaryFolder folder;
  writeText(folder / "cupl.json",
            R"({"fish": {"Great White-Shark": ["It bites.", "It swims."], "tench": ["Green."]}})");
  const auto found = findTemplates((folder / "cupl.json").string(), {"fish"});
  LIX_ASSERT_OK(found);
  EXPECT_EQ(*promptsOf(*found, "great white_shark"), (Texts{"It bites.", "It swims."}));
  EXPECT_EQ(*promptsOf(*found, "Schlei|tench"), (Texts{"Green."}));
  LIX_EXPECT_OK(checkPrompts(*found, {"tench", "great white shark"}));
  const auto missing = checkPrompts(*found, {"tench", "cod"});
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("'cod'"), std::string::npos);
}

TEST(Templates, RefusesOnesWithoutAPlaceAndOthersThatAreNone) {
  const TemporaryFolder folder;
  writeText(folder / "no.txt", "a photo of a {}\na photo\n");
  EXPECT_NE(refusal(folder / "no.txt").find("'a photo'"), std::string::npos);
  writeText(folder / "no.json", R"({"fish": ["{c}", "a fish"]})");
  EXPECT_NE(refusal(folder / "no.json", {"fish"}).find("'a fish'"), std::string::npos);
  writeText(folder / "numbers.json", "[1, 2]");
  EXPECT_NE(refusal(folder / "numbers.json").find("lists of strings"), std::string::npos);
  writeText(folder / "empty.txt", "\n");
  EXPECT_NE(refusal(folder / "empty.txt").find("no template"), std::string::npos);
  writeText(folder / "latin1.txt", "{} caf\xe9");
  EXPECT_NE(refusal(folder / "latin1.txt").find("UTF-8"), std::string::npos);
  EXPECT_NE(refusal("nosuch").find("plain"), std::string::npos);
}

TEST(Synonyms, AreSplitAtBarsOrListed) {
  EXPECT_EQ(synonymsOf("cat"), (Texts{"cat"}));
  EXPECT_EQ(synonymsOf("cat | kitten|"), (Texts{"cat", "kitten"}));
  EXPECT_EQ(synonymsOf(R"(["a|b", "c"])"), (Texts{"a|b", "c"}));
  EXPECT_EQ(synonymsOf("[one"), (Texts{"[one"}));
  EXPECT_EQ(*promptsOf({"t", {"a {}", "{} b"}}, "x|y"), (Texts{"a x", "x b", "a y", "y b"}));
  EXPECT_FALSE(checkDistinct({"a", "b", "a"}));
  LIX_EXPECT_OK(checkDistinct({"a", "b"}));
}

TEST(ClassTexts, AverageTemplatesAndSynonymsTogether) {
  for (const Kind kind : {Kind::Siglip, Kind::Llip}) {
    const Evaluator model = test::evaluator(kind);
    const auto classes = embedClasses(model, {"ab|c", "d"}, {"t", {"{}", "f{}"}});
    const auto single = embedCaptions(model, {"ab", "fab", "c", "fc", "d", "fd"});
    const at::Tensor units = nn::unit(single.embeds);
    const at::Tensor expected = nn::unit(at::stack({units.narrow(0, 0, 4).mean(0), units.narrow(0, 4, 2).mean(0)}));
    EXPECT_LT((classes.text - expected).abs().max().item<double>(), 1e-6);
    ASSERT_EQ(classes.query.defined(), kind == Kind::Llip);
    if (kind == Kind::Llip) {
      EXPECT_LT((classes.query[0] - single.query.narrow(0, 0, 4).mean(0)).abs().max().item<double>(), 1e-6)
          << "a plain mean, not of unit vectors";
    }
  }
}

TEST(Frames, OneSampleIsTheMeanOfItsFrames) {
  for (const Kind kind : {Kind::Siglip, Kind::Llip}) {
    const Evaluator model = test::evaluator(kind);
    std::vector<imaging::Image> squares;
    for (std::uint64_t i = 0; i < 3; ++i) {
      squares.push_back(test::picture(i, 16, 16));
    }
    const auto images = embedSquares(model, {&squares[0], &squares[1], &squares[2]});
    const auto classes = embedClasses(model, {"ab", "cd"}, {"t", {"{}"}});
    const at::Tensor each = zeroShotScores(model, images, classes);
    const at::Tensor videos = zeroShotScores(model, images, classes, {{0, 2}, {1}});
    ASSERT_EQ(videos.sizes().vec(), (std::vector<std::int64_t>{2, 2}));
    EXPECT_LT((videos[1] - each[1]).abs().max().item<double>(), 1e-6) << "one frame is the picture";
    at::Tensor expected = (each[0] + each[2]) / 2.0;
    if (kind == Kind::Siglip) {
      const at::Tensor mean = (nn::unit(images.vectors)[0] + nn::unit(images.vectors)[2]) / 2.0;
      expected = expected / mean.norm(2);
    }
    EXPECT_LT((videos[0] - expected).abs().max().item<double>(), 1e-6);
  }
}

TEST(Truncation, IsCountedAndSaid) {
  const Evaluator evaluator = test::evaluator(Kind::Clip);  // one token a byte, 12 of them with the end
  EXPECT_EQ(truncationNote(evaluator, Texts{"short", "eleven char"}), "");
  EXPECT_EQ(truncationNote(evaluator, Texts{"short", "a caption too long", "this one as well"}),
            "2 of 3 captions are longer than the 12 tokens that the model reads and cut off there, the first "
            "\"a caption too long\".");
  const std::string umlauts = [] {
    std::string text = "x";
    for (int i = 0; i < 40; ++i) {
      text += "ä";
    }
    return text;
  }();
  const std::string said = truncationNote(evaluator, Texts{umlauts}, "prompts");
  EXPECT_TRUE(said.starts_with("1 of 1 prompts is longer")) << said;
  EXPECT_TRUE(said.ends_with("ä...\".")) << said << " - whole characters";
  const Templates templates{.name = "mine", .texts = {"a photo of a {}", "{}"}};
  EXPECT_TRUE(truncationNote(evaluator, Texts{"dog", "cat"}, templates).starts_with("2 of 4 prompts are"));
  EXPECT_EQ(truncationNote(Evaluator{}, Texts{umlauts}), "") << "vectors of one's own are not tokenised";
}

}  // namespace
}  // namespace lix::study
