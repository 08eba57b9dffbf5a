#include "study/suite/catalogue.h"

#include <algorithm>
#include <set>
#include <nlohmann/json.hpp>

#include "resources/resource.h"
#include "study/suite/plain_name.h"
#include "support/support.h"

namespace lix::study {
namespace {

CatalogueEntry entryOf(const std::string& id) { return *findCatalogued(id); }

TEST(Catalogue, EveryEntryIsWhole) {
  std::set<std::string> names;
  ASSERT_EQ(catalogue().size(), resources("catalogue/").size());
  EXPECT_EQ(catalogue().size(), 24u);
  const auto clip = nlohmann::json::parse(*resource("prompts/clip.json"));
  for (const CatalogueEntry& entry : catalogue()) {
    std::set<std::string> own;
    for (const std::string& name : entry.names) {
      own.insert(plainName(name));
    }
    for (const std::string& name : own) {
      EXPECT_TRUE(names.insert(name).second) << name << " names two entries";
    }
    EXPECT_FALSE(entry.origin.empty()) << entry.id;
    if (entry.templates.starts_with("clip:")) {
      EXPECT_TRUE(clip.contains(entry.templates.substr(5))) << entry.id;
    } else {
      EXPECT_EQ(entry.templates, "openai") << entry.id;
    }
  }
}

TEST(Catalogue, HasTheListsInLabelOrder) {
  EXPECT_EQ(entryOf("imagenet1k").classes.size(), 1000u);
  EXPECT_EQ(entryOf("ImageNet").classes[2], "great white shark");
  EXPECT_EQ(entryOf("imagenet1k").folders[0], "n01440764");
  EXPECT_EQ(entryOf("cifar-100").classes.size(), 100u);
  EXPECT_EQ(entryOf("aircraft").classes.size(), 100u);
  EXPECT_EQ(entryOf("SUN397").classes.size(), 397u);
  EXPECT_EQ(entryOf("cars").classes.size(), 196u);
  EXPECT_EQ(entryOf("food101").classes[1], "baby back ribs");
  EXPECT_TRUE(entryOf("cub").classes.empty());
  for (const char* sorted : {"cifar10", "cifar100", "stl10", "resisc45", "dtd"}) {
    EXPECT_TRUE(std::ranges::is_sorted(entryOf(sorted).classes)) << sorted;
  }
}

TEST(Catalogue, RecognisesACopyByItsFolders) {
  const std::vector<std::string> eurosat{"AnnualCrop", "Forest",        "HerbaceousVegetation", "Highway", "Industrial",
                                         "Pasture",    "PermanentCrop", "Residential",          "River",   "SeaLake"};
  const auto found = recognise("my pictures", eurosat);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->entry.id, "eurosat");
  EXPECT_EQ(found->classNames[9], "lake or sea");
  const auto wordNet = recognise("subset", {"n01443537", "n01440764"});
  ASSERT_TRUE(wordNet) << "WordNet ids tell, also of some classes";
  EXPECT_EQ(wordNet->entry.id, "imagenet1k");
  EXPECT_EQ(wordNet->classNames, (std::vector<std::string>{"goldfish", "tench"}));
  EXPECT_EQ(recognise("imagenet-sketch", {"n01443537", "n01440764"})->entry.id, "imagenet_sketch");
}

TEST(Catalogue, DoesNotTakeAFewCommonWordsForADataset) {
  EXPECT_FALSE(recognise("mine", {"cat", "dog"}));
  EXPECT_FALSE(recognise("mine", {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
  EXPECT_FALSE(recognise("cars", {"red car", "blue car"})) << "called like one, but with other classes";
  EXPECT_FALSE(recognise("pets", {}));
  EXPECT_FALSE(recognise("mine", {}));
}

TEST(Catalogue, TakesNumbersAndSortedFoldersOfANamedCopy) {
  std::vector<std::string> numbers;
  for (const char* text : {"1", "10", "100", "101", "102"}) {
    numbers.push_back(text);
  }
  for (int i = 2; i < 100; ++i) {
    if (i != 10) {
      numbers.push_back(std::to_string(i));
    }
  }
  const auto flowers = recognise("flowers102", numbers);
  ASSERT_TRUE(flowers);
  const auto& names = entryOf("flowers").classes;
  EXPECT_EQ(flowers->classNames[0], names[0]);
  EXPECT_EQ(flowers->classNames[1], names[9]) << "10 is the tenth, wherever it is sorted";
  EXPECT_EQ(flowers->classNames[5], names[1]);
  std::vector<std::string> countries;
  for (int i = 0; i < 211; ++i) {
    countries.push_back(std::string("C") + char('A' + i / 26) + char('A' + i % 26));
  }
  EXPECT_EQ(recognise("country211", countries)->classNames[0], "Andorra");
  const auto birds = recognise("CUB-200-2011", {"001.Black footed Albatross", "002.Laysan Albatross"});
  ASSERT_TRUE(birds);
  EXPECT_EQ(birds->classNames, (std::vector<std::string>{"Black footed Albatross", "Laysan Albatross"}));
}

TEST(Catalogue, AClassSpelledOtherwiseIsTakenByItsPlaceWhereTheOthersStandInTheirs) {
  std::vector<std::string> folders = entryOf("eurosat").folders;
  std::ranges::reverse(folders);
  folders.back() = "AnnualCrops";
  const auto known = recognise("eurosat", folders);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->classNames.front(), "lake or sea") << "by its own name, whatever the order of the list";
  EXPECT_EQ(known->classNames.back(), "annual crop land");
  folders.back() = "Yearly";  // moves all others by one place
  EXPECT_FALSE(recognise("eurosat", folders));
}

TEST(Catalogue, RefusesEntriesThatAreNotWhole) {
  EXPECT_FALSE(parseCatalogueEntry("{}", "x"));
  EXPECT_FALSE(parseCatalogueEntry(R"({"id": "a", "title": "A", "names": [], "metric": "luck"})", "x"));
  const auto uneven = parseCatalogueEntry(
      R"({"id": "a", "title": "A", "names": [], "metric": "top1", "classes": ["b"], "folders": ["c", "d"]})", "x");
  ASSERT_FALSE(uneven);
  EXPECT_NE(uneven.error().message.find("2 folders for 1 classes"), std::string::npos);
}

}  // namespace
}  // namespace lix::study
