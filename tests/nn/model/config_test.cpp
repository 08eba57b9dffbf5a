#include <gtest/gtest.h>

#include "base/file.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/config.h"
#include "nn/recipe.h"
#include "nn/reducers/reducer.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;
using Json = nlohmann::json;

/// The sentence that a config.json is refused with.
std::string refusal(const Json& config) { return messageOf(configFromJson(config.dump(), "config.json")); }

void expectSays(const std::string& message, const std::string& part) {
  EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
}

TEST(Config, SparseSiglipTakesTransformersDefaults) {
  const auto config = configFromJson(R"({"model_type": "siglip"})", "config.json");
  LIX_ASSERT_OK(config);
  EXPECT_EQ(config->towers, Towers::Siglip);
  EXPECT_EQ(config->imageSize, 224);
  EXPECT_EQ(config->patch, 16);
  EXPECT_EQ(config->classTokens, 0);
  EXPECT_EQ(config->embedWidth, 768);
  EXPECT_EQ(config->vocabulary, 32000);
  EXPECT_EQ(config->contextLength, 64);
  for (const EncoderConfig& tower : {config->vision, config->text}) {
    EXPECT_EQ(tower.width, 768);
    EXPECT_EQ(tower.mlpWidth, 3072);
    EXPECT_EQ(tower.depth, 12);
    EXPECT_EQ(tower.heads, 12);
    EXPECT_EQ(tower.activation, Activation::GeluTanh);
    EXPECT_EQ(tower.normEpsilon, 1e-6);
  }
  EXPECT_FALSE(config->trimsCaptions());
}

TEST(Config, SparseClipTakesTransformersDefaults) {
  const auto config =
      configFromJson(R"({"model_type": "clip", "text_config": null, "vision_config": {}})", "config.json");
  LIX_ASSERT_OK(config);
  EXPECT_EQ(config->towers, Towers::Clip);
  EXPECT_EQ(config->imageSize, 224);
  EXPECT_EQ(config->patch, 32);
  EXPECT_EQ(config->patches(), 49);
  EXPECT_EQ(config->classTokens, 1);
  EXPECT_EQ(config->embedWidth, 512);
  EXPECT_EQ(config->vocabulary, 49408);
  EXPECT_EQ(config->contextLength, 77);
  EXPECT_EQ(config->eosId, 49407);
  EXPECT_EQ(config->text.width, 512);
  EXPECT_EQ(config->text.mlpWidth, 2048);
  EXPECT_EQ(config->text.heads, 8);
  EXPECT_EQ(config->vision.width, 768);
  EXPECT_EQ(config->vision.mlpWidth, 3072);
  EXPECT_EQ(config->vision.activation, Activation::QuickGelu);
  EXPECT_EQ(config->text.normEpsilon, 1e-5);
  EXPECT_TRUE(config->trimsCaptions());
}

TEST(Config, SparseLlipHasSixtyFourTokens) {
  const auto config = configFromJson(R"({"model_type": "llip"})", "config.json");
  LIX_ASSERT_OK(config);
  EXPECT_EQ(config->classTokens, 64);
  EXPECT_EQ(config->mixture->heads, 8);
  EXPECT_EQ(config->mixture->tau, 5.0);
  EXPECT_FALSE(config->mixture->norms);
}

TEST(Config, OldDictionariesOverride) {
  const Json json{
      {"model_type", "clip"},
      {"projection_dim", 640},
      {"text_config", {{"hidden_size", 512}, {"num_hidden_layers", 3}, {"projection_dim", 99}}},
      {"text_config_dict", {{"hidden_size", 640}, {"num_attention_heads", 10}}},
      {"vision_config", {{"patch_size", 32}, {"hidden_act", "gelu"}}},
      {"vision_config_dict", {{"patch_size", Json::array({16, 16})}, {"image_size", Json::array({240, 240})}}}};
  const auto config = configFromJson(json.dump(), "config.json");
  LIX_ASSERT_OK(config);
  EXPECT_EQ(config->text.width, 640);
  EXPECT_EQ(config->text.heads, 10);
  EXPECT_EQ(config->text.depth, 3);
  EXPECT_EQ(config->embedWidth, 640);  // the one at the top decides
  EXPECT_EQ(config->patch, 16);
  EXPECT_EQ(config->imageSize, 240);
  EXPECT_EQ(config->vision.activation, Activation::GeluErf);
}

TEST(Config, SiglipProjectionWidthAndActivations) {
  const Json json{
      {"model_type", "siglip"},
      {"text_config",
       {{"hidden_size", 48}, {"num_attention_heads", 4}, {"projection_size", 64}, {"hidden_act", "gelu_new"}}},
      {"vision_config", {{"hidden_size", 64}, {"num_attention_heads", 4}, {"hidden_act", "quick_gelu"}}}};
  const auto config = configFromJson(json.dump(), "config.json");
  LIX_ASSERT_OK(config);
  EXPECT_EQ(config->embedWidth, 64);
  EXPECT_EQ(config->text.activation, Activation::GeluTanh);
  EXPECT_EQ(config->vision.activation, Activation::QuickGelu);
}

TEST(Config, JsonRoundTrip) {
  for (const Recipe& recipe : recipes()) {
    for (ModelConfig config : {smallConfig(recipe), *presetConfig("tiny", {.towers = recipe.towers, .head = recipe.head})}) {
      if (config.towers == Towers::Clip) {
        config.eosId = 7;
        config.vision.activation = Activation::GeluErf;
      }
      config.padId = 0;
      const std::string text = configToJson(config, recipe.id);
      const auto again = configFromJson(text, "config.json");
      LIX_ASSERT_OK(again);
      EXPECT_EQ(configToJson(*again, recipe.id), text);
      EXPECT_EQ(again->vision.activation, config.vision.activation);
      EXPECT_EQ(again->eosId, config.eosId);
      EXPECT_EQ(again->classTokens, config.classTokens);
      EXPECT_EQ(again->head, recipe.head);
      const Json json = Json::parse(text);
      EXPECT_EQ(json.at("lix").at("recipe"), recipe.id);
      EXPECT_EQ(json.at("architectures")[0], recipe.head != ImageHead::Vector ? "LlipModel"
                                             : recipe.towers == Towers::Clip  ? "CLIPModel"
                                                                              : "SiglipModel");
    }
  }
}

TEST(Config, NonsenseIsRefusedWithASentence) {
  expectSays(messageOf(configFromJson("{\"model_type\": \"sig", "a/config.json")),
             "a/config.json is not a JSON object");
  expectSays(messageOf(configFromJson("[1, 2]", "config.json")), "not a JSON object");
  expectSays(refusal({{"model_type", "bert"}}), "model_type 'bert'");
  expectSays(refusal({{"model_type", 5}}), "model_type ''");
  expectSays(refusal({{"model_type", "siglip"}, {"vision_config", {{"hidden_size", "wide"}}}}), "hidden_size");
  expectSays(refusal({{"model_type", "siglip"}, {"vision_config", {{"hidden_act", "relu"}}}}), "hidden_act (relu)");
  expectSays(refusal({{"model_type", "siglip"}, {"text_config", {{"layer_norm_eps", true}}}}), "layer_norm_eps");
  expectSays(refusal({{"model_type", "siglip"}, {"vision_config", {{"patch_size", Json::array({16, 8})}}}}),
             "patch_size");
  expectSays(refusal({{"model_type", "siglip"}, {"vision_config", {{"num_attention_heads", 7}}}}),
             "not a multiple of its 7 heads");
  expectSays(refusal({{"model_type", "siglip"}, {"vision_config", {{"num_hidden_layers", 0}}}}), "out of range");
  expectSays(refusal({{"model_type", "siglip"}, {"vision_config", {{"num_hidden_layers", 1e30}}}}),
             "num_hidden_layers");
  expectSays(refusal({{"model_type", "siglip"}, {"vision_config", {{"num_hidden_layers", 9000000000LL}}}}),
             "num_hidden_layers");
  expectSays(refusal({{"model_type", "siglip"}, {"vision_config", {{"patch_size", 0}}}}), "patches of 0");
  expectSays(refusal({{"model_type", "siglip"}, {"text_config", {{"projection_size", 512}}}}),
             "embeddings of width 512");
  expectSays(refusal({{"model_type", "clip"}, {"text_config", {{"vocab_size", -5}}}}), "vocabulary");
  expectSays(refusal({{"model_type", "llip"}, {"mixture", {{"tau", 0.0}}}}), "positive tau");
  expectSays(refusal({{"model_type", "llip"}, {"mixture", {{"num_heads", 7}}}}), "M = 7 mixing heads");
  expectSays(refusal({{"model_type", "llip"}, {"mixture", {{"num_tokens", 0}}}}), "0 class tokens");
}

TEST(Config, UnknownPresetNamesTheKnown) {
  expectSays(messageOf(presetConfig("huge", {.towers = Towers::Clip})), "'huge'");
  expectSays(messageOf(presetConfig("huge", {.towers = Towers::Clip})), "tiny");
}

TEST(Recipes, BuiltInOnesAreWhole) {
  const Recipe recipe = *findRecipe("siglixp");
  ASSERT_EQ(recipe.terms.size(), 2u);
  EXPECT_EQ(recipe.terms[0].weight, 0.9);
  EXPECT_EQ(recipe.terms[1].weight, 0.1);
  EXPECT_EQ(recipe.terms[1].scorer->id, "context");
  EXPECT_EQ(recipe.terms[1].reducer->id, "sigmoid");
  EXPECT_EQ(recipe.terms[1].temperature, "lixp.log_tau");
  for (const Recipe& one : recipes()) {
    EXPECT_FALSE(one.citation.empty()) << one.id;
    EXPECT_FALSE(one.help.empty()) << one.id;
  }
}

TEST(Recipes, OwnRecipeFromAFileAndBadOnesRefused) {
  const Json good{
      {"id", "mine"},
      {"towers", "siglip"},
      {"scalars", {{"logit_scale", 1.0}, {"lixp.t", -1.0}}},
      {"terms",
       {{{"scorer", "context"}, {"reducer", "softmax"}, {"scale", "logit_scale"}, {"temperature", "lixp.t"}}}}};
  const TemporaryFolder folder;
  LIX_ASSERT_OK(writeFile(folder / "mine.json", good.dump()));
  const auto own = findRecipe((folder / "mine.json").string());
  LIX_ASSERT_OK(own);
  EXPECT_EQ(own->title, "mine");
  const auto says = [&](const char* pointer, const Json& value, const char* part) {
    Json bad = good;
    bad[Json::json_pointer(pointer)] = value;
    expectSays(messageOf(recipeFromJson(bad.dump(), "mine.json")), part);
  };
  says("/towers", "resnet", "resnet");
  says("/head", "average", "needs the towers clip");
  says("/terms", Json::array(), "no terms");
  says("/terms/0/scorer", "mixture", "does not fit a model without");
  says("/terms/0/scorer", "cosine", "There is no scorer 'cosine'");
  says("/terms/0/reducer", "hinge", "There is no reducer 'hinge'");
  says("/terms/0/temperature", "", "needs temperature");
  says("/terms/0/scorer", "dot", "has no temperature");
  says("/terms/0/weight", -1, "negative weight");
  says("/terms/0/scale", "other", "no first value for 'other'");
  says("/terms/0/scale", "", "no scale");
  says("/scalars/my_scale", 1.0, "my_scale");
  says("/effective_neighbours_at_start", 5, "share of the batch");
  says("/terms/0", 5, "cannot be read");
  expectSays(messageOf(recipeFromJson("{", "mine.json")), "cannot be read");
  expectSays(messageOf(findRecipe("nothing")), "clip, clipxp, ");
}

TEST(Preprocess, RoundTripAndOldForms) {
  const TemporaryFolder folder;
  for (Preprocess one : {siglipPreprocess(64), clipPreprocess(96)}) {
    one.filter = Preprocess::Filter::Bilinear;
    LIX_ASSERT_OK(savePreprocess(one, folder.path()));
    const auto again = loadPreprocess(folder.path());
    LIX_ASSERT_OK(again);
    EXPECT_EQ(again->key(), one.key());
    EXPECT_EQ(again->mean, one.mean);
  }
  const auto read = [&](const Json& json) {
    EXPECT_TRUE(writeFile(folder / "preprocessor_config.json", json.dump()).has_value());
    return loadPreprocess(folder.path());
  };
  EXPECT_EQ(read({{"feature_extractor_type", "CLIPFeatureExtractor"}, {"size", 224}, {"crop_size", 224}})->key(),
            clipPreprocess(224).key());
  EXPECT_EQ(read({{"image_processor_type", "SiglipImageProcessor"}})->key(), siglipPreprocess(224).key());
  EXPECT_EQ(
      read({{"image_processor", {{"size", {{"height", 32}, {"width", 32}}}, {"mean", {0.1, 0.2, 0.3}}}}})->mean[2],
      0.3f);
  EXPECT_NE(siglipPreprocess(224).key(), clipPreprocess(224).key());
  EXPECT_NE(siglipPreprocess(224).key(), siglipPreprocess(225).key());
}

TEST(Preprocess, TheCentreRuleIsKept) {
  const TemporaryFolder folder;
  Preprocess open = clipPreprocess(224);
  open.centre = Preprocess::Centre::HalfEven;
  EXPECT_NE(open.key(), clipPreprocess(224).key()) << "features of one must not be taken for the other's";
  LIX_ASSERT_OK(savePreprocess(open, folder.path()));
  EXPECT_EQ(loadPreprocess(folder.path())->key(), open.key());
  auto json = Json::parse(*readFile(folder / "preprocessor_config.json"));
  json["lix"]["centre_crop"] = "up";
  LIX_ASSERT_OK(writeFile(folder / "preprocessor_config.json", json.dump()));
  expectSays(messageOf(loadPreprocess(folder.path())), "centre crop 'up'");
  Preprocess squash = siglipPreprocess(224);
  squash.centre = Preprocess::Centre::HalfEven;
  EXPECT_EQ(squash.key(), siglipPreprocess(224).key()) << "nothing is cropped";
}

TEST(Preprocess, EverythingThatCanBeChosenIsKept) {
  const TemporaryFolder folder;
  std::set<std::string> keys;
  const auto keeps = [&](const Preprocess& one) {
    LIX_ASSERT_OK(savePreprocess(one, folder.path()));
    const auto again = loadPreprocess(folder.path());
    LIX_ASSERT_OK(again);
    EXPECT_EQ(again->key(), one.key());
    EXPECT_TRUE(keys.insert(one.key()).second) << one.key() << " stands for two transforms";
  };
  using Filter = Preprocess::Filter;
  for (const Filter filter : {Filter::Bilinear, Filter::Bicubic, Filter::Nearest, Filter::Lanczos, Filter::Box, Filter::Hamming}) {
    Preprocess one = clipPreprocess(96);
    one.filter = filter;
    keeps(one);
    one.kernel = Preprocess::Kernel::Pillow12;
    keeps(one);
    one.fit = Preprocess::Fit::Squash;
    one.resizedTo = 112;
    keeps(one);
  }
  Preprocess torch = siglipPreprocess(96), padded = siglipPreprocess(96), plain = siglipPreprocess(96), cut = clipPreprocess(96);
  torch.kernel = Preprocess::Kernel::Torchvision;
  keeps(torch);
  padded.fit = Preprocess::Fit::LongestEdgePad;
  keeps(padded);
  padded.fill = 255;
  keeps(padded);
  plain.rescale = 1.0;
  keeps(plain);
  cut.resizedTo = 110;
  cut.centre = Preprocess::Centre::HalfEven;
  keeps(cut);
}

TEST(Preprocess, ReadsWhatTransformersWrites) {
  const TemporaryFolder folder;
  const auto read = [&](const Json& json) {
    EXPECT_TRUE(writeFile(folder / "preprocessor_config.json", json.dump()).has_value());
    const auto result = loadPreprocess(folder.path());
    EXPECT_TRUE(result.has_value()) << messageOf(result);
    return result.value_or(Preprocess{});
  };
  const Preprocess cut = read({{"image_processor_type", "CLIPImageProcessor"},
                               {"size", {{"shortest_edge", 256}}},
                               {"crop_size", {{"height", 224}, {"width", 224}}}});
  EXPECT_EQ(std::pair(cut.size, cut.resizedTo), std::pair(224, 256));
  EXPECT_EQ(cut.kernel, Preprocess::Kernel::Pillow13);
  EXPECT_EQ(read({{"image_processor_type", "SiglipImageProcessorFast"}}).kernel, Preprocess::Kernel::Torchvision);
  EXPECT_EQ(read({{"image_processor_type", "SiglipImageProcessorFast"}, {"lix", {{"kernel", "pillow"}}}}).kernel,
            Preprocess::Kernel::Pillow13);
  EXPECT_EQ(read({{"image_processor_type", "SiglipImageProcessor"},
                  {"do_convert_rgb", nullptr},
                  {"do_center_crop", nullptr},
                  {"crop_size", nullptr},
                  {"do_normalize", nullptr}})
                .key(),
            siglipPreprocess(224).key());
  const Preprocess raw = read({{"do_normalize", false}, {"do_rescale", false}});
  EXPECT_EQ(raw.rescale, 1.0);
  EXPECT_EQ(raw.mean[0], 0.0f);
  EXPECT_EQ(raw.deviation[2], 1.0f);
  EXPECT_EQ(read({{"image_mean", 0.25}}).mean[2], 0.25f);
}

TEST(Preprocess, WhatCannotBeDoneIsRefused) {
  const TemporaryFolder folder;
  const auto says = [&](const Json& json, const char* part) {
    EXPECT_TRUE(writeFile(folder / "preprocessor_config.json", json.dump()).has_value());
    expectSays(messageOf(loadPreprocess(folder.path())), part);
  };
  says({{"size", {{"height", 32}, {"width", 48}}}}, "not square");
  says({{"size", {{"shortest_edge", 256}, {"longest_edge", 512}}}}, "not square");
  says({{"size", 256}, {"crop_size", {{"height", 224}, {"width", 220}}}}, "not square");
  says({{"size", {{"shortest_edge", 224}}}, {"do_center_crop", false}}, "not square");
  says({{"resample", 6}}, "resampling filter 6");
  says({{"do_resize", false}}, "do_resize");
  says({{"rescale_factor", 0.0}}, "rescale_factor");
  says({{"image_processor_type", "CLIPImageProcessorFast"}, {"resample", 1}}, "filter lanczos");
  says({{"lix", {{"kernel", "numpy"}}}}, "no resizing kernel 'numpy'");
  says({{"lix", {{"resize_mode", "shortest"}}}}, "resize_mode 'shortest'");
  says({{"lix", {{"resize_mode", "longest"}, {"fill_color", 256}}}}, "fill_color 256");
  says({{"image_std", {0.5, 0.0, 0.5}}}, "not positive");
  says({{"image_mean", {0.5, 0.5}}}, "cannot be read");
  says({{"size", "large"}}, "cannot be read");
  says({{"size", 0}}, "0 pixels");
  says(Json::array({1}), "cannot be read");
  EXPECT_EQ(loadPreprocess(folder / "nowhere").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace lix::test
